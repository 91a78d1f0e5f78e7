"""The text of a document, and its places as three sides count them.

Findings count lines and columns from 1, in code points; `ast` counts columns from 0, in bytes of UTF-8; the protocol
counts both from 0, in the units that were agreed on. All end lines alike, which `str.splitlines` does not.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate

from lsprotocol import types

from nemo_run_lint.finding import Span
from nemo_run_lint.sources.python import LINE_END

_MARK = "\ufeff"

#: From which characters on another unit is needed.
_STEPS = {
    types.PositionEncodingKind.Utf8: ("\x80", "\u0800", "\U00010000"),
    types.PositionEncodingKind.Utf16: ("\U00010000",),
    types.PositionEncodingKind.Utf32: (),
}


@dataclass(frozen=True)
class Text:
    """A text, and the units in which a client counts its columns."""

    source: str
    encoding: types.PositionEncodingKind | str = types.PositionEncodingKind.Utf16

    @cached_property
    def python(self) -> str:
        """The text without a byte order mark, which Python would not read."""
        return self.source.removeprefix(_MARK)

    @property
    def mark(self) -> str:
        """The byte order mark, if there is one."""
        return self.source[: len(self.source) - len(self.python)]

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(end.end() for end in LINE_END.finditer(self.source))]

    @cached_property
    def lines(self) -> list[str]:
        """The lines, without their ends."""
        return LINE_END.split(self.source)

    def offset(self, position: types.Position) -> int:
        """The index in `source` of a position; of one outside of the text, the nearest inside."""
        if position.line >= len(self.lines):
            return len(self.source)
        return self._starts[position.line] + self._column(self.lines[position.line], position.character)

    def position(self, line: int, column: int) -> types.Position:
        """The position of a line and column of `python`, counted as findings do; the nearest inside of the text."""
        number = min(max(line, 1), len(self.lines)) - 1
        content = self.lines[number]
        index = min(max(column - 1, 0), len(content)) if number == line - 1 else len(content)
        if number == 0 and self.source.startswith(_MARK):
            index = min(index + 1, len(content))
        return types.Position(number, self._units(content[:index]))

    def range(self, span: Span) -> types.Range:
        """The range of a span of `python`."""
        return types.Range(self.position(span.line, span.column), self.position(span.end_line, span.end_column))

    def between(self, begin: int, end: int) -> types.Range:
        """The range between two indexes in `source`."""
        return types.Range(self._at(begin), self._at(end))

    def place(self, position: types.Position) -> tuple[int, int]:
        """Line and column of `python`, counted as findings do, of a position; the nearest inside of the text."""
        offset = self.offset(position)
        line = bisect_right(self._starts, offset)
        column = offset - self._starts[line - 1] + 1
        return line, column - 1 if line == 1 and column > 1 and self.source.startswith(_MARK) else column

    def after(self, change: types.TextDocumentContentChangeEvent) -> Text:
        """The text after an edit of the client's."""
        if not isinstance(change, types.TextDocumentContentChangePartial):
            return replace(self, source=change.text)
        begin, end = self.offset(change.range.start), self.offset(change.range.end)
        return replace(self, source=self.source[:begin] + change.text + self.source[max(begin, end) :])

    def _at(self, offset: int) -> types.Position:
        line = bisect_right(self._starts, offset) - 1
        return types.Position(line, self._units(self.lines[line][: offset - self._starts[line]]))

    def _column(self, content: str, units: int) -> int:
        """How many code points so many units are."""
        if content.isascii():
            return min(units, len(content))
        return bisect_right([*accumulate(map(self._width, content))], units)

    def _units(self, content: str) -> int:
        return len(content) if content.isascii() else sum(map(self._width, content))

    def _width(self, character: str) -> int:
        steps = _STEPS.get(types.PositionEncodingKind(self.encoding), _STEPS[types.PositionEncodingKind.Utf16])
        return 1 + sum(character >= step for step in steps)


def bytes_before(content: str, column: int) -> int:
    """How `ast` counts a column of a line that is given as findings count it."""
    return len(content[: column - 1].encode("utf-8", "surrogatepass"))


def column_of(content: str, units: int) -> int:
    """How findings count a column of a line that is given as `ast` counts it."""
    return len(content.encode("utf-8", "surrogatepass")[:units].decode("utf-8", "ignore")) + 1
