"""Which findings comments silence: `# noqa`, as flake8 reads it, and our own, `# nemo-run-lint: ignore[...] -- why`.

A `disable[...]` reaches from its line of its own to the `enable[...]` of the same rules that is indented alike, or else
to the end of its block. Comments are found by tokenize, so text inside a string silences nothing.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice
from typing import NamedTuple

from nemo_run_lint.comment_words import may_suppress
from nemo_run_lint.directives import DISABLE, ENABLE, FILE_IGNORE, Directive, Misunderstood, directives
from nemo_run_lint.finding import Finding, Span
from nemo_run_lint.rule_files import EVERY_RULE, codes, means
from nemo_run_lint.sources.logical_lines import Comment, Lines, LogicalLine, logical_lines

#: flake8's own expressions.
_CODES = r"(?P<codes>(?:[A-Z]+[0-9]+(?:[,\s]+)?)+)"
_NOQA = re.compile(rf"# noqa(?::[\s]?{_CODES})?", re.IGNORECASE)
_NOQA_FILE = re.compile(rf"# flake8[:=]\s*noqa(?::[\s]?{_CODES})?", re.IGNORECASE)


@dataclass(frozen=True)
class Enable:
    """A comment `enable[...]`, which ends what `disable[...]` began."""

    span: Span
    selectors: tuple[str, ...]


class Ended(NamedTuple):
    """Where a selector of a `disable` ends, and how `enable` spells it."""

    selector: str
    written: str
    by: Enable


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
    ended      of a block, the selectors that end before `lines` do
    is_block   whether it is a `disable`
    """

    span: Span
    selectors: tuple[str, ...]
    lines: Lines | None
    is_noqa: bool = False
    reason: str = ""
    until: str | None = None
    owner: str = ""
    ended: tuple[Ended, ...] = ()
    is_block: bool = False

    def covers(self, finding: Finding) -> bool:
        """Whether it silences `finding`: of one that spans several lines, the first or the last must be reached."""
        return self.selector_for(finding) is not None

    def selector_for(self, finding: Finding) -> str | None:
        """The first of its selectors that silences `finding`."""
        first, last = finding.span.line, finding.span.end_line
        if self.lines is not None and first not in self.lines and last not in self.lines:
            return None
        meant = (selector for selector in self.selectors if means(selector, finding.code, finding.name))
        return next((each for each in meant if self._reaches(each, first) or self._reaches(each, last)), None)

    def _reaches(self, selector: str, line: int) -> bool:
        if self.lines is None:
            return True
        ended = next((each.by.span.line for each in self.ended if each.selector == selector), self.lines.last)
        return self.lines.first <= line <= min(ended, self.lines.last)

    def expiry(self, today: date) -> str | None:
        """Why it no longer counts; None while it does."""
        if self.until is None:
            return None
        try:
            is_over = datetime.strptime(self.until, "%Y-%m-%d").date() < today
        except ValueError:
            return f"`{self.until}` is not a date (write 2030-01-31)"
        return f"it was to last until {self.until}" if is_over else None


class Malformed(NamedTuple):
    """A comment that was to silence something, and does not as it was meant; `meant` is what to write in its place.

    enable   set for an `enable` of which some `selectors` end nothing
    """

    span: Span
    problem: str
    meant: str | None = None
    enable: Enable | None = None
    selectors: tuple[str, ...] = ()


class Told(NamedTuple):
    """What the comments of a file tell, both parts in the order of the text."""

    suppressions: Sequence[Suppression]
    malformed: Sequence[Malformed]


def silencer(finding: Finding, known: Iterable[Suppression]) -> Suppression | None:
    """The first of the suppressions that silences `finding`; one that is it for no finding was not needed."""
    return next((suppression for suppression in known if suppression.covers(finding)), None)


def suppressions(text: str, *, noqa: bool = True) -> list[Suppression]:
    """Every suppression in `text`, in its order; without `noqa`, only our own."""
    return list(told(text, noqa=noqa).suppressions)


def told(text: str, *, noqa: bool = True) -> Told:
    """Every suppression in `text` and what was to be one; without `noqa`, only our own."""
    if not may_suppress(text, noqa):
        return Told((), ())
    reader = _Reader(logical_lines(text))
    found = [each for each in reader.suppressions() if noqa or not each.is_noqa]
    return Told(found, sorted(reader.malformed, key=lambda each: each.span))


class _Opened(NamedTuple):
    """A `disable` that was read, while some of its selectors count: where it does, and what became of them.

    statement  the statement in whose brackets it stands; None for one between statements
    """

    depth: int
    last: int
    statement: int | None
    left: list[str]
    ended: list[Ended]


