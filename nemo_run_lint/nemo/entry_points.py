"""Where the commands of `nemo` come from: the entry points of installed packages, and of the project itself.

A package that declares `llm = "nemo.collections.llm"` in the group `nemo_run.cli` brings `nemo llm ...`: the functions
there under @run.cli.entrypoint with the namespace `llm`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator

_GROUP = "nemo_run.cli"
_SECTION = re.compile(r"^\[\s*(?P<name>[^\]]+?)\s*\]\s*$")
_ENTRY = re.compile(r"^\s*[\"']?(?P<name>[\w.-]+)[\"']?\s*=\s*[\"']?(?P<module>[\w.]+)(?::[\w.]+)?[\"']?\s*(?:#.*)?$")
_OF_PROJECT = (f'project.entry-points."{_GROUP}"', f"project.entry-points.'{_GROUP}'")


def module_of(name: str, installed_in: Iterable[str], projects: Iterable[str]) -> str | None:
    """The module that brings the commands `nemo NAME ...`; None if there is none, or more than one."""
    declared = [*_installed(installed_in), *_own(projects)]
    found = {module for known, module in declared if known == name}
    return next(iter(found)) if len(found) == 1 else None


def _installed(directories: Iterable[str]) -> Iterator[tuple[str, str]]:
    for directory in directories:
        for name in _listed(directory):
            if name.endswith((".dist-info", ".egg-info")):
                yield from _entries(os.path.join(directory, name, "entry_points.txt"), (_GROUP,))


def _own(projects: Iterable[str]) -> Iterator[tuple[str, str]]:
    for directory in projects:
        yield from _entries(os.path.join(directory, "pyproject.toml"), _OF_PROJECT)


def _listed(directory: str) -> list[str]:
    try:
        return sorted(os.listdir(directory))
    except OSError:
        return []


def _entries(path: str, sections: Iterable[str]) -> Iterator[tuple[str, str]]:
    """What stands in some sections of a file, as far as it is one name and one module a line."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            lines = file.read().splitlines()
    except (OSError, ValueError):
        return
    wanted, within = set(sections), False
    for line in lines:
        section = _SECTION.match(line)
        if section is not None:
            within = section["name"] in wanted
        elif within and (entry := _ENTRY.match(line)):
            yield entry["name"], entry["module"]
