"""The JSON format: its keys and their order are a promise."""

from __future__ import annotations

import json

from nemo_run_lint.finding import Confidence, Edit, Finding, Fix, Note, Severity, Silenced, Span
from nemo_run_lint.outputs import json as json_format
from nemo_run_lint.outputs.format import Outcome

NOTES = (Note("`train(steps)` is defined here", "t.py", 4), Note("no place"))
FIX = Fix("Remove it", (Edit(Span(3, 7, 3, 9), ""),), safe=False)
FINDINGS = [
    Finding(
        "a.py",
        Span(3, 7, 3, 9),
        "NRL401",
        "lambda-in-config",
        Severity.ERROR,
        "`é` \x1b",
        help="no",
        fix=FIX,
        notes=NOTES,
    ),
    Finding("b\udcff.py", Span(12, 1, 14, 2), "NRL301", "short-name", Severity.WARNING, "short", Confidence.MEDIUM),
]


def rendered(outcome: Outcome) -> str:
    return "".join(json_format.render(outcome))


def test_findings() -> None:
    assert (
        rendered(Outcome(FINDINGS, files=5, silenced=[Silenced(FINDINGS[0], "comment")] * 2))
        == r"""
{"version": 1, "findings": [
{"path": "a.py", "line": 3, "column": 7, "end_line": 3, "end_column": 9, "code": "NRL401", "name": "lambda-in-config", "severity": "error", "confidence": "high", "message": "`\u00e9` \u001b", "help": "no", "url": null, "notes": [{"message": "`train(steps)` is defined here", "path": "t.py", "line": 4}, {"message": "no place", "path": null, "line": null}], "fix": {"message": "Remove it", "safe": false, "edits": [{"line": 3, "column": 7, "end_line": 3, "end_column": 9, "text": ""}]}},
{"path": "b\udcff.py", "line": 12, "column": 1, "end_line": 14, "end_column": 2, "code": "NRL301", "name": "short-name", "severity": "warning", "confidence": "medium", "message": "short", "help": null, "url": null, "notes": [], "fix": null}
], "summary": {"files": 5, "errors": 1, "warnings": 1, "infos": 0, "suppressed": 2}}
""".removeprefix("\n")
    )


def test_it_is_json() -> None:
    data = json.loads(rendered(Outcome(FINDINGS)))
    assert list(data) == ["version", "findings", "summary"]
    assert [finding["message"] for finding in data["findings"]] == ["`é` \x1b", "short"]


def test_nothing_found() -> None:
    assert rendered(Outcome([], files=3)) == (
        '{"version": 1, "findings": [], '
        '"summary": {"files": 3, "errors": 0, "warnings": 0, "infos": 0, "suppressed": 0}}\n'
    )
