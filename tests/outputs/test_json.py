"""The JSON format: its keys and their order are a promise."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from nemo_run_lint._version import RULES_URL
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


SCHEMA = json.loads(Path(json_format.__file__).with_name("json.schema.json").read_text(encoding="utf-8"))


def rendered(outcome: Outcome) -> str:
    return "".join(json_format.render(outcome))


def test_findings() -> None:
    assert (
        rendered(Outcome(FINDINGS, files=5, silenced=[Silenced(FINDINGS[0], "comment")] * 2)).replace(
            RULES_URL, "RULES"
        )
        == r"""
{"version": 1, "findings": [
{"path": "a.py", "cell": null, "line": 3, "column": 7, "end_line": 3, "end_column": 9, "code": "NRL401", "name": "lambda-in-config", "severity": "error", "confidence": "high", "message": "`\u00e9` \u001b", "help": "no", "url": "RULES#lambda-in-config", "notes": [{"message": "`train(steps)` is defined here", "path": "t.py", "line": 4}, {"message": "no place", "path": null, "line": null}], "fix": {"message": "Remove it", "safe": false, "edits": [{"line": 3, "column": 7, "end_line": 3, "end_column": 9, "text": ""}]}},
{"path": "b\udcff.py", "cell": null, "line": 12, "column": 1, "end_line": 14, "end_column": 2, "code": "NRL301", "name": "short-name", "severity": "warning", "confidence": "medium", "message": "short", "help": null, "url": "RULES#short-name", "notes": [], "fix": null}
], "summary": {"files": 5, "errors": 1, "warnings": 1, "infos": 0, "suppressed": 2, "skipped": 0}}
""".removeprefix("\n")
    )


def test_it_is_json() -> None:
    data = json.loads(rendered(Outcome(FINDINGS)))
    assert list(data) == ["version", "findings", "summary"]
    assert [finding["message"] for finding in data["findings"]] == ["`é` \x1b", "short"]


def test_nothing_found() -> None:
    assert rendered(Outcome([], files=3)) == (
        '{"version": 1, "findings": [], '
        '"summary": {"files": 3, "errors": 0, "warnings": 0, "infos": 0, "suppressed": 0, "skipped": 0}}\n'
    )


def test_a_rule_of_another_package_has_no_page() -> None:
    (finding,) = json.loads(rendered(Outcome([replace(FINDINGS[0], name="team-prefix")])))["findings"]
    assert finding["url"] is None


def test_silenced_findings_are_told_if_they_are_asked_for() -> None:
    silenced = [Silenced(FINDINGS[1], "comment", "the cluster needs it"), Silenced(FINDINGS[0], "baseline")]
    data = json.loads(rendered(Outcome(FINDINGS[:1], silenced=silenced, show_silenced=True)))
    assert list(data) == ["version", "findings", "silenced", "summary"]
    assert [(each["name"], each["by"], each["reason"]) for each in data["silenced"]] == [
        ("short-name", "comment", "the cluster needs it"),
        ("lambda-in-config", "baseline", None),
    ]
    assert data["silenced"][1] == {**data["findings"][0], "by": "baseline", "reason": None}


@pytest.mark.parametrize("show_silenced", [True, False])
@pytest.mark.parametrize("findings", [FINDINGS, []])
def test_the_schema_describes_it(findings: list[Finding], show_silenced: bool) -> None:
    silenced = [Silenced(finding, "comment", "why") for finding in FINDINGS]
    data = json.loads(rendered(Outcome(findings, silenced=silenced, show_silenced=show_silenced)))
    jsonschema.Draft202012Validator(SCHEMA).validate(data)


def test_the_schema_names_every_key_and_asks_for_it() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    (told,) = json.loads(rendered(Outcome([], silenced=[Silenced(FINDINGS[0], "comment")], show_silenced=True)))[
        "silenced"
    ]
    for key in told:
        broken = json.loads(rendered(Outcome([], silenced=[Silenced(FINDINGS[0], "comment")], show_silenced=True)))
        del broken["silenced"][0][key]
        with pytest.raises(jsonschema.ValidationError, match=f"'{key}' is a required property"):
            jsonschema.Draft202012Validator(SCHEMA).validate(broken)
