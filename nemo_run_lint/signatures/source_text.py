"""The text of a module beside its tree: expressions as written, and what is quicker to see in lines than in nodes."""

from __future__ import annotations

import ast
import re
from bisect import bisect_left
from collections.abc import Iterator

#: Ways to bind names of a module that no statement of it names.
_MAKES_NAMES = ("globals()", "sys.modules[__name__]", "global_enum", "._convert_(")

_GLOBAL = re.compile(r"\s+global ([\w, ]+)")
_WALRUS = re.compile(r"\b([A-Za-z_]\w*)\s*:=")

#: Longer expressions are tables of data, which nothing asks for.
LONGEST_EXPRESSION = 4_000

#: Stands for such an expression: there is one, and nothing is known about it.
TOO_LONG = "too_long()"


def makes_names(text: str) -> bool:
    """Whether a module with this source may bind names by other means than statements."""
    return any(way in text for way in _MAKES_NAMES)


def unix_lines(text: str) -> str:
    """A source with the one way to end a line that is left to be looked for."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def declared_global(text: str) -> Iterator[tuple[int, str]]:
    """The names that functions declare `global`, each with its line: any call may bind them."""
    for number, line in _lines_with("global ", text):
        declared = _GLOBAL.match(line)
        if declared is not None:
            yield from ((number, name.strip()) for name in declared[1].split(","))


def bound_inside(text: str) -> Iterator[tuple[int, str]]:
    """The names that expressions bind by `:=`, each with its line; also what only looks so in a string."""
    for number, line in _lines_with(":=", text):
        yield from ((number, name) for name in _WALRUS.findall(line))


def _lines_with(word: str, text: str) -> Iterator[tuple[int, str]]:
    """The lines in which a word stands, with their numbers."""
    number, start, place = 1, 0, text.find(word)
    while place >= 0:
        number += text.count("\n", start, place)
        start = text.rfind("\n", 0, place) + 1
        end = text.find("\n", place)
        end = end if end >= 0 else len(text)
        yield number, text[start:end]
        place = text.find(word, end)


class SourceText:
    """The lines of one source, as bytes, for that is how columns are counted."""

    def __init__(self, text: str) -> None:
        self._lines = unix_lines(text).encode(errors="surrogatepass").split(b"\n")
        self._yields = (
            [number for number, line in enumerate(self._lines, 1) if b"yield" in line] if "yield" in text else []
        )

    def of(self, node: ast.expr | None) -> str:
        """An expression as written; empty for none, and a call of TOO_LONG for one that is too long to matter."""
        if node is None:
            return ""
        if isinstance(node, ast.Name):
            return node.id
        lines, first, last = self._lines, node.lineno - 1, (node.end_lineno or node.lineno) - 1
        start, end = node.col_offset, node.end_col_offset or 0
        if first == last:
            written = lines[first][start:end]
        else:
            written = b"\n".join([lines[first][start:], *lines[first + 1 : last], lines[last][:end]])
        return written.decode() if len(written) <= LONGEST_EXPRESSION else TOO_LONG

    def may_yield(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
        """Whether the word `yield` stands in a function."""
        place = bisect_left(self._yields, node.lineno)
        return place < len(self._yields) and self._yields[place] <= (node.end_lineno or node.lineno)
