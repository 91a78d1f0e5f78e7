"""The commands of Azure Pipelines, read as its agent reads them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nemo_run_lint.finding import Finding, Severity, Span
from nemo_run_lint.outputs import azure
from nemo_run_lint.outputs.cells import escaped
from nemo_run_lint.outputs.format import Outcome


def finding(path: str, message: str, severity: Severity = Severity.ERROR, help: str = "") -> Finding:
    return Finding(path, Span(3, 7, 3, 9), "NRL401", "lambda-in-config", severity, message, help=help)


def rendered(*findings: Finding) -> str:
    return "".join(azure.render(Outcome(findings)))


def unescaped(value: str) -> str:
    """As the agent does it, in its order."""
    for escape, meant in (("%3B", ";"), ("%0D", "\r"), ("%0A", "\n"), ("%5D", "]"), ("%AZP25", "%")):
        value = value.replace(escape, meant)
    return value


def read(line: str) -> tuple[dict[str, str], str]:
    """A command as the agent takes it apart: from the first `##vso[` to the first `]`, then at each `;` and first `=`."""
    head, _, message = line.removeprefix("##vso[").partition("]")
    name, _, properties = head.partition(" ")
    assert name == "task.logissue"
    pairs = (each.partition("=") for each in properties.split(";") if each.strip())
    return {key: unescaped(value) for key, _, value in pairs}, unescaped(message)


def test_findings() -> None:
    found = [finding("a.py", "`x` is a lambda", help="no"), finding("b.py", "new", Severity.WARNING)]
    assert rendered(*found) == (
        "##vso[task.logissue type=error;sourcepath=a.py;linenumber=3;columnnumber=7;code=NRL401;]NRL401 lambda-in-config: `x` is a lambda%3B no\n"
        "##vso[task.logissue type=warning;sourcepath=b.py;linenumber=3;columnnumber=7;code=NRL401;]NRL401 lambda-in-config: new\n"
    )


def test_azure_knows_errors_and_warnings() -> None:
    assert rendered(finding("a.py", "x", Severity.INFO)).startswith("##vso[task.logissue type=warning;")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a;b]c\r\nd", "a%3Bb%5Dc%0D%0Ad"),
        ("100%", "100%"),
        ("%3B %AZP25 %0A", "%AZP253B %AZP25AZP25 %AZP250A"),
        ("\x1b[0m\u202e", "\\x1b[0m\\u202e"),
    ],
)
def test_what_would_end_a_value_is_escaped(text: str, written: str) -> None:
    assert rendered(finding(text, text)).endswith(f"NRL401 lambda-in-config: {written}\n")
    assert f";sourcepath={written};" in rendered(finding(text, text))


@given(*[st.text() | st.text(alphabet="%3B0DAZP2];\r\n=")] * 2)
def test_the_agent_reads_what_was_meant(path: str, message: str) -> None:
    line = rendered(finding(path, message))
    assert line.count("\n") == 1
    properties, told = read(line.removesuffix("\n"))
    assert list(properties) == ["type", "sourcepath", "linenumber", "columnnumber", "code"]
    assert escaped(properties["sourcepath"]) == escaped(path)
    assert escaped(told) == escaped(f"NRL401 lambda-in-config: {message}")
