"""Expressions: what each kind is worth. Parts are evaluated in the order of the source, since calls change objects."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from nemo_run_lint.flow import conditions, iterables
from nemo_run_lint.flow.state import State, joined
from nemo_run_lint.flow.values import NOTHING, Closure, Mapped, Named, Plain, Sequence, Value, alternatives, one_of
from nemo_run_lint.signatures.literals import NO_CONSTANT, Shape
from nemo_run_lint.signatures.symbols import Builtin, Class

if TYPE_CHECKING:
    from nemo_run_lint.flow.interpreter import Interpreter

_TEXT = Plain(Shape("str"))
_TRUTH = Plain(Shape("bool"))


def evaluate(flow: Interpreter, node: ast.expr, state: State) -> Value:
    """What an expression may be worth; what it does to objects is done to `state`."""
    handler = _HANDLERS.get(type(node))
    return handler(flow, node, state) if handler is not None else _parts(flow, node, state)


def _parts(flow: Interpreter, node: ast.expr, state: State) -> Value:
    """Of a kind of expression that nothing is known about, at least the parts."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr):
            flow.evaluate(child, state)
    return NOTHING


def _constant(flow: Interpreter, node: ast.Constant, state: State) -> Value:
    value = node.value
    kind: Any = "None" if value is None else type(value).__name__
    return NOTHING if value is ... else Plain(Shape(kind, value))


def _name(flow: Interpreter, node: ast.Name, state: State) -> Value:
    return flow.name(node.id, state)


def _attribute(flow: Interpreter, node: ast.Attribute, state: State) -> Value:
    return flow.attribute(flow.evaluate(node.value, state), node, state)


def _call(flow: Interpreter, node: ast.Call, state: State) -> Value:
    return flow.call(node, state)


def _listed(flow: Interpreter, node: ast.List | ast.Tuple | ast.Set, state: State) -> Value:
    found: list[Value] = []
    is_open = False
    for each in node.elts:
        if isinstance(each, ast.Starred):
            thing = state.object(flow.evaluate(each.value, state))
            found += thing.elements if isinstance(thing, Sequence) else ()
            is_open = is_open or not isinstance(thing, Sequence) or thing.is_open
        else:
            found.append(flow.evaluate(each, state))
    return flow.new(Sequence(type(node).__name__.lower(), tuple(found), is_open), state)


def _dict(flow: Interpreter, node: ast.Dict, state: State) -> Value:
    items: dict[object, Value] = {}
    is_open = False
    for key, value in zip(node.keys, node.values, strict=True):
        held = flow.evaluate(value, state)
        if key is None:
            thing = state.object(held)
            items |= thing.items if isinstance(thing, Mapped) else {}
            is_open = is_open or not isinstance(thing, Mapped) or thing.is_open
            continue
        known = flow.evaluate(key, state)
        if isinstance(known, Plain) and known.shape.constant is not NO_CONSTANT:
            items[known.shape.constant] = held
        else:
            items[object()] = held  # kept for what it holds; nothing is found under it
            is_open = True
    return flow.new(Mapped(items, is_open), state)


def _comprehension(
    flow: Interpreter, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp, state: State
) -> Value:
    frame = flow.activation.frames[0]
    before = dict(state.names(frame))
    for each in ast.walk(node):
        if isinstance(each, ast.NamedExpr):
            before[each.target.id] = NOTHING  # it outlives the comprehension
    for generator in node.generators:
        looped = flow.evaluate(generator.iter, state)
        flow.assign(generator.target, flow.element(looped, state), state)
        for test in generator.ifs:
            flow.evaluate(test, state)
    if isinstance(node, ast.DictComp):
        flow.evaluate(node.key, state)
        made: Mapped | Sequence = Mapped({object(): flow.evaluate(node.value, state)}, is_open=True)
    else:
        kinds = {ast.ListComp: "list", ast.SetComp: "set", ast.GeneratorExp: "generator"}
        made = Sequence(kinds[type(node)], (flow.evaluate(node.elt, state),), is_open=True)
    state.replace_names(frame, before)
    return flow.new(made, state)


def _either(flow: Interpreter, node: ast.IfExp, state: State) -> Value:
    holds = conditions.is_true(flow.evaluate(node.test, state), state)
    if holds is not None:
        return flow.evaluate(node.body if holds else node.orelse, state)
    guards = conditions.asks_about_objects(flow, node.test)
    values, branches = [], []
    for taken, part in ((True, node.body), (False, node.orelse)):
        branch = conditions.assumed(flow, node.test, taken, state.fork())
        with flow.reports.suppressed(attributes=guards):
            values.append(flow.evaluate(part, branch))
        branches.append(branch)
    _become(state, joined(branches[0], branches[1]))
    return one_of(values)


def _logical(flow: Interpreter, node: ast.BoolOp, state: State) -> Value:
    """`a or b`, `a and b`: a value that decides ends it."""
    deciding = isinstance(node.op, ast.Or)
    values: list[Value] = []
    ended: list[State] = []
    current = state.fork()
    guards = False
    for place, part in enumerate(node.values):
        with flow.reports.suppressed(attributes=guards):
            value = flow.evaluate(part, current)
        truth = conditions.is_true(value, current)
        last = place == len(node.values) - 1
        if last or truth is None or truth is deciding:
            values.append(value)
            ended.append(current.fork() if not last and truth is not deciding else current)
        if truth is deciding:
            break
        guards = guards or conditions.asks_about_objects(flow, part)
        current = conditions.assumed(flow, part, not deciding, current)
    after: State | None = None
    for each in ended:
        after = joined(after, each)
    _become(state, after)
    return one_of(values)


