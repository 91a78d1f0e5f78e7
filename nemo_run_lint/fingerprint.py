"""What a finding is known by when lines have moved: the function or class it is in, and the code it is about.

The code is told in tokens, so that it is the same after a formatter has been over it: blanks, comments, line ends,
quotes, trailing commas and brackets that only group do not count.
"""

from __future__ import annotations

import keyword
import re
import tokenize
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from hashlib import blake2b
from itertools import islice
from typing import NamedTuple

from nemo_run_lint.finding import Span
from nemo_run_lint.sources.logical_lines import LAYOUT, STRING_ENDS, STRING_STARTS, tokens

MODULE = "<module>"

#: How much of the code is told in clear; of more, a digest stands for the rest.
_LONGEST = 100

_STRING = re.compile(r"(?P<prefix>[A-Za-z]*)(?P<quote>'''|\"\"\"|'|\")(?P<body>.*)(?P=quote)", re.DOTALL)
_WORDS = re.compile(r"[\w'\"]")


class Fingerprint(NamedTuple):
    """`Class.method` or `<module>`, and the code."""

    symbol: str
    code: str


class _Word(NamedTuple):
    start: tuple[int, int]
    end: tuple[int, int]
    text: str
    logical_line: int


class Fingerprints:
    """The fingerprints of places in one text; of one that is no Python, the places are known by what stands there."""

    def __init__(self, text: str, is_python: bool = True) -> None:
        self._lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        self._symbols: list[tuple[int, str]] = []
        self._words = list(_without_grouping(list(self._read(text if is_python else ""))))
        self._starts = [word.start for word in self._words]

    def of(self, span: Span) -> Fingerprint:
        """That of what stands at `span`; of more than one statement, or header of one, the first counts."""
        place = bisect_right(self._symbols, (span.line, "\U0010ffff")) - 1
        symbol = self._symbols[place][1] if place >= 0 else MODULE
        return Fingerprint(symbol, _shortened(self._code(span) or self._written(span)))

    def _code(self, span: Span) -> str:
        begin, end = (span.line, span.column - 1), (span.end_line, span.end_column - 1)
        first = bisect_left(self._starts, begin)
        if first and self._words[first - 1].end > begin:  # it stands inside of a string
            first -= 1
        found: list[str] = []
        for word in islice(self._words, first, None):
            if word.start >= end or word.logical_line != self._words[first].logical_line:
                break
            found.append(word.text)
        return _joined(found)

    def _written(self, span: Span) -> str:
        """What stands there where there is no code: a comment, or what is no Python."""
        lines = self._lines[span.line - 1 : span.end_line]
        if len(lines) == span.end_line - span.line + 1:
            lines[-1] = lines[-1][: span.end_column - 1]
        if lines:
            lines[0] = lines[0][span.column - 1 :]
        return " ".join(" ".join(lines).split())

    def _read(self, text: str) -> Iterator[_Word]:
        """The words of the text, all of a string as one; notes on the way what the symbols are."""
        scopes: list[tuple[int, str]] = []
        depth, logical_line, open_strings = 0, 0, 0
        header: list[str] = []
        first_line = 0
        string_start = (0, 0)
        for token in tokens(text):
            depth += (token.type == tokenize.INDENT) - (token.type == tokenize.DEDENT)
            if token.type == tokenize.NEWLINE:
                logical_line += 1
                is_decorator = header[:1] == ["@"]
                header = []
                first_line = first_line if is_decorator else 0
            if token.type in LAYOUT or token.type == tokenize.COMMENT:
                continue
            if len(header) < 3 and not open_strings:
                header.append(token.string)
                first_line = first_line or token.start[0]
                self._note(scopes, depth, header, first_line)
            open_strings += (token.type in STRING_STARTS) - (token.type in STRING_ENDS)
            if token.type in STRING_STARTS and open_strings == 1:
                string_start = token.start
            if open_strings:
                continue
            if token.type in STRING_ENDS:
                yield _Word(string_start, token.end, _string(self._source(string_start, token.end)), logical_line)
            elif token.type == tokenize.STRING:
                yield _Word(token.start, token.end, _string(token.string), logical_line)
            else:
                written = token.string.lower() if token.type == tokenize.NUMBER else token.string
                yield _Word(token.start, token.end, written, logical_line)

    def _note(self, scopes: list[tuple[int, str]], depth: int, header: list[str], first_line: int) -> None:
        """Note in which symbol a statement is that begins with `header`, as far as it was read."""
        words = header[1:] if header[0] == "async" else header
        if len(header) == 1:
            while scopes and scopes[-1][0] >= depth:
                scopes.pop()
        elif len(words) == 2 and words[0] in ("def", "class"):
            scopes.append((depth, words[1]))
        elif len(header) > 1:
            return
        symbol = ".".join(name for _, name in scopes) or MODULE
        while self._symbols and self._symbols[-1][0] >= first_line:
            self._symbols.pop()
        if not self._symbols or self._symbols[-1][1] != symbol:
            self._symbols.append((first_line, symbol))

    def _source(self, start: tuple[int, int], end: tuple[int, int]) -> str:
        lines = self._lines[start[0] - 1 : end[0]]
        lines[-1] = lines[-1][: end[1]]
        lines[0] = lines[0][start[1] :]
        return "\n".join(lines)


def _without_grouping(words: list[_Word]) -> Iterator[_Word]:
    """The words without commas before a closing bracket, and without round brackets that call and define nothing."""
    opened: list[bool] = []
    before = ""
    for place, word in enumerate(words):
        after = words[place + 1].text if place + 1 < len(words) else ""
        is_left_out = word.text == "," and after in (")", "]", "}")
        if word.text == "(":
            calls = before[-1:] in (")", "]", "}", '"') or (before.isidentifier() and not keyword.iskeyword(before))
            opened.append(not calls and after != ")")
            is_left_out = opened[-1]
        elif word.text == ")" and opened:
            is_left_out = opened.pop()
        if not is_left_out:
            yield word
        before = word.text


def _string(written: str) -> str:
    """A string in double quotes, its prefix in small letters; the blanks of one over several lines do not count."""
    match = _STRING.fullmatch(written)
    if match is None:
        return written
    body = match["body"].replace("\\'", "'").replace('\\"', '"')
    prefix = match["prefix"].lower().replace("u", "")
    return f'{prefix}"{" ".join(body.split()) if len(match["quote"]) > 1 else body}"'


def _joined(words: list[str]) -> str:
    joined = ""
    for word in words:
        is_apart = joined and _WORDS.match(joined[-1]) and _WORDS.match(word)
        joined += f" {word}" if is_apart else word
    return joined


def _shortened(code: str) -> str:
    if len(code) <= _LONGEST:
        return code
    return f"{code[:_LONGEST]}... {blake2b(code.encode(errors='surrogatepass'), digest_size=6).hexdigest()}"
