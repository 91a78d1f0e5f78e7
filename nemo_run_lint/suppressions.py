"""Which findings comments silence: `# noqa`, as flake8 reads it, and our own `# nemo-run-lint: ignore[...] -- why`.

Ours may say until when it counts and who looks after it: `ignore[short-name] until=2030-01-31 owner=@team -- why`.

Comments are found by tokenize, so text inside a string silences nothing; a file that does not tokenize to its end is
read as far as it does.
"""

from __future__ import annotations

import io
import re
import tokenize
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from nemo_run_lint.finding import Finding, Span
from nemo_run_lint.rule_files import EVERY_RULE, means

_WORTH_READING = re.compile(r"noqa|nemo-run-lint:", re.IGNORECASE)
_OURS = re.compile(r"nemo-run-lint:", re.IGNORECASE)

#: flake8's own expressions.
_CODES = r"(?P<codes>(?:[A-Z]+[0-9]+(?:[,\s]+)?)+)"
_NOQA = re.compile(rf"# noqa(?::[\s]?{_CODES})?", re.IGNORECASE)
_NOQA_FILE = re.compile(rf"# flake8[:=]\s*noqa(?::[\s]?{_CODES})?", re.IGNORECASE)

_IGNORE = re.compile(
    r"#\s*nemo-run-lint:\s*(?P<kind>ignore|file-ignore)\s*\[(?P<selectors>[^\]]*)\]"
    r"(?P<settings>(?:\s+(?:until|owner)=\S*)*)"
    r"(?:\s*--\s*(?P<reason>.*?)(?=\s+#\s|\s*$))?",
    re.IGNORECASE,
)
_SETTING = re.compile(r"(until|owner)=(\S*)", re.IGNORECASE)

_LAYOUT = frozenset({tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER})

#: From Python 3.12 on the pieces of an f-string are tokens; it still is one string.
_STRING_STARTS = {getattr(tokenize, name, None) for name in ("FSTRING_START", "TSTRING_START")} - {None}
_STRING_ENDS = {getattr(tokenize, name, None) for name in ("FSTRING_END", "TSTRING_END")} - {None}


@dataclass(frozen=True)
class Lines:
    """A stretch of whole lines, from 1, both ends included."""

    first: int
    last: int

    def __contains__(self, line: int) -> bool:
        return self.first <= line <= self.last


@dataclass(frozen=True)
class Suppression:
    """One comment that silences findings.

    span       the comment's own place, from its `#`
    selectors  codes, beginnings of codes, or names; `ALL` for a comment that names none
    lines      where it reaches; None: the whole file
    is_noqa    whether it speaks to other linters too
    reason     what follows `--`
    until      the last day on which it counts, as written; None: it counts for ever
    owner      who looks after it
    """

    span: Span
    selectors: tuple[str, ...]
    lines: Lines | None
    is_noqa: bool = False
    reason: str = ""
    until: str | None = None
    owner: str = ""

    def covers(self, finding: Finding) -> bool:
        """Whether it silences `finding`: of one that spans several lines, the first or the last must be reached."""
        return self.selector_for(finding) is not None

    def selector_for(self, finding: Finding) -> str | None:
        """The first of its selectors that silences `finding`."""
        reached = self.lines is None or finding.span.line in self.lines or finding.span.end_line in self.lines
        meant = (selector for selector in self.selectors if means(selector, finding.code, finding.name))
        return next(meant, None) if reached else None

    def expiry(self, today: date) -> str | None:
        """Why it no longer counts; None while it does."""
        if self.until is None:
            return None
        try:
            is_over = datetime.strptime(self.until, "%Y-%m-%d").date() < today
        except ValueError:
            return f"`{self.until}` is not a date (write 2030-01-31)"
        return f"it was to last until {self.until}" if is_over else None


def may_suppress(text: str) -> bool:
    """Whether there may be a suppression in `text`."""
    return _WORTH_READING.search(text) is not None


def silencer(finding: Finding, known: Iterable[Suppression]) -> Suppression | None:
    """The first of the suppressions that silences `finding`; one that is it for no finding was not needed."""
    return next((suppression for suppression in known if suppression.covers(finding)), None)


def suppressions(text: str, *, noqa: bool = True) -> list[Suppression]:
    """Every suppression in `text`, in its order; without `noqa`, only our own."""
    if not (_WORTH_READING if noqa else _OURS).search(text):
        return []
    lines = _logical_lines(text)
    return [
        suppression
        for place, line in enumerate(lines)
        for comment in line.comments
        for suppression in _read(comment, _reach(comment, line, lines[place + 1 :]))
        if noqa or not suppression.is_noqa
    ]


