"""Functions that an experiment hands over, but imports from a module that never mentions NeMo Run.

The rules do not look there, as nothing in that module says that its functions become jobs; a review knows.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping

from nemo_run_lint.nemo.docstring import Docstring
from nemo_run_lint.review.evidence import Evidence
from nemo_run_lint.review.modules import Definition

Function = ast.FunctionDef | ast.AsyncFunctionDef

#: Calls by which a handler tells what went wrong.
_LOGGING = frozenset({"exception", "error", "critical", "warning", "warn", "log", "print", "print_exc"})


def problems(item: str, definition: Definition) -> Iterator[Evidence]:
    """What speaks against an item of the checklist in a function elsewhere; nothing for items that nobody asks here."""
    ask = _ASKED.get(item)
    if ask is not None and isinstance(definition.node, Function):
        for problem in ask(definition.node):
            yield Evidence(f"`{definition.name}` {problem}", definition.path, definition.line)


def handles_errors(definition: Definition) -> bool:
    """Whether a function raises, or has a `try` whose handlers log and raise again."""
    return any(isinstance(node, (ast.Raise, ast.Try)) for node in ast.walk(definition.node))


def _untyped(function: Function) -> Iterator[str]:
    for each in _parameters(function):
        if each.annotation is None:
            yield f"has no type for `{each.arg}`"
    if function.returns is None:
        yield "does not say what it returns"


def _undocumented(function: Function) -> Iterator[str]:
    if not (ast.get_docstring(function) or "").strip():
        yield "has no docstring"


def _undescribed(function: Function) -> Iterator[str]:
    written = ast.get_docstring(function) or ""
    if not written.strip():
        if _parameters(function):
            yield "does not describe its parameters"
        return
    docstring = Docstring(written)
    for each in _parameters(function):
        if not docstring.describes(each.arg):
            yield f"does not describe `{each.arg}`"


def _without_example(function: Function) -> Iterator[str]:
    written = ast.get_docstring(function) or ""
    if not Docstring(written).shows_example:
        yield "shows no example"


def _hiding(function: Function) -> Iterator[str]:
    for handler in ast.walk(function):
        if not isinstance(handler, ast.ExceptHandler) or not _is_broad(handler):
            continue
        if not any(isinstance(each, ast.Raise) for each in ast.walk(handler)):
            yield f"does not raise again what it catches on line {handler.lineno}"
        elif not any(isinstance(each, ast.Call) and _is_logging(each) for each in ast.walk(handler)):
            yield f"does not log what it catches on line {handler.lineno}"


def _parameters(function: Function) -> list[ast.arg]:
    given = function.args
    named = [*given.posonlyargs, *given.args, *given.kwonlyargs]
    return [each for each in named if not each.arg.startswith("_") and each.arg not in ("self", "cls")]


def _is_broad(handler: ast.ExceptHandler) -> bool:
    return handler.type is None or ast.unparse(handler.type) in ("Exception", "BaseException")


def _is_logging(call: ast.Call) -> bool:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    return name in _LOGGING


_ASKED: Mapping[str, Callable[[Function], Iterator[str]]] = {
    "type_hints_used": _untyped,
    "functions_documented": _undocumented,
    "parameters_documented": _undescribed,
    "examples_provided": _without_example,
    "error_handling_implemented": _hiding,
}
