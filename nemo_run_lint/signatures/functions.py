"""What a function accepts: its parameters as written, then what its decorators make of them, from the inside out."""

from __future__ import annotations

import ast
from collections.abc import Container, Sequence
from dataclasses import replace

from nemo_run_lint.signatures.effects import Effect, effects
from nemo_run_lint.signatures.handing_on import Parameters
from nemo_run_lint.signatures.index import Index
from nemo_run_lint.signatures.signature import Kind, Parameter, Place, Reason, Signature, Unknown
from nemo_run_lint.signatures.statements import parameters_of
from nemo_run_lint.signatures.summary import FunctionSummary
from nemo_run_lint.signatures.symbols import Function, Module

Answer = tuple[Signature, ...] | Unknown

#: Attributes that mean nothing for a function.
_OF_CLASSES = frozenset({"__init__", "__new__"})

#: What is taken by something of which no more is known than that it can be called.
ANYTHING: Parameters = (Parameter("args", Kind.VAR_POSITIONAL), Parameter("kwargs", Kind.VAR_KEYWORD))


def of_function(index: Index, function: Function) -> Answer:
    """What a function takes; a class method without the class, any other method with its `self`."""
    found = signature_of_function(index, function.module, function.summary, function.place)
    if isinstance(found, Unknown):
        return found
    if function.binding == "class":
        found = bound(found)
    return (replace(found, name=function.name.rpartition(".")[2]),)


def signature_of_function(
    index: Index, module: Module, summary: FunctionSummary, place: Place, skip_first: bool = False
) -> Signature | Unknown:
    """What a function takes that stands anywhere in a module; `skip_first` leaves out its first parameter."""
    plain = (Signature(summary.name, place, written(module, summary)),)
    found = decorated(index, module, summary.decorators, plain, _OF_CLASSES)
    if isinstance(found, Unknown):
        return found
    return bound(found[0]) if skip_first else found[0]


def written(module: Module, summary: FunctionSummary) -> Parameters:
    """The parameters of a function as they stand there."""
    return tuple(
        Parameter(name, Kind(kind), annotation, default, module.name)
        for name, kind, annotation, default in summary.parameters
    )


def bound(signature: Signature) -> Signature:
    """The signature without the `self` that is filled already."""
    built = signature.built
    return replace(
        signature,
        parameters=without_first(signature.parameters),
        built=without_first(built) if built is not None else None,
    )


def without_first(parameters: Parameters) -> Parameters:
    """All but the first parameter; an `*args` in its place takes more than one."""
    return parameters[1:] if parameters and parameters[0].by_place else parameters


def decorated(
    index: Index, module: Module, decorators: Sequence[str], plain: Answer, ignored: Container[str] = ()
) -> Answer:
    """What is left of something after its decorators, which are given from the outside in.

    ignored  effects, by what they do or by the attribute that they set, that mean nothing for it
    """
    for decorator in reversed(decorators):
        found = sorted(effects(index, module, decorator))
        ends = [plain if _is_any(each, ignored) else _changed(plain, each) for each in found]
        plain = _agreed(ends, decorator)
    return plain


def _is_any(effect: Effect, ignored: Container[str]) -> bool:
    return effect.how in ignored or (effect.how == "patched" and effect.detail in ignored)


def _changed(plain: Answer, effect: Effect) -> Answer:
    """What is left after one effect of a decorator."""
    if effect.how == "uncallable":
        return Unknown(Reason.NOT_CALLABLE, effect.detail)
    if effect.how not in ("same", "wraps", "replaced"):
        return Unknown(Reason.DECORATOR, effect.detail)
    if isinstance(plain, Unknown) or (effect.how != "replaced" and not effect.detail):
        return plain
    inner = _read(effect)
    if inner is None:
        return Unknown(Reason.DECORATOR, effect.detail)
    if effect.how == "wraps":
        return tuple(replace(each, built=inner) for each in plain)
    return tuple(replace(each, parameters=inner, built=None) for each in plain)


def _read(effect: Effect) -> Parameters | None:
    """The parameters of the function that is put in the place of another; None for what is no list of parameters."""
    try:
        (function,) = ast.parse(f"def f({effect.detail}): ...").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    if not isinstance(function, ast.FunctionDef):
        return None
    return tuple(
        Parameter(
            each.arg,
            kind,
            ast.unparse(each.annotation) if each.annotation is not None else "",
            ast.unparse(default) if default is not None else None,
            effect.module,
        )
        for each, kind, default in parameters_of(function.args)
    )


def _agreed(ends: Sequence[Answer], decorator: str) -> Answer:
    """What all ends have in common: the parameters must be the same; what a call really takes may differ."""
    unknown = next((each for each in ends if isinstance(each, Unknown)), None)
    if unknown is not None:
        return unknown
    known = [each for each in ends if not isinstance(each, Unknown)]
    if all(each == known[0] for each in known):
        return known[0]
    shown = [[signature.parameters for signature in each] for each in known]
    if all(each == shown[0] for each in shown):
        return tuple(replace(each, built=ANYTHING) for each in known[0])
    return Unknown(Reason.DECORATOR, decorator)
