"""What fixes would change, as people are told it: a mark, and the lines before and after.

Lines that stay are not repeated: the excerpt above has them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nemo_run_lint.finding import Edit, Finding, Fix, Span
from nemo_run_lint.outputs.cells import laid_out

#: Stands beside a finding with a fix that keeps the program's meaning.
MARK = "[*]"

#: No more lines are shown of one fix, nor suggested to a review.
LONGEST = 12


def is_fixable(finding: Finding, safe: bool = True) -> bool:
    """Whether it has a fix: a safe one, or one that is not."""
    return finding.fix is not None and bool(finding.fix.edits) and finding.fix.safe is safe


def marked(message: str, finding: Finding) -> str:
    """`message`, behind the mark if there is a safe fix."""
    return f"{MARK} {message}" if is_fixable(finding) else message


@dataclass(frozen=True)
class Change:
    """One line of a change: its number before or after, `-` or `+`, code. Without a number: lines are left out."""

    label: str
    sign: str
    code: str = ""


def changes(lines: Sequence[str], fix: Fix, width: int) -> Sequence[Change]:
    """The lines that `fix` removes and adds; none if the file does not reach to them. Code takes `width` cells."""
    edits = sorted(fix.edits, key=lambda edit: edit.span)
    if not all(_is_within(edit.span, lines) for edit in edits):
        return ()
    rows: list[Change] = []
    moved = 0  # how many lines there are more, or less, after the changes above
    for hunk in _hunks(edits):
        place = hunk[0].span
        first, old, new = _trimmed(place.line, *_both(lines, hunk))
        begin = _begin(place.column if place.line == first else 1, [*old, *new], width)
        rows += (Change(str(first + row), "-", _crop(line, begin, width)) for row, line in enumerate(old))
        rows += (Change(str(first + moved + row), "+", _crop(line, begin, width)) for row, line in enumerate(new))
        moved += len(new) - len(old)
    return rows if len(rows) <= LONGEST else [*rows[: LONGEST - 1], Change("", "...")]


def as_one_edit(lines: Sequence[str], fix: Fix) -> Edit | None:
    """The edits of `fix` as one: of several, the lines that they touch as a whole.

    None if these are more than LONGEST, or the file does not reach to them.
    """
    edits = sorted(fix.edits, key=lambda edit: edit.span)
    if not edits or not all(_is_within(edit.span, lines) for edit in edits):
        return None
    if len(edits) == 1:
        return edits[0]
    first, last = edits[0].span.line, max(edit.span.end_line for edit in edits)
    if last - first >= LONGEST:
        return None
    _, new = _both(lines, edits)
    return Edit(Span(first, 1, last, len(lines[last - 1]) + 1), "\n".join(new))


def _is_within(span: Span, lines: Sequence[str]) -> bool:
    return (
        1 <= span.line <= span.end_line <= len(lines)
        and 1 <= span.column <= len(lines[span.line - 1]) + 1
        and 1 <= span.end_column <= len(lines[span.end_line - 1]) + 1
    )


def _hunks(edits: Sequence[Edit]) -> Iterator[list[Edit]]:
    """Edits together whose lines touch."""
    hunk: list[Edit] = []
    for edit in edits:
        if hunk and edit.span.line > max(each.span.end_line for each in hunk) + 1:
            yield hunk
            hunk = []
        hunk.append(edit)
    if hunk:
        yield hunk


def _both(lines: Sequence[str], edits: Sequence[Edit]) -> tuple[list[str], list[str]]:
    """The lines that `edits` touch, before and after."""
    first, last = edits[0].span.line, max(edit.span.end_line for edit in edits)
    old = list(lines[first - 1 : last])
    starts = [0]
    for line in old:
        starts.append(starts[-1] + len(line) + 1)
    new = "\n".join(old)
    for edit in reversed(edits):
        begin = starts[edit.span.line - first] + edit.span.column - 1
        end = starts[edit.span.end_line - first] + edit.span.end_column - 1
        new = new[:begin] + edit.text + new[end:]
    return old, new.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _trimmed(first: int, old: list[str], new: list[str]) -> tuple[int, list[str], list[str]]:
    """Without the lines that both begin or end with; and the number of the first one left."""
    while old and new and old[-1] == new[-1]:
        old, new = old[:-1], new[:-1]
    while old and new and old[0] == new[0]:
        first, old, new = first + 1, old[1:], new[1:]
    return first, old, new


def _begin(column: int, lines: Sequence[str], width: int) -> int:
    """The first character to show, so that what changes at `column` is in sight; 0 if all are."""
    return column - width // 4 if column > width // 2 and max(map(len, lines), default=0) > width else 0


def _crop(line: str, begin: int, width: int) -> str:
    cells = laid_out(line[begin : begin + 2 * width])
    shown = cells.crop(0, width)
    return f"…{shown[1:]}" if begin and shown else shown
