"""`nemo-run-lint migrate`: what a step breaks, and the renames that it can do itself."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from nemo_run_lint.releases import NEWEST

OLD = """\
import nemo_run as run
from nemo_run.lazy import lazy_imports


def executor() -> run.DGXCloudExecutor:
    made = run.DGXCloudExecutor(app_id="i", app_secret="s", **{})
    print(made.app_id)
    return made


run.Task("never there")
"""

NEW = (
    OLD.replace("nemo_run.lazy", "nemo_run.cli.lazy")
    .replace("app_id=", "client_id=")
    .replace("made.app_id", "made.client_id")
    .replace("app_secret", "client_secret")
)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    (tmp_path / "launch.py").write_text(OLD)
    return tmp_path


def migrate(directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "nemo_run_lint", "migrate", *arguments]
    return subprocess.run(command, cwd=directory, capture_output=True, text=True)


def found(result: subprocess.CompletedProcess[str]) -> list[str]:
    """The places and names of the findings, of the concise format."""
    return [" ".join(line.split(" ")[i] for i in (0, 3)) for line in result.stdout.splitlines() if line.startswith("l")]


def test_what_works_in_the_old_and_not_in_the_new_is_listed(repository: Path) -> None:
    result = migrate(repository, "--from", "0.9", "--to", "0.11", "--output-format", "concise")
    assert (result.returncode, result.stderr) == (1, "")
    assert found(result) == [
        "launch.py:6:33: unknown-field:",
        "launch.py:6:45: unknown-field:",
        "launch.py:7:16: unknown-method:",
    ]
    assert "has no argument `app_id` in nemo_run 0.11.1 (renamed to `client_id` in 0.10.0)" in result.stdout


def test_a_longer_step_breaks_more(repository: Path) -> None:
    result = migrate(repository, "--from", "0.4", "--to", "0.11", "--output-format", "concise")
    assert found(result)[0] == "launch.py:2:6: unknown-import:"
    assert len(found(result)) == 4


@pytest.mark.parametrize(("old", "new"), [("0.5", "0.9"), ("0.10", "0.11"), ("0.11", "0.11")])
def test_a_step_that_breaks_nothing_ends_with_0(repository: Path, old: str, new: str) -> None:
    result = migrate(repository, "--from", old, "--to", new)
    assert (result.returncode, result.stdout) == (0, "All checks passed!\n")


def test_fix_does_the_renames_and_what_it_did_is_fine_afterwards(repository: Path) -> None:
    result = migrate(repository, "--from", "0.4", "--to", "0.11", "--fix")
    assert (result.returncode, result.stdout, result.stderr) == (
        0,
        "Found 4 errors in 1 file (4 fixed, 0 remaining).\n",
        "",
    )
    assert (repository / "launch.py").read_text() == NEW
    again = migrate(repository, "--from", "0.4", "--to", "0.11", "--fix")
    assert (again.returncode, again.stdout, again.stderr) == (0, "All checks passed!\n", "")


def test_diff_changes_nothing(repository: Path) -> None:
    result = migrate(repository, "--from", "0.4", "--to", "0.11", "--diff")
    assert result.returncode == 1
    assert (repository / "launch.py").read_text() == OLD
    assert "--- launch.py\n+++ launch.py\n" in result.stdout
    assert "-from nemo_run.lazy import lazy_imports\n+from nemo_run.cli.lazy import lazy_imports\n" in result.stdout
    patched = subprocess.run(["git", "apply", "-p0"], cwd=repository, input=result.stdout, text=True)
    assert patched.returncode == 0
    assert (repository / "launch.py").read_text() == NEW


def test_a_diff_of_a_file_that_ends_without_a_line_end_can_be_applied(repository: Path) -> None:
    (repository / "launch.py").write_bytes(
        OLD.replace('run.Task("never there")\n', "made = executor().app_id").encode()
    )
    result = migrate(repository, "--from", "0.9", "--to", "0.10", "--diff")
    assert subprocess.run(["git", "apply", "-p0"], cwd=repository, input=result.stdout, text=True).returncode == 0
    assert (repository / "launch.py").read_text().endswith("made = executor().client_id")


def test_what_has_no_certain_new_name_is_left_and_told(repository: Path) -> None:
    (repository / "launch.py").write_text(
        "import nemo_run as run\n\nrun.DGXCloudExecutor(app_id='i', client_id='j', **{}).logs('x', None)\n"
    )
    before = (repository / "launch.py").read_text()
    result = migrate(repository, "--from", "0.7", "--to", "0.11", "--fix", "--output-format", "concise")
    assert result.returncode == 1
    assert found(result) == ["launch.py:3:22: unknown-field:", "launch.py:3:55: unknown-method:"]
    assert (repository / "launch.py").read_text() == before


def test_code_that_asks_for_the_version_is_left_alone(repository: Path) -> None:
    (repository / "launch.py").write_text(
        "import nemo_run as run\n\n"
        "try:\n    from nemo_run.cli.lazy import lazy_imports\n"
        "except ImportError:\n    from nemo_run.lazy import lazy_imports\n"
        "if hasattr(run, 'KubeflowExecutor'):\n    run.KubeflowExecutor()\n"
    )
    assert migrate(repository, "--from", "0.3", "--to", "0.11").returncode == 0
    assert migrate(repository, "--from", "0.3", "--to", "0.8").returncode == 0


def test_a_comment_that_silences_a_finding_keeps_the_file_as_it_is(repository: Path) -> None:
    (repository / "launch.py").write_text(OLD.replace("**{})", "**{})  # nemo-run-lint: ignore[NRL801] -- a stand-in"))
    result = migrate(repository, "--from", "0.9", "--to", "0.11", "--fix")
    assert "Found 1 error in 1 file (1 fixed, 0 remaining, 2 suppressed)." in result.stdout
    assert "app_id=" in (repository / "launch.py").read_text()


def test_a_file_that_cannot_be_read_is_told(repository: Path) -> None:
    (repository / "launch.py").write_text("import nemo_run as run\nrun.Task(\n")
    result = migrate(repository, "--from", "0.9", "--to", "0.11", "--fix", "--output-format", "concise")
    assert result.returncode == 1
    assert "syntax-error" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--from", "0.2", "--to", "0.11"], ["0.2", "known are 0.3.0", NEWEST]),
        (["--from", "0.9", "--to", "0.12"], ["0.12", "known are", NEWEST]),
        (["--from", "0.11", "--to", "0.8"], ["--from 0.11.1 is later than --to 0.8.1"]),
        (["--to", "0.8"], ["--from"]),
        (["--from", "0.8", "--to", "0.9", "missing.py"], ["missing.py"]),
    ],
)
def test_bad_usage_is_2_and_one_sentence(repository: Path, arguments: list[str], words: list[str]) -> None:
    result = migrate(repository, *arguments)
    assert (result.returncode, result.stdout) == (2, "")
    assert all(word in result.stderr for word in words), result.stderr
    assert "Traceback" not in result.stderr


def test_check_takes_several_versions_and_tells_in_which_it_breaks(repository: Path) -> None:
    command = [sys.executable, "-m", "nemo_run_lint", "check", "--select", "NRL801", "--nemo-run-version", "0.11,0.9"]
    result = subprocess.run([*command, "launch.py"], cwd=repository, capture_output=True, text=True)
    assert result.returncode == 1
    assert "no argument `app_id` in nemo_run 0.11.1, which this project also uses (renamed to" in result.stdout
    (repository / "pyproject.toml").write_text('[tool.nemo-run-lint]\nnemo-run-version = "0.9"\nselect = ["NRL801"]\n')
    command = [sys.executable, "-m", "nemo_run_lint", "check", "launch.py"]
    assert subprocess.run(command, cwd=repository, capture_output=True).returncode == 0
    assert subprocess.run([*command, "--isolated"], cwd=repository, capture_output=True).returncode == 1
