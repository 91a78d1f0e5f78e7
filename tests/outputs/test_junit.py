"""JUnit's XML, read by a reader of it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from junitparser import Failure, JUnitXml

from nemo_run_lint.finding import Finding, Note, Severity, Span
from nemo_run_lint.outputs import junit
from nemo_run_lint.outputs.cells import escaped
from nemo_run_lint.outputs.format import Outcome

FINDINGS = [
    Finding(
        "a.py",
        Span(3, 7, 3, 9),
        "NRL401",
        "lambda-in-config",
        Severity.ERROR,
        "`x` is <é>",
        help="no",
        notes=(Note("here", "d.py", 4), Note("proof")),
    ),
    Finding("a.py", Span(3, 12, 3, 14), "NRL401", "lambda-in-config", Severity.ERROR, "`y` is a lambda"),
    Finding("b.py", Span(12, 1, 14, 2), "NRL301", "short-name", Severity.WARNING, "short"),
]


def read(*findings: Finding, files: int = 2) -> JUnitXml:
    return JUnitXml.fromstring("".join(junit.render(Outcome(findings, files=files))).encode())


def test_a_file_is_a_suite_and_a_finding_a_test_that_failed() -> None:
    report = read(*FINDINGS)
    assert (report.name, report.tests, report.failures, report.errors) == ("nemo-run-lint", 3, 3, 0)
    assert [(suite.name, suite.tests, suite.failures) for suite in report] == [("a.py", 2, 2), ("b.py", 1, 1)]
    cases = [case for suite in report for case in suite]
    assert [(case.classname, case.name) for case in cases] == [
        ("a.py", "NRL401 lambda-in-config (line 3, column 7)"),
        ("a.py", "NRL401 lambda-in-config (line 3, column 12)"),
        ("b.py", "NRL301 short-name (line 12, column 1)"),
    ]
    ((failure,), *_, (last,)) = [case.result for case in cases]
    assert isinstance(failure, Failure)
    assert (failure.message, failure.type, last.type) == ("`x` is <é>", "error", "warning")
    assert failure.text == "a.py:3:7: `x` is <é>; no\nd.py:4: here\nproof"


def test_a_clean_run_is_a_test_that_passed() -> None:
    report = read(files=7)
    assert (report.tests, report.failures) == (1, 0)
    ((case,),) = report
    assert (case.is_passed, case.name) == (True, "no findings in 7 files")


@given(st.text(), st.text())
def test_any_text_comes_back_spelt_out(path: str, message: str) -> None:
    ((case,),) = read(Finding(path, Span(1, 1, 1, 2), "NRL401", "x", Severity.INFO, message))
    assert case.classname == escaped(path)
    assert case.result[0].message == escaped(message)
    assert case.result[0].text == f"{escaped(path)}:1:1: {escaped(message)}"
