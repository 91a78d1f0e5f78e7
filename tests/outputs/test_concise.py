"""The concise format: a line for each finding."""

from __future__ import annotations

from dataclasses import replace

from nemo_run_lint.finding import Edit, Finding, Fix, Severity, Silenced, Span
from nemo_run_lint.outputs import concise
from nemo_run_lint.outputs.format import Outcome
from nemo_run_lint.page import url

FINDINGS = [
    Finding("a b.py", Span(3, 7, 3, 9), "NRL401", "lambda-in-config", Severity.ERROR, "`x` is a lambda", help="no"),
    Finding("日.py", Span(12, 1, 14, 2), "NRL301", "short-name", Severity.WARNING, "line\nbreak \x1b"),
]


def test_findings() -> None:
    assert "".join(concise.render(Outcome(FINDINGS, files=2))) == (
        "a b.py:3:7: NRL401 error lambda-in-config: `x` is a lambda\n"
        "日.py:12:1: NRL301 warning short-name: line\\nbreak \\x1b\n"
        "Found 1 error and 1 warning in 2 files.\n"
    )


def test_nothing_found() -> None:
    assert (
        "".join(concise.render(Outcome([], files=2, silenced=[Silenced(FINDINGS[0], "comment")])))
        == "All checks passed! (1 suppressed)\n"
    )


def test_what_can_be_fixed_and_what_is_suppressed() -> None:
    fixable = replace(FINDINGS[0], fix=Fix("mend it", (Edit(Span(3, 7, 3, 9), "f"),)))
    silenced = [Silenced(FINDINGS[1], "comment", "why\nnot"), Silenced(fixable, "baseline")]
    outcome = Outcome([fixable], silenced=silenced, show_silenced=True)
    assert "".join(concise.render(outcome)) == (
        "a b.py:3:7: NRL401 error lambda-in-config: [*] `x` is a lambda\n"
        "日.py:12:1: NRL301 suppressed short-name: line\\nbreak \\x1b (by a comment: why\\nnot)\n"
        "a b.py:3:7: NRL401 suppressed lambda-in-config: `x` is a lambda (by the baseline)\n"
        "Found 1 error in 1 file (2 suppressed).\n"
        "[*] 1 fixable with `--fix`.\n"
    )


def test_links() -> None:
    line = next(concise.render(Outcome(FINDINGS, links=True)))
    assert line.startswith(
        f"a b.py:3:7: \x1b]8;;{url('lambda-in-config')}\x1b\\NRL401 error\x1b]8;;\x1b\\ lambda-in-config: "
    )


def test_colour() -> None:
    assert "".join(concise.render(Outcome(FINDINGS[:1], color=True))).splitlines()[0] == (
        "\x1b[1ma b.py\x1b[0m:3:7: \x1b[1;31mNRL401 error\x1b[0m \x1b[1;36mlambda-in-config\x1b[0m: `x` is a lambda"
    )
