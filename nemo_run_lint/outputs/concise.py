"""`--output-format concise`: a line for each finding, which editors and terminals turn into a link."""

from __future__ import annotations

from collections.abc import Iterator

from nemo_run_lint.finding import Finding
from nemo_run_lint.outputs.ansi import BOLD, CYAN, SEVERITY, paint
from nemo_run_lint.outputs.cells import escaped
from nemo_run_lint.outputs.format import Outcome
from nemo_run_lint.outputs.summary import summary


def render(outcome: Outcome) -> Iterator[str]:
    """`path:line:col: NRL401 error lambda-in-config: message` for each finding, then the summary."""
    for finding in outcome.findings:
        yield _line(finding, outcome.color)
    yield summary(outcome)


def _line(finding: Finding, color: bool) -> str:
    path = paint(escaped(finding.path), BOLD, color)
    kind = paint(f"{finding.code} {finding.severity.value}", SEVERITY[finding.severity], color)
    name = paint(finding.name, CYAN, color)
    return f"{path}:{finding.span.line}:{finding.span.column}: {kind} {name}: {escaped(finding.message)}\n"
