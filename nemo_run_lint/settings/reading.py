"""What one file of settings says, and those that it extends: read, and checked to the last key.

Imported only where there is a file of settings: it knows all keys, which takes its time.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nemo_run_lint._version import __version__
from nemo_run_lint.rule_files import did_you_mean
from nemo_run_lint.settings.keys import EXTEND, KEYS, OUTPUT, REQUIRED_VERSION
from nemo_run_lint.settings.model import SettingsError
from nemo_run_lint.settings.text import TABLE, has_header, own_table, toml

#: How the names end of files that findings may be written to because a file of settings says so.
_REPORTS = (".json", ".jsonl", ".sarif", ".xml", ".txt", ".log", ".md")


@dataclass(frozen=True)
class Layer:
    """What one file, or `--config`, says.

    source      what it is called: the path of the file
    directory   where its patterns start; its paths are absolute already
    values      by key, checked
    is_override whether the command line says it, and no file
    """

    source: str
    directory: Path
    values: dict[str, Any]
    is_override: bool = False


def layers_of(file: Path, directory: Path | None = None) -> list[Layer]:
    """What a file says, before it the files that it extends; none if it is a pyproject.toml without the table.

    directory: what its own paths are relative to, if not to its place. Raises SettingsError.
    """
    table = own_table(file)
    if table is None:
        return []
    found, seen = [_layer(file, table, directory or file.parent)], [file]
    while (extended := found[0].values.get(EXTEND)) is not None:
        before, file = file, _expanded(extended, seen[-1].parent)
        if any(os.path.realpath(file) == os.path.realpath(each) for each in seen):
            way = " extends ".join(map(str, (*seen, file)))
            raise SettingsError(f"`{EXTEND}` goes round in a circle: {way}")
        seen.append(file)
        try:
            table = own_table(file)
        except SettingsError as error:
            raise SettingsError(f"{before}: `{EXTEND}`: {error}") from None
        if table is None:
            raise SettingsError(f"{before}: `{EXTEND}`: {file} has no [tool.{TABLE}]")
        found.insert(0, _layer(file, table, file.parent))
    return found


def _expanded(written: str, directory: Path) -> Path:
    """The file that `extend` means."""
    return Path(os.path.abspath(directory / os.path.expanduser(os.path.expandvars(written))))


def _layer(file: Path, table: Any, directory: Path) -> Layer:
    problem = next(problems(file, table), None)
    values = _values(table, directory) if problem is None else {}
    problem = problem or next(_strays(values.get(OUTPUT, ()), directory), None)
    if problem is not None:
        raise SettingsError(f"{file}: {problem}")
    return Layer(str(file), directory, values)


def _strays(outputs: Iterable[str], directory: Path) -> Iterator[str]:
    """What is wrong with places that a file names to write to.

    It may have come with a repository that is only to be read: it must not get a shell's settings, a hook or a `.pth`
    overwritten, with lines that begin with names of its own choice.
    """
    below = os.path.join(os.path.realpath(directory), "")
    for each in outputs:
        path = each.partition("=")[2]
        real = os.path.realpath(path)
        if not real.startswith(below):
            yield f"`{OUTPUT}`: {path} is not below {directory}, and a file of settings asks for no other: use --output"
        elif not real.endswith(_REPORTS):
            yield f"`{OUTPUT}`: {path} must end as reports do ({', '.join(_REPORTS)}); for any other file: --output"


def problems(file: Path | None, table: Any) -> Iterator[str]:
    """All that is wrong with what a file says of the settings, each in a sentence that names the key."""
    if not isinstance(table, dict):
        yield f"tool.{TABLE} must be a table"
        return
    if REQUIRED_VERSION in table and (problem := _other_version(table[REQUIRED_VERSION])):
        yield problem
    for key, value in table.items():
        if key not in KEYS:
            yield _unknown(key, file)
            continue
        try:
            KEYS[key].kind.read(key, value)
        except ValueError as error:
            yield str(error)


def _unknown(key: str, file: Path | None) -> str:
    if key == "tool" and file is not None and not has_header(file):
        return f"`tool` is not a setting: in this file the settings stand without the header [tool.{TABLE}]"
    allowed = ", ".join(f"`{known}`" for known in sorted(KEYS))
    return f"`{key}` is not a setting{did_you_mean(key, KEYS)} (the settings: {allowed})"


def _other_version(value: Any) -> str | None:
    """What is wrong if this is not a version that the settings are for; what is no range is told elsewhere."""
    try:
        wanted = KEYS[REQUIRED_VERSION].kind.read(REQUIRED_VERSION, value)
    except ValueError:
        return None
    from packaging.specifiers import SpecifierSet

    if SpecifierSet(wanted).contains(__version__, prereleases=True):
        return None
    return f"`{REQUIRED_VERSION}`: nemo-run-lint {wanted} is asked for, and this is {__version__}"


def _values(table: dict[str, Any], directory: Path) -> dict[str, Any]:
    values = {}
    for name, written in table.items():
        kind = KEYS[name].kind
        value = kind.read(name, written)
        values[name] = kind.placed(value, directory) if kind.placed is not None else value
    return values


def override(written: str, here: Path) -> Layer:
    """What `--config "key = value"` says. Raises SettingsError."""
    source = f"--config '{written}'"
    table = toml(written, source)
    problem = next(problems(None, table), None)
    if EXTEND in table:
        problem = f"`{EXTEND}` is for files; to read a file: --config FILE"
    if problem is not None:
        raise SettingsError(f"{source}: {problem}")
    return Layer(source, here, _values(table, here), is_override=True)
