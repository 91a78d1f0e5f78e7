"""What the doctor says, and of what place."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property
from pathlib import Path

from nemo_run_lint.settings import DEFAULT_EXCLUDE, Settings
from nemo_run_lint.signatures.environment import Environment
from nemo_run_lint.surroundings import Surroundings, project_of

_SKIPPED = frozenset(DEFAULT_EXCLUDE.split())


class Level(str, Enum):
    """How bad it is. PROBLEM: findings are lost or the linter does not run; ADVICE: better otherwise; OK: as it is."""

    OK = "ok"
    ADVICE = "advice"
    PROBLEM = "problem"


@dataclass(frozen=True)
class Told:
    """One thing that the doctor says.

    message  a sentence without a full stop
    file     the file that it is about; None for none
    write    what to write there, or to type, line by line; empty for nothing
    """

    level: Level
    message: str
    file: Path | None = None
    write: tuple[str, ...] = ()


@dataclass(frozen=True)
class Place:
    """Where the doctor looks.

    directory  what is to be linted
    settings   those that count there; the defaults where they cannot be read
    """

    directory: Path
    settings: Settings

    @cached_property
    def root(self) -> Path:
        """The project around the directory, or the directory itself where there is none."""
        return project_of(self.directory) or self.directory

    @cached_property
    def environment(self) -> Environment:
        """Where the project runs. Raises SettingsError if the settings name one that there is not."""
        return Surroundings().of(str(self.directory / "_.py"), "", replace(self.settings, cache=False)).environment

    @cached_property
    def upwards(self) -> tuple[Path, ...]:
        """The directory and those above it, the nearest first."""
        return (self.directory, *self.directory.parents)

    def walk(self) -> Iterator[tuple[Path, list[str]]]:
        """The directories below, each with the names of its files; what is never linted is left out."""
        for top, directories, files in os.walk(self.directory):
            directories[:] = sorted(each for each in directories if each not in _SKIPPED)
            yield Path(top), sorted(files)


def lines(file: Path) -> list[str]:
    """The lines of a text file; none if it cannot be read."""
    try:
        return file.read_text(encoding="utf-8-sig").splitlines() if os.path.isfile(file) else []
    except (OSError, ValueError):
        return []
