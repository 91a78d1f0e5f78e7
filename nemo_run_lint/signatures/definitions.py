"""The syntax of a function or class once more, from the lines of its source: trees of modules are not kept."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Callable
from functools import lru_cache

from nemo_run_lint.signatures.files import read_source
from nemo_run_lint.signatures.summary import ClassSummary, FunctionSummary, parameters_of
from nemo_run_lint.signatures.symbols import Class, Function, Module

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef

#: How many sources and how many definitions are kept.
_SOURCES = 64
_DEFINITIONS = 4_000

_LINE_ENDS = re.compile(r"\r\n?|\n")


class Definitions:
    """The definitions of modules on disk, and of trees that were given."""

    def __init__(self, source: Callable[[str], str | None] = read_source) -> None:
        """`source`: how the text of a file is had."""
        self._given: dict[Module, dict[tuple[int, str], Definition]] = {}
        self._lines = lru_cache(_SOURCES)(lambda path: _LINE_ENDS.split(source(path) or ""))
        self._parsed = lru_cache(_DEFINITIONS)(self._parse)

    def give(self, module: Module, tree: ast.Module) -> None:
        """Take the definitions of a module from this tree, not from its file."""
        found = {}
        for node in ast.walk(tree):
            if isinstance(node, Definition):
                found[node.lineno, node.name] = node
        self._given[module] = found

    def forget(self, module: Module) -> None:
        """Let go of a tree that was given."""
        self._given.pop(module, None)

    def node(self, symbol: Function | Class) -> Definition | None:
        """The syntax of a definition, its lines true to the file; None if the file is gone or has changed."""
        summary = symbol.summary
        if symbol.module in self._given:
            return self._given[symbol.module].get((summary.line, summary.name))
        found = self._parsed(symbol.module.path, summary.first, summary.end)
        return found if found is not None and _is_same(found, summary) else None

    def _parse(self, path: str, first: int, end: int) -> Definition | None:
        lines = self._lines(path)[first - 1 : end]
        indented = bool(lines) and lines[0][:1].isspace()
        text = "\n".join(["if True:", *lines] if indented else lines)  # dedenting would change strings and columns
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                body = ast.parse(text).body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
        if indented and isinstance(body[0], ast.If):
            body = body[0].body
        node = body[0] if len(body) == 1 else None
        if not isinstance(node, Definition):
            return None
        ast.increment_lineno(node, first - 1 - indented)
        return node


def _is_same(node: Definition, summary: FunctionSummary | ClassSummary) -> bool:
    if (node.name, node.lineno) != (summary.name, summary.line):
        return False
    if isinstance(summary, ClassSummary) or isinstance(node, ast.ClassDef):
        return isinstance(summary, ClassSummary) == isinstance(node, ast.ClassDef)
    return [each.arg for each, _, _ in parameters_of(node.args)] == [each[0] for each in summary.parameters]
