"""`check --timings`: what is slow is named, first and alone, and nothing else changes."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = str(Path(sys.executable).with_name("nemo-run-lint"))

#: A rule of another package that takes a tenth of a second for each call of `slow`, and does it while it is asked on.
SLOW = '''
import time

import libcst as cst

from nemo_run_lint import Rule


class SlowRule(Rule):
    """It takes its time.

    Bad:
        slow()

    Good:
        quick()
    """

    code = "NRL991"
    message = "slow"

    def check(self, call: cst.Call, file):
        if isinstance(call.func, cst.Name) and call.func.value == "slow":
            time.sleep(0.1)
            yield self.at(call)
'''

ROW = re.compile(r" *([\d,]+\.\d) +([\d.]+) %  (.+)")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "site" / "slow-1.dist-info").mkdir(parents=True)
    (tmp_path / "site" / "slow.py").write_text(SLOW)
    entry = "[nemo_run_lint.rules]\nslow-rule = slow:SlowRule\n"
    (tmp_path / "site" / "slow-1.dist-info" / "entry_points.txt").write_text(entry)
    (tmp_path / "project").mkdir()
    for number in range(12):
        (tmp_path / "project" / f"quick_{number:02}.py").write_text("import nemo_run\n")
    (tmp_path / "project" / "slow.py").write_text("import nemo_run\n\nslow()\nslow()\nslow()\n")
    (tmp_path / "project" / "other.py").write_text("print('nothing of it')\n")
    return tmp_path / "project"


def check(project: Path, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(project.parent / "site")}
    environment["NEMO_RUN_LINT_CACHE_DIR"] = str(project.parent / "cache")
    return subprocess.run(
        [COMMAND, "check", "--isolated", "--select", "NRL991,NRL4", *arguments],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        input=stdin,
    )


def tables(told: str) -> dict[str, dict[str, tuple[float, float]]]:
    """Of each table, by its title, the milliseconds and the share of each row, in their order."""
    found: dict[str, dict[str, tuple[float, float]]] = {}
    for block in told.split("\n\n")[1:]:
        header, *lines = block.splitlines()
        rows = [ROW.fullmatch(line) for line in lines]
        assert all(rows), block
        found[header.split()[-1]] = {row[3]: (float(row[1].replace(",", "")), float(row[2])) for row in rows if row}
    return found


def test_the_slowest_rule_and_file_come_first(project: Path) -> None:
    result = check(project, "--timings")
    told = tables(result.stderr)
    assert list(told) == ["step", "rule", "file"]
    (rule, (ms, share)), *_ = told["rule"].items()
    (file, (file_ms, _)), *_ = told["file"].items()
    assert (rule, file) == ("NRL991 slow-rule", "slow.py")
    assert 300 <= ms <= file_ms
    assert share > 0
    assert told["step"]["rules"][0] >= ms
    assert {"parsing by Python", "parsing by LibCST", "loading the rules", "all else"} <= told["step"].keys()


def test_the_steps_are_the_whole_and_what_is_not_named_is_summed_up(project: Path) -> None:
    result = check(project, "--timings")
    told = tables(result.stderr)
    taken = re.match(r"The run took ([\d,]+\.\d) ms, in one process that used nothing remembered\.\n", result.stderr)
    assert taken is not None
    assert sum(ms for ms, _ in told["step"].values()) == pytest.approx(float(taken[1].replace(",", "")), abs=1)
    assert sum(share for _, share in told["step"].values()) == pytest.approx(100, abs=1)
    assert sum(ms for ms, _ in told["rule"].values()) == pytest.approx(told["step"]["rules"][0], abs=1)
    assert (len(told["file"]), list(told["file"])[-1]) == (11, "4 more files")
    for rows in told.values():
        times = [ms for name, (ms, _) in rows.items() if " more " not in name]
        assert times == sorted(times, reverse=True)


def test_what_is_found_is_the_same_and_nothing_is_remembered(project: Path) -> None:
    timed = check(project, "--timings", "--output-format", "concise")
    assert not (project.parent / "cache").exists()
    plain = check(project, "--output-format", "concise")
    assert (timed.stdout, timed.returncode) == (plain.stdout, plain.returncode)
    assert plain.stderr == ""
    # what the run before has remembered is not used either
    assert "slow-rule" in check(project, "--timings").stderr


@pytest.mark.parametrize("arguments", [["--diff"], ["--fix"], ["--statistics"], ["-"], ["empty"]], ids=" ".join)
def test_every_run_can_be_timed(project: Path, arguments: list[str]) -> None:
    (project / "empty").mkdir()
    result = check(project, "--timings", *arguments, stdin="import nemo_run\n")
    told = tables(result.stderr[result.stderr.index("The run took ") :])
    assert "all else" in told["step"]
    assert ("rule" in told) == (arguments != ["empty"])


def test_a_run_without_an_end_is_not_timed(project: Path) -> None:
    result = check(project, "--timings", "--watch")
    assert result.returncode == 2
    assert "--timings tells of one run" in result.stderr