def _become(state: State, other: State | None) -> None:
    if other is not None:
        state.become(other)


def _not(flow: Interpreter, node: ast.UnaryOp, state: State) -> Value:
    value = flow.evaluate(node.operand, state)
    if isinstance(node.op, ast.Not):
        truth = conditions.is_true(value, state)
        return _TRUTH if truth is None else Plain(Shape("bool", not truth))
    if isinstance(node.op, ast.USub) and isinstance(value, Plain) and value.shape.kind in ("int", "float", "complex"):
        number: Any = value.shape.constant
        return Plain(Shape(value.shape.kind)) if number is NO_CONSTANT else Plain(Shape(value.shape.kind, -number))
    return NOTHING


def _compare(flow: Interpreter, node: ast.Compare, state: State) -> Value:
    values = [flow.evaluate(each, state) for each in (node.left, *node.comparators)]
    holds = conditions.compared(values[0], node.ops[0], values[1]) if len(node.ops) == 1 else None
    return _TRUTH if holds is None else Plain(Shape("bool", holds))


def _binary(flow: Interpreter, node: ast.BinOp, state: State) -> Value:
    left, right = flow.evaluate(node.left, state), flow.evaluate(node.right, state)
    if isinstance(node.op, ast.Mod) and isinstance(left, Plain) and left.shape.kind == "str":
        return _TEXT
    if isinstance(node.op, ast.Add):
        return flow.operated(left, right, state)
    state.share([left, right])  # `[config] * 2`, `options | {"config": config}`
    return NOTHING


def operated(flow: Interpreter, left: Value, right: Value, state: State) -> Value:
    """`left + right`, for text and for lists; a list that is added to is another one."""
    if isinstance(left, Plain) and isinstance(right, Plain) and left.shape.kind == right.shape.kind == "str":
        return _TEXT
    first = state.object(left)
    if isinstance(first, Sequence):
        return flow.new(iterables.extended(first, right, state), state)
    return NOTHING


def _text(flow: Interpreter, node: ast.JoinedStr, state: State) -> Value:
    _parts(flow, node, state)
    return _TEXT


def _lambda(flow: Interpreter, node: ast.Lambda, state: State) -> Value:
    for default in (*node.args.defaults, *filter(None, node.args.kw_defaults)):
        flow.evaluate(default, state)
    return Closure(node, flow.activation.module, flow.captured())


def _walrus(flow: Interpreter, node: ast.NamedExpr, state: State) -> Value:
    value = flow.evaluate(node.value, state)
    flow.assign(node.target, value, state)
    return value


def _subscript(flow: Interpreter, node: ast.Subscript, state: State) -> Value:
    owner = flow.opened(flow.evaluate(node.value, state), state)
    if isinstance(owner, Named) and (isinstance(owner.symbol, (Class, Builtin)) or flow.public(owner) is not None):
        return owner  # `Base[T]`, `run.Config[Model]`
    key = flow.evaluate(node.slice, state)
    thing = state.object(owner)
    wanted = key.shape.constant if isinstance(key, Plain) else NO_CONSTANT
    if isinstance(thing, Sequence) and isinstance(node.slice, ast.Slice):
        return flow.new(iterables.loosened(thing), state)
    if isinstance(thing, Sequence):
        return iterables.item(thing, wanted)
    if isinstance(thing, Mapped) and wanted in thing.items and not thing.is_open:
        return thing.items[wanted]
    if isinstance(thing, Mapped) and (wanted is NO_CONSTANT or thing.is_open):
        return one_of([*thing.items.values(), *([NOTHING] if thing.is_open else ())])
    return one_of([element for each in alternatives(owner) for element in iterables.held(each, state)])


def _unpacked(flow: Interpreter, node: ast.Starred | ast.Await, state: State) -> Value:
    flow.evaluate(node.value, state)
    return NOTHING


def _yielded(flow: Interpreter, node: ast.Yield | ast.YieldFrom, state: State) -> Value:
    flow.activation.yields = True
    if node.value is not None:
        state.share([flow.evaluate(node.value, state)])
    return NOTHING


_HANDLERS: dict[type[ast.expr], Callable[[Interpreter, Any, State], Value]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.Call: _call,
    ast.List: _listed,
    ast.Tuple: _listed,
    ast.Set: _listed,
    ast.Dict: _dict,
    ast.ListComp: _comprehension,
    ast.SetComp: _comprehension,
    ast.GeneratorExp: _comprehension,
    ast.DictComp: _comprehension,
    ast.IfExp: _either,
    ast.BoolOp: _logical,
    ast.UnaryOp: _not,
    ast.Compare: _compare,
    ast.BinOp: _binary,
    ast.JoinedStr: _text,
    ast.Lambda: _lambda,
    ast.NamedExpr: _walrus,
    ast.Subscript: _subscript,
    ast.Starred: _unpacked,
    ast.Await: _unpacked,
    ast.Yield: _yielded,
    ast.YieldFrom: _yielded,
}
