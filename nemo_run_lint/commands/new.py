"""`new`: writes the files of a new experiment."""

from __future__ import annotations

import getpass
from datetime import date
from pathlib import Path

import click

from nemo_run_lint import scaffold
from nemo_run_lint.commands.terminal import write


@click.command()
@click.argument("name")
@click.option("--author", help="Who answers for it.  [default: you]")
@click.option(
    "--root", type=click.Path(path_type=Path, file_okay=False, exists=True), default=".", help="The repository."
)
@click.option("--dry-run", is_flag=True, help="Print the files, and write nothing.")
def new(name: str, author: str | None, root: Path, dry_run: bool) -> None:
    """Write an experiment called NAME by the team standard: code, configuration, tests and a page of documentation."""
    try:
        texts = scaffold.files(name, author or _user(), date.today())
        if not dry_run:
            scaffold.write(root, texts)
    except scaffold.ScaffoldError as error:
        raise click.UsageError(str(error)) from None
    for path, text in texts.items():
        write([f"--- {path}\n{text}\n"] if dry_run else [f"wrote {path}\n"])


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # nobody's name is known, as in some containers
        return "unknown"
