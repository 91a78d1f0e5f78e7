"""The syntax of a function or class once more, from the lines of its source: trees of modules are not kept."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from functools import lru_cache

from nemo_run_lint.signatures.files import read_source
from nemo_run_lint.signatures.nodes import nodes
from nemo_run_lint.signatures.parsing import Definition, if_valid, in_place, only_definition
from nemo_run_lint.signatures.statements import parameters_of
from nemo_run_lint.signatures.summary import ClassSummary, FunctionSummary
from nemo_run_lint.signatures.symbols import Class, Function, Module

#: How many sources and how many definitions are kept.
_SOURCES = 64
_DEFINITIONS = 4_000

#: Definitions by their line and name.
_Definitions = dict[tuple[int, str], Definition]

_LINE_ENDS = re.compile(r"\r\n?|\n")


class Definitions:
    """The definitions of modules on disk, and of trees that were given."""

    def __init__(self, source: Callable[[str], str | None] = read_source) -> None:
        """`source`: how the text of a file is had."""
        self._given: dict[Module, ast.Module | _Definitions] = {}
        self._lines = lru_cache(_SOURCES)(lambda path: _LINE_ENDS.split(source(path) or ""))
        self._parsed = lru_cache(_DEFINITIONS)(self._parse)

    def give(self, module: Module, tree: ast.Module) -> None:
        """Take the definitions of a module from this tree, not from its file."""
        self._given[module] = tree

    def forget(self, module: Module) -> None:
        """Let go of a tree that was given."""
        self._given.pop(module, None)

    def node(self, symbol: Function | Class) -> Definition | None:
        """The syntax of a definition, its lines true to the file; None if the file is gone or has changed."""
        summary = symbol.summary
        if symbol.module in self._given:
            return self._of_tree(symbol.module).get((summary.line, summary.name))
        found = self._parsed(symbol.module.path, summary.first, summary.end)
        return found if found is not None and _is_same(found, summary) else None

    def _of_tree(self, module: Module) -> _Definitions:
        given = self._given[module]
        if isinstance(given, ast.Module):
            found = (node for node in nodes(given) if isinstance(node, Definition))
            given = self._given[module] = {(node.lineno, node.name): node for node in found}
        return given

    def _parse(self, path: str, first: int, end: int) -> Definition | None:
        text = in_place("\n".join(self._lines(path)[first - 1 : end]), first)
        return if_valid(lambda: only_definition(ast.parse(text)))


def _is_same(node: Definition, summary: FunctionSummary | ClassSummary) -> bool:
    if (node.name, node.lineno) != (summary.name, summary.line):
        return False
    if isinstance(summary, ClassSummary) or isinstance(node, ast.ClassDef):
        return isinstance(summary, ClassSummary) == isinstance(node, ast.ClassDef)
    return [each.arg for each, _, _ in parameters_of(node.args)] == [each[0] for each in summary.parameters]
