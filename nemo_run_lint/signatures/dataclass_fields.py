"""The fields of dataclasses, over all their bases, as `dataclasses` collects them."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from nemo_run_lint.signatures.effects import Effect, effects
from nemo_run_lint.signatures.index import Index
from nemo_run_lint.signatures.signature import Kind, Parameter, Reason, Unknown
from nemo_run_lint.signatures.summary import Binding
from nemo_run_lint.signatures.symbols import Class, Function

CLASS_VAR = re.compile(r"""["'\s]*(\w+\.)*ClassVar\b""")
_INIT_VAR = re.compile(r"""["'\s]*(\w+\.)*InitVar\b""")
_KEYWORDS_FOLLOW = re.compile(r"""["'\s]*(\w+\.)*KW_ONLY\b""")

#: Stands, as in a stub, for a default that is there but not written as an expression.
COMPUTED_DEFAULT = "..."


@dataclass(frozen=True)
class Field:
    """A field of a dataclass.

    parameter  what it is in the `__init__` that is generated
    init       whether it is one there
    stored     whether it is an attribute as well: not so for an InitVar
    """

    parameter: Parameter
    init: bool = True
    stored: bool = True


@dataclass(frozen=True)
class _Options:
    """What `@dataclass(...)` says."""

    init: bool = True
    kw_only: bool = False


def is_dataclass(index: Index, cls: Class) -> bool | None:
    """Whether it is a dataclass, or inherits from one; None if that is not known."""
    ancestry = index.ancestry(cls)
    found = [_options(index, each) for each in ancestry if isinstance(each, Class)]
    if any(isinstance(each, _Options) for each in found):
        return True
    return None if any(isinstance(each, Unknown) for each in (*found, *ancestry)) else False


def generates_init(index: Index, cls: Class) -> bool | Unknown:
    """Whether `@dataclass` stands on this very class, and writes an `__init__` if the class itself does not."""
    options = _options(index, cls)
    return options if isinstance(options, Unknown) else options is not None and options.init


def fields(index: Index, cls: Class) -> tuple[Field, ...] | Unknown:
    """The fields of a dataclass or its heir in order, those that are no parameters too; none for any other class."""
    try:
        found = _all_fields(index, cls)
    except RecursionError:
        return Unknown(Reason.TOO_DEEP, cls.name)
    if isinstance(found, Unknown):
        return found
    return tuple(each for each in found.values() if each.init or each.stored)


def init_parameters(index: Index, cls: Class) -> tuple[Parameter, ...] | Unknown:
    """What the generated `__init__` takes, `self` left out: keyword-only fields come last."""
    found = fields(index, cls)
    if isinstance(found, Unknown):
        return found
    parameters = [each.parameter for each in found if each.init]
    return tuple(sorted(parameters, key=lambda parameter: parameter.kind))


def _options(index: Index, cls: Class) -> _Options | Unknown | None:
    """What `@dataclass` on this very class says; None without it."""
    for decorator in cls.summary.decorators:
        found = effects(index, cls.module, decorator)
        if any(each.how == "dataclass" for each in found):
            return _read_options(found)
        if any(each.how == "unknown" for each in found):
            return Unknown(Reason.DECORATOR, decorator)
    return None


def _read_options(found: frozenset[Effect]) -> _Options | Unknown:
    if len(found) != 1:
        return Unknown(Reason.CONDITIONAL, "dataclass")
    given = dict(next(iter(found)).options)
    flags = {name: _flag(given[name]) for name in ("init", "kw_only") if name in given}
    if "**" in given or None in flags.values():
        return Unknown(Reason.COMPUTED, "dataclass")
    return _Options(**{name: bool(flag) for name, flag in flags.items()})


def _flag(text: str) -> bool | None:
    return {"True": True, "False": False}.get(text)


def _all_fields(index: Index, cls: Class) -> dict[str, Field] | Unknown:
    return index.ask(cls.module, ("fields", cls), lambda: _collected(index, cls), Unknown(Reason.BASE, cls.name))


