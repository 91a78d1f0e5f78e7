"""The linter's own settings: every file of them below the place, with all that is wrong in each."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nemo_run_lint.doctor.told import Level, Place, Told
from nemo_run_lint.rule import Rule
from nemo_run_lint.rule_files import names
from nemo_run_lint.selection import checked_options, rule_called
from nemo_run_lint.settings import SettingsError
from nemo_run_lint.settings.files import layers
from nemo_run_lint.settings.reading import layers_of, problems
from nemo_run_lint.settings.text import NAMES, own_table
from nemo_run_lint.surroundings import Surroundings


def examine(place: Place) -> Iterator[Told]:
    """Tells which file counts, which do not although they are there, and what is wrong in any."""
    in_files = [told for directory in _directories(place) for told in _in_directory(directory)]
    yield from _counting(place, is_told=any(each.level is Level.PROBLEM for each in in_files))
    yield from in_files


def _counting(place: Place, is_told: bool) -> Iterator[Told]:
    try:
        found = layers(place.directory)
        Surroundings().check(place.settings)
    except SettingsError as error:
        if not is_told:
            yield Told(Level.PROBLEM, str(error))
        return
    if found:
        yield Told(Level.OK, f"the settings are {' extends '.join(layer.source for layer in reversed(found))}")
    else:
        yield Told(Level.OK, "no settings file counts here: all is as it comes")


def _in_directory(directory: Path) -> Iterator[Told]:
    found = [directory / name for name in NAMES if os.path.lexists(directory / name)]
    for file in found:
        yield from _broken(file)
    counting = [file for file in found if _has_settings(file)]
    for file in counting[1:]:
        yield Told(Level.ADVICE, f"these settings do not count, since {counting[0].name} lies beside them", file)


def _directories(place: Place) -> Iterator[Path]:
    """Those that may hold settings for what is linted: above the place up to the project's, and below it."""
    yield from (each for each in place.upwards[1:] if each.is_relative_to(place.root))
    yield from (directory for directory, _ in place.walk())


def _has_settings(file: Path) -> bool:
    try:
        return os.path.isfile(file) and own_table(file) is not None
    except SettingsError:
        return False


def _broken(file: Path) -> Iterator[Told]:
    """What is wrong in one file. A pyproject.toml that is none is other tools' trouble too, but stops this one."""
    try:
        table = own_table(file)
    except SettingsError as error:
        yield Told(Level.PROBLEM, str(error), file)
        return
    if table is None:
        return
    found = list(problems(file, table))
    yield from (Told(Level.PROBLEM, problem, file) for problem in found)
    yield from (Told(Level.PROBLEM, problem, file) for problem in _options(table))
    if not found:
        try:
            layers_of(file)
        except SettingsError as error:
            yield Told(Level.PROBLEM, str(error).removeprefix(f"{file}: "), file)


def _options(table: Any) -> Iterator[str]:
    """What is wrong with the options of rules, one by one."""
    rules = table.get("rules") if isinstance(table, dict) else None
    tables = rules if isinstance(rules, dict) else {}
    for name in sorted(tables.keys() & names()):
        for key, value in tables[name].items() if isinstance(tables[name], dict) else ():
            if (problem := _of_option(rule_called(name), key, value)) is not None:
                yield problem


def _of_option(rule: type[Rule], key: str, value: Any) -> str | None:
    try:
        checked_options(rule, {key: value})
    except SettingsError as error:
        return str(error)
    return None
