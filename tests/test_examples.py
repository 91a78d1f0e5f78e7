"""The example repository: what is clean really runs under nemo_run, what is broken shows every family."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"
NEMO_BIN = ROOT / ".venv-nemo" / "bin"
FAMILIES = {"NRL1", "NRL2", "NRL3", "NRL4", "NRL5"}


def check(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "nemo_run_lint", "check", "--output-format", "json", *arguments]
    return subprocess.run(command, cwd=EXAMPLES, capture_output=True, text=True)


def test_the_clean_part_is_clean_at_the_strictest() -> None:
    result = check("--profile", "strict", ".")
    assert (result.returncode, json.loads(result.stdout)["findings"]) == (0, [])


def test_the_broken_experiment_has_a_finding_of_every_family() -> None:
    result = check("experiments/broken.py")
    assert result.returncode == 1
    assert {finding["code"][:4] for finding in json.loads(result.stdout)["findings"]} >= FAMILIES


def test_the_page_of_the_clean_experiment_is_fresh() -> None:
    command = [sys.executable, "-m", "nemo_run_lint", "docs", "--check"]
    result = subprocess.run(command, cwd=EXAMPLES, capture_output=True, text=True)
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


def under_nemo(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    if not NEMO_BIN.exists():
        pytest.skip("the real nemo_run is not installed here: make .venv-nemo/ready")
    environment = {
        **os.environ,
        "PATH": f"{NEMO_BIN}{os.pathsep}{os.environ['PATH']}",  # LocalExecutor starts the `python` of the PATH
        "PYTHONPATH": str(EXAMPLES),
        "NEMORUN_HOME": str(home),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    command = [str(NEMO_BIN / "python"), *arguments]
    return subprocess.run(command, cwd=EXAMPLES, env=environment, capture_output=True, text=True)


def test_the_tests_of_the_clean_experiment_pass(tmp_path: Path) -> None:
    result = under_nemo(tmp_path / "home", "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests")
    assert result.returncode == 0, result.stdout


def test_the_clean_experiment_runs(tmp_path: Path) -> None:
    result = under_nemo(tmp_path / "home", "experiments/perceptron.py", str(tmp_path))
    assert result.returncode == 0, result.stderr
    assert result.stdout.count("Status: SUCCEEDED") == 2, result.stdout
    assert len(json.loads((tmp_path / "weights.json").read_text())) == 3
