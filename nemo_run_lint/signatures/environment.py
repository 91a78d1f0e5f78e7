"""Where modules are looked for, without importing anything: in the project, and in the environment in which it runs.

A script's own directory comes first for Python. Here it comes last, and where it would hide something nothing is known:
no text tells whether a file is run as a script.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from nemo_run_lint.signatures.distributions import Distributions
from nemo_run_lint.signatures.installation import EnvironmentNotFoundError, Installation, named, running, surrounding
from nemo_run_lint.signatures.path_files import with_added
from nemo_run_lint.signatures.search_path import Editable, Found, Listings, SearchPath

if TYPE_CHECKING:
    from nemo_run_lint.signatures.index_file import IndexFile

__all__ = ["Environment", "EnvironmentNotFoundError", "Found"]


class Environment:
    """Where modules are looked for: the project's import roots, extra directories, the standard library, site-packages.

    roots         of the project
    site          the environment's site-packages; an exported index stands for one
    stdlib        the standard library, with its extension modules
    version       of the environment's Python
    index_files   the exported indexes
    installed_in  the site-packages, with the directories that their `.pth` files add
    editable      the modules of editable installs, each with its file without `.py` or its directory
    """

    def __init__(
        self,
        roots: Sequence[Path],
        extra: Sequence[Path],
        installation: Installation,
        index_files: Sequence[IndexFile] = (),
    ) -> None:
        self.roots = tuple(roots)
        self.site = installation.site
        self.stdlib = installation.stdlib
        self.version = installation.version
        self.index_files = tuple(index_files)
        self._listings = Listings(self.index_files)
        site, self._editable = with_added(map(str, self.site), self._listings)
        self.installed_in = tuple(site)
        self.editable = self._editable.modules
        self._path = SearchPath([*map(str, (*roots, *extra, *self.stdlib)), *site], self._listings, self._editable)
        editable = map(os.path.dirname, self.editable.values())
        self._distributions = Distributions([*map(str, extra), *site, *editable], self._listings)
        self._places = sorted({*self._path.directories, *self._distributions.directories}, key=len, reverse=True)
        self._brought: dict[str, str] = {}
        self._beside: SearchPath | None = None  # the directory of a script, alone and after all others
        self._with_beside = self._path
        self._of_scripts: dict[str, Environment] = {}

    @classmethod
    def of(
        cls,
        project: Path | None,
        python: Path | None = None,
        extra: Sequence[Path] = (),
        index_files: Sequence[IndexFile] = (),
    ) -> Environment:
        """The environment of the project in a directory; of a file that belongs to no project.

        python  an interpreter, an environment's directory, or a site-packages directory; without it, the active
                environment (VIRTUAL_ENV), the project's own `.venv` or `venv`, conda's, or the one that runs this
        extra   directories in which distributions lie unpacked
        index_files  exported indexes: what they lack is looked for in the environment only if that is named

        Raises EnvironmentNotFoundError if `python` is nothing of that.
        """
        installation = surrounding(project) if python is None else named(python)
        if index_files:
            site = (*(Path(each.path) for each in index_files), *(installation.site if python is not None else ()))
            version = installation.version if python is not None else index_files[0].python
            installation = replace(installation, site=site, version=version)
        roots = () if project is None else _roots(Path(os.path.abspath(project)))
        return cls(roots, [Path(os.path.abspath(directory)) for directory in extra], installation, index_files)

    @classmethod
    def installed_for(cls, project: Path | None, python: Path | None = None) -> Environment:
        """The same without the project's own modules. Raises EnvironmentNotFoundError."""
        return cls((), (), surrounding(project) if python is None else named(python))

    @classmethod
    def bare(cls) -> Environment:
        """The standard library of the running Python, and nothing else."""
        return cls((), (), replace(running(), site=()))

    def with_script(self, directory: Path) -> Environment:
        """The environment for a file whose directory is no package: what lies beside it can be imported as well.

        A folder there takes nothing from an installed or standard package of its name; of a module there that would
        hide one, nothing is known.
        """
        place = os.path.abspath(directory)
        if place in self._path.directories:
            return self
        if place not in self._of_scripts:
            other = copy(self)
            other._beside = SearchPath([place], self._listings, Editable())
            other._with_beside = SearchPath([*self._path.directories, place], self._listings, self._editable)
            self._of_scripts[place] = other
        return self._of_scripts[place]

    def find(self, name: str) -> Found | None:
        """The module of a dotted name; None if there is none, or if it is not known which."""
        if self._beside is None:
            return self._path.find(name)
        top = name.partition(".")[0]
        elsewhere, beside = self._path.find(top), self._beside.find(top)
        if elsewhere is None or self._is_folder_of_project(elsewhere):
            return self._with_beside.find(name)
        if beside is None or beside == elsewhere or "namespace" in (beside.kind, elsewhere.kind):
            return self._path.find(name)
        return None

    def module_name(self, path: Path) -> str:
        """The dotted name that leads to a file: from where modules are looked for, or else from above its package.

        Empty for a file that cannot be imported, or if the name from above its package means something else.
        """
        stem, suffix = os.path.splitext(os.path.abspath(path))
        if suffix not in (".py", ".pyi"):
            return ""
        above_package = os.path.dirname(stem)
        while self._listings.of(above_package).runs("__init__") and os.path.basename(above_package):
            above_package = os.path.dirname(above_package)
        for directory in (*self._holding(stem), above_package):
            name = _dotted(stem, directory)
            found = self.find(name)
            if found is not None and os.path.splitext(found.path)[0] == stem:
                return name
        top, *below = name.split(".")
        can_be_imported = all(part.isidentifier() for part in (top, *below))
        return name if can_be_imported and self.find(top) is None else ""

    def distribution(self, path: str) -> str:
        """Name and version of the installed distribution that brought a file; empty for any other file."""
        if path not in self._brought:
            self._brought[path] = self._brought_by(os.path.abspath(path))
        return self._brought[path]

    def installed(self, distribution: str) -> str | None:
        """The version of an installed distribution, however its name is written."""
        exported = (each.installed(distribution) for each in self.index_files)
        if version := next(filter(None, exported), None):
            return version
        found = self._distributions.installed(distribution)
        return found.version if found is not None else None

    def distributions(self) -> list[str]:
        """Name and version of each installed distribution."""
        return [f"{each.name} {each.version}" for each in self._distributions.all()]

    def identity(self) -> bytes:
        """What tells this environment from another and from itself at another time, the text of its modules apart."""
        places = (self.roots, self.stdlib, self.version, self._with_beside.directories, self._beside is None)
        installed = self._distributions.status()
        exported = [each.digest for each in self.index_files]
        return repr((*places, self._editable, installed, exported)).encode(errors="surrogatepass")

    def _brought_by(self, place: str) -> str:
        exported = next((each for each in self.index_files if each.holds(place)), None)
        if exported is not None:
            return exported.distribution(place)
        directory = next(self._holding(place), None)
        if directory is None or Path(directory) in self.roots:
            return ""
        relative = os.path.relpath(place, directory).replace(os.sep, "/")
        owner = self._distributions.owner(directory, relative)
        return f"{owner.name} {owner.version}" if owner is not None else ""

    def _holding(self, path: str) -> Iterator[str]:
        """The directories of the search path in which a file lies, the innermost first."""
        return (place for place in self._places if path.startswith(os.path.join(place, "")))

    def _is_folder_of_project(self, found: Found) -> bool:
        """Whether nothing but folders directly in the project make up this package."""
        roots = set(map(str, self.roots))
        return found.kind == "namespace" and all(os.path.dirname(each) in roots for each in found.directories)


def _roots(project: Path) -> tuple[Path, ...]:
    """The directories from which a project imports its own modules: also `src`, unless that is a package itself."""
    src = Listings().of(str(project / "src"))
    has_modules = any(name.endswith(".py") for name in src.files)
    has_packages = any(name.isidentifier() and name != "__pycache__" for name in src.directories)
    return (project / "src", project) if (has_modules or has_packages) and not src.runs("__init__") else (project,)


def _dotted(stem: str, directory: str) -> str:
    """What a file, given without its suffix, is called as a module when the directory is looked in."""
    parts = os.path.relpath(stem, directory).split(os.sep)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
