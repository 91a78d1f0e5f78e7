"""Writes a comment for each finding that is there, with the reason beside it, so that the next run is clean.

The comment ends the finding's line where that is possible, and stands above it where the line is continued. One of ours
that is there already takes the rule in. The syntax tree stays what it was, or the file is left alone.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from nemo_run_lint.comment_edits import with_selectors
from nemo_run_lint.directives import IGNORE, Directive, directives
from nemo_run_lint.finding import Finding
from nemo_run_lint.fixing import FixError, Rewritten
from nemo_run_lint.sources.kinds import is_document, is_notebook
from nemo_run_lint.sources.logical_lines import Lines, logical_lines
from nemo_run_lint.sources.python import UndecodableError, decode
from nemo_run_lint.suppressions import Suppression, reach_above, told

_LINE = re.compile(r"(?P<content>[^\r\n]*)(?P<end>\r\n?|\n|\Z)")

#: `see #12` is none.
_OTHER_COMMENT = re.compile(r"#(?!\w)")

#: How the codes begin of what the linter says about itself: what could not be read, and the comments.
_LINTER = "NRL0"


class ReasonError(ValueError):
    """A reason that cannot stand in a comment. The message is a sentence for the user."""


def checked_reason(reason: str) -> str:
    """A reason without blanks around it. Raises ReasonError if it would not be read from a comment as it is."""
    reason = reason.strip()
    if not reason:
        raise ReasonError("the reason is empty: say why, or nobody will dare to remove the comments")
    if not reason.isprintable():
        raise ReasonError("the reason must be one line, without control characters")
    read = list(directives(_comment(["ALL"], reason)))
    if (
        _OTHER_COMMENT.search(reason)
        or len(read) != 1
        or not isinstance(read[0], Directive)
        or read[0].reason != reason
    ):
        raise ReasonError("a `#` that begins another comment would end the reason: leave it out")
    return reason


def rewritten(findings: Sequence[Finding], reason: str) -> list[Rewritten]:
    """What becomes of the files of `findings`, sorted, when comments silence them; none for a file that stays.

    What the linter says about itself cannot be silenced, nor what stands in pages and notebooks. Raises ReasonError as
    `checked_reason`, and FixError for a file that cannot be read.
    """
    changed = []
    for path, found in groupby(findings, lambda finding: finding.path):
        own = [finding for finding in found if not finding.code.startswith(_LINTER)]
        if own and not is_document(path) and not is_notebook(path):
            before = _read(path)
            after, silenced = silenced_by_comments(before, own, reason)
            if silenced:
                changed.append(Rewritten(path, before, after, tuple(silenced)))
    return changed


def _read(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise FixError(f"`{path}` cannot be read: {error.strerror or error}") from None


def silenced_by_comments(data: bytes, findings: Iterable[Finding], reason: str) -> tuple[bytes, list[Finding]]:
    """The bytes of a Python file with comments that silence `findings`, and those that are silenced.

    Encoding, byte order mark and line ends stay. Where a comment cannot be written so that Python reads the same
    program, nothing is silenced. Raises ReasonError as `checked_reason`.
    """
    reason = checked_reason(reason)
    try:
        source = decode(data)
        plan = _Plan(source.text, reason)
        silenced = [finding for finding in findings if plan.takes(finding)]
        text = plan.text()
        after = text.encode(source.encoding)
        if _tree(source.text) != _tree(text) or decode(after) != type(source)(text, source.encoding):
            return data, []
    except (UndecodableError, UnicodeEncodeError, SyntaxError, ValueError, RecursionError, MemoryError):
        return data, []
    return after, silenced


@dataclass
class _Planned:
    """A comment that is to be written, or the one at `merged` to be widened: what it silences, and in which lines."""

    lines: Lines
    is_above: bool
    merged: Suppression | None = None
    rules: list[str] = field(default_factory=list)


class _Plan:
    """The comments of one file, those that stand there and those that are to."""

    def __init__(self, text: str, reason: str) -> None:
        self._text = text
        self._reason = reason
        self._statements = logical_lines(text)
        self._told = told(text)
        self._planned: list[_Planned] = []
        self._rows = {
            line: (place, row)
            for place, statement in enumerate(self._statements)
            for row in statement.rows
            for line in range(row.first, row.last + 1)
        }

    def takes(self, finding: Finding) -> bool:
        """Plan what silences `finding`; False if there is no code where it is."""
        first, last = finding.span.line, finding.span.end_line
        if any(finding.name in each.rules and (first in each.lines or last in each.lines) for each in self._planned):
            return True
        at = self._rows.get(first) or self._rows.get(last)
        if at is None:
            return False
        wanted = self._place(*at)
        there = next((each for each in self._planned if _same_place(each, wanted)), None)
        if there is None:
            self._planned.append(wanted)
        (there or wanted).rules.append(finding.name)
        return True

    def _place(self, place: int, row: Lines) -> _Planned:
        """Where the comment for a finding in `row`, of the statement at `place`, belongs."""
        for known in self._told.suppressions:
            if known.lines is not None and row.first in known.lines and self._may_grow(known):
                return _Planned(known.lines, is_above=False, merged=known)
        above = reach_above(self._statements, place, row.first)
        is_crowded = any(_meet(each, above) for each in self._told.suppressions)
        is_odd = any(each.span.line in row for each in self._told.malformed)
        if is_odd or (row.first != row.last and not is_crowded):
            return _Planned(above, is_above=True)
        return _Planned(row, is_above=False)

    def _may_grow(self, known: Suppression) -> bool:
        """Whether more rules may be named in a comment; not if another, which it reaches, could be idle then."""
        if known.is_noqa or known.is_block or known.until is not None or known.owner or not known.selectors:
            return False
        if any(each.span.line == known.span.line for each in self._told.malformed):
            return False
        is_at_end = known.lines is not None and known.span.line in known.lines
        return is_at_end or not any(each is not known and _meet(each, known.lines) for each in self._told.suppressions)

    def text(self) -> str:
        """The text with the comments in it."""
        lines = [[line["content"], line["end"]] for line in _LINE.finditer(self._text)]
        for each in self._planned:
            if each.merged is not None:
                span = each.merged.span
                content = lines[span.line - 1][0]
                written = self._widened(content[span.column - 1 : span.end_column - 1], each.merged, each.rules)
                lines[span.line - 1][0] = content[: span.column - 1] + written + content[span.end_column - 1 :]
            elif not each.is_above:
                content = lines[each.lines.last - 1][0].rstrip(" \t\f")
                lines[each.lines.last - 1][0] = f"{content}  {_comment(each.rules, self._reason)}"
        for each in self._planned:
            if each.is_above:
                content, end = lines[each.lines.first - 1]
                indent = content[: len(content) - len(content.lstrip(" \t\f"))]
                above = indent + _comment(each.rules, self._reason) + (end or "\n")
                lines[each.lines.first - 1][0] = above + content
        return "".join(content + end for content, end in lines)

    def _widened(self, written: str, known: Suppression, rules: Sequence[str]) -> str:
        """One of our comments as `written`, that silences these rules as well."""
        told_too = with_selectors(written, [*known.selectors, *rules])
        if self._reason in known.reason:
            return told_too
        if known.reason:
            return f"{told_too}; {self._reason}"
        return f"{told_too.removesuffix('--').rstrip()} -- {self._reason}"


def _comment(rules: Iterable[str], reason: str) -> str:
    return f"# nemo-run-lint: {IGNORE}[{', '.join(rules)}] -- {reason}"


def _same_place(one: _Planned, other: _Planned) -> bool:
    return (one.lines, one.is_above, one.merged) == (other.lines, other.is_above, other.merged)


def _meet(known: Suppression, lines: Lines | None) -> bool:
    """Whether a suppression of some lines reaches one of `lines`."""
    if known.lines is None or lines is None:
        return False
    return known.lines.first <= lines.last and lines.first <= known.lines.last


def _tree(text: str) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.dump(ast.parse(text))
