"""What LibCST would choke on, seen beforehand in `ast`'s tree, which has no trouble with it.

LibCST's parser takes time that grows with the square of an expression's depth, doubles with every bracket of a `match`
pattern, and crashes on long chains of `and`. The deepest expression of 7,900 installed files has 84 levels.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import accumulate

#: Levels of an expression. At 150 the slowest kind takes half a second, and any may be written out again.
EXPRESSION_LIMIT = 150

#: Brackets inside brackets in a pattern. At 7 the slowest kind takes a tenth of a second, at 10 several seconds.
PATTERN_LIMIT = 7

#: `elif` behind `elif`, which is an `if` inside an `else`.
STATEMENT_LIMIT = 1_000

#: Nodes of `ast`'s tree. LibCST's takes some three kilobytes for each. A megabyte of ordinary code has 70,000.
NODE_LIMIT = 250_000

_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n|\Z)")

#: What adds a level. In names and strings it is counted too, which only costs a closer look.
_LEVELS = (*"[({.-+~*/%@&|^<>:", "not", "await", "else", "and", "or", "for")

_HAS_STATEMENTS = (ast.stmt, ast.ExceptHandler, ast.match_case)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_BRACKETS = re.compile(r"[\[({})\]]")


def too_deep(text: str, syntax: ast.Module) -> tuple[int, str] | None:
    """The line of the first statement that is nested too deeply for LibCST, and what is; None if all is well.

    Line 1 if there is too much of all.
    """
    if len(text) > NODE_LIMIT and sum(1 for _ in ast.walk(syntax)) > NODE_LIMIT:
        return 1, f"its syntax tree has more than {NODE_LIMIT:,} nodes"
    lines = _LINE.findall(text)
    starts = list(accumulate(map(len, lines), initial=0))

    @cache
    def may_be_deep(first: int, last: int) -> bool:
        """Whether so much of what adds a level is in these lines, on which many statements may stand."""
        begin, end = starts[first - 1], starts[last]
        if end - begin < EXPRESSION_LIMIT:
            return False
        header = text[begin:end]
        return sum(map(header.count, _LEVELS)) >= EXPRESSION_LIMIT

    for statement, level in _statements(syntax):
        if level > STATEMENT_LIMIT:
            return statement.lineno, f"its statements are nested more than {STATEMENT_LIMIT:,} levels deep"
        first, last = _header(statement)
        if may_be_deep(first, last) and _depth(statement) > EXPRESSION_LIMIT:
            return first, f"an expression is nested more than {EXPRESSION_LIMIT} levels deep"
        if isinstance(statement, ast.Match):
            for line, pattern in _patterns(statement, lines):
                if _bracket_depth(pattern) > PATTERN_LIMIT:
                    return line, f"a pattern is nested more than {PATTERN_LIMIT} brackets deep"
    return None


def is_shallow(expression: str) -> bool:
    """Whether this text is an expression, and none that is nested too deeply for LibCST."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _depth(ast.parse(expression, mode="eval")) <= EXPRESSION_LIMIT
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False


def _statements(syntax: ast.Module) -> Iterator[tuple[ast.stmt, int]]:
    """Every statement, and how many statements it is inside of."""
    stack: list[tuple[ast.AST, int]] = [(statement, 0) for statement in reversed(syntax.body)]
    while stack:
        node, level = stack.pop()
        if isinstance(node, ast.stmt):
            yield node, level
        for name in ("finalbody", "orelse", "handlers", "cases", "body"):
            below = getattr(node, name, None)
            if isinstance(below, list):
                stack += [(child, level + 1) for child in reversed(below)]


def _header(statement: ast.stmt) -> tuple[int, int]:
    """The lines of a statement, or of what stands before its body, decorators included."""
    above = [decorator.lineno for decorator in getattr(statement, "decorator_list", ())]
    if isinstance(statement, ast.Match):
        last = statement.subject.end_lineno
    else:
        body = getattr(statement, "body", None)
        last = body[0].lineno if body else statement.end_lineno
    return min([statement.lineno, *above]), last or statement.lineno


def _patterns(match: ast.Match, lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The line and the text of each `case`, up to its guard or body: `ast` leaves out brackets around a pattern."""
    above = match.subject.end_lineno or match.lineno
    for case in match.cases:
        end = case.guard or case.body[0]
        last = lines[end.lineno - 1].encode()[: end.col_offset].decode(errors="ignore")
        yield above + 1, "".join([*lines[above : end.lineno - 1], last])
        above = case.body[-1].end_lineno or above


def _depth(top: ast.AST) -> int:
    """The levels of the deepest expression of a statement, those in its body left out, or of an expression."""
    deepest = 0
    stack = [(top, _levels(top) - 1)]
    while stack:
        node, depth = stack.pop()
        deepest = max(deepest, depth)
        below = (child for child in ast.iter_child_nodes(node) if not isinstance(child, _HAS_STATEMENTS))
        stack += [(child, depth + _levels(child)) for child in below]
    return deepest


def _levels(node: ast.AST) -> int:
    """How many levels a node has for LibCST, to which some things are chains that are flat here."""
    if isinstance(node, ast.BoolOp):
        return len(node.values)
    if isinstance(node, _COMPREHENSIONS):
        return len(node.generators)
    if isinstance(node, ast.alias):
        return 1 + node.name.count(".")
    if isinstance(node, ast.ImportFrom):
        return 1 + (node.module or "").count(".")
    return 1


def _bracket_depth(text: str) -> int:
    depth = deepest = 0
    for bracket in _BRACKETS.findall(text):
        depth = depth + 1 if bracket in "[({" else max(depth - 1, 0)
        deepest = max(deepest, depth)
    return deepest
