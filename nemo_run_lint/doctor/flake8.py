"""flake8: a `select` hides every plugin that it does not name, and the plugin must be installed beside flake8."""

from __future__ import annotations

import configparser
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from nemo_run_lint.doctor.told import Level, Place, Told
from nemo_run_lint.rule_files import own_codes
from nemo_run_lint.signatures.environment import Environment, EnvironmentNotFoundError
from nemo_run_lint.surroundings import project_of

_NAMES = ("setup.cfg", "tox.ini", ".flake8")

_SECTION = "flake8"


def examine(place: Place) -> Iterator[Told]:
    """Tells if flake8 is set up here and would not show the findings."""
    yield from _unparsed(place)
    file, options = _settings(place)
    if file is None and not _runs_here(place):
        return
    if file is not None:
        yield from _selection(file, options)
    yield from _installation(place)


def _unparsed(place: Place) -> Iterator[Told]:
    for name in _NAMES:
        file = place.directory / name
        try:
            _read(file)
        except (configparser.Error, ValueError) as error:
            problem = " ".join(str(error).split())
            yield Told(Level.PROBLEM, f"flake8 ignores this file, since it cannot be parsed: {problem}", file)


def _settings(place: Place) -> tuple[Path | None, Mapping[str, str]]:
    """The file by which flake8 goes when it is started here, and what it says."""
    home = Path(os.path.expanduser("~"))
    for directory in place.upwards:
        if directory == home and directory != place.directory:
            break
        for name in _NAMES:
            try:
                parser = _read(directory / name)
            except (configparser.Error, ValueError):
                continue
            if parser.has_section(_SECTION):
                return directory / name, dict(parser[_SECTION])
    return None, {}


def _read(file: Path) -> configparser.RawConfigParser:
    """Raises configparser.Error or ValueError."""
    parser = configparser.RawConfigParser()
    if os.path.isfile(file):
        parser.read(file, encoding="utf-8")
    return parser


def _codes(options: Mapping[str, str], key: str) -> list[str] | None:
    """The codes of an option, which flake8 spells with a hyphen or an underscore; None if it is not there."""
    written = options.get(key, options.get(key.replace("-", "_")))
    if written is None:
        return None
    without_comments = re.sub(r"(?m)#.*$", "", written)
    return [each for each in re.split(r"[,\s]+", without_comments) if each]


def _selection(file: Path, options: Mapping[str, str]) -> Iterator[Told]:
    hidden = sorted(code for code in own_codes() if not _is_shown(code, options))
    if not hidden:
        yield Told(Level.OK, "flake8 shows the findings, where the plugin is installed", file)
        return
    ignored = (_codes(options, "ignore") or []) + (_codes(options, "extend-ignore") or [])
    ignoring = [each for each in ignored if any(code.startswith(each) for code in hidden)]
    all_of_them = len(hidden) == len(own_codes())
    what = "the linter's findings" if all_of_them else f"findings of {len(hidden)} rules, {hidden[0]} among them"
    if ignoring:
        key = "ignore" if set(ignoring) & set(_codes(options, "ignore") or []) else "extend-ignore"
        level = Level.PROBLEM if all_of_them else Level.ADVICE
        message = f"flake8 hides {what}, by `{', '.join(ignoring)}` in `{key}`"
        yield Told(level, message, file, (f"[{_SECTION}]", "extend-select = NRL"))
    elif all_of_them:
        message = "flake8 hides the linter's findings, since `select` does not name NRL"
        written = _codes(options, "extend-select") or []
        line = f"extend-select = {', '.join((*written, 'NRL'))}"
        yield Told(Level.PROBLEM, message, file, (f"[{_SECTION}]", line))
    else:
        yield Told(Level.OK, "flake8 shows the findings that `select` names", file)


def _is_shown(code: str, options: Mapping[str, str]) -> bool:
    """Whether flake8 would show a code of an installed plugin: of what selects and what ignores, the longer counts."""
    select, extended = _codes(options, "select"), _codes(options, "extend-select") or []
    ignored = (_codes(options, "ignore") or []) + (_codes(options, "extend-ignore") or [])
    chosen = _longest([*(select or []), *extended], code)
    refused = _longest(ignored, code)
    if select is not None and not chosen:
        return False
    return chosen > refused or not refused


def _longest(starts: list[str], code: str) -> int:
    return max((len(start) for start in starts if code.startswith(start)), default=0)


def _runs_here(place: Place) -> bool:
    environment = _environment(place)
    return environment is not None and environment.installed("flake8") is not None


def _environment(place: Place) -> Environment | None:
    try:
        return Environment.installed_for(project_of(place.directory), place.settings.python)
    except EnvironmentNotFoundError:
        return None


def _installation(place: Place) -> Iterator[Told]:
    environment = _environment(place)
    flake8 = environment.installed("flake8") if environment is not None else None
    if environment is None or flake8 is None:
        return
    own = environment.installed("nemo-run-lint")
    if own is None:
        message = f"flake8 {flake8} is installed in {environment.site[0]}, and the plugin is not"
        yield Told(Level.ADVICE, message, write=("pip install 'nemo-run-lint[flake8]'",))
    else:
        yield Told(Level.OK, f"flake8 {flake8} has the plugin of nemo-run-lint {own}")
