"""The fixes of findings, applied to a text: a fix as a whole or not at all, and nothing that makes the text unsound."""

from __future__ import annotations

import os
import re
from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from nemo_run_lint.finding import Edit, Finding
from nemo_run_lint.replacing import replace_content
from nemo_run_lint.sources.python import LINE_END

_LAST_LINE_END = re.compile(r"(?:\r\n?|\n)\Z")


class Change(NamedTuple):
    """`new` instead of what stands between two offsets of a text."""

    begin: int
    end: int
    new: str


class Applied(NamedTuple):
    """A text after fixes, the findings that were fixed, and what was changed for that, from the first line on."""

    text: str
    fixed: tuple[Finding, ...] = ()
    changes: tuple[Change, ...] = ()


#: Whether a finding is to be fixed: asked with the text before its fix, in which others are done, and after it.
Accepts = Callable[[Finding, str, str], bool]

#: Whether a text that these changes have made may be left like that.
IsSound = Callable[[str, Sequence[Change]], bool]


class Lines:
    """A text, and where its lines begin."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._ends = list(LINE_END.finditer(text))
        self._starts = [0, *(end.end() for end in self._ends), len(text) + 1]

    def offset(self, line: int, column: int) -> int | None:
        """Where a line and column are, counted as findings do; None if the text does not reach there."""
        if not 1 <= line < len(self._starts) or column < 1:
            return None
        offset = self._starts[line - 1] + column - 1
        return offset if offset < self._starts[line] else None

    def changes(self, finding: Finding) -> list[Change]:
        """What the fix of a finding changes, in order; nothing if it has none, or one that does not fit the text."""
        placed = [self._placed(edit) for edit in finding.fix.edits] if finding.fix is not None else []
        changes = sorted(change for change in placed if change is not None)
        fits = len(changes) == len(placed) and all(map(_follows, changes, changes[1:]))
        return changes if fits else []

    def _placed(self, edit: Edit) -> Change | None:
        span = edit.span
        begin, end = self.offset(span.line, span.column), self.offset(span.end_line, span.end_column)
        if begin is None or end is None or begin > end:
            return None
        return Change(begin, end, self._with_line_ends(edit.text, span.line))

    def _with_line_ends(self, new: str, line: int) -> str:
        """New text with line ends like those around it, unless it brings its own."""
        if "\n" not in new or "\r" in new or not self._ends:
            return new
        return new.replace("\n", self._ends[min(line, len(self._ends)) - 1][0])


def apply(
    text: str,
    findings: Iterable[Finding],
    is_sound: IsSound | None = None,
    accepts: Accepts | None = None,
) -> Applied:
    """`text` after the fixes of `findings`; of fixes that overlap the first counts.

    With `is_sound`, a fix that would make the text unsound is left out; so is one that `accepts` refuses, which is
    asked in the order of the findings about those that could be applied.
    """
    lines = Lines(text)
    taken: list[Change] = []
    fixes: list[tuple[Finding, list[Change]]] = []
    for finding in findings:
        changes = lines.changes(finding)
        if not changes or not all(_has_place(change, taken) for change in changes):
            continue
        if accepts is not None:
            both = sorted([*taken, *changes])
            before, after = _substituted(text, taken), _substituted(text, both)
            if (is_sound is not None and not is_sound(after, both)) or not accepts(finding, before, after):
                continue
        for change in changes:
            insort(taken, change)
        fixes.append((finding, changes))
    after = _ended_alike(_substituted(text, taken), text)
    if is_sound is None or is_sound(after, taken):
        return Applied(after, tuple(finding for finding, _ in fixes), tuple(taken))
    return _applied_one_by_one(text, fixes, is_sound)


def replace_file(path: str, data: bytes) -> None:
    """Put `data` in a file's place at once: who reads it meanwhile sees the old content or the new. The mode stays.

    Raises OSError where that cannot be done, and leaves the file as it was.
    """
    os.stat(path)  # a file that is gone is not made anew
    replace_content(path, [data])


def _applied_one_by_one(text: str, fixes: Sequence[tuple[Finding, list[Change]]], is_sound: IsSound) -> Applied:
    """The same without those fixes that make unsound what came out well before them."""
    applied = Applied(text)
    for finding, changes in fixes:
        more = tuple(sorted([*applied.changes, *changes]))
        after = _ended_alike(_substituted(text, more), text)
        if is_sound(after, more):
            applied = Applied(after, (*applied.fixed, finding), more)
    return applied


def _substituted(text: str, changes: Iterable[Change]) -> str:
    """`text` after changes that are in order and apart."""
    pieces, place = [], 0
    for begin, end, new in changes:
        pieces += [text[place:begin], new]
        place = end
    return "".join([*pieces, text[place:]])


def _ended_alike(text: str, before: str) -> str:
    """`text` without a line end behind its last line, if that of `before` had none."""
    return text if before.endswith(("\r", "\n")) else _LAST_LINE_END.sub("", text)


def _has_place(change: Change, taken: Sequence[Change]) -> bool:
    """Whether a change touches none of those that are taken, which are in order and apart."""
    place = bisect_left(taken, change)
    before, after = taken[place - 1 : place] if place else (), taken[place : place + 1]
    return all(_follows(each, change) for each in before) and all(_follows(change, each) for each in after)


def _follows(one: Change, other: Change) -> bool:
    """Whether `other` begins where `one` has ended; two insertions at one place touch each other."""
    return one.end <= other.begin and one[:2] != other[:2]
