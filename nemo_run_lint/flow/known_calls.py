"""Calls that are known by name: what makes, copies, submits and builds configs, and what Python itself does to them."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from nemo_run_lint.flow import conditions, fiddle, iterables, making, submitting
from nemo_run_lint.flow.copies import copied
from nemo_run_lint.flow.problems import Problem, When, Wrong
from nemo_run_lint.flow.state import State
from nemo_run_lint.flow.values import (
    NOTHING,
    Config,
    Deferred,
    Experiment,
    Mapped,
    Object,
    Plain,
    Ref,
    Sequence,
    Value,
    alternatives,
    one_of,
)
from nemo_run_lint.signatures.binding import Given
from nemo_run_lint.signatures.literals import Shape
from nemo_run_lint.signatures.signature import Reason, Unknown

if TYPE_CHECKING:
    from nemo_run_lint.flow.interpreter import Interpreter

#: Types of plain values and containers, of which a config is none.
_PLAIN_TYPES = frozenset("str bytes int float complex bool list tuple set dict".split())

Handler = Callable[["Interpreter", ast.Call, Given[Value], State], Value]


def handler(flow: Interpreter, callee: Value) -> Handler | None:
    """What does a call of `callee`, if it is known by name."""
    path = flow.path(callee)
    if path is None:
        return None
    return _OF_NEMO_RUN.get(flow.public(callee) or "") or _OTHERS.get(path)


# -- configs ---------------------------------------------------------------------------------------------------


def _config(flow: Interpreter, node: ast.Call, given: Given[Value], state: State) -> Value:
    return _of_kind(flow, node, "Config", given, fiddle.RESERVED, state)


def _partial(flow: Interpreter, node: ast.Call, given: Given[Value], state: State) -> Value:
    return _of_kind(flow, node, "Partial", given, fiddle.RESERVED, state)


def _fiddle_config(flow: Interpreter, node: ast.Call, given: Given[Value], state: State) -> Value:
    return _of_kind(flow, node, "Config", given, frozenset(), state)


def _fiddle_partial(flow: Interpreter, node: ast.Call, given: Given[Value], state: State) -> Value:
    return _of_kind(flow, node, "Partial", given, frozenset(), state)


def _of_kind(
    flow: Interpreter,
    node: ast.Call,
    kind: making.ConfigKind,
    given: Given[Value],
    reserved: frozenset[str],
    state: State,
) -> Value:
    """run.Config(target, ...): the first argument, or `fn_or_cls`, is what it will call."""
    keywords = dict(given.keywords)
    keywords.pop("bind_args", None)
    if given.placed:
        target, placed = given.placed[0], given.placed[1:]
        at = node.args[0] if node.args else node.func
        for name in reserved.intersection(keywords):
            flow.reports.add(
                Problem(Wrong.RESERVED, When.CONFIGURED, making.keyword_of(node, name), f"run.{kind}", name)
            )
            keywords.pop(name)
    elif "fn_or_cls" in keywords:
        target, placed = keywords.pop("fn_or_cls"), ()
        at = next((each.value for each in node.keywords if each.arg == "fn_or_cls"), node.func)
    else:
        return NOTHING
    rest = Given(placed, keywords, given.more_placed, given.more_keywords)
    return making.configured(flow, node, kind, target, rest, at, state)


# -- where they go ---------------------------------------------------------------------------------------------


def _run(flow: Interpreter, node: ast.Call, given: Given[Value], state: State) -> Value:
    """run.run(task): builds it, and calls it."""
    task = _first(given, "fn_or_script")
    if task is not None:
        submitting.submitted(flow, task, _first_node(node, "fn_or_script"), state)
        submitting.must_be_task(flow, task, _first_node(node, "fn_or_script"), "run.run")
    return NOTHING


def _dryrun(flow: Interpreter, node: ast.Call, given: Given[Value], state: State) -> Value:
    """run.dryrun_fn(task): prints what it would call."""
    task = _first(given, "configured_fn")
    if task is not None:
        submitting.must_be_task(flow, task, _first_node(node, "configured_fn"), "run.dryrun_fn")
    return NOTHING


def _build(flow: Interpreter, node: ast.Call, given: Given[Value], state: State) -> Value:
    """fdl.build(config): calls what it describes; a Partial becomes a functools.partial."""
    config = _first(given, "buildable")
    if config is not None:
        submitting.submitted(flow, config, _first_node(node, "buildable"), state, When.BUILT_HERE)
    return NOTHING


def _first(given: Given[Value], keyword: str) -> Value | None:
    return given.placed[0] if given.placed else given.keywords.get(keyword)


def _first_node(node: ast.Call, keyword: str) -> ast.AST:
    if node.args:
        return node.args[0]
    return next((each.value for each in node.keywords if each.arg == keyword), node.func)


def _retargeted(flow: Interpreter, node: ast.Call, given: Given[Value], state: State) -> Value:
    """fdl.update_callable(config, other): it calls something else from now on."""
    config = _first(given, "buildable")
    thing = state.object(config) if config is not None else None
    if isinstance(config, Ref) and isinstance(thing, Config):
        state.put(config.address, replace(thing, signatures=Unknown(Reason.COMPUTED), is_shared=True))
    return Plain(Shape("None", None))


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
    with flow.reports.suppressed(everything=True):
        value = flow.attribute(given.placed[0], read, state)
    return one_of((value, given.placed[2]))


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
    "dryrun_fn": _dryrun,
}

#: Others, by the path of their definition or the one they are imported by.
_OTHERS: dict[str, Handler] = {
    "fiddle.Config": _fiddle_config,
    "fiddle.Partial": _fiddle_partial,
    "fiddle._src.config.Config": _fiddle_config,
    "fiddle._src.partial.Partial": _fiddle_partial,
    "fiddle.build": _build,
    "fiddle.update_callable": _retargeted,
    "fiddle._src.mutate_buildable.update_callable": _retargeted,
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
    **{f"builtins.{name}": handler for name, handler in iterables.FUNCTIONS.items()},
}
