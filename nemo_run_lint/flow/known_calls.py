"""Calls that are known by name: what makes, copies, submits and builds configs, and what Python itself does to them."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Literal, cast

from nemo_run_lint.flow import conditions, fiddle, sinks
from nemo_run_lint.flow.copies import copied
from nemo_run_lint.flow.problems import Problem, Step, When, Wrong
from nemo_run_lint.flow.state import State
from nemo_run_lint.flow.values import (
    NOTHING,
    Closure,
    Config,
    Deferred,
    Experiment,
    Instance,
    Mapped,
    Named,
    Object,
    Plain,
    Ref,
    Sequence,
    Spot,
    Value,
    alternatives,
)
from nemo_run_lint.signatures.binding import Given
from nemo_run_lint.signatures.dataclass_fields import is_dataclass
from nemo_run_lint.signatures.literals import NO_CONSTANT, Shape
from nemo_run_lint.signatures.signature import Parameter, Reason, Signature, Unknown
from nemo_run_lint.signatures.symbols import Class, Module

if TYPE_CHECKING:
    from nemo_run_lint.flow.interpreter import Interpreter

#: What stands in every annotation that makes nemo_run fill in a config: a quick look before a closer one.
_MAKES_CONFIG = re.compile(r"Annotated|Optional\w*Default")

#: Types of plain values and containers, of which a config is none.
_PLAIN_TYPES = frozenset("str bytes int float complex bool list tuple set dict".split())

Handler = Callable[["Interpreter", ast.Call, Given[Value], State], Value]
ConfigKind = Literal["Config", "Partial"]


def handler(flow: Interpreter, callee: Value) -> Handler | None:
    """What does a call of `callee`, if it is known by name."""
    path = flow.path(callee)
    if path is None:
        return None
    return _OF_NEMO_RUN.get(flow.public(callee) or "") or _OTHERS.get(path)


# -- configs ---------------------------------------------------------------------------------------------------


def _config(flow: Interpreter, node: ast.Call, given: Given[Value], state: State) -> Value:
    return _of_kind(flow, node, "Config", given, state)


def _partial(flow: Interpreter, node: ast.Call, given: Given[Value], state: State) -> Value:
    return _of_kind(flow, node, "Partial", given, state)


def _of_kind(flow: Interpreter, node: ast.Call, kind: ConfigKind, given: Given[Value], state: State) -> Value:
    """run.Config(target, ...): the first argument, or `fn_or_cls`, is what it will call."""
    keywords = dict(given.keywords)
    keywords.pop("bind_args", None)
    if given.placed:
        target, placed = given.placed[0], given.placed[1:]
        at = node.args[0] if node.args else node.func
        for name in fiddle.RESERVED.intersection(keywords):
            flow.report(Problem(Wrong.RESERVED, When.CONFIGURED, _keyword(node, name), f"run.{kind}", name))
            keywords.pop(name)
    elif "fn_or_cls" in keywords:
        target, placed = keywords.pop("fn_or_cls"), ()
        at = next((each.value for each in node.keywords if each.arg == "fn_or_cls"), node.func)
    else:
        return NOTHING
    rest = Given(placed, keywords, given.more_placed, given.more_keywords)
    return configured(flow, node, kind, target, rest, at, state)


def configured(
    flow: Interpreter, node: ast.Call, kind: ConfigKind, target: Value, given: Given[Value], at: ast.expr, state: State
) -> Value:
    """A config of `target`, which is written at `at`; reports what is wrong with its arguments."""
    wrong = _no_target(flow, kind, target, state) if not _is_result(at, target) else None
    if wrong is not None:
        flow.note_target(node, Unknown(Reason.NOT_CALLABLE))
        flow.report(Problem(Wrong.TARGET, When.CONFIGURED, at, f"run.{kind}", detail=wrong))
        return NOTHING
    accepted = flow.accepts(target)
    flow.note_target(node, accepted)
    name = target_name(flow, target, at)
    cls = target.symbol if isinstance(target, Named) and isinstance(target.symbol, Class) else None
    spot = Spot(flow.activation.module, node)
    is_open = given.more_keywords or given.more_placed
    if isinstance(accepted, Unknown):
        return flow.new(Config(kind, target, name, accepted, given.keywords, spot, is_open, cls=cls), state)
    config = Config(kind, target, name, accepted, fiddle.arguments_of(accepted, given), spot, is_open, cls=cls)
    told = check_arguments(flow, node, name, accepted, given, state, partly=True, own=flow.public(target) is not None)
    read = sinks.read_names(flow.index, cls) if cls is not None else None
    for keyword in given.keywords if read is not None else ():
        refusal = fiddle.unread(config, keyword, read or frozenset())
        if refusal is not None and keyword not in told:
            flow.report(flow.problem(refusal, _keyword(node, keyword), name))

    def make(parameter: Parameter) -> Value | None:
        return _annotated_default(flow, parameter, spot, state)

    def convert(value: Value) -> Value:
        return _converted_dataclass(flow, value, state)

    if isinstance(at, ast.Subscript):
        return flow.new(config, state)  # of `Model[int]` nemo_run does not see the parameters
    return flow.new(fiddle.filled_in(config, given, make, convert), state)


def target_name(flow: Interpreter, target: Value, at: ast.expr) -> str:
    """How to speak of a target: by its own name, else as written."""
    if isinstance(target, Closure) and isinstance(target.node, ast.Lambda):
        return "lambda"
    path = flow.path(target)
    return path.rpartition(".")[2] if path else " ".join(ast.unparse(at).split())


def _is_result(at: ast.expr, target: Value) -> bool:
    """Whether a function was called that returns nothing: config-target tells of that itself."""
    return isinstance(at, ast.Call) and isinstance(target, Plain)


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
    if isinstance(thing, Instance) and isinstance(flow.index.member(thing.cls, "__call__"), Unknown):
        complete = flow.index.mro(thing.cls)[1]
        return f"an object of `{thing.cls.summary.name}`" if complete else None
    return None


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
        at: ast.AST = _keyword(node, key) if isinstance(key, str) else values.get(id(key), spread)
        flow.report(flow.problem(refusal, at if key != "missing" else node.func, name))
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


def _keyword(node: ast.Call, name: str) -> ast.AST:
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
            state.put(each.address, replace(thing, kind=kind))
    return value


# -- where they go ---------------------------------------------------------------------------------------------


def submitted(flow: Interpreter, value: Value, node: ast.AST, state: State, when: When = When.BUILT) -> None:
    """Report required arguments that are missing in what is submitted, and so is called after it is built."""
    for path, config in _built(value, state, calls=when is When.BUILT):
        found = fiddle.missing(config)
        if found is None:
            continue
        names, signature = found
        made = config.made
        steps = () if made.module is flow.activation.module else (Step(made.module.path, made.line, config.name),)
        flow.report(
            Problem(
                Wrong.MISSING,
                when,
                node,
                config.name,
                ", ".join(names),
                None,
                tuple(names),
                signature,
                steps,
                made=made.node,
                detail=f"{path}|{made.line}" if made.module is flow.activation.module else path,
            )
        )


def _built(value: Value, state: State, calls: bool) -> Iterator[tuple[str, Config]]:
    """The configs that certainly are in a value and are called when it is built, each with the path to it."""
    stack: list[tuple[str, Value, bool]] = [("", value, calls)]
    seen: set[int] = set()
    while stack:
        path, current, called = stack.pop()
        thing = state.object(current)
        if not isinstance(current, Ref) or current.address in seen or thing is None:
            continue
        seen.add(current.address)
        if isinstance(thing, Config):
            if thing.kind == "Config" or called:
                yield path, thing
            stack += [(f"{path}.{name}" if path else name, each, False) for name, each in thing.arguments.items()]
        elif isinstance(thing, Sequence):
            stack += [(f"{path}[{place}]", each, calls and not path) for place, each in enumerate(thing.elements)]
        elif isinstance(thing, Mapped) and not thing.is_open:
            stack += [(f"{path}[{key!r}]", each, False) for key, each in thing.items.items()]


def _run(flow: Interpreter, node: ast.Call, given: Given[Value], state: State) -> Value:
    """run.run(task): builds it, and calls it."""
    task = _first(given, "fn_or_script")
    if task is not None:
        submitted(flow, task, _first_node(node, "fn_or_script"), state)
    return NOTHING


def _build(flow: Interpreter, node: ast.Call, given: Given[Value], state: State) -> Value:
    """fdl.build(config): calls what it describes; a Partial becomes a functools.partial."""
    config = _first(given, "buildable")
    if config is not None:
        submitted(flow, config, _first_node(node, "buildable"), state, When.BUILT_HERE)
    return NOTHING


def _first(given: Given[Value], keyword: str) -> Value | None:
    return given.placed[0] if given.placed else given.keywords.get(keyword)


def _first_node(node: ast.Call, keyword: str) -> ast.AST:
    if node.args:
        return node.args[0]
    return next((each.value for each in node.keywords if each.arg == keyword), node.func)


def _experiment(flow: Interpreter, node: ast.Call, given: Given[Value], state: State) -> Value:
    return Experiment()


# -- Python ----------------------------------------------------------------------------------------------------


def copy_of(flow: Interpreter, value: Value, state: State) -> Value:
    """A deep copy."""
    return copied(value, state.heap, flow, state)


def _deep_copy(flow: Interpreter, node: ast.Call, given: Given[Value], state: State) -> Value:
    return copy_of(flow, given.placed[0], state) if given.placed else NOTHING


def _shallow_copy(flow: Interpreter, node: ast.Call, given: Given[Value], state: State) -> Value:
    thing: Object | None = state.object(given.placed[0]) if given.placed else None
    return flow.new(thing, state) if thing is not None else NOTHING


def _deferred(flow: Interpreter, node: ast.Call, given: Given[Value], state: State) -> Value:
    if not given.placed or given.more_placed or given.more_keywords:
        state.share([*given.placed, *given.keywords.values()])
        return NOTHING
    return flow.new(Deferred(given.placed[0], given.placed[1:], given.keywords), state)


def _second(flow: Interpreter, node: ast.Call, given: Given[Value], state: State) -> Value:
    return given.placed[1] if len(given.placed) == 2 else NOTHING


def _of_shape(shape: Shape) -> Handler:
    def make(flow: Interpreter, node: ast.Call, given: Given[Value], state: State) -> Value:
        return Plain(shape)

    return make


def _listed(flow: Interpreter, node: ast.Call, given: Given[Value], state: State) -> Value:
    """list(...), tuple(...), set(...)."""
    kind = node.func.id if isinstance(node.func, ast.Name) else "list"
    thing = state.object(given.placed[0]) if given.placed else Sequence(kind, ())
    if isinstance(thing, Sequence):
        return flow.new(replace(thing, kind=kind), state)
    return flow.new(Sequence(kind, (), is_open=True), state)


def _dict(flow: Interpreter, node: ast.Call, given: Given[Value], state: State) -> Value:
    thing = state.object(given.placed[0]) if given.placed else Mapped({})
    items: dict[object, Value] = dict(thing.items) if isinstance(thing, Mapped) else {}
    items.update(given.keywords.items())
    is_open = given.more_keywords or not isinstance(thing, Mapped) or thing.is_open
    return flow.new(Mapped(items, is_open), state)


def _get(flow: Interpreter, node: ast.Call, given: Given[Value], state: State) -> Value:
    """getattr(owner, "name"), and with a default."""
    name = _text(given.placed[1]) if len(given.placed) > 1 else None
    if name is None or not name.isidentifier():
        return NOTHING
    read = ast.copy_location(ast.Attribute(node.args[0], name, ast.Load()), node)
    if len(given.placed) == 2:
        return flow.attribute(given.placed[0], read, state)
    with flow.suppressing(everything=True):
        flow.attribute(given.placed[0], read, state)
    return NOTHING


def _set(flow: Interpreter, node: ast.Call, given: Given[Value], state: State) -> Value:
    """setattr(owner, "name", value); with a name that is not known, anything of it may change."""
    name = _text(given.placed[1]) if len(given.placed) == 3 else None
    if name is None or not name.isidentifier():
        state.share(given.placed)
    else:
        target = ast.copy_location(ast.Attribute(node.args[0], name, ast.Store()), node)
        flow.set_attribute(given.placed[0], target, given.placed[2], state)
    return Plain(Shape("None", None))


def _has(flow: Interpreter, node: ast.Call, given: Given[Value], state: State) -> Value:
    """hasattr(config, "name"): whether it is set or has a default, where that is certain."""
    name = _text(given.placed[1]) if len(given.placed) == 2 else None
    thing = state.object(given.placed[0]) if given.placed else None
    if name is None or not isinstance(thing, Config) or not isinstance(thing.signatures, tuple):
        return Plain(Shape("bool"))
    if fiddle.read_refused(thing, name) is not None:
        return Plain(Shape("bool", False))
    is_there = name in thing.arguments or fiddle.parameter(thing, name) is not None
    certain = is_there and not thing.is_shared and not thing.is_open
    return Plain(Shape("bool", True)) if certain else Plain(Shape("bool"))


def _is_instance(flow: Interpreter, node: ast.Call, given: Given[Value], state: State) -> Value:
    """isinstance(config, run.Config), isinstance(value, str)."""
    answers = (
        {_is_of(flow, each, given.placed[1], state) for each in alternatives(given.placed[0])}
        if (len(given.placed) == 2)
        else {None}
    )
    answer = answers.pop() if len(answers) == 1 else None
    return Plain(Shape("bool")) if answer is None else Plain(Shape("bool", answer))


def _is_of(flow: Interpreter, value: Value, kind: Value, state: State) -> bool | None:
    """Whether a value is an object of a class, as far as that is known."""
    thing, public = state.object(value), flow.public(kind)
    builtin = (flow.path(kind) or "").removeprefix("builtins.") if public is None else None
    if isinstance(thing, Config):
        return thing.kind == public if public in ("Config", "Partial") else (False if builtin in _PLAIN_TYPES else None)
    if isinstance(value, Plain) and (builtin in _PLAIN_TYPES or public in ("Config", "Partial")):
        return value.shape.kind == builtin or (value.shape.kind, builtin) == ("bool", "int")
    return None


def _text(value: Value) -> str | None:
    constant = value.shape.constant if isinstance(value, Plain) else None
    return constant if isinstance(constant, str) else None


def _truth(flow: Interpreter, node: ast.Call, given: Given[Value], state: State) -> Value:
    holds = conditions.is_true(given.placed[0], state) if given.placed else False
    return Plain(Shape("bool")) if holds is None else Plain(Shape("bool", holds))


#: Of NeMo Run, by public name.
_OF_NEMO_RUN: dict[str, Handler] = {
    "Config": _config,
    "Partial": _partial,
    "Experiment": _experiment,
    "run": _run,
}

#: Others, by the path of their definition or the one they are imported by.
_OTHERS: dict[str, Handler] = {
    "fiddle.Config": _config,
    "fiddle.Partial": _partial,
    "fiddle._src.config.Config": _config,
    "fiddle._src.partial.Partial": _partial,
    "fiddle.build": _build,
    "fiddle._src.building.build": _build,
    "copy.copy": _shallow_copy,
    "copy.deepcopy": _deep_copy,
    "functools.partial": _deferred,
    "typing.cast": _second,
    "builtins.bool": _truth,
    "builtins.str": _of_shape(Shape("str")),
    "builtins.repr": _of_shape(Shape("str")),
    "builtins.int": _of_shape(Shape("int")),
    "builtins.len": _of_shape(Shape("int")),
    "builtins.float": _of_shape(Shape("float")),
    "builtins.list": _listed,
    "builtins.tuple": _listed,
    "builtins.set": _listed,
    "builtins.dict": _dict,
    "builtins.getattr": _get,
    "builtins.setattr": _set,
    "builtins.hasattr": _has,
    "builtins.isinstance": _is_instance,
}
