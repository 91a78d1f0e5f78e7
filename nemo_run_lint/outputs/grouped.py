"""`--output-format grouped`: the findings under the name of their file, in the manner of ruff."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from nemo_run_lint.finding import Finding
from nemo_run_lint.outputs.ansi import BLUE, BOLD, CYAN, DIM, SEVERITY, paint
from nemo_run_lint.outputs.cells import escaped
from nemo_run_lint.outputs.fixes import marked
from nemo_run_lint.outputs.format import Outcome
from nemo_run_lint.outputs.links import linked
from nemo_run_lint.outputs.silenced import WORD, why
from nemo_run_lint.outputs.summary import summary


@dataclass(frozen=True)
class _Entry:
    """One line of a group: a finding, with the word for how bad it is, that word's style, and what is said."""

    finding: Finding
    word: str
    style: str
    message: str


def render(outcome: Outcome) -> Iterator[str]:
    """For each file its name, a line for each finding, and an empty line; silenced findings likewise; the summary."""
    found = [
        _Entry(finding, finding.severity.value, SEVERITY[finding.severity], marked(finding.message, finding))
        for finding in outcome.findings
    ]
    silenced = [
        _Entry(each.finding, WORD, DIM, f"{each.finding.message} ({why(each)})") for each in outcome.told_silenced
    ]
    for entries in (found, silenced):
        for path, group in groupby(entries, lambda entry: entry.finding.path):
            yield f"{paint(escaped(path), BOLD, outcome.color)}:\n"
            yield from _lines(list(group), outcome)
            yield "\n"
    yield summary(outcome)


def _lines(entries: Sequence[_Entry], outcome: Outcome) -> Iterator[str]:
    before = max(len(str(entry.finding.span.line)) for entry in entries)
    behind = max(len(str(entry.finding.span.column)) for entry in entries)
    for entry in entries:
        finding = entry.finding
        place = f"{finding.span.line:>{before}}:{finding.span.column}"
        kind = linked(paint(f"{finding.code} {entry.word}", entry.style, outcome.color), finding.name, outcome.links)
        gap = " " * (2 + behind - len(str(finding.span.column)))
        name = paint(finding.name, CYAN, outcome.color)
        yield f"  {paint(place, BLUE, outcome.color)}{gap}{kind} {name}: {escaped(entry.message)}\n"
