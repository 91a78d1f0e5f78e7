"""GitLab's code quality report."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nemo_run_lint.finding import Finding, Severity, Span
from nemo_run_lint.outputs import gitlab
from nemo_run_lint.outputs.format import Outcome

#: What GitLab's documentation asks of a report.
SCHEMA = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "minLength": 1},
                    "lines": {"type": "object", "required": ["begin"], "properties": {"begin": {"type": "integer"}}},
                },
            },
        },
    },
}

SOURCE = "import nemo_run as run\n\ntask = run.Partial(train, schedule=lambda step: 0.1)\n"


def at(
    line: int, name: str = "lambda-in-config", path: str = "a.py", message: str = "`schedule` is a lambda"
) -> Finding:
    return Finding(path, Span(line, 36, line, 52), "NRL401", name, Severity.ERROR, message)


@pytest.fixture(autouse=True)
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The project, the working directory."""
    monkeypatch.setenv("CI_PROJECT_DIR", str(tmp_path))
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def report(*findings: Finding, source: str | None = SOURCE) -> list[dict[str, Any]]:
    text = "".join(gitlab.render(Outcome(findings, source=lambda path: source)))
    assert text.isascii()
    loaded: list[dict[str, Any]] = json.loads(text)
    jsonschema.validate(loaded, SCHEMA)
    return loaded


def prints(*findings: Finding, source: str | None = SOURCE) -> list[str]:
    return [each["fingerprint"] for each in report(*findings, source=source)]


def test_a_finding() -> None:
    (found,) = report(at(3))
    assert len(found.pop("fingerprint")) == 64
    assert found == {
        "description": "NRL401: `schedule` is a lambda",
        "check_name": "lambda-in-config",
        "severity": "critical",
        "location": {"path": "a.py", "lines": {"begin": 3, "end": 3}},
    }


def test_nothing_found() -> None:
    assert report() == []


def test_severities() -> None:
    findings = [Finding("a.py", Span(1, 1, 1, 2), "NRL301", "short-name", severity, "m") for severity in Severity]
    assert [found["severity"] for found in report(*findings)] == ["critical", "minor", "info"]


def test_paths_begin_at_the_project(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (checkout / "team").mkdir()
    monkeypatch.chdir(checkout / "team")
    assert report(at(3))[0]["location"]["path"] == "team/a.py"


def test_a_fingerprint_stays_when_lines_move_or_are_indented() -> None:
    moved = f"\n\nif True:\n{SOURCE.replace('task', '    task')}"
    assert prints(at(3)) == prints(at(6), source=moved)


def test_a_fingerprint_is_of_a_rule_a_file_and_a_text() -> None:
    others = [at(3, name="config-target"), at(3, path="b.py"), at(1)]
    assert len(set(prints(at(3), *others))) == 4


def test_findings_that_would_be_taken_for_one_are_told_apart() -> None:
    twice = SOURCE + SOURCE.splitlines()[2]
    both = prints(at(3), at(4), source=twice)
    assert len(set(both)) == 2
    assert both[0] == prints(at(3))[0]


def test_without_the_text_the_message_tells_them_apart() -> None:
    for source in (None, ""):
        assert len(set(prints(at(3, message="`a`"), at(3, message="`b`"), at(9, message="`b`"), source=source))) == 3


TEXT = st.text(st.characters() | st.sampled_from("\ud800\udcff\x00\x1b\u202e\r\n\u2028"), max_size=20)


@given(TEXT, TEXT, TEXT.map(lambda text: text.replace("/", "_").replace("\0", "_") or "a"))
def test_whatever_it_says_it_is_valid(source: str, message: str, path: str) -> None:
    for found in report(at(1, path=path, message=message), at(2, path=path, message=message), source=source):
        json.dumps(found, ensure_ascii=False).encode()
