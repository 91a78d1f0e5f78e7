"""The standard for branches and commits, with the real git."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nemo_run_lint.workflow import (
    WorkflowError,
    branch_name,
    branch_problem,
    clean_name,
    commit_message,
    current_branch,
    message_problems,
)

DAY = date(2026, 1, 31)
COMMAND = [sys.executable, "-m", "nemo_run_lint", "workflow"]


def run(directory: Path, *arguments: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *arguments], cwd=directory, input=stdin, capture_output=True, text=True)


def git(directory: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "init.defaultBranch=main"]
    done = subprocess.run(["git", *identity, *arguments], cwd=directory, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("name", "branch"),
    [
        ("New Model Training", "feature/new_model_training_20260131"),
        ("new_model_training", "feature/new_model_training_20260131"),
        ("  LLaMA-3 (8B)!  ", "feature/llama_3_8b_20260131"),
        ("Modèle été", "feature/modele_ete_20260131"),
        ("../../etc; rm -rf /", "feature/etc_rm_rf_20260131"),
    ],
)
def test_the_name_of_a_branch(name: str, branch: str) -> None:
    assert branch_name(name, DAY) == branch
    assert branch_problem(branch) is None


@given(st.text())
def test_every_name_gives_a_branch_that_passes_or_is_refused(name: str) -> None:
    try:
        branch = branch_name(name, DAY)
    except WorkflowError:
        return
    assert branch_problem(branch) is None
    assert clean_name(clean_name(name)) == clean_name(name)


@pytest.mark.parametrize(
    ("branch", "problem"),
    [
        ("main", None),
        ("release/1.2", None),
        ("feature/a_20260131", None),
        ("feature/new_model", "does not follow the standard"),
        ("feature/New_20260131", "does not follow the standard"),
        ("feature/a__b_20260131", "does not follow the standard"),
        ("new_model_20260131", "does not follow the standard"),
        ("feature/a_20261331", "ends with 20261331, which is no date"),
        ("mainline", "does not follow the standard"),
    ],
)
def test_what_a_branch_may_be_called(branch: str, problem: str | None) -> None:
    found = branch_problem(branch)
    assert found is None if problem is None else found is not None and problem in found


def test_the_branch_that_is_checked_out(tmp_path: Path) -> None:
    repository, below = tmp_path / "r", tmp_path / "r" / "a" / "b"
    below.mkdir(parents=True)
    git(repository, "init", "--quiet")
    assert current_branch(below) == "main"  # before the first commit
    git(repository, "commit", "--allow-empty", "--quiet", "-m", "x")
    git(repository, "switch", "--quiet", "-c", "feature/a_20260131")
    assert current_branch(repository) == "feature/a_20260131"
    git(repository, "worktree", "add", "--quiet", "-b", "odd", str(tmp_path / "w"))
    assert current_branch(tmp_path / "w") == "odd"
    assert run(tmp_path / "w", "check-branch").returncode == 1
    assert run(repository, "check-branch").returncode == 0
    git(repository, "switch", "--quiet", "--detach")
    assert current_branch(repository) is None
    assert run(repository, "check-branch").returncode == 0
    with pytest.raises(WorkflowError, match="is in no git repository"):
        current_branch(tmp_path)
    outside = run(tmp_path, "check-branch")
    assert (outside.returncode, "is in no git repository" in outside.stderr) == (2, True)


FEATURE = "feat: New Model Training\n\n- add the model\n- tune it\n"


def test_a_commit_message() -> None:
    assert commit_message("New Model  Training", ["add the\nmodel", "tune it"]) == FEATURE
    assert message_problems(FEATURE) == []


@pytest.mark.parametrize(
    ("message", "problems"),
    [
        ("fix: seed\n", []),
        ("fix(data)!: seed\n\n- why\n  and how\n\nSigned-off-by: A <a@b.c>\n", []),
        ("Merge branch 'a'\nwhatever\n", []),
        ("fixup! feat: x\n", []),
        ('Revert "feat: x"\n\nThis reverts commit 1.\n', []),
        (
            f"# a comment\n{FEATURE}# Please enter\n# ------------------------ >8 ------------------------\ndiff --git\n",
            [],
        ),
        ("", ["1: the message is empty"]),
        ("# only a comment\n", ["1: the message is empty"]),
        ("new model\n", ["1: `new model` does not say what kind of change it is"]),
        ("feature: x\n\n- y\n", ["1: `feature` is no kind of change"]),
        ("feat:x\n\n- y\n", ["1: one blank goes between"]),
        ("feat: \n\n- y\n", ["1: `feat:` does not say what was done"]),
        ("feat: x\n", ["1: list the changes below"]),
        ("feat: x\n- y\n", ["2: an empty line goes between"]),
        ("feat: x\n\n- y\nand z\n", ["4: `and z` is no change"]),
        ("fix: x\n\n* y\n", ["3: `* y` is no change"]),
        (f"fix: {'x' * 70}\n", ["1: the first line has 75 characters, of which 72 are shown"]),
    ],
)
def test_what_a_message_may_say(message: str, problems: list[str]) -> None:
    found = [f"{each.line}: {each.text}" for each in message_problems(message)]
    assert len(found) == len(problems)
    assert all(each.startswith(start) for each, start in zip(found, problems, strict=True))


@given(st.text(), st.lists(st.text(), min_size=1))
def test_every_message_that_is_made_passes_or_is_refused(name: str, changes: list[str]) -> None:
    try:
        message = commit_message(name, changes)
    except WorkflowError:
        return
    assert message_problems(message) == []


def test_the_commands(tmp_path: Path) -> None:
    branch = run(tmp_path, "branch", "New", "Model")
    assert (branch.returncode, branch.stdout) == (0, f"feature/new_model_{date.today():%Y%m%d}\n")
    assert run(tmp_path, "branch", "模型").returncode == 2
    assert run(tmp_path, "commit-message", "New Model Training", "add the model", "tune it").stdout == FEATURE
    assert "list the changes" in run(tmp_path, "commit-message", "x", "").stderr
    assert run(tmp_path, "check-commit-message", "-", stdin=FEATURE).returncode == 0
    (tmp_path / "message").write_bytes(b"\xff no\n")
    refused = run(tmp_path, "check-commit-message", "message")
    assert (refused.returncode, refused.stdout.startswith("message:1: ")) == (1, True)
    missing = run(tmp_path, "check-commit-message", "nothing")
    assert (missing.returncode, "nothing" in missing.stderr) == (2, True)