class _Reader:
    """Reads the comments of one file, and pairs each `enable` with what it ends."""

    def __init__(self, lines: Sequence[LogicalLine]) -> None:
        self.malformed: list[Malformed] = []
        self._lines = lines
        self._found: list[Suppression] = []
        self._opened: list[_Opened] = []
        self._ended: dict[int, list[Ended]] = {}
        rows = (row.last for line in lines for row in (*line.rows, *(each.row for each in line.comments)))
        self._end_of_file = max(rows, default=1)

    def suppressions(self) -> list[Suppression]:
        """All of them; `malformed` is complete only then."""
        for place, line in enumerate(self._lines):
            for comment in line.comments:
                if may_suppress(comment.text):
                    self._read(comment, place)
        for place, ended in self._ended.items():
            self._found[place] = replace(self._found[place], ended=tuple(ended))
        return self._found

    def _read(self, comment: Comment, place: int) -> None:
        self._found += _noqa(comment)
        for each in directives(comment.text):
            span = _span(comment, each.start, each.end)
            if isinstance(each, Misunderstood):
                self.malformed.append(Malformed(span, each.problem, each.meant))
            elif each.kind in (DISABLE, ENABLE) and not comment.is_alone:
                self.malformed.append(Malformed(span, f"`{each.kind}` must stand on a line of its own"))
            elif each.kind == ENABLE:
                self._end(comment, place, Enable(span, each.selectors))
            else:
                self._add(comment, place, each, span)

    def _add(self, comment: Comment, place: int, directive: Directive, span: Span) -> None:
        lines = None
        if directive.kind == DISABLE:
            lines = Lines(comment.line, self._last(comment, place))
            ended = self._ended[len(self._found)] = []
            selectors = list(dict.fromkeys(directive.selectors))
            around = self._around(comment, place)
            self._opened.append(_Opened(comment.depth, lines.last, around, selectors, ended))
        elif directive.kind != FILE_IGNORE:
            lines = reach_above(self._lines, place, comment.line) if comment.is_alone else comment.row
        self._found.append(
            Suppression(
                span,
                directive.selectors,
                lines,
                reason=directive.reason,
                until=directive.until,
                owner=directive.owner,
                is_block=directive.kind == DISABLE,
            )
        )

    def _around(self, comment: Comment, place: int) -> int | None:
        """The statement in whose brackets a comment stands."""
        rows = self._lines[place].rows
        return place if rows and rows[0].first < comment.line else None

    def _last(self, comment: Comment, place: int) -> int:
        """The last line of the block that a comment stands in."""
        if self._around(comment, place) is not None:
            return self._lines[place].rows[-1].last
        if comment.depth == 0:
            return self._end_of_file
        for line in islice(self._lines, place + 1, None):
            if line.rows and line.depth < comment.depth:
                return line.rows[0].first - 1
        return self._end_of_file

    def _end(self, comment: Comment, place: int, enable: Enable) -> None:
        """End what `enable` names: of the blocks around it that are indented alike, the innermost."""
        statement = self._around(comment, place)
        idle = []
        for selector in dict.fromkeys(enable.selectors):
            for block in reversed(self._opened):
                if block.depth != comment.depth or block.statement != statement or block.last < comment.line:
                    continue
                if same := next((each for each in block.left if _same(each, selector)), None):
                    block.left.remove(same)
                    block.ended.append(Ended(same, selector, enable))
                    break
            else:
                idle.append(selector)
        self._opened = [block for block in self._opened if block.left and block.last >= comment.line]
        if idle or not enable.selectors:
            problem = f"no `disable[{', '.join(idle)}]` stands above it in its block, indented alike"
            self.malformed.append(Malformed(enable.span, problem, enable=enable, selectors=tuple(idle)))


def _same(selector: str, other: str) -> bool:
    """Whether two selectors are the same, or the name and the code of one rule."""
    one, two = selector.lower(), other.lower()
    return one == two or codes().get(one, one).lower() == codes().get(two, two).lower()


def reach_above(lines: Sequence[LogicalLine], place: int, line: int) -> Lines:
    """What one of our comments reaches that stands alone above `line`, in or before the statement at `place`.

    That is the next line of code of its brackets, or the next statement, past decorators to what they decorate.
    """
    rows = lines[place].rows
    if rows and rows[0].first < line:
        following = bisect_left(rows, line, key=lambda row: row.first)
        if following < len(rows):
            return rows[following]
        place += 1
    first = None
    for statement in islice(lines, place, None):
        if statement.rows:
            first = first or statement.rows[0].first
            if not statement.is_decorator:
                return Lines(first, statement.rows[-1].last)
    return Lines(line, line)


def _noqa(comment: Comment) -> Iterator[Suppression]:
    if in_file := _NOQA_FILE.match(comment.text) if comment.is_alone else None:
        yield Suppression(_span(comment, in_file.start(), in_file.end()), _codes(in_file), None, is_noqa=True)
    elif in_line := _NOQA.search(comment.text):
        yield Suppression(_span(comment, in_line.start(), in_line.end()), _codes(in_line), comment.row, is_noqa=True)


def _span(comment: Comment, start: int, end: int) -> Span:
    return Span(comment.line, comment.column + start + 1, comment.line, comment.column + end + 1)


def _codes(noqa: re.Match[str]) -> tuple[str, ...]:
    return tuple(re.findall(r"[A-Z]+[0-9]+", noqa["codes"].upper())) if noqa["codes"] else (EVERY_RULE,)
