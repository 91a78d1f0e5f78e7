"""The lines of JSON."""

from __future__ import annotations

import json

from nemo_run_lint.finding import Finding, Note, Severity, Silenced, Span
from nemo_run_lint.outputs import json as json_format
from nemo_run_lint.outputs import jsonl
from nemo_run_lint.outputs.format import Outcome

FINDINGS = [
    Finding(
        "a\n.py",
        Span(3, 7, 3, 9),
        "NRL401",
        "lambda-in-config",
        Severity.ERROR,
        "a\r\n\u2028b",
        notes=(Note("x", "y", 1),),
    ),
    Finding("b\udcff.py", Span(12, 1, 14, 2), "NRL301", "short-name", Severity.WARNING, "é"),
]


def test_a_line_is_what_json_says_of_a_finding() -> None:
    outcome = Outcome(FINDINGS, silenced=[Silenced(FINDINGS[0], "comment")], show_silenced=True)
    lines = "".join(jsonl.render(outcome)).split("\n")
    assert lines.pop() == ""
    assert [json.loads(line) for line in lines] == json.loads("".join(json_format.render(outcome)))["findings"]
    assert "".join(lines).isascii()


def test_nothing_found() -> None:
    assert "".join(jsonl.render(Outcome([]))) == ""
