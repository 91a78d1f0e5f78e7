"""A new experiment by the team standard: its code, its configuration, its tests and its page, ready to run.

What is written passes `check --profile strict`, and its tests pass. All files are written or none, never over another.
"""

from __future__ import annotations

import keyword
import os
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from string import Template

from nemo_run_lint.documentation.words import prose
from nemo_run_lint.layout import Layout, module_name
from nemo_run_lint.workflow import WorkflowError, clean_name

_TEMPLATES = Path(__file__).parent / "templates"

#: Longer names of tasks are cut by some schedulers.
_LONGEST_TASK = 34


class ScaffoldError(Exception):
    """An experiment cannot be written. The message is a sentence for the user."""


def files(heading: str, author: str, day: date, layout: Layout | None = None) -> dict[str, str]:
    """The files of a new experiment: from paths relative to the repository to their text.

    heading  what people call it: "New Model Training"
    author   who answers for it

    Raises ScaffoldError for a heading of which no name of a Python module can be made.
    """
    name = _name(heading)
    places = (layout or Layout()).of(name)
    task = f"train-{name.replace('_', '-')}"
    told = {
        "heading": _on_a_line(heading),
        "author": _on_a_line(author),
        "author_prose": prose(_on_a_line(author)),
        "day": day.isoformat(),
        "name": name,
        "class_name": "".join(part.capitalize() for part in name.split("_")),
        "title": name.replace("_", "-"),
        "task": task if len(task) <= _LONGEST_TASK else "train-model",
        "config_module": module_name(places.config),
        "experiment_module": module_name(places.experiment),
        "experiment_file": places.experiment,
    }
    templates = ("experiment", places.experiment), ("config", places.config), ("test", places.test)
    return {path: _filled(template, told) for template, path in (*templates, ("docs", places.documentation))}


def write(root: Path, texts: Mapping[str, str]) -> None:
    """Write files below `root`: all of them, or none. Raises ScaffoldError, also if one of them is there already."""
    there = [path for path in texts if os.path.lexists(root / path)]
    if there:
        raise ScaffoldError(f"{root / there[0]} is there already, and nothing is overwritten; use another name")
    written: list[Path] = []
    made: list[Path] = []
    try:
        for path, text in texts.items():
            file = root / path
            made += reversed([above for above in file.parents if not above.exists()])
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("x", encoding="utf-8", newline="\n") as opened:
                written.append(file)
                opened.write(text)
    except OSError as error:
        _undo(written, made)
        raise ScaffoldError(f"{error.filename or root} cannot be written: {error.strerror}; nothing was") from None


def _undo(written: list[Path], made: list[Path]) -> None:
    for file in written:
        with suppress(OSError):
            file.unlink()
    for directory in reversed(made):
        with suppress(OSError):
            directory.rmdir()


def _name(heading: str) -> str:
    try:
        name = clean_name(heading)
    except WorkflowError as error:
        raise ScaffoldError(str(error)) from None
    if not name.isidentifier() or keyword.iskeyword(name):
        raise ScaffoldError(
            f"`{heading}` gives the name `{name}`, which no Python module can have; begin with a letter"
        )
    return name


def _on_a_line(text: str) -> str:
    """Text that can stand in a docstring and in Markdown."""
    return " ".join(text.replace("\\", "/").replace('"', "'").split()) or "unknown"


def _filled(template: str, told: Mapping[str, str]) -> str:
    return Template((_TEMPLATES / f"{template}.txt").read_text(encoding="utf-8")).substitute(told)
