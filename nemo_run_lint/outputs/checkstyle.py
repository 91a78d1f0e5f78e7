"""`--output-format checkstyle`: Checkstyle's XML, which review tools and CI servers read whatever wrote it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from nemo_run_lint.finding import Finding
from nemo_run_lint.outputs.format import Outcome
from nemo_run_lint.outputs.sentence import sentence
from nemo_run_lint.outputs.xml_text import HEAD, closed, tag

#: Of Checkstyle, whose format has not changed since.
_VERSION = "4.3"


def render(outcome: Outcome) -> Iterator[str]:
    """The report. `source` is `nemo-run-lint.NRL401`, since readers take what is before the last dot for a group."""
    yield f"{HEAD}{tag('checkstyle', version=_VERSION)}\n"
    for path, findings in groupby(outcome.findings, lambda finding: finding.path):
        yield f"  {tag('file', name=path)}\n"
        for finding in findings:
            yield f"    {_error(finding)}\n"
        yield "  </file>\n"
    yield "</checkstyle>\n"


def _error(finding: Finding) -> str:
    return closed(
        "error",
        line=finding.span.line,
        column=finding.span.column,
        severity=finding.severity.value,
        message=f"{finding.name}: {sentence(finding)}",
        source=f"nemo-run-lint.{finding.code}",
    )
