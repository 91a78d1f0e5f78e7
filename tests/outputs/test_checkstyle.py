"""Checkstyle's XML."""

from __future__ import annotations

from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from nemo_run_lint.finding import Finding, Severity, Span
from nemo_run_lint.outputs import checkstyle
from nemo_run_lint.outputs.cells import escaped
from nemo_run_lint.outputs.format import Outcome

FINDINGS = [
    Finding("a.py", Span(3, 7, 3, 9), "NRL401", "lambda-in-config", Severity.ERROR, '"x" is <é>', help="don't"),
    Finding("a.py", Span(4, 1, 4, 2), "NRL301", "short-name", Severity.INFO, "short"),
    Finding("b.py", Span(12, 1, 14, 2), "NRL301", "short-name", Severity.WARNING, "short"),
]


def rendered(*findings: Finding) -> str:
    return "".join(checkstyle.render(Outcome(findings)))


def test_findings() -> None:
    assert rendered(*FINDINGS) == (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<checkstyle version="4.3">\n'
        '  <file name="a.py">\n'
        '    <error line="3" column="7" severity="error" message="lambda-in-config: &quot;x&quot; is &lt;&#233;&gt;; don\'t" source="nemo-run-lint.NRL401"/>\n'
        '    <error line="4" column="1" severity="info" message="short-name: short" source="nemo-run-lint.NRL301"/>\n'
        "  </file>\n"
        '  <file name="b.py">\n'
        '    <error line="12" column="1" severity="warning" message="short-name: short" source="nemo-run-lint.NRL301"/>\n'
        "  </file>\n"
        "</checkstyle>\n"
    )


def test_nothing_found() -> None:
    assert list(ElementTree.fromstring(rendered())) == []


@given(st.text(), st.text())
def test_any_text_comes_back_spelt_out(path: str, message: str) -> None:
    (file,) = ElementTree.fromstring(rendered(Finding(path, Span(1, 1, 1, 2), "NRL401", "x", Severity.INFO, message)))
    assert file.get("name") == escaped(path)
    assert file[0].get("message") == f"x: {escaped(message)}"
