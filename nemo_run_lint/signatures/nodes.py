"""All nodes of a tree, in half the time that `ast.walk` takes: every file and many functions are walked."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Set
from types import EllipsisType, NoneType
from typing import Any

#: What stands in fields beside nodes, and nodes that say nothing by themselves.
_NO_NODES = frozenset([NoneType, EllipsisType, bool, bytes, complex, float, int, str, ast.Del, ast.Load, ast.Store])


def nodes(*trees: ast.AST, closed: Set[ast.AST] = frozenset()) -> list[ast.AST]:
    """The trees and all nodes below, those that are as deep from left to right, without the contexts of names.

    closed  nodes below which nothing is looked for
    """
    found = list(trees)
    for node in found:  # which grows meanwhile
        if closed and node in closed:
            continue
        for name in node._fields:
            value: Any = getattr(node, name, None)
            kind = type(value)
            if kind is list:
                found += [each for each in value if isinstance(each, ast.AST)]
            elif kind not in _NO_NODES:
                found.append(value)
    return found


def outermost_functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """The functions of a file that stand in no other."""
    stack: list[ast.AST] = [tree]
    while stack:
        for node in ast.iter_child_nodes(stack.pop()):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                yield node
            elif not isinstance(node, (ast.expr, ast.Lambda)):
                stack.append(node)