def _collected(index: Index, cls: Class) -> dict[str, Field] | Unknown:
    """All fields by name, those of the bases first; a field that is written again keeps its place."""
    options = _options(index, cls)
    if not isinstance(options, _Options):
        return options if options is not None else _inherited(index, cls)
    found: dict[str, Field] = {}
    for base in reversed(index.ancestry(cls)[1:]):
        below = _all_fields(index, base) if isinstance(base, Class) else base if isinstance(base, Unknown) else {}
        if isinstance(below, Unknown):
            return below
        found.update(below)
    own = _own_fields(index, cls, options.kw_only)
    return own if isinstance(own, Unknown) else {**found, **own}


def _inherited(index: Index, cls: Class) -> dict[str, Field] | Unknown:
    """Of a class without `@dataclass` those of the nearest ancestor with it."""
    for base in index.ancestry(cls)[1:]:
        options = _options(index, base) if isinstance(base, Class) else base
        if isinstance(options, Unknown):
            return options
        if isinstance(base, Class) and isinstance(options, _Options):
            return _all_fields(index, base)
    return {}


def _own_fields(index: Index, cls: Class, kw_only: bool) -> dict[str, Field] | Unknown:
    found: dict[str, Field] = {}
    for name, binding in annotated(cls):
        if binding.guards:
            return Unknown(Reason.CONDITIONAL, f"{cls.name}.{name}")
        if _KEYWORDS_FOLLOW.match(binding.annotation):
            kw_only = True
        else:
            found[name] = _field(index, cls, name, binding.annotation, kw_only)
    return found


def annotated(cls: Class) -> Sequence[tuple[str, Binding]]:
    """The names that a class annotates in its body, in that order, each with its first annotation."""
    found = []
    for name, bindings in cls.summary.body.items():
        first = next((each for each in bindings if each.annotation), None)
        if first is not None:
            found.append((name, first))
    return sorted(found, key=lambda pair: pair[1].line)


def _field(index: Index, cls: Class, name: str, annotation: str, kw_only: bool) -> Field:
    kind = Kind.KEYWORD_ONLY if kw_only else Kind.POSITIONAL_OR_KEYWORD
    plain = Field(Parameter(name, kind, annotation, module=cls.module.name))
    if CLASS_VAR.match(annotation):
        return replace(plain, init=False, stored=False)
    plain = replace(plain, stored=not _INIT_VAR.match(annotation))
    own = _value(cls, name)
    if own is not None:
        return _with_value(index, cls, plain, own)
    for base in index.ancestry(cls)[1:]:  # an attribute that is inherited is the default as well
        inherited = _value(base, name) if isinstance(base, Class) else None
        if isinstance(base, Class) and inherited is not None:
            parameter = _with_value(index, base, plain, inherited).parameter
            if not parameter.required and not parameter.factory:
                return replace(plain, parameter=replace(parameter, kind=kind))
    return plain


def _value(cls: Class, name: str) -> Binding | None:
    """What the body of a class binds a name to in the end, annotations without a value aside."""
    bindings = [each for each in cls.summary.body.get(name, ()) if each.kind != "value" or each.source]
    return bindings[-1] if bindings else None


def _with_value(index: Index, owner: Class, plain: Field, binding: Binding) -> Field:
    """The field with what the class body sets its name to."""
    source = binding.source if binding.kind == "value" else COMPUTED_DEFAULT
    parameter = plain.parameter
    value = index.parse(source) if "(" in source else None
    if not isinstance(value, ast.Call) or not _is_field(index, owner, value.func):
        return replace(plain, parameter=replace(parameter, default=source, module=owner.module.name))
    given = {each.arg or "**": ast.unparse(each.value) for each in value.keywords}
    default = given.get("default", given.get("default_factory", COMPUTED_DEFAULT if "**" in given else None))
    kinds = {"True": Kind.KEYWORD_ONLY, "False": Kind.POSITIONAL_OR_KEYWORD}
    parameter = replace(
        parameter,
        kind=kinds.get(given.get("kw_only", ""), parameter.kind),
        default=default,
        module=owner.module.name,
        factory="default_factory" in given and "default" not in given,
    )
    return replace(plain, parameter=parameter, init=given.get("init") != "False")


def _is_field(index: Index, owner: Class, function: ast.expr) -> bool:
    symbol = index.evaluate(function, owner.module)
    return isinstance(symbol, Function) and symbol.name == "dataclasses.field"
