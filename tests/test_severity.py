"""`severity` and `--config` on a command line: what is remembered of a file is good for any severities."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

BROKEN = "import nemo_run as run\nfrom training import train\n\nrun.Partial(train, x=lambda: 1)\n"

#: Runs the command, and says whether LibCST was imported for it.
PROBE = """
import sys
from nemo_run_lint.command_line import cli
try:
    cli.main(["check", "--output-format", "json", *sys.argv[1:]], standalone_mode=False)
except SystemExit:
    pass
print("libcst" in sys.modules, file=sys.stderr)
"""


def findings(directory: Path, *arguments: str) -> tuple[list[tuple[str, str]], bool]:
    """Code and severity of each finding, and whether a file was parsed for that."""
    environment = {**os.environ, "NEMO_RUN_LINT_CACHE_DIR": str(directory / ".cache")}
    command = [sys.executable, "-c", PROBE, *arguments]
    result = subprocess.run(command, cwd=directory, capture_output=True, text=True, env=environment)
    found = json.loads(result.stdout)["findings"]
    return [(each["code"], each["severity"]) for each in found], result.stderr.strip() == "True"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "a.py").write_text(BROKEN)
    return tmp_path


def test_severities_cost_no_second_look(project: Path) -> None:
    assert findings(project) == ([("NRL401", "error")], True)
    (project / "nemo-run-lint.toml").write_text('severity = { ALL = "error", NRL4 = "info" }\n')
    assert findings(project) == ([("NRL401", "info")], False)
    (project / "nemo-run-lint.toml").write_text('severity = { NRL4 = "info", lambda-in-config = "warning" }\n')
    assert findings(project) == ([("NRL401", "warning")], False)


def test_severities_reach_what_the_linter_says_itself(project: Path) -> None:
    (project / "a.py").write_text("import nemo_run\nx = 1  # noqa: NRL401\n")
    (project / "b.py").write_text("import nemo_run\nx = \xa7\n", encoding="latin-1")
    given = ("--config", 'severity.NRL0 = "info"', "--profile", "strict")
    assert [severity for _, severity in findings(project, *given)[0]] == ["info", "info"]


def test_the_profile_stays_what_it_is(project: Path) -> None:
    given = ("--config", 'severity.NRL401 = "info"', "--profile", "correctness")
    assert findings(project, *given)[0] == [("NRL401", "info")]


def test_config_counts_after_the_file_and_before_the_options(project: Path) -> None:
    (project / "nemo-run-lint.toml").write_text('ignore = ["NRL401"]\nseverity = { NRL401 = "info" }\n')
    assert findings(project)[0] == []
    assert findings(project, "--config", "ignore = []")[0] == [("NRL401", "info")]
    assert findings(project, "--config", "ignore = []", "--ignore", "NRL4")[0] == []
    (project / "ci.toml").write_text("profile = 'strict'\n")
    assert findings(project, "--config", "ci.toml")[0] == [("NRL401", "error")]
    assert findings(project, "--isolated", "--config", 'severity.NRL4 = "warning"')[0] == [("NRL401", "warning")]


@pytest.mark.parametrize(
    "given", ["missing.toml", "profil = 1", "profile", "profile = ", "=", "", "rules.short-name.x = 1"]
)
def test_a_config_that_cannot_be_meant_is_2(project: Path, given: str) -> None:
    command = [sys.executable, "-m", "nemo_run_lint", "check", "--config", given]
    result = subprocess.run(command, cwd=project, capture_output=True, text=True)
    assert (result.returncode, result.stdout) == (2, "")
    assert "Traceback" not in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert given in result.stderr
