"""Several outputs of one run, chosen on the command line, by the settings or by where it runs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

BROKEN = """\
import nemo_run as run


def train(schedule: object) -> None:
    \"\"\"Train.\"\"\"


run.Partial(train, schedule=lambda step: 0.1)
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    (tmp_path / "broken.py").write_text(BROKEN)
    (tmp_path / "pyproject.toml").write_text('[tool.nemo-run-lint]\nselect = ["NRL401"]\n')
    return tmp_path


def check(directory: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    outside = {key: value for key, value in os.environ.items() if not key.startswith("GITHUB_")}
    command = [sys.executable, "-m", "nemo_run_lint", "check", *arguments]
    return subprocess.run(command, cwd=directory, capture_output=True, text=True, env={**outside, **environment})


def test_several_outputs_of_one_run(repository: Path) -> None:
    files = ("--output", "sarif=out.sarif", "--output", "junit=out.xml", "--output", "json=out.json")
    result = check(repository, "--output-format", "concise", *files)
    assert (result.returncode, result.stderr) == (1, "")
    assert result.stdout.startswith("broken.py:8:29: NRL401 error lambda-in-config")
    (found,) = json.loads((repository / "out.json").read_text())["findings"]
    (sarif,) = json.loads((repository / "out.sarif").read_text())["runs"][0]["results"]
    assert (found["code"], sarif["ruleId"]) == ("NRL401", "NRL401")
    assert ElementTree.parse(repository / "out.xml").find(".//failure") is not None


def test_outputs_of_the_settings(repository: Path) -> None:
    (repository / "pyproject.toml").write_text(
        '[tool.nemo-run-lint]\nselect = ["NRL401"]\noutput-format = "concise"\noutput = ["json=out.json"]\n'
    )
    assert check(repository).stdout.startswith("broken.py:8:29: ")
    assert len(json.loads((repository / "out.json").read_text())["findings"]) == 1


def test_nothing_found_is_written_as_well(repository: Path) -> None:
    (repository / "broken.py").write_text("import nemo_run as run\n")
    assert check(repository, "--output", "sarif=out.sarif").returncode == 0
    assert json.loads((repository / "out.sarif").read_text())["runs"][0]["results"] == []


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("--output-format", "sarfi"), "there is no format `sarfi`; did you mean `sarif`?"),
        (("--output", "sarfi=out"), "there is no format `sarfi`; did you mean `sarif`?"),
        (("--output", "out.sarif"), "write FORMAT=FILE"),
        (("--output", "json=out", "--output", "sarif=./out"), "write to the same file"),
        (("--output", "json=missing/out"), "there is no directory `missing`"),
        (("--output", "json=."), "it is a directory"),
    ],
)
def test_outputs_that_cannot_be_meant(repository: Path, arguments: tuple[str, ...], problem: str) -> None:
    result = check(repository, *arguments)
    assert (result.returncode, result.stdout) == (2, "")
    assert problem in result.stderr.replace(str(repository.resolve()) + "/", "")
    assert not (repository / "out").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk(repository: Path) -> None:
    result = check(repository, "--output", "json=/dev/full")
    assert result.returncode == 2
    assert "cannot write `/dev/full`: no space left on device" in result.stderr


def test_in_github_actions(repository: Path) -> None:
    summary = repository / "summary.md"
    summary.write_text("before\n")
    environment = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(summary), "GITHUB_WORKSPACE": str(repository)}
    result = check(repository, **environment)
    assert result.stdout.startswith("::error file=broken.py,line=8,endLine=8,col=29,")
    told = summary.read_text()
    assert told.startswith("before\n")
    assert "lambda-in-config" in told
    summary.write_text("")
    assert check(repository, "--output-format", "concise", **environment).stdout.startswith("broken.py:8:29")
    assert summary.read_text() == ""


def test_statistics(repository: Path) -> None:
    counted = check(repository, "--statistics")
    assert (counted.returncode, counted.stdout.splitlines()[0]) == (1, "1\tNRL401\tlambda-in-config")
    as_json = check(repository, "--statistics", "--output-format", "json")
    assert json.loads(as_json.stdout) == [{"code": "NRL401", "name": "lambda-in-config", "count": 1, "fixable": 0}]


def test_links_are_for_terminals(repository: Path) -> None:
    assert "\x1b]8" not in check(repository).stdout
    forced = check(repository, FORCE_HYPERLINK="1", TERM="xterm").stdout
    assert "\x1b]8;;" in forced
    assert "rules.md#lambda-in-config" in forced
    assert "\x1b]8" not in check(repository, "--output-format", "json", FORCE_HYPERLINK="1").stdout
