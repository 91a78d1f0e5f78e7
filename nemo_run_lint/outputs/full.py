"""`--output-format full`: every finding with the source it is about, in the manner of ruff and rustc.

The severity comes first and in words: colour alone would be lost in a log.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nemo_run_lint.finding import Finding, Silenced
from nemo_run_lint.outputs.ansi import BLUE, BOLD, CYAN, DIM, GREEN, RED, SEVERITY, paint
from nemo_run_lint.outputs.cells import escaped
from nemo_run_lint.outputs.excerpt import excerpt, lines_of
from nemo_run_lint.outputs.fixes import changes, marked
from nemo_run_lint.outputs.format import Outcome
from nemo_run_lint.outputs.links import linked
from nemo_run_lint.outputs.silenced import WORD, why
from nemo_run_lint.outputs.summary import summary

#: Said of a fix that is not safe.
UNSAFE = "this fix is unsafe: the program may do something else then"


def render(outcome: Outcome) -> Iterator[str]:
    """A paragraph for each finding, and for each silenced one if they are told, then the summary."""
    lines = lines_of(outcome)
    for finding in outcome.findings:
        yield _Paragraph(finding, lines(finding.path), outcome).text()
    for silenced in outcome.told_silenced:
        yield _Paragraph(silenced.finding, lines(silenced.finding.path), outcome, silenced).text()
    yield summary(outcome)


class _Paragraph:
    """One finding; `silenced` if something silences it."""

    def __init__(
        self, finding: Finding, lines: Sequence[str], outcome: Outcome, silenced: Silenced | None = None
    ) -> None:
        self.finding, self.lines, self.outcome, self.silenced = finding, lines, outcome, silenced
        self.style = DIM if silenced else SEVERITY[finding.severity]
        gutter = len(str(min(finding.span.end_line + 2, len(lines))))
        self.rows = list(excerpt(lines, finding.span, outcome.width - gutter - 3))
        self.changes = [] if silenced or not finding.fix else changes(lines, finding.fix, outcome.width - gutter - 3)
        labels = [row.label for row in self.rows if row.label != "..."]
        labels += [change.label for change in self.changes]
        self.gutter = max(map(len, labels), default=1)

    def text(self) -> str:
        """All of its lines."""
        parts = (self._head(), self._excerpt(), self._help(), self._notes(), [""])
        return "".join(f"{line}\n" for part in parts for line in part)

    def _paint(self, text: str, style: str) -> str:
        return paint(text, style, self.outcome.color)

    def _head(self) -> Iterator[str]:
        finding, gap = self.finding, " " * self.gutter
        word = WORD if self.silenced else finding.severity.value
        head = linked(self._paint(f"{word}[{finding.code}]", self.style), finding.name, self.outcome.links)
        message = escaped(finding.message if self.silenced else marked(finding.message, finding))
        yield f"{head} {self._paint(finding.name, CYAN)}: {self._paint(message, BOLD)}"
        yield f"{gap}{self._paint('-->', BLUE)} {escaped(finding.path)}:{finding.span.line}:{finding.span.column}"

    def _excerpt(self) -> Iterator[str]:
        if self.rows:
            yield self._bar()
        for row in self.rows:
            if row.label == "...":
                yield self._paint("...".ljust(self.gutter + 3), BLUE) + self._paint("|", self.style)
                continue
            marks = self._paint(row.marks, self.style) if row.marks.strip() else row.marks
            yield f"{self._bar(row.label)} {marks}{row.code}".rstrip()
        if self.rows:
            yield self._bar()

    def _bar(self, label: str = "") -> str:
        return self._paint(f"{label:>{self.gutter}} |", BLUE)

    def _help(self) -> Iterator[str]:
        advice = self.finding.help or (self.finding.fix.message if self.changes and self.finding.fix else "")
        if advice:
            yield f"{self._paint('help', CYAN)}: {escaped(advice)}"
        if self.changes:
            yield self._bar()
        for change in self.changes:
            if not change.label:
                yield self._paint("...", BLUE)
                continue
            label = self._paint(f"{change.label:>{self.gutter}}", BLUE)
            sign = self._paint(change.sign, RED if change.sign == "-" else GREEN)
            yield f"{label} {sign} {change.code}".rstrip()
        if self.changes:
            yield self._bar()

    def _notes(self) -> Iterator[str]:
        if self.changes and self.finding.fix and not self.finding.fix.safe:
            yield f"{self._paint('note', CYAN)}: {UNSAFE}"
        for note in self.finding.notes:
            yield f"{self._paint('note', CYAN)}: {escaped(note.message)}"
            if note.path:
                yield f"{' ' * self.gutter}{self._paint('-->', BLUE)} {escaped(note.path)}:{note.line}"
        if self.silenced:
            yield f"{self._paint('note', CYAN)}: suppressed {escaped(why(self.silenced))}"
