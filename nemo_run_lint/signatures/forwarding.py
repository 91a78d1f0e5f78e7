"""What becomes of `**kwargs` in a function: handed on to one callable, which then decides what they may hold, or not.

Only what certainly happens counts: a call in a branch, or one whose failure is caught, leaves them open.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from nemo_run_lint.signatures.nodes import nodes

#: What reads the local variables without naming them.
_SEES_LOCALS = frozenset({"locals", "vars", "eval", "exec", "dir"})


#: Expressions all of whose parts are evaluated.
_EVALUATED = (ast.Attribute, ast.Await, ast.Call, ast.Dict, ast.List, ast.Starred, ast.Tuple, ast.YieldFrom)


class Forward(NamedTuple):
    """What becomes of `**kwargs`.

    how         `unused`; `super`: handed on to the next method of the same name, which may be another class's in a
                subclass; `call`: handed on to `target`; `open`: anything else
    target      of `call`, the dotted name as written; of `super(Model, self)`, the class in it
    positional  how many arguments are given before them by place, `*args` not counted
    keywords    what is given beside them by name
    starred     whether the function's own `*args` are handed on as well
    taken       the names that are taken out before, by `kwargs.pop("name")`
    """

    how: str
    target: str = ""
    positional: int = 0
    keywords: tuple[str, ...] = ()
    starred: bool = False
    taken: tuple[str, ...] = ()


_OPEN = Forward("open")


def forward(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Forward | None:
    """What becomes of the function's `**kwargs`; None if it has none."""
    if node.args.kwarg is None:
        return None
    name = node.args.kwarg.arg
    names = [each for each in nodes(*node.body) if isinstance(each, ast.Name)]
    if any(each.id in _SEES_LOCALS for each in names):
        return _OPEN
    uses = [each for each in names if each.id == name]
    if not uses:
        return Forward("unused")
    try:
        return _handed_on(node, name, uses) or _OPEN
    except RecursionError:  # thousands of calls of what calls return
        return _OPEN


def _handed_on(node: ast.FunctionDef | ast.AsyncFunctionDef, name: str, uses: Sequence[ast.Name]) -> Forward | None:
    """The one certain call that gets them, if all other uses stand before it and only look at one literal key."""
    calls = list(_certain_calls(node.body))
    receiving = [call for call in calls if any(_is(each.value, name) for each in call.keywords if each.arg is None)]
    if len(receiving) != 1:
        return None
    call = receiving[0]
    looks = [each for each in nodes(*node.body) if _look(each, name) is not None]
    if len(looks) != len(uses) - 1 or any(each.lineno >= call.lineno for each in looks if isinstance(each, ast.expr)):
        return None
    taken = tuple(sorted({key for each in looks if (key := _look(each, name))}))
    return _described(node, call, taken)


def _look(node: ast.AST, name: str) -> str | None:
    """The key that `kwargs.pop("key")` takes out; empty for `kwargs.get("key")` and such, None for what is neither."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _is(node.func.value, name):
        key = node.args[0] if node.args else None
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            return {"pop": key.value, "get": ""}.get(node.func.attr)
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load) and _is(node.value, name):
        return "" if isinstance(node.slice, ast.Constant) else None
    if isinstance(node, ast.Compare) and isinstance(node.ops[0], (ast.In, ast.NotIn)) and len(node.ops) == 1:
        return "" if _is(node.comparators[0], name) else None
    return None


def _described(node: ast.FunctionDef | ast.AsyncFunctionDef, call: ast.Call, taken: tuple[str, ...]) -> Forward | None:
    """The call as a Forward; None for one whose callee or arguments are not to be seen."""
    keywords = tuple(each.arg for each in call.keywords if each.arg is not None)
    if len(keywords) != len(call.keywords) - 1:
        return None
    starred = [each.value for each in call.args if isinstance(each, ast.Starred)]
    own = node.args.vararg is not None and len(starred) == 1 and _is(starred[0], node.args.vararg.arg)
    if starred and not (own and isinstance(call.args[-1], ast.Starred)):
        return None
    positional = len(call.args) - len(starred)
    started = _super_class(call.func, node)
    if started is not None:
        return Forward("super", started, positional, keywords, own, taken)
    target = dotted(call.func)
    if not target or target.partition(".")[0] in local_names(node):
        return None
    return Forward("call", target, positional, keywords, own, taken)


def _super_class(function: ast.expr, node: ast.FunctionDef | ast.AsyncFunctionDef) -> str | None:
    """In a method `__init__`: empty for `super().__init__`, `Model` for `super(Model, self).__init__`, else None."""
    if not (isinstance(function, ast.Attribute) and function.attr == node.name):
        return None
    called = function.value
    if not (isinstance(called, ast.Call) and _is(called.func, "super") and not called.keywords):
        return None
    if not called.args:
        return ""
    first = [*node.args.posonlyargs, *node.args.args][:1]
    is_own = len(called.args) == 2 and bool(first) and _is(called.args[1], first[0].arg)
    return dotted(called.args[0]) or None if is_own else None


def dotted(node: ast.expr) -> str:
    """`a.b.c` as text; empty for anything but names with dots."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else ""
    return ""


def local_names(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> set[str]:
    """The names that are bound inside of a function, or further inside: they are not the module's."""
    found = {each.arg for each in ast.walk(node.args) if isinstance(each, ast.arg)}
    for below in nodes(node):
        if isinstance(below, ast.Name) and not isinstance(below.ctx, ast.Load):
            found.add(below.id)
        elif isinstance(below, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and below is not node:
            found.add(below.name)
        elif isinstance(below, ast.alias):
            found.add((below.asname or below.name).partition(".")[0])
    return found


def _is(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _certain_calls(body: Sequence[ast.stmt]) -> Iterator[ast.Call]:
    """The calls that are made whenever a function with this body does not raise."""
    for statement in body:
        if isinstance(statement, (ast.With, ast.AsyncWith)):
            if not any(_swallows(item.context_expr) for item in statement.items):
                yield from _certain_calls(statement.body)
        elif isinstance(statement, (ast.Expr, ast.Assign, ast.AnnAssign, ast.Return)) and statement.value is not None:
            yield from _certain_parts(statement.value)
        if _may_leave(statement):
            return


def _certain_parts(node: ast.expr) -> Iterator[ast.Call]:
    """The calls in an expression that are certainly made when it is evaluated."""
    if isinstance(node, ast.Call):
        yield node
    if isinstance(node, _EVALUATED):
        for below in ast.iter_child_nodes(node):
            if isinstance(below, ast.keyword):
                yield from _certain_parts(below.value)
            elif isinstance(below, ast.expr):
                yield from _certain_parts(below)


def _swallows(context: ast.expr) -> bool:
    """Whether `with context` keeps an error in it to itself: `contextlib.suppress(TypeError)`, `pytest.raises(...)`."""
    return isinstance(context, ast.Call) and dotted(context.func).rpartition(".")[2] in ("suppress", "raises")


def _may_leave(statement: ast.stmt) -> bool:
    """Whether the function may return in this statement."""
    return any(isinstance(each, ast.Return) for each in nodes(statement))
