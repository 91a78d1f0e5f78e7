"""Attributes and items: reading, setting and unsetting them on whatever a value may be."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from nemo_run_lint.flow import fiddle, iterables, sinks
from nemo_run_lint.flow.problems import Problem, When, Wrong
from nemo_run_lint.flow.state import State
from nemo_run_lint.flow.values import (
    NOTHING,
    UNSET,
    Closure,
    Config,
    Experiment,
    Instance,
    Mapped,
    Method,
    Named,
    Plain,
    Ref,
    Sequence,
    Unset,
    Value,
    alternatives,
    below,
    is_function,
    one_of,
)
from nemo_run_lint.signatures.dataclass_fields import is_dataclass
from nemo_run_lint.signatures.literals import NO_CONSTANT, Shape
from nemo_run_lint.signatures.signature import Reason, Unknown

if TYPE_CHECKING:
    from nemo_run_lint.flow.interpreter import Interpreter

#: What has attributes of its own that say nothing about configs.
_TYPES: dict[str, type] = {
    each.__name__: each for each in (str, bytes, int, float, complex, bool, list, tuple, set, dict)
} | {"None": type(None)}


def read(flow: Interpreter, owner: Value, node: ast.Attribute, state: State) -> Value:
    """What `owner.name` is worth; reports it where it fails whatever `owner` is."""
    found = [_read(flow, each, node, state) for each in alternatives(owner)]
    problems = [each for each in found if isinstance(each, Problem)]
    if problems and len(problems) == len(found):
        flow.reports.add(problems[0])
        return NOTHING
    return one_of([NOTHING if isinstance(each, Problem) else each for each in found])


def _read(flow: Interpreter, owner: Value, node: ast.Attribute, state: State) -> Value | Problem:
    name = node.attr
    owner = flow.opened(owner, state)
    if isinstance(owner, Named):
        return flow.member(owner, name)
    thing = state.object(owner)
    if isinstance(thing, Config):
        flow.reads_of_configs.add(node)
        if _is_closed(flow, thing):
            return Problem(Wrong.CONVERTED, When.READ, node, ast.unparse(node.value), name)
        if name == "__fn_or_cls__":
            return thing.target
        if name in fiddle.METHODS and not fiddle.lacks_method(thing, name):
            return Method(owner, name)
        if name in fiddle.METHODS:
            return Problem(Wrong.UNKNOWN_ATTRIBUTE, When.READ, node, thing.name, name, detail="method")
        if name.startswith("__"):
            state.share([owner])  # `__arguments__`, `__dict__`, `__setattr__`
        refusal = fiddle.read_refused(thing, name)
        return refusal.at(node, thing.name) if refusal is not None else argument(flow, thing, name, state)
    if isinstance(owner, Plain):
        problem = _of_plain(flow, owner.shape, node)
        return problem if problem is not None else Method(owner, name)
    if isinstance(thing, Instance):
        return one_of([Method(owner, name), *(each for each in below(thing) if isinstance(each, Ref))])
    return Method(owner, name) if isinstance(owner, (Ref, Closure, Experiment)) else NOTHING


def _is_closed(flow: Interpreter, config: Config) -> bool:
    """Whether the body that runs is under run.autoconvert, which lets it use attributes of dataclasses' configs alone.

    From `auto_config_attr_load_handler` in `fiddle/_src/experimental/auto_config.py` of fiddle 0.3.0. Of the file's own
    classes autoconvert-object-use knows more.
    """
    if not flow.activation.converts:
        return False
    if config.cls is None:
        return is_function(config.target)
    return config.cls.module is not flow.own and is_dataclass(flow.index, config.cls) is False


def _of_plain(flow: Interpreter, shape: Shape, node: ast.Attribute) -> Problem | None:
    """An attribute of None or text that was read from a config, where another config was expected."""
    known = _TYPES.get(shape.kind)
    if node.value not in flow.reads_of_configs or known is None or hasattr(known, node.attr):
        return None
    owner = ast.unparse(node.value)
    return Problem(Wrong.ATTRIBUTE_OF_PLAIN, When.READ, node, owner, node.attr, detail=_words(shape))


def _words(shape: Shape) -> str:
    if shape.kind == "None" or (shape.constant is not NO_CONSTANT and len(repr(shape.constant)) < 40):
        return f"`{shape.constant!r}`"
    return {"str": "text", "list": "a list", "dict": "a dict", "tuple": "a tuple", "set": "a set"}.get(
        shape.kind, f"a value of type `{shape.kind}`"
    )


def argument(flow: Interpreter, config: Config, name: str, state: State) -> Value:
    """What reading an argument of a config gives: what was set, else the default; unknown where others may set it."""
    value = config.arguments.get(name, UNSET)
    if value is UNSET and (config.is_open or config.is_shared):
        return NOTHING
    found = []
    for each in alternatives(value):
        if isinstance(each, Unset):
            parameter = fiddle.parameter(config, name)
            each = flow.default(parameter) if parameter is not None else NOTHING
        found.append(each)
    return one_of(found)


def write(flow: Interpreter, owner: Value, node: ast.Attribute, value: Value, state: State) -> None:
    """`owner.name = value`; reports it where it fails whatever `owner` is."""
    places = alternatives(owner)
    found: list[Problem | None] = []
    checked = True
    for each in places:
        thing = state.object(each)
        if isinstance(thing, Config) and isinstance(each, Ref):
            is_closed = _is_closed(flow, thing)
            found.append(_converted(node) if is_closed else _written(flow, thing, node))
            state.put(each.address, _having(thing, node.attr, value, certain=len(places) == 1))
            checked = checked and isinstance(thing.signatures, tuple)
        elif isinstance(thing, Instance) and isinstance(each, Ref):
            state.share([each, value])
            found.append(None)
            checked = False
        else:
            state.share([value])
            found.append(_of_plain(flow, each.shape, node) if isinstance(each, Plain) else None)
            checked = checked and found[-1] is not None
    flow.note_override(node, checked)
    problems = [each for each in found if each is not None]
    if problems and len(problems) == len(found):
        flow.reports.add(max(problems, key=lambda problem: list(When).index(problem.when)))
    else:
        _check_literal(flow, owner, node, value, state)


def _converted(node: ast.Attribute) -> Problem:
    return Problem(Wrong.CONVERTED, When.ASSIGNED, node, ast.unparse(node.value), node.attr)


def _written(flow: Interpreter, config: Config, node: ast.Attribute) -> Problem | None:
    refusal = fiddle.set_refused(config, node.attr)
    if refusal is None and config.cls is not None:
        read = sinks.read_names(flow.index, config.cls)
        refusal = fiddle.unread(config, node.attr, read) if read is not None else None
    return refusal.at(node, config.name) if refusal is not None else None


def _having(config: Config, name: str, value: Value, certain: bool) -> Config:
    if certain:
        return config.having(name, value)
    return config.having(name, one_of((config.arguments.get(name, UNSET), value)))


def _check_literal(flow: Interpreter, owner: Value, node: ast.Attribute, value: Value, state: State) -> None:
    configs = state.configs(owner)
    if configs:
        parameters = [fiddle.parameter(config, node.attr) for _, config in configs]
        first = parameters[0]
        if first is not None and all(each == first for each in parameters):
            flow.check_literal(first, value, node, configs[0][1].name, configs[0][1].signatures, state)


def unset(owner: Value, name: str, state: State) -> None:
    """`del owner.name`."""
    for each in alternatives(owner):
        thing = state.object(each)
        if isinstance(thing, Config) and isinstance(each, Ref):
            kept = {key: value for key, value in thing.arguments.items() if key != name}
            state.put(each.address, replace(thing, arguments=kept))


def set_item(owner: Value, key: Value, value: Value, state: State) -> None:
    """`owner[key] = value`."""
    for each in alternatives(owner):
        thing = state.object(each)
        if not isinstance(thing, (Mapped, Sequence)) or not isinstance(each, Ref):
            state.share([key, value])
            continue
        wanted = key.shape.constant if isinstance(key, Plain) else NO_CONSTANT
        if isinstance(thing, Mapped) and wanted is not NO_CONSTANT and not isinstance(owner, Ref):
            state.put(each.address, replace(thing, is_open=True))
        elif isinstance(thing, Mapped) and wanted is not NO_CONSTANT:
            state.put(each.address, replace(thing, items={**thing.items, wanted: value}))
        elif isinstance(thing, Mapped):
            state.share([value])
            state.put(each.address, replace(thing, is_open=True))
        else:
            state.put(each.address, iterables.loosened(thing, value))


def member(flow: Interpreter, owner: Named, name: str) -> Value:
    """An attribute of a module or class; of one that is not installed, at least its path is known."""
    symbol = owner.symbol
    if isinstance(symbol, Unknown):
        installed = symbol.reason is not Reason.NOT_INSTALLED
        return Named(symbol if installed else Unknown(symbol.reason, f"{symbol.what}.{name}"))
    return flow.value_of(flow.index.member(symbol, name))
