"""`--output-format full`: every finding with the source it is about, in the manner of ruff and rustc.

The severity comes first and in words: colour alone would be lost in a log.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from nemo_run_lint.finding import Finding
from nemo_run_lint.outputs.ansi import BLUE, BOLD, CYAN, SEVERITY, paint
from nemo_run_lint.outputs.cells import escaped
from nemo_run_lint.outputs.excerpt import excerpt, split_lines
from nemo_run_lint.outputs.format import Outcome
from nemo_run_lint.outputs.summary import summary


def render(outcome: Outcome) -> Iterator[str]:
    """A paragraph for each finding, then the summary."""

    @lru_cache(maxsize=1)  # findings come file by file
    def lines(path: str) -> Sequence[str]:
        text = outcome.source(path)
        return [] if text is None else split_lines(text)

    for finding in outcome.findings:
        yield "".join(f"{line}\n" for line in _paragraph(finding, lines(finding.path), outcome))
    yield summary(outcome)


def _paragraph(finding: Finding, lines: Sequence[str], outcome: Outcome) -> Iterator[str]:
    color, style, span = outcome.color, SEVERITY[finding.severity], finding.span
    gutter = len(str(min(span.end_line + 2, len(lines))))
    rows = list(excerpt(lines, span, outcome.width - gutter - 3))
    gutter = max((len(row.label) for row in rows if row.label != "..."), default=1)

    head = paint(f"{finding.severity.value}[{finding.code}]", style, color)
    message = paint(escaped(finding.message), BOLD, color)
    yield f"{head} {paint(finding.name, CYAN, color)}: {message}"
    yield f"{' ' * gutter}{paint('-->', BLUE, color)} {escaped(finding.path)}:{span.line}:{span.column}"
    empty = paint(f"{' ' * gutter} |", BLUE, color)
    if rows:
        yield empty
    for row in rows:
        if row.label == "...":
            yield paint("...".ljust(gutter + 3), BLUE, color) + paint("|", style, color)
            continue
        marks = paint(row.marks, style, color) if row.marks.strip() else row.marks
        yield f"{paint(f'{row.label:>{gutter}} |', BLUE, color)} {marks}{row.code}".rstrip()
    if rows:
        yield empty
    if finding.help:
        yield f"{paint('help', CYAN, color)}: {escaped(finding.help)}"
    for note in finding.notes:
        yield f"{paint('note', CYAN, color)}: {escaped(note.message)}"
        if note.path:
            yield f"{' ' * gutter}{paint('-->', BLUE, color)} {escaped(note.path)}:{note.line}"
    yield ""
