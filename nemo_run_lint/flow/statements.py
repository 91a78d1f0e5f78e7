"""Statements: which ways a block may take, and what is known at its end.

A block gives the state behind it, or None where it never gets there. Branches whose condition is known are taken alone;
of the others both are, and their states are joined.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence as Listed
from dataclasses import replace
from typing import TYPE_CHECKING

from nemo_run_lint.flow import conditions, iterables
from nemo_run_lint.flow.state import GLOBALS, State, joined, widen
from nemo_run_lint.flow.values import (
    NOTHING,
    Closure,
    Named,
    OneOf,
    Plain,
    Value,
    alternatives,
    one_of,
)
from nemo_run_lint.signatures.literals import NO_CONSTANT, Shape
from nemo_run_lint.signatures.signature import Unknown
from nemo_run_lint.signatures.symbols import Function

if TYPE_CHECKING:
    from nemo_run_lint.flow.interpreter import Interpreter

_TRY = (ast.Try, getattr(ast, "TryStar", ast.Try))

#: What a handler catches when a wrong name or argument is expected.
_EXPECTED = frozenset("AttributeError TypeError ValueError Exception BaseException".split())
_IMPORT_FAILURES = frozenset("ImportError ModuleNotFoundError".split())

#: Expressions that may be the answer to a question about an object.
_ANSWERS = (ast.BoolOp, ast.UnaryOp, ast.Compare, ast.Call)

#: What expects an exception from the block below it.
_EXPECTING = frozenset("pytest.raises contextlib.suppress".split())
_RAISING = frozenset("raises assertRaises assertRaisesRegex".split())


def execute(flow: Interpreter, body: Listed[ast.stmt], state: State | None) -> State | None:
    """What is known after these statements; None where nothing comes after them."""
    for statement in body:
        if state is None or not flow.stack.spend():
            return state
        state = _statement(flow, statement, state)
    return state


def _statement(flow: Interpreter, node: ast.stmt, state: State) -> State | None:
    if isinstance(node, ast.Expr):
        flow.evaluate(node.value, state)
    elif isinstance(node, ast.Assign):
        value = flow.evaluate(node.value, state)
        for target in node.targets:
            assign(flow, target, value, state)
            if isinstance(target, ast.Name) and _may_answer(flow, node.value):
                flow.activation.answers.add(target.id)
    elif isinstance(node, ast.AnnAssign):
        if node.value is not None:
            assign(flow, node.target, flow.evaluate(node.value, state), state)
    elif isinstance(node, ast.AugAssign):
        _augmented(flow, node, state)
    elif isinstance(node, (ast.Import, ast.ImportFrom)):
        _import(flow, node, state)
    elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        _function(flow, node, state)
    elif isinstance(node, ast.ClassDef):
        return _class(flow, node, state)
    elif isinstance(node, (ast.Return, ast.Raise, ast.Break, ast.Continue)):
        _leaving(flow, node, state)
        return None
    elif isinstance(node, ast.If):
        return _if(flow, node, state)
    elif isinstance(node, (ast.For, ast.AsyncFor, ast.While)):
        return _loop(flow, node, state)
    elif isinstance(node, (ast.With, ast.AsyncWith)):
        return _with(flow, node, state)
    elif isinstance(node, _TRY):
        return _try(flow, node, state)
    elif isinstance(node, ast.Match):
        return _match(flow, node, state)
    elif isinstance(node, ast.Assert):
        flow.evaluate(node.test, state)
        return conditions.assumed(flow, node.test, True, state)
    elif isinstance(node, ast.Delete):
        for target in node.targets:
            _delete(flow, target, state)
    elif isinstance(node, (ast.Global, ast.Nonlocal)):
        _elsewhere(flow, node, state)
    return state


def _may_answer(flow: Interpreter, value: ast.expr) -> bool:
    return isinstance(value, _ANSWERS) and conditions.asks_about_objects(flow, value)


# -- binding ---------------------------------------------------------------------------------------------------


def bind(flow: Interpreter, name: str, value: Value, state: State) -> None:
    """Give a variable of the running function a value."""
    state.bind(flow.activation.places.get(name, flow.activation.frames[0]), name, value)


def _elsewhere(flow: Interpreter, node: ast.Global | ast.Nonlocal, state: State) -> None:
    """Names of the running function that live in a frame around it; a global of another module is kept in its own."""
    around = flow.activation.frames[1:]
    if isinstance(node, ast.Global):
        around = (GLOBALS,) if flow.activation.module is flow.own else ()
    for name in node.names:
        holding = [frame for frame in around if isinstance(node, ast.Global) or name in state.names(frame)]
        flow.activation.places.update((name, frame) for frame in holding[:1])


def assign(flow: Interpreter, target: ast.expr, value: Value, state: State) -> None:
    """`target = value`, for any kind of target."""
    if isinstance(target, ast.Name):
        bind(flow, target.id, value, state)
    elif isinstance(target, ast.Attribute):
        owner = flow.evaluate(target.value, state)
        flow.set_attribute(owner, target, value, state)
    elif isinstance(target, ast.Subscript) and _is_globals(target.value):
        name = target.slice.value if isinstance(target.slice, ast.Constant) else None
        state.bind(GLOBALS, str(name), NOTHING)
    elif isinstance(target, ast.Subscript):
        flow.set_item(flow.evaluate(target.value, state), flow.evaluate(target.slice, state), value, state)
    elif isinstance(target, (ast.Tuple, ast.List)):
        for each, part in zip(target.elts, iterables.unpacked(flow, value, target.elts, state), strict=True):
            assign(flow, each.value if isinstance(each, ast.Starred) else each, part, state)


def _is_globals(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "globals"


def _augmented(flow: Interpreter, node: ast.AugAssign, state: State) -> None:
    added = flow.evaluate(node.value, state)
    if isinstance(node.target, ast.Attribute):
        owner = flow.evaluate(node.target.value, state)
        before = flow.attribute(owner, node.target, state)
        flow.set_attribute(owner, node.target, iterables.increased(flow, before, added, state), state)
    elif isinstance(node.target, ast.Name):
        before = flow.name(node.target.id, state)
        bind(flow, node.target.id, iterables.increased(flow, before, added, state), state)
    elif isinstance(node.target, ast.Subscript):
        owner = flow.evaluate(node.target.value, state)
        flow.set_item(owner, flow.evaluate(node.target.slice, state), NOTHING, state)


def _delete(flow: Interpreter, target: ast.expr, state: State) -> None:
    if isinstance(target, ast.Attribute):
        flow.unset_attribute(flow.evaluate(target.value, state), target.attr, state)
    elif isinstance(target, ast.Subscript):
        state.share([flow.evaluate(target.value, state)])
    elif isinstance(target, ast.Name):
        bind(flow, target.id, NOTHING, state)


def _import(flow: Interpreter, node: ast.Import | ast.ImportFrom, state: State) -> None:
    for alias in node.names:
        if isinstance(node, ast.Import):
            name = alias.asname or alias.name.partition(".")[0]
            bind(flow, name, flow.imported(alias.name if alias.asname else name), state)
        elif alias.name != "*":
            module = flow.absolute("." * node.level + (node.module or ""))
            bind(flow, alias.asname or alias.name, flow.imported_from(module, alias.name), state)


def _function(flow: Interpreter, node: ast.FunctionDef | ast.AsyncFunctionDef, state: State) -> None:
    for decorator in node.decorator_list:
        flow.evaluate(decorator, state)
    symbol = flow.defined(node)
    known = symbol if isinstance(symbol, Function) else None
    bind(flow, node.name, Closure(node, flow.activation.module, flow.captured(), known), state)


def _class(flow: Interpreter, node: ast.ClassDef, state: State) -> State | None:
    """Its body is run, in a frame of its own; what it is worth is known by its name."""
    for each in (*node.decorator_list, *node.bases, *(keyword.value for keyword in node.keywords)):
        flow.evaluate(each, state)
    frames = (flow.number(), *flow.activation.frames)
    with flow.stack.replaced(replace(flow.activation, frames=frames, places={}, loops=[])):
        after = execute(flow, node.body, state)
    if after is not None:
        after.drop(frames[0])
        symbol = flow.defined(node)
        bind(flow, node.name, Named(symbol) if symbol is not None else NOTHING, after)
    return after


# -- control ---------------------------------------------------------------------------------------------------


def _leaving(flow: Interpreter, node: ast.stmt, state: State) -> None:
    flow.activation.left.append(state)
    if isinstance(node, ast.Return):
        value = flow.evaluate(node.value, state) if node.value is not None else Plain(Shape("None", None))
        flow.activation.returned.append((value, state))
    elif isinstance(node, ast.Raise):
        for each in (node.exc, node.cause):
            if each is not None:
                flow.evaluate(each, state)
    elif flow.activation.loops:
        flow.activation.loops[-1].append((isinstance(node, ast.Break), state))


def _if(flow: Interpreter, node: ast.If, state: State) -> State | None:
    truth = conditions.is_true(flow.evaluate(node.test, state), state)
    asks = conditions.asks_about_objects(flow, node.test)
    if truth is not None and not asks:
        _untaken(flow, node.test, node.orelse if truth else node.body, state)
    if truth is None:
        truth = flow.of_environment(node.test)
    guards = truth is None and asks
    after: list[State | None] = []
    for taken, body in ((True, node.body), (False, node.orelse)):
        if truth is not None and truth is not taken:
            continue
        branch = conditions.assumed(flow, node.test, taken, state.fork() if truth is None else state)
        with flow.reports.suppressed(attributes=guards), flow.stack.perhaps(truth is None):
            after.append(execute(flow, body, branch))
    return joined(after[0], after[1]) if len(after) == 2 else after[0]


def _untaken(flow: Interpreter, test: ast.expr, body: Listed[ast.stmt], state: State) -> None:
    """A branch that is not taken now may be after the next change: names that no target has are wrong in it as well.

    Not in functions that are called, unless the test asks only what a config holds: what they do not do for one caller,
    they do for another.
    """
    names = [flow.name(each.id, state) for each in ast.walk(test) if isinstance(each, ast.Name)]
    about_configs = flow.activation.module is flow.own and all(state.configs(each) for each in names)
    if body and (flow.activation.call is None or about_configs):
        apart = replace(flow.activation, returned=[], left=[], loops=[[] for _ in flow.activation.loops])
        with flow.reports.untaken(), flow.stack.replaced(apart):
            execute(flow, body, state.fork())


def _loop(flow: Interpreter, node: ast.For | ast.AsyncFor | ast.While, state: State) -> State | None:
    """Its body once, as the first time through; behind it, what it assigns has lost its value."""
    before, holds = state.fork(), None
    if isinstance(node, ast.While):
        holds = conditions.is_true(flow.evaluate(node.test, state), state)
        if holds is False:
            return execute(flow, node.orelse, state)
    else:
        looped = flow.evaluate(node.iter, state)
        assign(flow, node.target, flow.element(looped, state), state)
    flow.activation.loops.append([])
    end = execute(flow, node.body, state)
    broken: State | None = None
    for is_break, left in flow.activation.loops.pop():
        broken, end = (joined(broken, left), end) if is_break else (broken, joined(end, left))
    broken = joined(broken, end) if broken is not None else None
    for each in (broken, end):
        if each is not None:
            widen(each, before)
    return joined(broken, None if holds else execute(flow, node.orelse, joined(before, end)))


def _with(flow: Interpreter, node: ast.With | ast.AsyncWith, state: State) -> State | None:
    expecting = False
    for item in node.items:
        entered = flow.evaluate(item.context_expr, state)
        if isinstance(item.context_expr, ast.Call):
            function = item.context_expr.func
            called = flow.path(flow.evaluate(function, state)) or ""
            written = function.attr if isinstance(function, ast.Attribute) else called.rpartition(".")[2]
            expecting = expecting or called in _EXPECTING or written in _RAISING
        if item.optional_vars is not None:
            assign(flow, item.optional_vars, entered, state)
    if not expecting:
        return execute(flow, node.body, state)
    with flow.reports.suppressed(everything=True):
        return joined(*_interrupted(flow, node.body, state))


def _try(flow: Interpreter, node: ast.Try, state: State) -> State | None:
    caught = [name for handler in node.handlers for name in _caught(handler)]
    with flow.reports.suppressed(everything=bool(_EXPECTED.intersection(caught))):
        after, thrown = _interrupted(flow, node.body, state) if caught else (execute(flow, node.body, state), None)
    after = execute(flow, node.orelse, after)
    imports = any(isinstance(each, (ast.Import, ast.ImportFrom)) for each in node.body) and not _lacks(flow, node.body)
    for handler in node.handlers:
        if imports and after is not None and _IMPORT_FAILURES.issuperset(_caught(handler)):
            continue  # what stands in for a package that is missing is of no use to the others
        start = thrown.fork() if thrown is not None else None
        if start is not None and handler.name:
            bind(flow, handler.name, NOTHING, start)
        with flow.reports.suppressed(everything=True):
            after = joined(after, execute(flow, handler.body, start))
    return execute(flow, node.finalbody, after)


def _interrupted(flow: Interpreter, body: Listed[ast.stmt], state: State) -> tuple[State | None, State | None]:
    """What is known behind these statements, and what where one of them failed or left them."""
    after: State | None = state
    thrown: State | None = state.fork()
    left = len(flow.activation.left)
    for statement in body:
        after = execute(flow, [statement], after)
        thrown = joined(thrown, after.fork() if after is not None else None)
    for each in flow.activation.left[left:]:
        thrown = joined(thrown, each.fork())
    return after, thrown


def _lacks(flow: Interpreter, body: Listed[ast.stmt]) -> bool:
    """Whether something is imported that is not there, NeMo Run apart: the linter need not have it."""
    for node in body:
        if isinstance(node, ast.ImportFrom):
            module = flow.absolute("." * node.level + (node.module or ""))
            values = [flow.imported_from(module, alias.name) for alias in node.names]
        else:
            values = [flow.imported(each.name) for each in node.names] if isinstance(node, ast.Import) else []
        if any(isinstance(each, Named) and isinstance(each.symbol, Unknown) for each in values):
            return not any(flow.public(each) is not None for each in values)
    return False


def _caught(handler: ast.ExceptHandler) -> list[str]:
    if handler.type is None:
        return ["BaseException"]
    listed = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return [each.id if isinstance(each, ast.Name) else getattr(each, "attr", "Exception") for each in listed]


def _match(flow: Interpreter, node: ast.Match, state: State) -> State | None:
    state.share([flow.evaluate(node.subject, state)])  # patterns take out parts of it
    after: State | None = None
    fits_all = False
    for case in node.cases:
        branch = state.fork()
        for each in ast.walk(case.pattern):
            name = getattr(each, "name", None) or getattr(each, "rest", None)
            if isinstance(name, str):
                bind(flow, name, NOTHING, branch)
        if case.guard is not None:
            flow.evaluate(case.guard, branch)
        is_wildcard = isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None
        fits_all = fits_all or (is_wildcard and case.guard is None)
        with flow.stack.perhaps(True):
            after = joined(after, execute(flow, case.body, branch))
    return after if fits_all else joined(after, state)


def constant(value: Value) -> object:
    """The constant that a value certainly is; NO_CONSTANT for any other."""
    return value.shape.constant if isinstance(value, Plain) else NO_CONSTANT


def without_none(value: Value) -> Value:
    """A value that is known not to be None."""
    kept = [each for each in alternatives(value) if not (isinstance(each, Plain) and each.shape.kind == "None")]
    return one_of(kept) if kept and isinstance(value, OneOf) else value
