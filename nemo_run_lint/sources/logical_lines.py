"""Python text as tokenize divides it: statements, or headers of them, with the comments in and between them.

A text that does not tokenize to its end is divided as far as it does.
"""

from __future__ import annotations

import io
import tokenize
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

LAYOUT = frozenset({tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER})

#: From Python 3.12 on the pieces of an f-string are tokens; it still is one string.
STRING_STARTS = {getattr(tokenize, name, None) for name in ("FSTRING_START", "TSTRING_START")} - {None}
STRING_ENDS = {getattr(tokenize, name, None) for name in ("FSTRING_END", "TSTRING_END")} - {None}


@dataclass(frozen=True)
class Lines:
    """A stretch of whole lines, from 1, both ends included."""

    first: int
    last: int

    def __contains__(self, line: int) -> bool:
        return self.first <= line <= self.last


class Comment(NamedTuple):
    """A comment, from its `#`.

    line, column   its place, the column from 0
    depth          how far its line is indented, a tab counting to the next multiple of 8 as in Python
    row            the line of code that it ends; its own if it stands alone
    is_alone       whether no code stands before it
    """

    text: str
    line: int
    column: int
    depth: int
    row: Lines
    is_alone: bool


@dataclass(frozen=True)
class LogicalLine:
    """A statement, or the header of one, with the comments in it; or a comment between statements.

    rows   the lines of code, a string or backslash that spans several counting as one
    depth  how far the first of them is indented
    """

    rows: tuple[Lines, ...]
    comments: tuple[Comment, ...]
    depth: int
    is_decorator: bool


def tokens(text: str) -> Iterator[tokenize.TokenInfo]:
    """The tokens of `text`, as far as it has some; every line end counts as one."""
    # the tokenizer of 3.11 knows no lone \r; as nothing but lines and columns is used, all line ends may be alike
    readline = io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n")).readline
    try:
        yield from tokenize.generate_tokens(readline)
    except (tokenize.TokenError, SyntaxError):
        return


def logical_lines(text: str) -> list[LogicalLine]:
    """`text`, divided."""
    found = []
    rows: list[list[tokenize.TokenInfo]] = [[]]
    has_code = False
    open_strings = 0
    for token in tokens(text):
        open_strings += (token.type in STRING_STARTS) - (token.type in STRING_ENDS)
        if token.type not in LAYOUT:
            rows[-1].append(token)
            has_code = has_code or token.type != tokenize.COMMENT
        elif token.type == tokenize.NEWLINE or (token.type == tokenize.NL and not has_code):
            found.append(_logical_line(rows))
            rows, has_code = [[]], False
        elif token.type == tokenize.NL and not open_strings:
            rows.append([])
    return [*found, _logical_line(rows)]


def _logical_line(rows: Sequence[Sequence[tokenize.TokenInfo]]) -> LogicalLine:
    code: list[Lines] = []
    comments: list[Comment] = []
    is_decorator, depth = False, 0
    for row in filter(None, rows):
        lines = Lines(row[0].start[0], row[-1].end[0])
        is_alone = row[0].type == tokenize.COMMENT
        if not is_alone:
            if not code:
                is_decorator, depth = row[0].string == "@", _depth(row[0])
            code.append(lines)
        last = row[-1]  # nothing follows a comment in its line
        if last.type == tokenize.COMMENT:
            comments.append(Comment(last.string, *last.start, _depth(row[0]), lines, is_alone))
    return LogicalLine(tuple(code), tuple(comments), depth, is_decorator)


def _depth(first: tokenize.TokenInfo) -> int:
    """How far a line is indented whose first token this is."""
    return len(first.line[: first.start[1]].rpartition("\f")[2].expandtabs(8))
