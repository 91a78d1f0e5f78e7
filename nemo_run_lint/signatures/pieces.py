"""Where the definitions in a source begin and end, seen in its lines: to parse them takes twenty times as long.

Nothing is cut that is not certain to be a definition. A piece that ends too early leaves a bracket closed that nobody
opened: what remains of the source then does not parse, and it has to be parsed as a whole.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

_STRING_OR_COMMENT = re.compile(r"[#\"']")

#: What may end a string that begins with these quotes, or hide its end.
_END = {
    **{quote: re.compile(rf"{quote}|\\.|\n", re.DOTALL) for quote in "\"'"},
    **{quote * 3: re.compile(rf"{quote * 3}|\\.", re.DOTALL) for quote in "\"'"},
}

#: What begins a line anew for Python, though not for who looks at the first column.
_FORM_FEED = re.compile(r"\f[ \t\f]*[^\s#]")

#: The header of a class, as far as it is clear where it ends, and the indentation of its first statement.
_CLASS_HEADER = re.compile(
    r"[ \t]*class[ \t]+\w+[ \t]*"
    r"(?:\((?:[^()#\"']|\"[^\"\\\n]*\"|'[^'\\\n]*'|\([^()#\"']*\))*\))?[ \t]*:[ \t]*(?:#[^\n]*)?"
    r"(?:\n[ \t]*(?:#[^\n]*)?)*\n([ \t]+)(?=[^\s#])"
)


class Piece(NamedTuple):
    """A definition.

    kind    `function` or `class`
    line    of `def` or `class`
    first   the line of its first decorator
    start   where that line begins
    header  where the line of `def` or `class` begins
    end     where the text ends
    """

    kind: str
    name: str
    line: int
    first: int
    start: int
    header: int
    end: int

    def moved(self, lines: int, characters: int) -> Piece:
        """The same as a piece of a text before which so much stands."""
        line, first, *places = self[2:]
        return Piece(self.kind, self.name, line + lines, first + lines, *(place + characters for place in places))


class Cut(NamedTuple):
    """A source without its definitions.

    rest    the text with `pass` in place of each, on its first line, and the same number of lines
    pieces  the definitions, by their first lines
    """

    rest: str
    pieces: Mapping[int, Piece]


class _UnclearError(Exception):
    """Only a parser can tell."""


def cut(text: str) -> Cut | None:
    """The source of a module, its lines ended by newlines, without its functions and classes; None if it is not clear.

    `__getattr__` stays in it.
    """
    return _cut(text, "", 0)


def cut_class(text: str, header: int) -> Cut | None:
    """The text of a class with its decorators, as it stands in its module, without the methods; None if not clear.

    header  where the line of `class` begins
    """
    found = _CLASS_HEADER.match(text, header)
    return _cut(text, found[1], found.start(1)) if found is not None else None


def _cut(text: str, indent: str, start: int) -> Cut | None:
    if "\0" in text or ("\f" in text and _FORM_FEED.search(text)):
        return None
    try:
        pieces = list(_pieces(text, indent, start))
    except _UnclearError:
        return None
    parts, at = [], 0
    for piece in pieces:
        parts += [text[at : piece.start], indent, "pass", "\n" * text.count("\n", piece.start, piece.end)]
        at = piece.end
    return Cut("".join([*parts, text[at:]]), {piece.first: piece for piece in pieces})


@cache
def _outward(indent: str) -> re.Pattern[str]:
    """A line in the body of a class that may do more than to bind names of the class, or hold a class that does."""
    words = "import|from|if|for|while|with|try|match|del|setattr|globals|__all__|async[ \\t]+(?:for|with)"
    target = r"[(\[\w*](?=[^\n=#\"'(:.\]]*[.\]])[^\n=#\"'(]*="
    return re.compile(rf"\n{indent}(?:(class)\b|(?:{words})\b(?![ \t]*[=:,.])|{target}|[^\s#][^\n]*;)")


@cache
def _statements(indent: str) -> re.Pattern[str]:
    """The end of a line before a statement with this indentation."""
    return re.compile(rf"\n{indent}(?:(@)|(?:async[ \t]+)?(def|class)[ \t]+(\w+)|[^\s#)\]}}])")


def _pieces(text: str, indent: str, start: int) -> Iterator[Piece]:
    """The definitions among the statements with this indentation that need not be parsed yet. Raises _UnclearError."""
    strings = list(_long_strings(text))
    for piece in _definitions(text, indent, start, strings):
        if indent or piece.kind == "function" or not _reaches_out(text, piece.header, piece.end, strings):
            yield piece


def _definitions(text: str, indent: str, start: int, strings: Sequence[tuple[int, int]]) -> Iterator[Piece]:
    line, counted = 1, 0
    decorated: int | None = None
    opened: tuple[str, str, int, int] | None = None
    for found in _statements(indent).finditer(f"\n{text}", start):
        at = found.start()
        if _is_inside(strings, at):
            continue
        if opened is not None:
            piece = _piece(text, opened, at, line + text.count("\n", counted, opened[2]))
            yield piece
            line, counted, opened = piece.first, piece.start, None
        if found[1]:
            decorated = at if decorated is None else decorated
        elif found[2] and found[3] != "__getattr__":
            opened = found[2], found[3], at if decorated is None else decorated, at
            decorated = None
        elif decorated is not None:
            raise _UnclearError
    if opened is not None:
        yield _piece(text, opened, len(text), line + text.count("\n", counted, opened[2]))
    elif decorated is not None:
        raise _UnclearError


def _piece(text: str, opened: tuple[str, str, int, int], end: int, first: int) -> Piece:
    """Raises _UnclearError where the last line goes on, or the name may be another for Python."""
    word, name, start, header = opened
    if text.endswith("\\\n", start, end) or not name.isascii():
        raise _UnclearError
    kind = "class" if word == "class" else "function"
    return Piece(kind, name, first + text.count("\n", start, header), first, start, header, end)


def _is_inside(strings: Sequence[tuple[int, int]], at: int) -> bool:
    """Whether a line that begins there begins in a string."""
    place = bisect_right(strings, (at, -1)) - 1
    return place >= 0 and at < strings[place][1]


def _reaches_out(text: str, header: int, end: int, strings: Sequence[tuple[int, int]]) -> bool:
    """Whether the body of a class may set or import what belongs to the module; also where that is not clear."""
    found = _CLASS_HEADER.match(text, header, end)
    if found is None:
        return True
    for line in _outward(found[1]).finditer(text, found.start(1) - 1, end):
        if _is_inside(strings, line.start() + 1):
            continue
        after = (each.start() for each in _statements(found[1]).finditer(text, line.end(), end))
        until = next((each for each in after if not _is_inside(strings, each + 1)), end)
        if line[1] is None or _reaches_out(text, line.start() + 1, until, strings):
            return True
    return False


def _long_strings(text: str) -> Iterator[tuple[int, int]]:
    """Where the strings begin and end that may contain whole lines, and some others. Raises _UnclearError."""
    goes_on = "\\\n" in text  # then a line may begin inside of any string
    at, double, single = 0, text.find('"""'), text.find("'''")
    while double >= 0 or single >= 0 or (goes_on and at < len(text)):
        last = min((place for place in (double, single) if place >= 0), default=len(text))
        if not goes_on:
            at = max(at, text.rfind("\n", at, last) + 1)
        while at <= last and (sign := _STRING_OR_COMMENT.search(text, at, last + 1)) is not None:
            begin = sign.start()
            at = _end(text, begin)
            if sign[0] != "#":
                yield begin, at
        at = max(at, last + 1)
        double = text.find('"""', at) if 0 <= double < at else double
        single = text.find("'''", at) if 0 <= single < at else single


def _end(text: str, begin: int) -> int:
    """Where the string or comment ends that begins there. Raises _UnclearError."""
    sign = text[begin]
    if sign == "#":
        end = text.find("\n", begin)
        return end if end >= 0 else len(text)
    quotes = sign * 3 if text.startswith(sign * 3, begin) else sign
    end = text.find(quotes, begin + len(quotes))
    if end < 0:
        raise _UnclearError
    written = text[begin + len(quotes) : end]
    if "\\" in written or (len(quotes) == 1 and "\n" in written):
        end = _walked(text, quotes, begin)
        written = text[begin:end]
    if text[begin - 1 : begin] in tuple("fFtTrR") and written.count("{") != written.count("}"):
        raise _UnclearError  # quotes in the braces of an f-string, which since Python 3.12 may be the same
    return end + len(quotes)


def _walked(text: str, quotes: str, begin: int) -> int:
    """The same with an eye on backslashes; where the closing quotes begin."""
    for sign in _END[quotes].finditer(text, begin + len(quotes)):
        if sign[0] == quotes:
            return sign.start()
        if sign[0] == "\n":
            break
    raise _UnclearError
