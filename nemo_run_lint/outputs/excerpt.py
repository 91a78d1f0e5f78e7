"""The lines of source around a finding, with carets under it; the layout is the one that rustc made common.

All lines of an excerpt are cropped alike, so that indentation stays comparable.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from nemo_run_lint.finding import Span
from nemo_run_lint.outputs.cells import Cells, laid_out
from nemo_run_lint.outputs.format import Outcome

#: Lines shown before and after what is marked.
CONTEXT = 2

#: Of a longer stretch the first four and the last two lines are shown.
LONGEST, FIRST, LAST = 8, 4, 2


@dataclass(frozen=True)
class Row:
    """One line of an excerpt: a line number or nothing, marks (carets, or the margin beside a long stretch), code."""

    label: str
    marks: str
    code: str = ""


def split_lines(text: str) -> list[str]:
    """The lines as Python counts them: a form feed or U+2028 ends none, unlike in `str.splitlines`."""
    return re.split(r"\r\n|\r|\n", text)


def lines_of(outcome: Outcome) -> Callable[[str], Sequence[str]]:
    """A function that gives the lines of a file by its path, none if they cannot be had; it keeps those of one file."""

    @lru_cache(maxsize=1)  # findings come file by file
    def lines(path: str) -> Sequence[str]:
        text = outcome.source(path)
        return () if text is None else split_lines(text)

    return lines


def excerpt(lines: Sequence[str], span: Span, width: int) -> Iterator[Row]:
    """The rows that show `span`, none if the file does not reach to it; code takes up at most `width` cells."""
    span = _closed(lines, span)
    if not 1 <= span.line <= span.end_line <= len(lines):
        return
    layout = _Layout(lines, span, width)
    for number in _shown(lines, span):
        yield from layout.rows(number) if number else [Row("...", "| ")]


def _closed(lines: Sequence[str], span: Span) -> Span:
    """A span that ends before the first character of a line ends with the line above."""
    if span.end_line > span.line and span.end_column == 1 and span.end_line - 1 <= len(lines):
        end_line = span.end_line - 1
        return Span(span.line, span.column, end_line, len(lines[end_line - 1]) + 1)
    return span


def _shown(lines: Sequence[str], span: Span) -> list[int]:
    """The numbers of the lines to show, without blank lines at the edges; 0 stands for lines left out."""
    first, last = max(1, span.line - CONTEXT), min(len(lines), span.end_line + CONTEXT)
    while first < span.line and not lines[first - 1].strip():
        first += 1
    while last > span.end_line and not lines[last - 1].strip():
        last -= 1
    if span.end_line - span.line < LONGEST:
        return list(range(first, last + 1))
    return [*range(first, span.line + FIRST), 0, *range(span.end_line - LAST + 1, last + 1)]


class _Layout:
    """Where the columns of one excerpt are shown."""

    def __init__(self, lines: Sequence[str], span: Span, width: int) -> None:
        self.lines, self.span = lines, span
        self.is_long = span.end_line > span.line
        self.room = max(width - 2 * self.is_long, 20)
        self.reach = span.column + 8 * self.room  # characters of a line that can matter: it may have millions
        line = self.cells(span.line)
        end = len(line.cells) if self.is_long else line.at(span.end_column)
        self.start = self._start(line.at(span.column), end, len(line.cells))

    def cells(self, number: int) -> Cells:
        return laid_out(self.lines[number - 1][: self.reach])

    def _start(self, begin: int, end: int, length: int) -> int:
        """The first cell to show: 0 unless what is marked would be out of sight."""
        if length <= self.room or end < self.room:
            return 0
        before = max((self.room - (end - begin)) // 2, 4)
        return max(0, min(begin - before, length - self.room))

    def place(self, cell: int) -> int:
        """Where a cell is shown, or the edge behind which it is hidden."""
        return min(max(cell - self.start, 0), self.room)

    def rows(self, number: int) -> Iterator[Row]:
        cells = self.cells(number)
        code = cells.crop(self.start, self.room)
        if not self.is_long:
            yield Row(str(number), "", code)
            if number == self.span.line:
                begin = self.place(cells.at(self.span.column))
                end = self.place(cells.at(self.span.end_column))
                yield Row("", " " * begin + "^" * max(end - begin, 1))
            return
        yield Row(str(number), self._margin(number), code)
        if number == self.span.line and not self._starts_its_line:
            yield Row("", " " + "_" * (self.place(cells.at(self.span.column)) + 1) + "^")
        if number == self.span.end_line:
            yield Row("", "|" + "_" * (self.place(cells.at(max(self.span.end_column - 1, 1))) + 1) + "^")

    @property
    def _starts_its_line(self) -> bool:
        return not self.lines[self.span.line - 1][: self.span.column - 1].strip()

    def _margin(self, number: int) -> str:
        """The bar that runs along the marked lines."""
        if number == self.span.line:
            return "/ " if self._starts_its_line else "  "
        return "| " if self.span.line < number <= self.span.end_line else "  "