@dataclass(frozen=True)
class _Comment:
    token: tokenize.TokenInfo
    row: Lines
    is_alone: bool

    @property
    def line(self) -> int:
        return self.token.start[0]


@dataclass(frozen=True)
class _LogicalLine:
    """A statement, or the header of one, with the comments in it; or a comment between statements.

    rows: the lines of code, a string or backslash that spans several counting as one
    """

    rows: tuple[Lines, ...]
    comments: tuple[_Comment, ...]
    is_decorator: bool


def _logical_lines(text: str) -> list[_LogicalLine]:
    """`text` as tokenize divides it."""
    found = []
    rows: list[list[tokenize.TokenInfo]] = [[]]
    has_code = False
    open_strings = 0
    for token in _tokens(text):
        open_strings += (token.type in _STRING_STARTS) - (token.type in _STRING_ENDS)
        if token.type not in _LAYOUT:
            rows[-1].append(token)
            has_code = has_code or token.type != tokenize.COMMENT
        elif token.type == tokenize.NEWLINE or (token.type == tokenize.NL and not has_code):
            found.append(_logical_line(rows))
            rows, has_code = [[]], False
        elif token.type == tokenize.NL and not open_strings:
            rows.append([])
    return [*found, _logical_line(rows)]


def _logical_line(rows: Sequence[Sequence[tokenize.TokenInfo]]) -> _LogicalLine:
    code: list[Lines] = []
    comments: list[_Comment] = []
    is_decorator = False
    for tokens in filter(None, rows):
        lines = Lines(tokens[0].start[0], tokens[-1].end[0])
        is_alone = tokens[0].type == tokenize.COMMENT
        if not is_alone:
            is_decorator = is_decorator or (not code and tokens[0].string == "@")
            code.append(lines)
        last = tokens[-1]  # nothing follows a comment in its line
        if last.type == tokenize.COMMENT and _WORTH_READING.search(last.string):
            comments.append(_Comment(last, lines, is_alone))
    return _LogicalLine(tuple(code), tuple(comments), is_decorator)


def _tokens(text: str) -> Iterator[tokenize.TokenInfo]:
    # the tokenizer of 3.11 knows no lone \r; as nothing but lines and columns is used, all line ends may be alike
    readline = io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n")).readline
    try:
        yield from tokenize.generate_tokens(readline)
    except (tokenize.TokenError, SyntaxError):
        return


def _reach(comment: _Comment, line: _LogicalLine, following: Sequence[_LogicalLine]) -> Lines:
    """The lines that our own comment speaks of: its own, or if it stands alone, what comes next.

    Next is the rest of its brackets' next line of code, or the next statement, past decorators to what they decorate.
    """
    if not comment.is_alone:
        return comment.row
    place = bisect_right(line.rows, comment.line, key=lambda row: row.first)
    if place < len(line.rows):
        return line.rows[place]
    first = None
    for statement in following:
        if statement.rows:
            first = first or statement.rows[0].first
            if not statement.is_decorator:
                return Lines(first, statement.rows[-1].last)
    return comment.row


def _read(comment: _Comment, reach: Lines) -> Iterator[Suppression]:
    """What one comment silences; `reach` is where our own would."""
    text, (line, column) = comment.token.string, comment.token.start

    def span(match: re.Match[str]) -> Span:
        return Span(line, column + match.start() + 1, line, column + match.end() + 1)

    if in_file := _NOQA_FILE.match(text) if comment.is_alone else None:
        yield Suppression(span(in_file), _codes(in_file), None, is_noqa=True)
    elif in_line := _NOQA.search(text):
        yield Suppression(span(in_line), _codes(in_line), comment.row, is_noqa=True)
    for ours in _IGNORE.finditer(text):
        selectors = tuple(filter(None, re.split(r"[,\s]+", ours["selectors"])))
        lines = None if ours["kind"].lower() == "file-ignore" else reach
        settings = {key.lower(): value for key, value in _SETTING.findall(ours["settings"])}
        until, owner = settings.get("until"), settings.get("owner", "")
        yield Suppression(span(ours), selectors, lines, reason=ours["reason"] or "", until=until, owner=owner)


def _codes(noqa: re.Match[str]) -> tuple[str, ...]:
    return tuple(re.findall(r"[A-Z]+[0-9]+", noqa["codes"].upper())) if noqa["codes"] else (EVERY_RULE,)
