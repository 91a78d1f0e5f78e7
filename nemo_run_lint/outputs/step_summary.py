"""The page that GitHub shows of a run, with every finding: of annotations it shows only ten of a kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby

from nemo_run_lint.finding import Finding
from nemo_run_lint.outputs.format import Outcome
from nemo_run_lint.outputs.markdown import cell, code
from nemo_run_lint.outputs.sentence import sentence
from nemo_run_lint.outputs.summary import counted, summary
from nemo_run_lint.page import url

#: In bytes. GitHub takes 1 MiB of a step, which may write more than this, and shows nothing of what is longer.
LONGEST = 1_000_000

_HEAD = "| place | severity | rule | finding |\n| ---: | --- | --- | --- |\n"


def render(outcome: Outcome) -> Iterator[str]:
    """A heading, the summary, and a table for each file; of more than GitHub takes the first, and how many are left."""
    yield "## nemo-run-lint\n\n"
    for line in summary(replace(outcome, color=False, quiet=False)).splitlines():
        yield f"{cell(line)}\n\n"
    room = LONGEST
    for shown, piece in enumerate(_pieces(outcome.findings)):
        room -= len(piece.encode("utf-8", "replace"))
        if room < 0:
            missing = len(outcome.findings) - shown
            yield f"\n{counted(missing, 'more finding is', 'more findings are')} not shown here.\n"
            return
        yield piece


def _pieces(findings: Iterable[Finding]) -> Iterator[str]:
    """A row for each finding, behind what begins the table of a file if it is the first."""
    for path, found in groupby(findings, lambda finding: finding.path):
        name = code(path).replace("\\|", "|")  # only in a cell a bar is quoted
        head = f"\n### {name}\n\n{_HEAD}"
        for finding in found:
            yield f"{head}{_row(finding)}"
            head = ""


def _row(finding: Finding) -> str:
    rule, address = f"{finding.code} {finding.name}", url(finding.name)
    return (
        f"| {finding.span.line}:{finding.span.column} | {finding.severity.value} "
        f"| {f'[{rule}]({address})' if address else cell(rule)} | {cell(sentence(finding))} |\n"
    )
