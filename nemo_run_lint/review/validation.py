"""Where code checks what it is given: an error raised under a test of a parameter, a validator, `.validate()`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nemo_run_lint.review.evidence import Evidence
from nemo_run_lint.review.modules import Definition, chain

Function = ast.FunctionDef | ast.AsyncFunctionDef

#: Decorators of pydantic and attrs under which a method checks a field.
_VALIDATORS = frozenset({"validator", "field_validator", "model_validator", "root_validator"})

#: What bounds a field of pydantic, attrs or typer.
_BOUNDS = frozenset("gt ge lt le min max min_length max_length pattern regex multiple_of validator".split())


def validation(definition: Definition) -> Iterator[Evidence]:
    """Where a function or class of the project checks what it is given."""
    for line, text in of_node(definition.node):
        yield Evidence(text, definition.path, line)


def of_node(node: ast.AST) -> Iterator[tuple[int, str]]:
    """The lines on which that happens, and how."""
    if isinstance(node, ast.ClassDef):
        for each in node.body:
            yield from _of_member(each, node.name)
    elif isinstance(node, Function):
        yield from _of_function(node)


def _of_member(node: ast.stmt, owner: str) -> Iterator[tuple[int, str]]:
    if isinstance(node, Function):
        named = next((name for each in node.decorator_list if (name := _last(each)) in _VALIDATORS), None)
        if named is not None:
            yield node.lineno, f"`@{named}` checks a field of `{owner}`"
        else:
            yield from _of_function(node)
    elif isinstance(node, ast.AnnAssign):
        for call in ast.walk(node):
            bounds = [each.arg for each in call.keywords if each.arg in _BOUNDS] if isinstance(call, ast.Call) else []
            if bounds:
                yield node.lineno, f"`{ast.unparse(node.target)}` of `{owner}` has bounds: `{bounds[0]}=`"


def _of_function(function: Function) -> Iterator[tuple[int, str]]:
    arguments = function.args
    given = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
    names = {each.arg for each in given if each is not None}
    for node in _own(function):
        if isinstance(node, ast.If):
            tested, branches = node.test, [*node.body, *node.orelse]
        elif isinstance(node, ast.Match):
            tested, branches = node.subject, [each for case in node.cases for each in case.body]
        else:
            continue
        about = sorted(names & {each.id for each in ast.walk(tested) if isinstance(each, ast.Name)})
        raised = next((name for each in branches if (name := _raised(each))), None)
        if about and raised is not None:
            yield node.lineno, f"`{function.name}` tests `{_short(tested)}` and raises {raised}"
    for node in _own(function):
        if isinstance(node, ast.Call) and (_last(node).startswith("validate") or _last(node) == "model_validate"):
            yield node.lineno, f"`{function.name}` calls `{_short(node.func)}`"


def _own(function: Function) -> Iterator[ast.AST]:
    """The nodes of a function's own body."""
    stack: list[ast.AST] = list(reversed(function.body))
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            stack += reversed(list(ast.iter_child_nodes(node)))


def _raised(statement: ast.stmt) -> str:
    """The exception that a statement raises; empty for another statement, and for what says "not written yet"."""
    if not isinstance(statement, ast.Raise) or statement.exc is None:
        return ""
    name = _last(statement.exc)
    return "" if name == "NotImplementedError" else name


def _last(node: ast.expr) -> str:
    """The last part of a dotted name, or of that of a call."""
    parts = chain(node.func if isinstance(node, ast.Call) else node)
    return parts[-1] if parts else ""


def _short(node: ast.expr) -> str:
    written = ast.unparse(node)
    return written if len(written) <= 60 else f"{written[:59]}…"
