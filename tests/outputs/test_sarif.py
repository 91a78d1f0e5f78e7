"""SARIF, judged by the standard's own schema (as schemastore.org serves it), and by what GitHub does with it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nemo_run_lint.finding import Confidence, Edit, Finding, Fix, Note, Severity, Silenced, Span
from nemo_run_lint.outputs import sarif, sarif_rules
from nemo_run_lint.outputs.format import Outcome
from nemo_run_lint.outputs.line_hashes import line_hashes
from nemo_run_lint.rule import Rule
from nemo_run_lint.selection import all_rules

SCHEMA = json.loads((Path(__file__).parent / "sarif-2.1.0.schema.json").read_text(encoding="utf-8"))

SOURCE = "import nemo_run as run\n\ntask = run.Partial(train, schedule=lambda step: 0.1)\n"

LAMBDA = Finding(
    "recipes/my run.py",
    Span(3, 36, 3, 52),
    "NRL401",
    "lambda-in-config",
    Severity.ERROR,
    "`schedule` of `train` is a lambda",
    help="define a function",
    notes=(
        Note("`train(schedule)` [of NeMo] is defined here", "training.py", 4),
        Note("it is saved by `exp.add`"),
        Note("it is added here", "recipes/my run.py", 9),
    ),
)
NAME = Finding(
    "a.py",
    Span(1, 1, 2, 1),
    "NRL301",
    "short-name",
    Severity.WARNING,
    "`x`",
    Confidence.MEDIUM,
    fix=Fix("Call it `y`", (Edit(Span(1, 1, 1, 2), "y"), Edit(Span(2, 1, 2, 1), "é\n")), safe=False),
)


@pytest.fixture(autouse=True)
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty repository, the working directory."""
    for variable in ("GITHUB_ACTIONS", "GITHUB_WORKSPACE", "CI_PROJECT_DIR"):
        monkeypatch.delenv(variable, raising=False)
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def log(*findings: Finding, **more: Any) -> dict[str, Any]:
    """The log, once it is known to be valid."""
    text = "".join(sarif.render(Outcome(findings, **more)))
    assert text.isascii()
    loaded: dict[str, Any] = json.loads(text)
    jsonschema.Draft4Validator(SCHEMA).validate(loaded)
    return loaded


