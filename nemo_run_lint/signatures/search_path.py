"""Finding modules in directories as Python's own path finder does, from listings alone: nothing is imported.

One thing differs on purpose: a source or a stub beside compiled code is the answer, for it can be read.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from nemo_run_lint import ordinary_file

if TYPE_CHECKING:
    from nemo_run_lint.signatures.index_file import IndexFile

#: What compiled modules end in: extension modules of any platform, and byte code without its source.
_COMPILED = (".so", ".pyd", ".pyc")

#: How an `__init__.py` joins the packages of its name over the whole path (what was done before namespace packages).
_JOINS = (b"extend_path", b"declare_namespace")
_INIT_BYTES = 65536


@dataclass(frozen=True)
class Found:
    """A module on the search path.

    name         dotted
    path         the .py or .pyi file; empty for a namespace package, a builtin or compiled module without stub
    directories  where its submodules are looked for; several for namespace packages, none if it is no package
    """

    name: str
    path: str
    kind: Literal["source", "stub", "namespace", "compiled"]
    is_package: bool
    directories: tuple[str, ...]


@dataclass(frozen=True)
class Listing:
    """What one directory holds; `compiled` are the names of modules, not of files."""

    files: frozenset[str] = frozenset()
    directories: frozenset[str] = frozenset()
    compiled: frozenset[str] = frozenset()

    def runs(self, stem: str) -> bool:
        """Whether Python would find a module here; it looks at no stubs."""
        return f"{stem}.py" in self.files or stem in self.compiled


_NOTHING = Listing()


class Listings:
    """What directories hold, on disk or in exported indexes, each read once; one that cannot be read holds nothing."""

    def __init__(self, index_files: Sequence[IndexFile] = ()) -> None:
        self._index_files = index_files
        self._known: dict[str, Listing] = {}

    def of(self, directory: str) -> Listing:
        """What `directory` holds."""
        if directory not in self._known:
            exported = (each.listing(directory) for each in self._index_files)
            self._known[directory] = next(filter(None, exported), None) or _listing(directory)
        return self._known[directory]


def _listing(directory: str) -> Listing:
    files, directories = set(), set()
    try:
        with os.scandir(directory) as entries:
            for entry in entries:
                with suppress(OSError):  # a link to itself
                    if entry.is_dir():
                        directories.add(entry.name)
                    elif entry.is_file():
                        files.add(entry.name)
    except (OSError, ValueError):
        return _NOTHING
    return listing_of(files, directories)


def listing_of(files: Iterable[str], directories: Iterable[str]) -> Listing:
    """The listing of a directory that holds these."""
    names = frozenset(files)
    compiled = {name.partition(".")[0] for name in names if name.endswith(_COMPILED)}
    return Listing(names, frozenset(directories), frozenset(compiled))


@dataclass(frozen=True)
class Editable:
    """What the import hooks of editable installs add.

    modules     dotted name -> its file without `.py`, or its package's directory
    namespaces  dotted name -> directories that are part of this namespace package
    """

    modules: Mapping[str, str] = field(default_factory=dict)
    namespaces: Mapping[str, Sequence[str]] = field(default_factory=dict)


class SearchPath:
    """Directories in which modules are looked for, in order."""

    def __init__(self, directories: Sequence[str], listings: Listings, editable: Editable) -> None:
        self.directories = tuple(dict.fromkeys(directories))
        self._listings = listings
        self._editable = editable
        self._found: dict[str, Found | None] = {}
        self._walked: dict[str, Found | None] = {}

    def find(self, name: str) -> Found | None:
        """The module that `import name` would bring, or its stub if its source cannot be read; None for no module."""
        if name not in self._found:
            self._found[name] = self._find(name)
        return self._found[name]

    def _find(self, name: str) -> Found | None:
        if name in sys.builtin_module_names:
            return Found(name, "", "compiled", False, ())
        parts = name.split(".")
        if not all(part.isidentifier() for part in parts):
            return None
        found = self._walk(parts)
        if found is not None and found.kind != "compiled":
            return found
        stub = self._walk([f"{parts[0]}-stubs", *parts[1:]])
        if stub is None or stub.kind != "stub":
            return found
        below = found.directories if found is not None else ()
        return replace(stub, name=name, directories=(*below, *stub.directories))

    def _walk(self, parts: Sequence[str]) -> Found | None:
        """From the top package down, each looked for in the directories of the one above."""
        found = None
        for depth, part in enumerate(parts, 1):
            name = ".".join(parts[:depth])
            if name not in self._walked:
                self._walked[name] = self._step(name, part, self.directories if found is None else found.directories)
            found = self._walked[name]
            if found is None:
                return None
        return found

    def _step(self, name: str, part: str, directories: Sequence[str]) -> Found | None:
        found = self._look(name, part, directories)
        if name in self._editable.modules and (found is None or found.kind == "namespace"):
            directory, stem = os.path.split(self._editable.modules[name])
            return self._look(name, stem, [directory]) or found
        return found

    def _look(self, name: str, part: str, directories: Sequence[str]) -> Found | None:
        """The first package or module called `part`; only without one, a stub without code, or a namespace package."""
        portions: list[str] = []
        stub = None
        for directory in directories:
            here, below = self._listings.of(directory), os.path.join(directory, part)
            inside = self._listings.of(below) if part in here.directories else _NOTHING
            if inside.runs("__init__"):
                return self._joined(_package(name, below, inside), part, directories)
            if here.runs(part):
                return _module(name, directory, here, part)
            if "__init__.pyi" in inside.files:
                stub = stub or _package(name, below, inside)
            elif f"{part}.pyi" in here.files:
                stub = stub or _module(name, directory, here, part)
            if part in here.directories:
                portions.append(below)
        portions += self._editable.namespaces.get(name, ())
        if stub is not None:
            return replace(stub, directories=tuple(portions)) if stub.is_package else stub
        is_namespace = portions or name in self._editable.namespaces
        return Found(name, "", "namespace", True, tuple(portions)) if is_namespace else None

    def _joined(self, package: Found, part: str, directories: Sequence[str]) -> Found:
        """The package with the other directories of its name, if its `__init__.py` joins them."""
        all_portions = [os.path.join(each, part) for each in directories if part in self._listings.of(each).directories]
        if len(all_portions) > 1 and _joins_portions(package.path):
            return replace(package, directories=tuple(dict.fromkeys((*package.directories, *all_portions))))
        return package


def _package(name: str, directory: str, inside: Listing) -> Found:
    return replace(_module(name, directory, inside, "__init__"), is_package=True, directories=(directory,))


def _module(name: str, directory: str, here: Listing, stem: str) -> Found:
    if f"{stem}.py" in here.files:
        return Found(name, os.path.join(directory, f"{stem}.py"), "source", False, ())
    if f"{stem}.pyi" in here.files:
        return Found(name, os.path.join(directory, f"{stem}.pyi"), "stub", False, ())
    return Found(name, "", "compiled", False, ())


def _joins_portions(init: str) -> bool:
    try:
        text = ordinary_file.read(init, _INIT_BYTES)
    except OSError:  # among them a compiled package, whose path is empty
        return False
    return any(word in text for word in _JOINS)
