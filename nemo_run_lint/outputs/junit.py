"""`--output-format junit`: JUnit's XML, which every CI shows as tests.

A file is a test suite and a finding a test that failed. A clean run is one test that passed, since some readers take a
report without tests for one that was not written.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from nemo_run_lint.finding import Finding
from nemo_run_lint.outputs.format import Outcome
from nemo_run_lint.outputs.sentence import sentence
from nemo_run_lint.outputs.summary import counted
from nemo_run_lint.outputs.xml_text import HEAD, closed, lines, tag

_NAME = "nemo-run-lint"


def render(outcome: Outcome) -> Iterator[str]:
    """The report."""
    number = len(outcome.findings)
    yield HEAD + tag("testsuites", name=_NAME, tests=number or 1, failures=number, errors=0) + "\n"
    for path, findings in groupby(outcome.findings, lambda finding: finding.path):
        yield from _suite(path, list(findings))
    if not number:
        yield f"  {tag('testsuite', name=_NAME, tests=1, failures=0, errors=0, skipped=0)}\n"
        passed = f"no findings in {counted(outcome.files, 'file', 'files')}"
        yield f"    {closed('testcase', classname=_NAME, name=passed)}\n  </testsuite>\n"
    yield "</testsuites>\n"


def _suite(path: str, findings: list[Finding]) -> Iterator[str]:
    number = len(findings)
    yield f"  {tag('testsuite', name=path, tests=number, failures=number, errors=0, skipped=0)}\n"
    for finding in findings:
        span = finding.span
        # With its place, since readers take tests of one name for one test.
        name = f"{finding.code} {finding.name} (line {span.line}, column {span.column})"
        yield f"    {tag('testcase', classname=path, name=name, file=path, line=span.line)}\n"
        failure = tag("failure", type=finding.severity.value, message=finding.message)
        yield f"      {failure}{lines(_told(finding))}</failure>\n    </testcase>\n"
    yield "  </testsuite>\n"


def _told(finding: Finding) -> Iterator[str]:
    """What the failed test printed."""
    yield f"{finding.path}:{finding.span.line}:{finding.span.column}: {sentence(finding)}"
    for note in finding.notes:
        yield f"{note.path}:{note.line}: {note.message}" if note.path else note.message
