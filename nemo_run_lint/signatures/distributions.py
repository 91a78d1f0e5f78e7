"""Which installed distribution a file belongs to, by what installers write beside it: `*.dist-info`, `*.egg-info`.

Of two distributions of one name the first counts, in the order of the directories and, within one, of the alphabet.
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

from nemo_run_lint import ordinary_file
from nemo_run_lint.signatures.search_path import Listings

_SUFFIXES = (".dist-info", ".egg-info")


@dataclass(frozen=True)
class Distribution:
    """One installed distribution; nothing is read before it is asked for.

    directory  where its modules lie
    metadata   what its .dist-info or .egg-info is called there
    """

    directory: str
    metadata: str

    @property
    def key(self) -> str:
        """Its name as packaging compares names."""
        return normalised(os.path.splitext(self.metadata)[0].partition("-")[0])

    @property
    def name(self) -> str:
        """Its name as its authors write it."""
        return self._headers.get("name", self.key)

    @property
    def version(self) -> str | None:
        """None if there is no metadata, as in what an uninstallation left behind."""
        return self._headers.get("version")

    def owns(self, relative: str) -> bool:
        """Whether it brought a module, whose path is relative to the directory and has slashes."""
        return relative in self._modules if self._modules else _top(relative) in self._top_level

    @cached_property
    def _headers(self) -> dict[str, str]:
        place = os.path.join(self.directory, self.metadata)
        for path in (os.path.join(place, "METADATA"), os.path.join(place, "PKG-INFO"), place):
            if found := _headers(path):
                return found
        return {}

    @cached_property
    def _modules(self) -> frozenset[str]:
        """What it brought that can be imported, relative to the directory; empty if it does not tell."""
        paths = (line.partition(",")[0] for line in self._lines("RECORD"))
        return frozenset(path for path in paths if path.endswith((".py", ".pyi")))

    @cached_property
    def _top_level(self) -> frozenset[str]:
        """Its modules and packages at the top, as it tells, or else one of its own name."""
        return frozenset(self._lines("top_level.txt")) or frozenset({self.key.replace("-", "_")})

    def _lines(self, name: str) -> Iterator[str]:
        return _lines(os.path.join(self.directory, self.metadata, name))


class Distributions:
    """The distributions that are installed in some directories."""

    def __init__(self, directories: Iterable[str], listings: Listings) -> None:
        self.directories = tuple(directories)
        self._listings = listings
        self._in: dict[str, list[Distribution]] = {}
        self._candidates: dict[tuple[str, str], list[Distribution]] = {}

    def installed(self, name: str) -> Distribution | None:
        """The distribution of this name, however the name is written."""
        key = normalised(name)
        every = (each for directory in self.directories for each in self._below(directory))
        return next((each for each in every if each.key == key and each.version is not None), None)

    def all(self) -> Iterator[Distribution]:
        """Every distribution, each once."""
        seen: set[str] = set()
        for each in (each for directory in self.directories for each in self._below(directory)):
            if each.key not in seen and each.version is not None:
                seen.add(each.key)
                yield each

    def owner(self, directory: str, relative: str) -> Distribution | None:
        """The distribution that brought the file `relative` (with slashes) into a directory."""
        candidates = self._likely_first(directory, _top(relative))
        return next((each for each in candidates if each.version is not None and each.owns(relative)), None)

    def status(self) -> list[tuple[str, int, int]]:
        """Every file that tells what is installed, with its size and the time of its last change."""
        told = []
        for each in (each for directory in self.directories for each in self._below(directory)):
            place = os.path.join(each.directory, each.metadata)
            for name in ("METADATA", "PKG-INFO", "RECORD", "top_level.txt", ""):
                path = os.path.join(place, name)
                with suppress(OSError):
                    status = os.stat(path)
                    told.append((path, status.st_size, status.st_mtime_ns))
        return told

    def _likely_first(self, directory: str, top: str) -> list[Distribution]:
        """Those whose names resemble the package's come first: to find `yaml` in PyYAML no other RECORD is read."""
        if (directory, top) not in self._candidates:
            word = _letters(top)
            alike = {each for each in self._below(directory) if word in _letters(each.key)}
            ordered = sorted(self._below(directory), key=lambda each: each not in alike)
            self._candidates[directory, top] = ordered
        return self._candidates[directory, top]

    def _below(self, directory: str) -> list[Distribution]:
        if directory not in self._in:
            listing = self._listings.of(directory)
            names = sorted(name for name in listing.directories | listing.files if name.endswith(_SUFFIXES))
            self._in[directory] = [Distribution(directory, name) for name in names]
        return self._in[directory]


def normalised(name: str) -> str:
    """A distribution's name as PEP 503 compares it: `NeMo_Run` -> `nemo-run`."""
    return re.sub(r"[-_.]+", "-", name.strip()).lower()


def _letters(name: str) -> str:
    return re.sub(r"[-_.]", "", name).lower()


def _top(relative: str) -> str:
    """`yaml/nodes.py` -> `yaml`, `six.py` -> `six`."""
    return relative.partition("/")[0].partition(".")[0]


def _headers(path: str) -> dict[str, str]:
    """The headers of a file of metadata, each with its first line."""
    found: dict[str, str] = {}
    for line in _lines(path):
        if not line:
            break
        name, _, value = line.partition(":")
        found[name.lower()] = value.strip()
    return found


def _lines(path: str) -> Iterator[str]:
    """The lines of a file as far as it can be read; none if there is no file."""
    try:
        data = ordinary_file.read(path)
    except (OSError, ValueError):
        return
    yield from (line.rstrip("\n") for line in io.StringIO(data.decode("utf-8", "replace"), newline=None))
