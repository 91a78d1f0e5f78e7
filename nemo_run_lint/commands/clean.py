"""`clean`: removes what was remembered."""

from __future__ import annotations

from pathlib import Path

import click

from nemo_run_lint import cache_place, kept_answers
from nemo_run_lint.settings import load
from nemo_run_lint.signatures.store import remove
from nemo_run_lint.surroundings import cache_directory


@click.command()
def clean() -> None:
    """Remove what was remembered from earlier runs."""
    directory = cache_directory(load(Path.cwd()))
    try:
        removed = any([kept_answers.forget(directory), remove(directory)])
        cache_place.clear(directory)
    except OSError as error:
        raise click.FileError(str(error.filename or directory), error.strerror) from None
    click.echo(f"Removed {directory}" if removed else f"Nothing is remembered in {directory}")
