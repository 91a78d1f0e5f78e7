"""Where a node stands, worked out only for the nodes that are asked for.

LibCST keeps no positions; its PositionProvider prints the whole file to find them. Here only the smallest
statement around the node is printed, by that same provider, and placed in the file by the standard
library's tree, whose statements stand in the same order. So the answers are LibCST's own at the price of one line.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import cast

import libcst as cst
from libcst.metadata import CodeRange, PositionProvider

from nemo_run_lint.finding import Span
from nemo_run_lint.syntax.tree import Tree, children

#: Statements whose header can be printed without the body.
_HEADED = (cst.FunctionDef, cst.ClassDef, cst.With, cst.If, cst.For, cst.While)

#: Clauses that belong to the statement above them, not to its header.
_CLAUSES = (cst.BaseSuite, cst.Else, cst.If, cst.Finally, cst.ExceptHandler, cst.ExceptStarHandler, cst.MatchCase)


class Positions:
    """Spans of one file's nodes."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._spans: dict[cst.CSTNode, Span] = {}
        self._syntax: dict[cst.CSTNode, ast.AST] = {}

    def span(self, node: cst.CSTNode) -> Span:
        """The span of `node`: what LibCST's PositionProvider gives, with columns counted from 1.

        Raises KeyError for a node that is not of this file, or that the walk leaves out (white space, commas).
        """
        if node not in self._spans:
            self._locate(node)
        return self._spans[node]

    def header(self, node: cst.CSTNode) -> Span:
        """The span of a compound statement or clause without its body: `except ValueError as error`."""
        whole = self.span(node)
        keyword = type(node).__name__.removesuffix("Def").removesuffix("Handler").removesuffix("Star").lower()
        end = (whole.line, whole.column + len(keyword))
        for child in node.children:
            if self._tree.holds(child) and not isinstance(child, _CLAUSES):
                span = self.span(child)
                end = max(end, (span.end_line, span.end_column))
        return Span(whole.line, whole.column, *end)

    def at(self, span: Span) -> list[cst.CSTNode]:
        """The nodes that take up just this stretch, outermost first."""
        units = [unit for unit in self._units if unit[0] <= span.line and span.end_line <= unit[1]]
        for _, _, unit in sorted(units, key=lambda unit: unit[1] - unit[0])[:1]:
            found = [unit, *self._outside_of_suites(unit)]
            return [node for node in found if self.span(node) == span]
        return []

    @cached_property
    def _units(self) -> list[tuple[int, int, cst.CSTNode]]:
        """First and last line of every statement, and its node; of several on one line, that of the line."""
        found: list[tuple[int, int, cst.CSTNode]] = []
        for node in self._tree.walked:
            if isinstance(node, cst.SimpleStatementLine):
                statements = [self._statement(node)]
            elif isinstance(node, cst.BaseCompoundStatement):
                statements = [self._statement(node), *getattr(self._statement(node), "decorator_list", ())]
            else:
                continue
            first = min(each.lineno for each in statements)
            last = max(each.end_lineno or each.lineno for each in statements)
            found.append((first, last, node))
        return found

    def _outside_of_suites(self, unit: cst.CSTNode) -> Iterator[cst.CSTNode]:
        stack = children(unit)[::-1]
        while stack:
            node = stack.pop()
            yield node
            if not isinstance(node, cst.BaseSuite):
                stack += children(node)[::-1]

    def _locate(self, node: cst.CSTNode) -> None:
        """Print the smallest unit that holds `node`, and keep the spans of all its nodes."""
        path = [node, *self._tree.ancestors(node)]
        if len(path) == 1:
            self._keep(self._ranges(self._tree.module), 0)
            return
        for place, unit in enumerate(path):
            if isinstance(unit, cst.SimpleStatementLine):
                self._print(unit, unit.body[0], path[place + 1 :])
                break
            if place and isinstance(unit, _HEADED) and not isinstance(path[place - 1], _CLAUSES):
                self._print_header(unit, path[place + 1 :])
                break
        if node not in self._spans:
            top = path[-2]
            first = top.body[0] if isinstance(top, cst.SimpleStatementLine) else top
            self._print(top, first, path[-1:])

    def _print_header(self, unit: cst.CSTNode, above: Sequence[cst.CSTNode]) -> None:
        if isinstance(unit, cst.If) and isinstance(above[0], cst.If):
            return  # an `elif` printed alone would begin with `if`
        changes: dict[str, object] = {"body": cst.IndentedBlock(body=[])}
        if hasattr(unit, "orelse"):
            changes["orelse"] = None
        bare = unit.with_changes(**changes)
        self._print(bare, bare, above, original=unit)

    def _print(
        self, unit: cst.CSTNode, first: cst.CSTNode, above: Sequence[cst.CSTNode], original: cst.CSTNode | None = None
    ) -> None:
        """Print `unit` as indented as in the file, and place it by `first`, with which its statement begins."""
        module = self._tree.module
        indent = "".join(
            module.default_indent if block.indent is None else block.indent
            for block in above
            if isinstance(block, cst.IndentedBlock)
        )
        if indent:
            block = cst.IndentedBlock(body=[cast(cst.BaseStatement, unit)], indent=indent)
            unit_in_module: cst.CSTNode = cst.If(test=cst.Name("_"), body=block)
        else:
            unit_in_module = unit
        ranges = self._ranges(module.with_changes(body=[unit_in_module], header=(), footer=()))
        statement = self._statement(original or unit)
        self._keep(ranges, statement.lineno - ranges[first].start.line)

    def _keep(self, ranges: dict[cst.CSTNode, CodeRange], shift: int) -> None:
        for node, found in ranges.items():
            start, end = found.start, found.end
            self._spans.setdefault(node, Span(start.line + shift, start.column + 1, end.line + shift, end.column + 1))

    @staticmethod
    def _ranges(module: cst.Module) -> dict[cst.CSTNode, CodeRange]:
        provider = PositionProvider()  # asked itself: a MetadataWrapper would visit all nodes once more
        provider._gen_impl(module)
        return cast("dict[cst.CSTNode, CodeRange]", provider._computed)

    def _statement(self, unit: cst.CSTNode) -> ast.stmt:
        """The standard library's node for a statement; for a line of several, that of the first."""
        if unit not in self._syntax:
            block = self._tree.parent(unit)
            if isinstance(block, cst.If):  # an `elif`
                self._syntax[unit] = cast(ast.If, self._statement(block)).orelse[0]
            else:
                self._match(block)
        return cast(ast.stmt, self._syntax[unit])

    def _match(self, block: cst.CSTNode) -> None:
        """Pair the statements of a block with the standard library's."""
        statements = iter(self._body(block))
        for line in cast("Sequence[cst.CSTNode]", getattr(block, "body")):
            self._syntax[line] = next(statements)
            if isinstance(line, cst.SimpleStatementLine):
                for _ in line.body[1:]:
                    next(statements)

    def _body(self, block: cst.CSTNode) -> list[ast.stmt]:
        """The standard library's list of statements for a module or an indented block."""
        if isinstance(block, cst.Module):
            return self._tree.ast.body
        owner = self._tree.parent(block)
        field = "body"
        if isinstance(owner, (cst.Else, cst.Finally)):
            field = "orelse" if isinstance(owner, cst.Else) else "finalbody"
            syntax: ast.AST = self._statement(self._tree.parent(owner))
        elif isinstance(owner, (cst.ExceptHandler, cst.ExceptStarHandler, cst.MatchCase)):
            above = self._tree.parent(owner)
            clauses = "cases" if isinstance(owner, cst.MatchCase) else "handlers"
            place = next(place for place, clause in enumerate(getattr(above, clauses)) if clause is owner)
            syntax = getattr(self._statement(above), clauses)[place]
        else:
            syntax = self._statement(owner)
        return cast("list[ast.stmt]", getattr(syntax, field))
