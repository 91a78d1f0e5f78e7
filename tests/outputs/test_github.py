"""The GitHub format, read back as the runner reads it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nemo_run_lint.finding import Finding, Severity, Span
from nemo_run_lint.outputs import github
from nemo_run_lint.outputs.format import Outcome

LAMBDA = Finding(
    "a b.py", Span(3, 36, 3, 52), "NRL401", "lambda-in-config", Severity.ERROR, "100 % `a`: b, c", help="define one"
)


@pytest.fixture(autouse=True)
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The directory that the runner has checked out, the working directory."""
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))
    monkeypatch.delenv("CI_PROJECT_DIR", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def rendered(*findings: Finding, **more: Any) -> str:
    return "".join(github.render(Outcome(findings, **more)))


def commands(text: str) -> list[tuple[str, dict[str, str], str]]:
    """The commands in a log: name, properties, message. As the runner, it looks at the beginnings of lines alone."""
    found = []
    for line in re.split(r"\r\n|\r|\n", text):
        if command := re.match(r"\s*::(\w+) (.*?)::(.*)", line, re.DOTALL):
            pairs = (pair.split("=", 1) for pair in command[2].split(","))
            properties = {name: unescaped(unescaped(value, (":", ",")), ("\r", "\n", "%")) for name, value in pairs}
            found.append((command[1], properties, unescaped(command[3], ("\r", "\n", "%"))))
    return found


def unescaped(text: str, characters: tuple[str, ...]) -> str:
    for character in characters:
        text = text.replace(f"%{ord(character):02X}", character)
    return text


def test_a_finding_and_the_summary() -> None:
    assert rendered(LAMBDA) == (
        "::error file=a b.py,line=3,endLine=3,col=36,endColumn=52,title=NRL401 lambda-in-config"
        "::a b.py:3:36: 100 %25 `a`: b, c%0Ahelp: define one\n"
        "Found 1 error in 1 file.\n"
    )


def test_nothing_found() -> None:
    assert rendered(color=True) == "All checks passed!\n"
    assert rendered(quiet=True) == ""


@pytest.mark.parametrize(
    ("severity", "name"), [(Severity.ERROR, "error"), (Severity.WARNING, "warning"), (Severity.INFO, "notice")]
)
def test_severities(severity: Severity, name: str) -> None:
    finding = Finding("a.py", Span(1, 1, 1, 2), "NRL301", "short-name", severity, "`x`")
    assert [command for command, _, _ in commands(rendered(finding))] == [name]


def test_a_finding_over_several_lines_has_its_first_line_and_no_columns() -> None:
    several = Finding("a.py", Span(3, 5, 4, 2), "NRL502", "swallowed-exception", Severity.WARNING, "m")
    ((_, properties, message),) = commands(rendered(several))
    assert properties == {"file": "a.py", "line": "3", "title": "NRL502 swallowed-exception"}
    assert message == "a.py:3:5: m"


def test_paths_begin_at_the_workspace(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (checkout / "team").mkdir()
    monkeypatch.chdir(checkout / "team")
    ((_, properties, message),) = commands(rendered(LAMBDA))
    assert properties["file"] == "team/a b.py"
    assert message.startswith("a b.py:3:36: ")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("x" * 4080, "x" * 4080),
        ("x" * 4081, "x" * 4079 + "…"),
        ("\U0001f600" * 2041, "\U0001f600" * 2039 + "…"),
        ("\n" * 2041, "\\n" * 2039 + "\\" + "…"),
    ],
)
def test_a_long_message_is_cut_where_the_runner_would(text: str, shown: str) -> None:
    finding = Finding("a.py", Span(1, 1, 1, 2), "NRL301", "short-name", Severity.INFO, f"100%: {text}")
    ((_, _, message),) = commands(rendered(finding))
    assert message == f"a.py:1:1: 100%: {shown}"


HOSTILE = [
    "::error::x",
    "::",
    "%",
    "%0A",
    "%25",
    ":",
    ",",
    "=",
    "\n",
    "\r",
    "\r\n",
    "##[error]",
    "\x1b[31m",
    "\u2028",
    "\x85",
    "\udcff",
    "é",
]
TEXT = st.lists(st.sampled_from(HOSTILE) | st.characters(), max_size=8).map("".join)
NAME = TEXT.map(lambda text: text.replace("/", "_").replace("\0", "_") or "a")


@given(NAME, TEXT, TEXT)
def test_a_finding_is_one_command_whatever_it_says(name: str, message: str, advice: str) -> None:
    finding = Finding(f"below/{name}.py", Span(1, 1, 1, 2), "NRL301", "short-name", Severity.INFO, message, help=advice)
    text = rendered(finding)
    text.encode()
    ((command, properties, told),) = commands(text)
    assert command == "notice"
    assert list(properties) == ["file", "line", "endLine", "col", "endColumn", "title"]
    assert properties["title"] == "NRL301 short-name"
    if "\udcff" not in name and name.isprintable():
        assert properties["file"] == f"below/{name}.py"
        assert told.startswith(f"below/{name}.py:1:1: ")
