"""Methods of configs, containers, text and experiments."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from nemo_run_lint.flow import fiddle, iterables, known_calls, saving, submitting
from nemo_run_lint.flow.problems import Problem, When, Wrong
from nemo_run_lint.flow.state import State
from nemo_run_lint.flow.values import (
    NOTHING,
    UNSET,
    Config,
    Experiment,
    Mapped,
    Method,
    Plain,
    Ref,
    Sequence,
    Value,
    alternatives,
    is_function,
    one_of,
)
from nemo_run_lint.signatures.binding import Given, near
from nemo_run_lint.signatures.literals import NO_CONSTANT, Shape

if TYPE_CHECKING:
    from nemo_run_lint.flow.interpreter import Interpreter

_NONE = Plain(Shape("None", None))

#: Methods of text that give text.
_TEXT_METHODS = frozenset("format join lower upper strip lstrip rstrip replace title removeprefix removesuffix".split())

#: Methods of containers that change them in place.
_CHANGING = frozenset("append insert extend add update remove discard pop clear sort reverse setdefault".split())

#: Methods of containers that change nothing.
_LOOKING = frozenset("copy count index keys values items get".split())


def call(flow: Interpreter, node: ast.Call, method: Method, given: Given[Value], state: State) -> Value:
    """What calling a method of a value gives."""
    owner = method.owner
    if isinstance(owner, Experiment):
        return _of_experiment(flow, node, method.name, given, state)
    if isinstance(owner, Plain):
        return Plain(Shape("str")) if owner.shape.kind == "str" and method.name in _TEXT_METHODS else NOTHING
    thing = state.object(owner)
    if isinstance(owner, Ref) and isinstance(thing, Config):
        return _of_config(flow, node, owner, method.name, given, state)
    if isinstance(owner, Ref) and isinstance(thing, (Sequence, Mapped)) and method.name in _CHANGING:
        _changed(flow, node, owner, state)
    if isinstance(owner, Ref) and isinstance(thing, Sequence):
        return _of_sequence(flow, owner, thing, method.name, given, state)
    if isinstance(owner, Ref) and isinstance(thing, Mapped):
        return _of_dict(flow, owner, thing, method.name, given, state)
    state.share([owner, *given.placed, *given.keywords.values()])
    return NOTHING


def _of_experiment(flow: Interpreter, node: ast.Call, name: str, given: Given[Value], state: State) -> Value:
    if name == "add":
        task = given.placed[0] if given.placed else given.keywords.get("task")
        if task is not None:
            at = node.args[0] if node.args else node.func
            submitting.submitted(flow, task, at, state)
            saving.added(flow, task, at, state)
            for each, place in _several(task, at, state):
                submitting.must_be_task(flow, each, place, "exp.add")
    return NOTHING


def _several(task: Value, at: ast.AST, state: State) -> Iterable[tuple[Value, ast.AST]]:
    """What is added, each where it is written: the elements of a list, else the one."""
    thing = state.object(task)
    if isinstance(thing, Sequence) and isinstance(at, ast.List) and len(at.elts) == len(thing.elements):
        return zip(thing.elements, at.elts, strict=True)
    return [(task, at)]


# -- configs ---------------------------------------------------------------------------------------------------


def _of_config(flow: Interpreter, node: ast.Call, owner: Ref, name: str, given: Given[Value], state: State) -> Value:
    if name == "clone":
        return known_calls.copy_of(flow, owner, state)
    if name in ("broadcast", "walk"):
        for keyword in node.keywords:
            if keyword.arg is not None:
                value = given.keywords[keyword.arg] if name == "broadcast" else NOTHING
                _broadcast(flow, keyword, owner, value, name, state)
        if given.more_keywords:
            state.share([owner])
        return owner
    return NOTHING


def _broadcast(flow: Interpreter, keyword: ast.keyword, owner: Ref, value: Value, method: str, state: State) -> None:
    """Set a parameter in every config that has it set or by default; a name that none has is passed over."""
    name = str(keyword.arg)
    configs, certain = _nested(flow, owner, state)
    matched = False
    for ref, config in configs:
        if not isinstance(config.signatures, tuple) or config.is_shared or config.is_open:
            certain = False
        elif fiddle.read_refused(config, name) is None:
            matched = True
        else:
            continue
        before = config.arguments.get(name, UNSET)
        state.put(ref.address, config.having(name, value if matched else one_of((before, NOTHING))))
    root = state.object(owner)
    if certain and not matched and isinstance(root, Config):
        names = {each for _, config in configs for each in _names(config)}
        close = near(name, sorted(names))
        flow.reports.add(Problem(Wrong.BROADCAST, When.NEVER, keyword, root.name, name, close, detail=method))


def _nested(flow: Interpreter, owner: Ref, state: State) -> tuple[list[tuple[Ref, Config]], bool]:
    """The configs that broadcast reaches, through attributes alone, and whether these are certainly all."""
    found: list[tuple[Ref, Config]] = []
    certain = True
    stack: list[Value] = [owner]
    seen: set[int] = set()
    while stack:
        value = stack.pop()
        thing = state.object(value)
        if not isinstance(value, (Ref, Plain)):
            certain = certain and is_function(value)
        if isinstance(value, Ref) and isinstance(thing, Config) and value.address not in seen:
            seen.add(value.address)
            found.append((value, thing))
            for held in thing.arguments.values():
                stack += [each for each in alternatives(held) if each is not UNSET]
    return found, certain


def _names(config: Config) -> Iterable[str]:
    if isinstance(config.signatures, tuple):
        for signature in config.signatures:
            yield from signature.called_names


# -- containers ------------------------------------------------------------------------------------------------


def _changed(flow: Interpreter, node: ast.Call, owner: Ref, state: State) -> None:
    """Report a change, through a config, of a container that a config elsewhere holds as well."""
    through = node.func.value if isinstance(node.func, ast.Attribute) else None
    root = through
    while isinstance(root, (ast.Attribute, ast.Subscript)):
        root = root.value
    if through not in flow.reads_of_configs or not isinstance(root, ast.Name):
        return
    with flow.reports.suppressed(everything=True):
        own = {address for address, _ in state.reachable([flow.name(root.id, state.fork())])}
    variables = {name: value for frame in flow.activation.frames for name, value in state.names(frame).items()}
    for variable, value in variables.items():
        for address, thing in state.reachable([value]):
            held = thing.arguments.items() if isinstance(thing, Config) and address not in own else ()
            for argument, given in held:
                if given == owner and isinstance(thing, Config):
                    where = f"`{argument}` of `{thing.name}` in `{variable}`"
                    written = ast.unparse(node.func)
                    flow.reports.add(Problem(Wrong.SHARED, When.NEVER, node, written, argument, detail=where))
                    return


def _of_sequence(flow: Interpreter, owner: Ref, thing: Sequence, name: str, given: Given[Value], state: State) -> Value:
    if name in ("append", "add") and len(given.placed) == 1:
        state.put(owner.address, replace(thing, elements=(*thing.elements, given.placed[0])))
        return _NONE
    if name == "insert" and len(given.placed) == 2:
        state.put(owner.address, replace(thing, elements=(given.placed[1], *thing.elements), is_open=True))
        return _NONE
    if name in ("extend", "update") and len(given.placed) == 1:
        state.put(owner.address, iterables.extended(thing, given.placed[0], state))
        return _NONE
    if name == "copy":
        return flow.new(thing, state)
    if name not in _LOOKING:
        state.put(owner.address, iterables.loosened(thing))
    return iterables.element(owner, state) if name == "pop" else NOTHING


def _of_dict(flow: Interpreter, owner: Ref, thing: Mapped, name: str, given: Given[Value], state: State) -> Value:
    wanted = given.placed[0].shape.constant if given.placed and isinstance(given.placed[0], Plain) else NO_CONSTANT
    if name == "get" and wanted is not NO_CONSTANT and not thing.is_open:
        otherwise = given.placed[1] if len(given.placed) > 1 else _NONE
        return thing.items.get(wanted, otherwise)
    if name == "pop" and wanted is not NO_CONSTANT and not thing.is_open:
        state.put(owner.address, Mapped({key: each for key, each in thing.items.items() if key != wanted}))
        return thing.items.get(wanted, given.placed[1] if len(given.placed) > 1 else NOTHING)
    if name == "update":
        added = state.object(given.placed[0]) if given.placed else Mapped({})
        items = {**thing.items, **(added.items if isinstance(added, Mapped) else {})}
        items.update(given.keywords.items())
        is_open = thing.is_open or not isinstance(added, Mapped) or added.is_open or given.more_keywords
        state.put(owner.address, Mapped(items, is_open))
        return _NONE
    if name == "copy":
        return flow.new(thing, state)
    if name == "values" and not thing.is_open:
        return flow.new(Sequence("values", tuple(thing.items.values())), state)
    if name == "items" and not thing.is_open:
        pairs = [flow.new(Sequence("tuple", (_key(key), value)), state) for key, value in thing.items.items()]
        return flow.new(Sequence("items", tuple(pairs)), state)
    if name not in _LOOKING or thing.is_open:
        state.share([owner])
    return NOTHING


def _key(key: object) -> Value:
    return Plain(Shape("str", key)) if isinstance(key, str) else NOTHING