def results(*findings: Finding, **more: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = log(*findings, **more)["runs"][0]["results"]
    return found


def place(location: dict[str, Any]) -> tuple[str, str | None, dict[str, int]]:
    physical = location["physicalLocation"]
    return physical["artifactLocation"]["uri"], physical["artifactLocation"].get("uriBaseId"), physical["region"]


def test_the_schema_refuses_what_is_no_sarif() -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft4Validator(SCHEMA).validate({"version": "2.1.0", "runs": [{"results": []}]})


def test_nothing_found() -> None:
    (run,) = log()["runs"]
    assert run["results"] == []
    assert run["tool"]["driver"]["name"] == "nemo-run-lint"
    assert run["tool"]["driver"]["rules"] == []


def test_a_finding() -> None:
    (found,) = results(LAMBDA)
    assert found["ruleId"] == "NRL401"
    assert found["level"] == "error"
    assert place(found["locations"][0]) == (
        "recipes/my%20run.py",
        "%SRCROOT%",
        {"startLine": 3, "startColumn": 36, "endLine": 3, "endColumn": 52},
    )
    assert "fixes" not in found
    assert "suppressions" not in found


def test_nothing_names_this_machine(checkout: Path) -> None:
    told = json.dumps(log(LAMBDA, NAME, source=lambda path: SOURCE))
    assert str(checkout) not in told
    assert "file:" not in told


def test_notes_are_linked_from_the_message() -> None:
    (found,) = results(LAMBDA)
    assert found["message"]["text"] == (
        "`schedule` of `train` is a lambda.\n"
        "help: define a function\n"
        r"note: [`train(schedule)` \[of NeMo\] is defined here](1)" + "\n"
        "note: it is saved by `exp.add`\n"
        "note: [it is added here](2)"
    )
    assert [each["id"] for each in found["relatedLocations"]] == [1, 2]
    assert [place(each) for each in found["relatedLocations"]] == [
        ("training.py", "%SRCROOT%", {"startLine": 4}),
        ("recipes/my%20run.py", "%SRCROOT%", {"startLine": 9}),
    ]


def test_what_looks_like_a_link_is_none() -> None:
    source = Finding("a.py", Span(1, 1, 1, 2), "NRL401", "lambda-in-config", Severity.ERROR, r"`x[0](1)` and `\[a]`")
    (found,) = results(source)
    assert found["message"]["text"] == r"`x\[0\](1)` and `\\\[a\]`."


def test_rules_are_told_once_in_the_order_of_their_codes() -> None:
    run = log(LAMBDA, NAME, LAMBDA)["runs"][0]
    assert [rule["name"] for rule in run["tool"]["driver"]["rules"]] == ["short-name", "lambda-in-config"]
    assert [(found["ruleId"], found["ruleIndex"]) for found in run["results"]] == [
        ("NRL301", 0),
        ("NRL401", 1),
        ("NRL401", 1),
    ]


def test_every_rule_fits_what_github_takes() -> None:
    findings = [Finding("a.py", Span(1, 1, 1, 2), rule.code, rule.name(), rule.severity, "m") for rule in all_rules()]
    for told in log(*findings)["runs"][0]["tool"]["driver"]["rules"]:
        assert 0 < len(told["name"]) <= 255
        for text in (told["shortDescription"]["text"], told["fullDescription"]["text"]):
            assert 0 < len(text) <= 1024
        assert told["helpUri"].endswith(f"rules.md#{told['name']}")
        assert told["help"]["text"]
        assert told["help"]["markdown"]
        assert told["properties"]["precision"] in ("very-high", "high", "medium", "low")
        assert told["properties"]["problem.severity"] in ("error", "warning", "recommendation")
        assert 0 < len(told["properties"]["tags"]) <= 20


class TeamPrefix(Rule):
    code = "OUR001"
    message = "no prefix"


def test_a_rule_of_another_package_that_says_nothing_of_itself() -> None:
    told = sarif_rules.as_dict(TeamPrefix)
    part = {**SCHEMA, "$ref": "#/definitions/reportingDescriptor"}
    jsonschema.Draft4Validator(part).validate(told)
    assert "helpUri" not in told
    assert told["fullDescription"]["text"] == told["help"]["text"] == "team-prefix"
    assert told["properties"]["tags"] == ["nemo-run"]


def test_a_long_page_is_cut_at_a_word() -> None:
    texts = [sarif_rules.as_dict(rule)["fullDescription"]["text"] for rule in all_rules()]
    cut = [text for text in texts if text.endswith("…")]
    assert cut
    assert all(900 < len(text) <= 1024 for text in cut)


def test_a_fix() -> None:
    (found,) = results(NAME)
    (fix,) = found["fixes"]
    assert fix["description"]["text"] == "Call it `y` (the program may do something else then)"
    (change,) = fix["artifactChanges"]
    assert change["artifactLocation"]["uri"] == "a.py"
    assert change["replacements"] == [
        {
            "deletedRegion": {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 2},
            "insertedContent": {"text": "y"},
        },
        {
            "deletedRegion": {"startLine": 2, "startColumn": 1, "endLine": 2, "endColumn": 1},
            "insertedContent": {"text": "é\n"},
        },
    ]


SILENCED = [Silenced(LAMBDA, "comment", "run here only"), Silenced(NAME, "baseline")]


def test_what_is_silenced_is_told_with_the_reason() -> None:
    first, second = results(silenced=SILENCED)
    assert second["suppressions"] == [{"kind": "inSource", "justification": "run here only"}]
    assert first["suppressions"] == [{"kind": "external"}]


def test_on_github_what_is_silenced_would_be_an_open_alert(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert results(silenced=SILENCED) == []
    assert len(results(silenced=SILENCED, show_silenced=True)) == 2


def test_fingerprints_are_those_of_the_lines() -> None:
    found = results(LAMBDA, NAME, source={LAMBDA.path: SOURCE}.get)
    prints = {each["ruleId"]: each.get("partialFingerprints") for each in found}
    assert prints == {"NRL401": {"primaryLocationLineHash": line_hashes(SOURCE)[2]}, "NRL301": None}


def test_a_line_that_the_file_no_longer_has_has_no_fingerprint() -> None:
    (found,) = results(LAMBDA, source=lambda path: "")
    assert "partialFingerprints" not in found


def test_paths_begin_at_the_repository(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (checkout / "team").mkdir()
    (checkout / "team" / "link.py").symlink_to("real.py")
    monkeypatch.chdir(checkout / "team")
    (found,) = results(Finding("link.py", Span(1, 1, 1, 2), "NRL301", "short-name", Severity.WARNING, "`x`"))
    assert place(found["locations"][0])[:2] == ("team/real.py", "%SRCROOT%")


def test_a_file_elsewhere_has_an_absolute_address(checkout: Path) -> None:
    outside = checkout.parent / "elsewhere.py"
    (found,) = results(Finding(str(outside), Span(1, 1, 1, 2), "NRL301", "short-name", Severity.WARNING, "`x`"))
    assert place(found["locations"][0])[:2] == (outside.resolve().as_uri(), None)


TEXT = st.text(st.characters() | st.sampled_from("\ud800\udcff[]()\\`{}\x00\x1b\u202e\r\n\u2028"), max_size=20)
LINES = st.integers(1, 5)


@st.composite
def spans(draw: st.DrawFn) -> Span:
    first, last = sorted([(draw(LINES), draw(LINES)), (draw(LINES), draw(LINES))])
    return Span(*first, *last)


@given(
    path=st.text(st.characters(exclude_characters="/\0") | st.sampled_from("\udcff %#?:"), min_size=1, max_size=8),
    span=spans(),
    texts=st.tuples(TEXT, TEXT, TEXT, TEXT),
    line=st.integers(0, 3),
    source=st.none() | TEXT,
)
def test_whatever_it_says_it_is_valid(
    path: str, span: Span, texts: tuple[str, str, str, str], line: int, source: str | None
) -> None:
    message, advice, note, text = texts
    finding = Finding(
        path,
        span,
        "NRL301",
        "short-name",
        Severity.INFO,
        message,
        help=advice,
        notes=(Note(note, path, line),),
        fix=Fix(text, (Edit(span, text),)),
    )
    (found,) = results(finding, source=lambda path: source)
    assert "\ud800" not in str(found)
    assert found["message"]["text"]


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (each for inner in value.values() for each in strings(inner))
    elif isinstance(value, list):
        yield from (each for inner in value for each in strings(inner))
    elif isinstance(value, str):
        yield value


def test_halves_of_characters_are_replaced() -> None:
    odd = Finding(
        "a\udcff.py",
        Span(1, 1, 1, 2),
        "NRL301",
        "short-name",
        Severity.INFO,
        "\ud800",
        fix=Fix("\udfff", (Edit(Span(1, 1, 1, 2), "\ud83d\ude00\ud83d"),)),
    )
    (found,) = results(odd)
    assert place(found["locations"][0])[0] == "a%FF.py"
    assert found["fixes"][0]["artifactChanges"][0]["replacements"][0]["insertedContent"]["text"] == "\U0001f600\ufffd"
    for each in strings(found):
        each.encode()


def test_the_command_writes_it_the_same_every_time(checkout: Path) -> None:
    (checkout / "broken.py").write_text(SOURCE.replace("train,", "print,"))
    environment = {name: value for name, value in os.environ.items() if name != "GITHUB_ACTIONS"}

    def written() -> str:
        command = [sys.executable, "-m", "nemo_run_lint", *"check --output-format sarif --select NRL401 .".split()]
        done = subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (1, "")
        return done.stdout

    first = written()
    assert first == written()
    jsonschema.Draft4Validator(SCHEMA).validate(json.loads(first))
    (found,) = json.loads(first)["runs"][0]["results"]
    assert place(found["locations"][0])[0] == "broken.py"
    expected = line_hashes((checkout / "broken.py").read_text())[2]
    assert found["partialFingerprints"] == {"primaryLocationLineHash": expected}
