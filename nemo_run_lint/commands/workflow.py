"""`workflow`: the team's standard for branches and commit messages."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from nemo_run_lint import workflow as standard


@click.group()
def workflow() -> None:
    """Name branches and commits by the team's standard, and check that they are."""


def _stopped(error: standard.WorkflowError) -> click.UsageError:
    return click.UsageError(str(error))


@workflow.command()
@click.argument("name", nargs=-1, required=True)
def branch(name: Sequence[str]) -> None:
    """Print the branch for the experiment NAME: feature/clean_name_YYYYMMDD.

    To make it: git switch -c "$(nemo-run-lint workflow branch NAME)"
    """
    try:
        click.echo(standard.branch_name(" ".join(name), date.today()))
    except standard.WorkflowError as error:
        raise _stopped(error) from None


@workflow.command("check-branch")
@click.argument("name", required=False)
def check_branch(name: str | None) -> None:
    """Check what a branch is called: NAME, or the one that is checked out."""
    try:
        found = name if name is not None else standard.current_branch(Path.cwd())
    except standard.WorkflowError as error:
        raise _stopped(error) from None
    problem = standard.branch_problem(found) if found is not None else None
    if problem is not None:
        click.echo(problem)
        sys.exit(1)


@workflow.command("commit-message")
@click.argument("name")
@click.argument("changes", nargs=-1, required=True, metavar="CHANGE...")
def commit_message(name: str, changes: Sequence[str]) -> None:
    """Print a commit message: `feat: NAME`, and each CHANGE with a `-` before it."""
    try:
        click.echo(standard.commit_message(name, changes), nl=False)
    except standard.WorkflowError as error:
        raise _stopped(error) from None


@workflow.command("check-commit-message")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
def check_commit_message(file: Path) -> None:
    """Check the message in FILE, as git hands it to a commit-msg hook; `-` reads standard input."""
    try:
        data = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise click.FileError(str(file), error.strerror) from None
    problems = standard.message_problems(data.decode("utf-8", "replace"))
    for problem in problems:
        click.echo(f"{file}:{problem.line}: {problem.text}")
    sys.exit(1 if problems else 0)
