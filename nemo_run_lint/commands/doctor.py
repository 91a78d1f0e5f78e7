"""`doctor`: tells what hinders the linter here or hides its findings, and what to write in which file."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nemo_run_lint.commands.parameters import color_option
from nemo_run_lint.commands.terminal import wants_color, write
from nemo_run_lint.settings import Settings, SettingsError, load
from nemo_run_lint.sources.discovery import shown

if TYPE_CHECKING:
    from nemo_run_lint.doctor import Told

_COLOURS = {"ok": "green", "advice": "yellow", "problem": "red"}


@click.command()
@click.argument("path", type=click.Path(path_type=Path, exists=True, file_okay=False), default=".")
@click.option("--output-format", type=click.Choice(["text", "json"]), default="text", help="How to print it.")
@click.option("-q", "--quiet", is_flag=True, help="Leave out what is as it should be.")
@color_option()
def doctor(path: Path, output_format: str, quiet: bool, color: str) -> None:
    """Look for what hinders the linter in PATH (default: the current directory), or hides its findings.

    Nothing is changed: what to write, and where, is told. Ends with status 1 if there is a problem.
    """
    from nemo_run_lint.doctor import Level, Place, examine

    directory = Path(os.path.abspath(path))
    try:
        settings = load(directory)
    except SettingsError:
        settings = Settings()  # what is wrong with them is told with all the rest
    found = [each for each in examine(Place(directory, settings)) if not (quiet and each.level is Level.OK)]
    if output_format == "json":
        write([json.dumps([_as_dict(each) for each in found], indent=2), "\n"])
    else:
        write(_as_lines(found, wants_color(color)))
    sys.exit(1 if any(each.level is Level.PROBLEM for each in found) else 0)


def _as_dict(told: Told) -> dict[str, object]:
    file = str(told.file) if told.file is not None else None
    return {"level": told.level.value, "message": told.message, "file": file, "write": list(told.write)}


def _as_lines(found: list[Told], color: bool) -> Iterator[str]:
    width = max(map(len, _COLOURS))
    for each in found:
        level = f"{each.level.value:<{width}}"
        where = f"{shown(str(each.file))}: " if each.file is not None else ""
        yield f"{click.style(level, fg=_COLOURS[each.level.value]) if color else level}  {where}{each.message}\n"
        yield from (f"{'':<{width + 6}}{line}\n" for line in each.write)
    counts = {level: sum(each.level.value == level for each in found) for level in ("problem", "advice")}
    problems = f"{counts['problem'] or 'no'} problem{'s' * (counts['problem'] != 1)}"
    yield f"Found {problems}, and gave advice {counts['advice']} time{'s' * (counts['advice'] != 1)}.\n"
