"""Which releases of NeMo Run a project says that it uses: in its lock files, its requirements, or by what is installed.

Everything is read as text or TOML; a file that is broken says nothing. The nearest directory that names NeMo Run counts
alone, and in it what is most exact: a lock file, else what is pinned with `==`, else the releases inside a range.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from glob import glob
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nemo_run_lint.releases import RELEASES, in_order, judged_as
from nemo_run_lint.signatures.distributions import normalised
from nemo_run_lint.signatures.environment import Environment

if TYPE_CHECKING:
    from packaging.requirements import Requirement

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_NAME = "nemo-run"

#: NeMo Run as files call it; `nemo-run-lint` is another.
_WRITTEN = r"nemo[-_.]run(?![-_.]?\w)"
_MENTIONED = re.compile(_WRITTEN, re.IGNORECASE)

_LOCK_FILES = ("uv.lock", "poetry.lock", "pdm.lock", "pylock.toml")
_LOCKED = re.compile(rf'^name = "{_WRITTEN}"\s+version = "([^"]+)"', re.IGNORECASE | re.MULTILINE)

_REQUIREMENT_FILES = ("requirements*.txt", "requirements*.in", "requirements/*.txt", "requirements/*.in")
_REQUIREMENT = re.compile(rf"^[ \t]*({_WRITTEN}.*?)(?:[ \t]+--|[ \t]+#|\\|$)", re.IGNORECASE | re.MULTILINE)

_CONDA_FILES = ("environment*.yml", "environment*.yaml", "conda*.yml", "conda*.yaml")
_OF_CONDA = re.compile(rf"^[ \t]*-[ \t]+[\"']?(?:[\w-]+::)?({_WRITTEN}[^#\"'\n]*)", re.IGNORECASE | re.MULTILINE)

_TAG = re.compile(r"@v?(\d+\.\d+\.\d+)(?:#|$)")

_PROJECT_MARKS = ("pyproject.toml", "setup.py", ".git", ".venv", "venv")

_LOWER_BOUNDS = frozenset({"==", "===", "~=", ">=", ">"})


@dataclass(frozen=True)
class Mention:
    """A place that tells which NeMo Run a project uses.

    file      the file, or the directory in which NeMo Run is installed
    line      from 1; 0 for a directory
    written   what stands there: a requirement, or the version
    releases  those that it stands for, oldest first
    """

    file: Path
    line: int
    written: str
    releases: tuple[str, ...]


def declared(directory: Path, environment: Environment | None = None) -> tuple[str, ...]:
    """The releases that the project of `directory` says it uses, oldest first; none if it says nothing.

    `environment` is where it runs, if that is known already.
    """
    return in_order({release for each in mentions(directory, environment) for release in each.releases})


def mentions(directory: Path, environment: Environment | None = None) -> tuple[Mention, ...]:
    """The places that `declared` goes by."""
    return _required(directory) or (_in(environment) if environment is not None else _installed(_project(directory)))


def forget() -> None:
    """Read every file anew from now on: for a process that outlives an edit."""
    _required.cache_clear()
    _installed.cache_clear()


@cache
def _required(directory: Path) -> tuple[Mention, ...]:
    """What the files say in the nearest directory upwards, but not above a repository."""
    above = directory.parent
    is_top = os.path.exists(directory / ".git") or above == directory
    return _own(directory) or (() if is_top else _required(above))


def _project(directory: Path) -> Path | None:
    """The nearest directory upwards that looks like a project's."""
    places = (directory, *directory.parents)
    return next((each for each in places if any(os.path.exists(each / mark) for mark in _PROJECT_MARKS)), None)


@cache
def _installed(project: Path | None) -> tuple[Mention, ...]:
    return _in(Environment.of(project))


def _in(environment: Environment) -> tuple[Mention, ...]:
    version = environment.installed(_NAME)
    place = next(iter(environment.site), Path())
    return _counting([Mention(place, 0, version, _exact(version))]) if version is not None else ()


def _own(directory: Path) -> tuple[Mention, ...]:
    """What the files that lie in `directory` say."""
    if locked := _counting(replace(each, releases=_exact(each.written)) for each in _locked(directory)):
        return locked
    requirements = [(each, read) for each in _requirements(directory) if (read := _requirement(each.written))]
    pinned = [each for each in requirements if each[1].url or any(spec.operator == "==" for spec in each[1].specifier)]
    return _counting(replace(each, releases=tuple(_inside(read))) for each, read in pinned or requirements)


def _counting(found: Iterable[Mention]) -> tuple[Mention, ...]:
    """Those that stand for a release, each once."""
    return tuple(dict.fromkeys(each for each in found if each.releases))


def _exact(version: str) -> tuple[str, ...]:
    """The release that a whole version stands for; none for a development version, of which nothing is recorded."""
    try:
        return (judged_as(version),)
    except ValueError:
        return ()


