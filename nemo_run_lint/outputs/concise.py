"""`--output-format concise`: a line for each finding, which editors and terminals turn into a link."""

from __future__ import annotations

from collections.abc import Iterator

from nemo_run_lint.finding import Finding
from nemo_run_lint.outputs.ansi import BOLD, CYAN, DIM, SEVERITY, paint
from nemo_run_lint.outputs.cells import escaped
from nemo_run_lint.outputs.fixes import marked
from nemo_run_lint.outputs.format import Outcome
from nemo_run_lint.outputs.links import linked
from nemo_run_lint.outputs.silenced import WORD, why
from nemo_run_lint.outputs.summary import summary


def render(outcome: Outcome) -> Iterator[str]:
    """`path:line:col: NRL401 error lambda-in-config: message` for each finding, then the summary.

    A fix that is safe is marked `[*]` before the message; silenced findings come behind the others.
    """
    for finding in outcome.findings:
        kind = paint(f"{finding.code} {finding.severity.value}", SEVERITY[finding.severity], outcome.color)
        yield _line(finding, kind, marked(finding.message, finding), outcome)
    for silenced in outcome.told_silenced:
        finding = silenced.finding
        kind = paint(f"{finding.code} {WORD}", DIM, outcome.color)
        yield _line(finding, kind, f"{finding.message} ({why(silenced)})", outcome)
    yield summary(outcome)


def _line(finding: Finding, kind: str, message: str, outcome: Outcome) -> str:
    path = paint(escaped(finding.path), BOLD, outcome.color)
    name = paint(finding.name, CYAN, outcome.color)
    place = f"{path}:{finding.span.line}:{finding.span.column}"
    return f"{place}: {linked(kind, finding.name, outcome.links)} {name}: {escaped(message)}\n"
