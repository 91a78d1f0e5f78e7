"""The files to be linted: whether there are any, and whether they can be read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from nemo_run_lint.doctor.told import Level, Place, Told
from nemo_run_lint.settings import Settings, SettingsError, load
from nemo_run_lint.sources.discovery import discover
from nemo_run_lint.sources.python import TooLargeError, UnreadableError, mentions_nemo_run, read


def examine(place: Place) -> Iterator[Told]:
    """Tells what cannot be read, and how many files mention nemo_run."""
    trouble: list[Told] = []

    def cannot_list(directory: str, error: OSError) -> None:
        trouble.append(Told(Level.PROBLEM, f"{directory} cannot be listed: {error.strerror or error}"))

    def settings_for(directory: Path) -> Settings:
        try:
            return load(directory)
        except SettingsError:  # told already, with the file
            return place.settings

    files = mentioning = 0
    for path in discover([str(place.directory)], settings_for, cannot_list):
        files += 1
        try:
            mentioning += mentions_nemo_run(read(path, place.settings.maximum_file_size))
        except UnreadableError as error:
            trouble.append(Told(Level.PROBLEM, f"{path} {error}"))
        except TooLargeError as error:
            trouble.append(Told(Level.ADVICE, f"{path} is skipped: {error}"))
    yield from trouble
    if files:
        yield Told(Level.OK, f"{mentioning} of {files} files mention nemo_run; the others are passed over")
    else:
        yield Told(Level.ADVICE, f"there is no Python file in {place.directory} that is not excluded")
