"""The text of a module beside its tree: expressions as written, and what is quicker to see in lines than in nodes."""

from __future__ import annotations

import ast
import re
from bisect import bisect_left
from collections.abc import Iterator

#: Ways to bind names of a module that no statement of it names.
_MAKES_NAMES = ("globals()", "sys.modules[__name__]", "global_enum", "._convert_(")

#: In lines as bytes, for that is how columns are counted.
_GLOBAL = re.compile(rb"\s+global ([\w, ]+)")
_WALRUS = re.compile(rb"\b([A-Za-z_]\w*)\s*:=")

#: Longer expressions are tables of data, which nothing asks for.
LONGEST_EXPRESSION = 4_000

#: Stands for such an expression: there is one, and nothing is known about it.
TOO_LONG = "too_long()"


def makes_names(text: str) -> bool:
    """Whether a module with this source may bind names by other means than statements."""
    return any(way in text for way in _MAKES_NAMES)


class SourceText:
    """The lines of one source.

    makes_names  whether it may bind names by other means than statements
    """

    def __init__(self, text: str) -> None:
        self.makes_names = makes_names(text)
        unix = text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
        self._lines = unix.encode(errors="surrogatepass").split(b"\n")
        self._yields = self._lines_with("yield", text)
        self._globals = self._lines_with("global ", text)
        self._walruses = self._lines_with(":=", text)

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

    def declared_global(self) -> Iterator[tuple[int, str]]:
        """The names that functions declare `global`, each with its line: any call may bind them."""
        for number in self._globals:
            declared = _GLOBAL.match(self._lines[number - 1])
            if declared is not None:
                yield from ((number, name.strip().decode()) for name in declared[1].split(b","))

    def bound_inside(self) -> Iterator[tuple[int, str]]:
        """The names that expressions bind by `:=`, each with its line; also what only looks so in a string."""
        for number in self._walruses:
            yield from ((number, name.decode()) for name in _WALRUS.findall(self._lines[number - 1]))

    def may_yield(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
        """Whether the word `yield` stands in a function."""
        place = bisect_left(self._yields, node.lineno)
        return place < len(self._yields) and self._yields[place] <= (node.end_lineno or node.lineno)

    def _lines_with(self, word: str, text: str) -> list[int]:
        """The numbers of the lines in which a word stands."""
        written = word.encode()
        return [number for number, line in enumerate(self._lines, 1) if written in line] if word in text else []
