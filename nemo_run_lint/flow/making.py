"""How a config is made: the target it will call, the arguments it is given, and what nemo_run adds of its own."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Literal, cast

from nemo_run_lint.flow import fiddle, sinks
from nemo_run_lint.flow.problems import Problem, When, Wrong
from nemo_run_lint.flow.state import State
from nemo_run_lint.flow.values import (
    NOTHING,
    Closure,
    Config,
    Instance,
    Mapped,
    Named,
    Plain,
    Ref,
    Sequence,
    Spot,
    Value,
    alternatives,
)
from nemo_run_lint.signatures.binding import Given
from nemo_run_lint.signatures.dataclass_fields import is_dataclass
from nemo_run_lint.signatures.literals import NO_CONSTANT
from nemo_run_lint.signatures.signature import Parameter, Reason, Signature, Unknown
from nemo_run_lint.signatures.symbols import Class, Function, Module

if TYPE_CHECKING:
    from nemo_run_lint.flow.interpreter import Interpreter

ConfigKind = Literal["Config", "Partial"]

#: What stands in every annotation that makes nemo_run fill in a config: a quick look before a closer one.
_MAKES_CONFIG = re.compile(r"Annotated|Optional\w*Default")


def configured(
    flow: Interpreter,
    node: ast.Call,
    kind: ConfigKind,
    target: Value,
    given: Given[Value],
    at: ast.expr,
    state: State,
    is_fiddles: bool = False,
) -> Value:
    """A config of `target`, which is written at `at`; reports what is wrong with its arguments."""
    wrong = _no_target(flow, kind, target, state) if not _is_own_result(flow, at, target, state) else None
    if wrong is not None and isinstance(at, ast.Call) and isinstance(target, Plain):
        wrong = f"the result of calling `{ast.unparse(at.func)}`, {_returned(target)}"
    if wrong is not None:
        flow.note_target(node, Unknown(Reason.NOT_CALLABLE))
        flow.reports.add(Problem(Wrong.TARGET, When.CONFIGURED, at, f"run.{kind}", detail=wrong))
        return NOTHING
    accepted = flow.accepts(target)
    flow.note_target(node, accepted)
    name = target_name(flow, target, at)
    cls = target.symbol if isinstance(target, Named) and isinstance(target.symbol, Class) else None
    spot = Spot(flow.activation.module, node)
    is_open = given.more_keywords or given.more_placed
    if isinstance(accepted, Unknown):
        known: Mapping[str, Value] = given.keywords
    else:
        known = fiddle.arguments_of(accepted, given)
    config = Config(kind, target, name, accepted, known, spot, is_open, cls=cls, is_fiddles=is_fiddles)
    if isinstance(accepted, Unknown):
        return flow.new(config, state)
    told = check_arguments(flow, node, name, accepted, given, state, partly=True, own=flow.public(target) is not None)
    read = sinks.read_names(flow.index, cls) if cls is not None else None
    for keyword in given.keywords if read is not None else ():
        refusal = fiddle.unread(config, keyword, read or frozenset())
        if refusal is not None and keyword not in told:
            flow.reports.add(refusal.at(keyword_of(node, keyword), name))

    def make(parameter: Parameter) -> Value | None:
        return _annotated_default(flow, parameter, spot, state)

    def convert(value: Value) -> Value:
        return _converted_dataclass(flow, value, state)

    if isinstance(at, ast.Subscript):
        return flow.new(config, state)  # of `Model[int]` nemo_run does not see the parameters
    if any(_is_dataclass_itself(flow, each) for each in given.keywords.values()):
        return flow.new(config, state)  # it tries to convert the class like an object, and gives up
    return flow.new(fiddle.filled_in(config, given, make, convert), state)


def target_name(flow: Interpreter, target: Value, at: ast.expr) -> str:
    """How to speak of a target: by its own name, else as written."""
    if isinstance(target, Closure) and isinstance(target.node, ast.Lambda):
        return "lambda"
    path = flow.path(target)
    return path.rpartition(".")[2] if path else " ".join(ast.unparse(at).split())


def _is_own_result(flow: Interpreter, at: ast.expr, target: Value, state: State) -> bool:
    """Whether a function of the file was called that returns no function: config-target tells of that itself."""
    if not isinstance(at, ast.Call) or not isinstance(target, Plain):
        return False
    with flow.reports.suppressed(everything=True):
        called = flow.evaluate(at.func, state.fork())
    symbol = called.symbol if isinstance(called, Named) else None
    return not isinstance(symbol, Function) or symbol.module is flow.own or symbol.module.path.endswith(".pyi")


def _returned(result: Plain) -> str:
    constant = result.shape.constant
    if constant is None:
        return "which returns nothing"
    return f"which returns `{constant!r}`" if constant is not NO_CONSTANT else f"which returns a {result.shape.kind}"


def _no_target(flow: Interpreter, kind: ConfigKind, target: Value, state: State) -> str | None:
    """Words for a target that is certainly none."""
    found = [_is_no_target(flow, kind, each, state) for each in alternatives(target)]
    return found[0] if all(found) else None


def _is_no_target(flow: Interpreter, kind: ConfigKind, target: Value, state: State) -> str | None:
    if isinstance(target, Plain):
        constant = target.shape.constant
        return f"`{constant!r}`" if constant is not NO_CONSTANT else f"a value of type `{target.shape.kind}`"
    if isinstance(target, Named) and isinstance(target.symbol, Module):
        return f"the module `{target.symbol.name}`"
    thing = state.object(target)
    if isinstance(thing, Config):
        return f"a run.{thing.kind}"
    if isinstance(thing, Sequence):
        return f"a {thing.kind}"
    if isinstance(thing, Mapped) and (kind == "Partial" or thing.items):
        return "a dict"
    if isinstance(thing, Instance) and not _may_be_called(flow, thing.cls):
        return f"an object of `{thing.cls.summary.name}`"
    return None


def _may_be_called(flow: Interpreter, cls: Class) -> bool:
    """Whether objects of a class may be callable, or calling the class may give something else."""
    ancestors, is_complete = flow.index.mro(cls)
    opened = any(not each.summary.body.keys().isdisjoint(("__call__", "__new__")) for each in ancestors)
    made_elsewhere = any(each.module.summary.patches or each.summary.keywords for each in ancestors)
    return opened or made_elsewhere or not is_complete


def check_arguments(
    flow: Interpreter,
    node: ast.Call,
    name: str,
    accepted: tuple[Signature, ...],
    given: Given[Value],
    state: State,
    partly: bool,
    own: bool = False,
) -> set[object]:
    """Report the arguments that do not fit, and tell which.

    partly  those of a config, which may be completed later
    own     those of NeMo Run's own classes and functions: other rules know their names, in every version
    """
    values = {id(value): each for each, value in _written(node, given)}
    spread = next((each for each in node.args if isinstance(each, ast.Starred)), node)
    refused = [] if own else fiddle.refused(accepted, given, partly)
    for refusal, key in refused:
        at: ast.AST = keyword_of(node, key) if isinstance(key, str) else values.get(id(key), spread)
        flow.reports.add(refusal.at(at if key != "missing" else node.func, name))
    config = Config("Config", NOTHING, name, accepted, {}, Spot(flow.activation.module, node))
    for keyword, value in fiddle.arguments_of(accepted, given).items():
        parameter = fiddle.parameter(config, keyword)
        if parameter is not None:
            at = values.get(id(value), node)
            flow.check_literal(parameter, value, at, name, accepted, state)
    return {key for _, key in refused}


def _written(node: ast.Call, given: Given[Value]) -> Iterator[tuple[ast.expr, Value]]:
    """The arguments of a call with their values, as far as they stand in it one by one."""
    plain = [each for each in node.args if not isinstance(each, ast.Starred)]
    if len(plain) == len(node.args):
        last = given.placed[len(given.placed) - len(plain) :] if len(plain) <= len(given.placed) else given.placed
        yield from zip(plain[len(plain) - len(last) :], last, strict=True)
    for each in node.keywords:
        if each.arg in given.keywords:
            yield each.value, given.keywords[str(each.arg)]


def keyword_of(node: ast.Call, name: str) -> ast.AST:
    """Where a keyword is written: itself, or the `**` or call that brings it."""
    own = next((each for each in node.keywords if each.arg == name), None)
    spread = next((each.value for each in node.keywords if each.arg is None), node.func)
    return own or spread


def _annotated_default(flow: Interpreter, parameter: Parameter, made: Spot, state: State) -> Value | None:
    """The config that nemo_run makes for `p: Annotated[Optional[T], run.Config[T]] = None`."""
    if not _MAKES_CONFIG.search(parameter.annotation):
        return None
    annotation = flow.index.parse(parameter.annotation)
    module = flow.module_of(parameter)
    if not isinstance(annotation, ast.Subscript) or isinstance(module, Unknown):
        return None
    if any(each.source == "__future__" for each in module.summary.names.get("annotations", ())):
        return None  # the annotation is text then, and is not looked at
    outer = (flow.path(flow.value_of(flow.index.evaluate(annotation.value, module))) or "").rpartition(".")[2]
    inner: ast.expr = annotation.slice
    kind: str | None = None
    if outer == "Annotated" and isinstance(inner, ast.Tuple) and len(inner.elts) > 1:
        optional, config = inner.elts[0], inner.elts[1]
        written = config.value if isinstance(config, ast.Subscript) else None
        kind = flow.public_in(written, module) if written is not None else None
        inner = optional.slice if isinstance(optional, ast.Subscript) else optional
    elif flow.public_in(annotation.value, module) in ("OptionalDefaultConfig", "OptionalDefaultPartial"):
        kind = "Config" if outer == "OptionalDefaultConfig" else "Partial"
    if kind not in ("Config", "Partial"):
        return None
    target = flow.value_of(flow.index.evaluate(inner, module))
    cls = target.symbol if isinstance(target, Named) and isinstance(target.symbol, Class) else None
    name = target_name(flow, target, inner)
    return flow.new(
        Config(cast(ConfigKind, kind), target, name, flow.accepts(target), {}, made, cls=cls, is_open=True), state
    )


def _is_dataclass_itself(flow: Interpreter, value: Value) -> bool:
    symbol = value.symbol if isinstance(value, Named) else None
    return isinstance(symbol, Class) and is_dataclass(flow.index, symbol) is True


def _converted_dataclass(flow: Interpreter, value: Value, state: State) -> Value:
    """A dataclass object as the config that nemo_run makes of it."""
    thing = state.object(value)
    if not isinstance(thing, Instance) or not is_dataclass(flow.index, thing.cls):
        return value
    accepted = flow.signatures(thing.cls)
    known = thing.arguments or {}
    made = Config(
        "Config",
        Named(thing.cls),
        thing.cls.summary.name,
        accepted,
        known,
        thing.made,
        is_open=True,
        is_shared=thing.arguments is None,
        cls=thing.cls,
    )
    return flow.new(made, state)


def converted(flow: Interpreter, value: Value, decorator: ast.expr, state: State) -> Value:
    """What a function under run.autoconvert gives: its config, as a run.Partial with `partial=True`."""
    keywords = decorator.keywords if isinstance(decorator, ast.Call) else []
    wants_partial = any(
        each.arg == "partial" and isinstance(each.value, ast.Constant) and each.value.value for each in keywords
    )
    if any(each.arg == "to_buildable_fn" for each in keywords):
        state.share([value])
        return NOTHING
    kind: ConfigKind = "Partial" if wants_partial else "Config"
    for each in alternatives(value):
        thing = state.object(each)
        if isinstance(thing, Config) and isinstance(each, Ref):
            state.put(each.address, replace(thing, kind=kind, is_fiddles=False))
        elif isinstance(thing, Sequence):
            for element in thing.elements:
                held = state.object(element)
                if isinstance(held, Config) and isinstance(element, Ref):
                    state.put(element.address, replace(held, kind=kind, is_fiddles=False))
    return value