def _inside(requirement: Requirement) -> list[str]:
    """The releases that a requirement allows; of a range without a lower end, the newest, which pip would choose."""
    if requirement.url:
        tag = _TAG.search(requirement.url)
        return list(_exact(tag[1])) if tag else []
    allowed = list(requirement.specifier.filter(RELEASES)) if requirement.specifier else []
    bounded = any(spec.operator in _LOWER_BOUNDS for spec in requirement.specifier)
    return allowed if bounded else allowed[-1:]


def _requirement(text: str) -> Requirement | None:
    """A requirement of NeMo Run; None for one of something else, and for what is none."""
    if not _MENTIONED.match(text):
        return None
    from packaging.requirements import InvalidRequirement, Requirement  # only for projects that have one

    try:
        return Requirement(text)
    except InvalidRequirement:
        return None


# -- the files -------------------------------------------------------------------------------------------------


def _locked(directory: Path) -> Iterator[Mention]:
    """The versions that lock files name."""
    for name in _LOCK_FILES:
        text = _text(directory / name)
        yield from (_mention(directory / name, text, found.start(1), found[1]) for found in _LOCKED.finditer(text))
    file = directory / "Pipfile.lock"
    if text := _text(file):
        for section in _tables(_json(text)):
            for name, entry in section.items():
                if normalised(name) == _NAME and isinstance(entry, dict):
                    yield _mention(file, text, _place(text, name), str(entry.get("version", "")).removeprefix("=="))


def _requirements(directory: Path) -> Iterator[Mention]:
    """The requirements of NeMo Run, as they are written or as packaging would write them."""
    file = directory / "pyproject.toml"
    if text := _text(file):
        yield from (_mention(file, text, _place(text, each), each) for each in _of_pyproject(_toml(text)))
    for file in _matching(directory, _REQUIREMENT_FILES):
        text = _text(file)
        yield from (_mention(file, text, found.start(1), found[1]) for found in _REQUIREMENT.finditer(text))
    for file in _matching(directory, _CONDA_FILES):
        text = _text(file)
        for found in _OF_CONDA.finditer(text):
            written = re.sub(r"(?<![=<>!~])=(?!=)([\d.]+)", r"==\1.*", found[1])  # conda's `=0.9` is a prefix
            yield _mention(file, text, found.start(1), written)


def _mention(file: Path, text: str, place: int, written: str) -> Mention:
    return Mention(file, text.count("\n", 0, place) + 1, written, ())


def _place(text: str, written: str) -> int:
    """Where something stands that was read from a parsed file; written otherwise, where NeMo Run is first named."""
    found = text.find(written)
    named = _MENTIONED.search(text)
    return found if found >= 0 else named.start() if named else 0


def _of_pyproject(content: dict[str, Any]) -> Iterator[str]:
    project, tool = _table(content, "project"), _table(content, "tool")
    lists = [project.get("dependencies"), *_table(project, "optional-dependencies").values()]
    lists += [*_table(content, "dependency-groups").values(), *_table(_table(tool, "pdm"), "dev-dependencies").values()]
    lists.append(_table(tool, "uv").get("dev-dependencies"))
    yield from (each for some in lists if isinstance(some, list) for each in some if isinstance(each, str))
    poetry = _table(tool, "poetry")
    for holder in (poetry, *_tables(_table(poetry, "group"))):
        for name, entry in _table(holder, "dependencies").items():
            if normalised(name) == _NAME:
                yield from map(_of_poetry, entry if isinstance(entry, list) else [entry])


def _of_poetry(entry: Any) -> str:
    """Poetry's `^0.9` and `0.9.0` as packaging writes them."""
    if isinstance(entry, dict):
        entry = entry.get("version") or str(entry.get("tag", "")).removeprefix("v")
    return _NAME + ",".join(_of_poetry_part(part.strip()) for part in str(entry).split(","))


def _of_poetry_part(part: str) -> str:
    if part[:1] in ("^", "~") and part[:2] != "~=":  # of 0.x they mean the same
        numbers = part[1:].strip().split(".")
        return "~=" + ".".join([*numbers, "0", "0"][: max(len(numbers), 3)])
    return f"=={part}" if part[:1].isdigit() else part.replace("*", "")


def _matching(directory: Path, patterns: tuple[str, ...]) -> Iterator[Path]:
    for pattern in patterns:
        yield from (directory / name for name in sorted(glob(pattern, root_dir=directory)))


def _text(file: Path) -> str:
    """The text of a file that mentions NeMo Run; empty for any other, and for what cannot be read."""
    try:
        text = file.read_text(encoding="utf-8") if os.path.isfile(file) else ""
    except (OSError, UnicodeDecodeError):
        return ""
    return text if _MENTIONED.search(text) else ""


def _toml(text: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}
    return found


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return {}


def _table(holder: dict[str, Any], key: str) -> dict[str, Any]:
    found = holder.get(key)
    return found if isinstance(found, dict) else {}


def _tables(holder: Any) -> Iterator[dict[str, Any]]:
    yield from (each for each in holder.values() if isinstance(each, dict)) if isinstance(holder, dict) else ()
