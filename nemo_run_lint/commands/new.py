"""`new`: writes the files of a new experiment."""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import click

from nemo_run_lint import scaffold
from nemo_run_lint.commands.terminal import write
from nemo_run_lint.layout import PLACES, Layout, problem
from nemo_run_lint.rule_files import did_you_mean
from nemo_run_lint.settings import load


class Place(click.ParamType):  # type: ignore[type-arg] # generic since click 8.2
    """One place of a layout: `test=checks/{name}_test.py`."""

    name = "place"

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> Any:
        """The place and its pattern; refuses what is none."""
        place, equals, pattern = str(value).partition("=")
        if not equals or place not in PLACES:
            near = did_you_mean(place, PLACES) if equals else ""
            self.fail(f"{value!r} must be KEY=PATTERN, KEY one of {', '.join(PLACES)}{near}", param, context)
        if wrong := problem(place, pattern):
            self.fail(f"`{place}` {wrong}", param, context)
        return place, pattern


@click.command()
@click.argument("name")
@click.option("--author", help="Who answers for it.  [default: you]")
@click.option(
    "--root",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="The repository.  [default: where the settings lie, or the current directory]",
)
@click.option(
    "--layout",
    "places",
    type=Place(),
    multiple=True,
    metavar="KEY=PATTERN",
    help="Where a part goes, instead of what the settings say: 'test=checks/{name}_test.py'.",
)
@click.option("--dry-run", is_flag=True, help="Print the files, and write nothing.")
def new(name: str, author: str | None, root: Path | None, places: Sequence[tuple[str, str]], dry_run: bool) -> None:
    """Write an experiment called NAME by the team standard: code, configuration, tests and a page of documentation."""
    settings = load(root or Path.cwd())
    top = root or (settings.root if settings.source is not None else Path())
    layout = replace(settings.layout, **dict(places))
    _check(layout)
    try:
        texts = scaffold.files(name, author or _user(), date.today(), layout)
        if not dry_run:
            scaffold.write(top, texts)
    except scaffold.ScaffoldError as error:
        raise click.UsageError(str(error)) from None
    for path, text in texts.items():
        write([f"--- {path}\n{text}\n"] if dry_run else [f"wrote {_shown(top, path)}\n"])


def _check(layout: Layout) -> None:
    """Refuse a layout in which the files cannot be told apart, or would not be what `new` writes."""
    of_python = {"experiment": layout.experiment, "config": layout.config, "test": layout.test}
    for place, pattern in of_python.items():
        if not pattern.endswith(".py"):
            raise click.UsageError(f"the layout has {place} = {pattern!r}, and what is written there is Python (.py)")
    patterns = [*of_python.values(), layout.documentation]
    twice = next((pattern for pattern in patterns if patterns.count(pattern) > 1), None)
    if twice is not None:
        raise click.UsageError(f"the layout has {twice!r} for two parts of an experiment")


def _shown(root: Path, path: str) -> str:
    from nemo_run_lint.sources.discovery import shown

    return shown(str(root / path))


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # nobody's name is known, as in some containers
        return "unknown"
