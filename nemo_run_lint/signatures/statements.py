"""The statements of a function: which of them run, what they bind, and what they change."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from nemo_run_lint.signatures.forwarding import dotted
from nemo_run_lint.signatures.nodes import nodes
from nemo_run_lint.signatures.signature import Kind

Function = ast.FunctionDef | ast.AsyncFunctionDef
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_TRY: tuple[type[ast.Try], ...] = (ast.Try, getattr(ast, "TryStar", ast.Try))
_COMPOUND = frozenset([ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Match, *_TRY])

#: Attributes whose assignment changes what a function or class takes.
DECISIVE = frozenset(
    {"__call__", "__class__", "__code__", "__defaults__", "__dict__", "__init__", "__kwdefaults__", "__new__"}
    | {"__signature__", "__wrapped__"}
)

#: Methods by which a dict is changed.
_CHANGING = frozenset(["clear", "pop", "popitem", "setdefault", "update"])


def first_parameter(node: Function | ast.Lambda) -> str | None:
    """The parameter that a decorated function or class would fill."""
    names = [each.arg for each in [*node.args.posonlyargs, *node.args.args]]
    decorators = () if isinstance(node, ast.Lambda) else node.decorator_list
    if names and (names[0] == "self" or any(dotted(each) == "classmethod" for each in decorators)):
        names.pop(0)
    return names[0] if names else None


def parameters_of(arguments: ast.arguments) -> Iterator[tuple[ast.arg, Kind, ast.expr | None]]:
    """The parameters of a function or lambda in order, each with its kind and default."""
    placed = [*arguments.posonlyargs, *arguments.args]
    defaults: list[ast.expr | None] = [None] * (len(placed) - len(arguments.defaults))
    for place, (each, default) in enumerate(zip(placed, [*defaults, *arguments.defaults], strict=True)):
        only = place < len(arguments.posonlyargs)
        yield each, Kind.POSITIONAL_ONLY if only else Kind.POSITIONAL_OR_KEYWORD, default
    if arguments.vararg is not None:
        yield arguments.vararg, Kind.VAR_POSITIONAL, None
    for each, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        yield each, Kind.KEYWORD_ONLY, default
    if arguments.kwarg is not None:
        yield arguments.kwarg, Kind.VAR_KEYWORD, None


def own_nodes(function: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> Iterator[ast.AST]:
    """The nodes of a function's body, without those of functions, classes and lambdas in it (but these themselves)."""
    stack: list[ast.AST] = list(function.body) if isinstance(function.body, list) else [function.body]
    stack.reverse()
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            stack += reversed(list(ast.iter_child_nodes(node)))


def statements(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """All statements, also of branches and loops, but not of functions and classes."""
    stack = list(reversed(body))
    while stack:
        statement = stack.pop()
        yield statement
        if type(statement) in _COMPOUND:  # quicker than isinstance, and most statements are simple
            for block in reversed(blocks_of(statement)):
                stack += reversed(block)


def blocks_of(statement: ast.stmt) -> list[list[ast.stmt]]:
    """The blocks of a compound statement, of which one runs through; an empty one for none of them."""
    if isinstance(statement, ast.If):
        return [statement.body, statement.orelse]
    if isinstance(statement, _TRY):
        handlers = [[*each.body, *statement.finalbody] for each in statement.handlers]
        return [[*statement.body, *statement.orelse, *statement.finalbody], *handlers]
    if isinstance(statement, (ast.With, ast.AsyncWith)):
        return [statement.body]
    if isinstance(statement, ast.Match):
        return [[], *(each.body for each in statement.cases)]
    if isinstance(statement, (ast.For, ast.AsyncFor, ast.While)):
        return [[], [*statement.body, *statement.orelse]]
    return []


def patched_attribute(statement: ast.stmt, name: str) -> tuple[str, ast.expr | None] | None:
    """What of `name` a statement sets that decides about its signature, and to what; `setattr` may set anything."""
    if isinstance(statement, (ast.Assign, ast.AnnAssign)):
        for target in statement.targets if isinstance(statement, ast.Assign) else [statement.target]:
            if isinstance(target, ast.Attribute) and target.attr in DECISIVE and dotted(target.value) == name:
                return target.attr, statement.value
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        call = statement.value
        if dotted(call.func) == "setattr" and len(call.args) == 3 and dotted(call.args[0]) == name:
            key = call.args[1].value if isinstance(call.args[1], ast.Constant) else "__dict__"
            return (str(key), call.args[2]) if key in DECISIVE else None
    return None


def assignments(statement: ast.Assign) -> Iterator[tuple[str, ast.expr]]:
    """The names with their values, also of `a, b = 1, 2`."""
    for target in statement.targets:
        if isinstance(target, ast.Tuple):
            parts = statement.value.elts if isinstance(statement.value, ast.Tuple) else []
            same = len(parts) == len(target.elts)
            for place, each in enumerate(target.elts):
                yield dotted(each), parts[place] if same else statement.value
        else:
            yield dotted(target), statement.value


def changes(node: Function, names: set[str]) -> bool:
    """Whether a function assigns to these names or into them, or calls a method of them that changes them."""
    for each in nodes(node):
        if isinstance(each, ast.Name) and each.id in names and not isinstance(each.ctx, ast.Load):
            return True
        if isinstance(each, ast.Subscript) and dotted(each.value) in names and not isinstance(each.ctx, ast.Load):
            return True
        if isinstance(each, ast.Attribute) and dotted(each.value) in names and each.attr in _CHANGING:
            return True
    return False
