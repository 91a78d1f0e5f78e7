"""An installed Python on disk: its site-packages, its standard library, its version; told by its files, never asked.

The standard library is that of the running Python where the environment's own cannot be found: it differs little.
"""

from __future__ import annotations

import os
import re
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from nemo_run_lint import ordinary_file

Version = tuple[int, int]

_VERSION = re.compile(r"(?:python|pypy)?(\d+)\.(\d+)")
_INTERPRETER = re.compile(r"(?:python|pypy)[\d.]*t?(?:\.exe)?", re.IGNORECASE)

_SITES = ("site-packages", "dist-packages")


class EnvironmentNotFoundError(Exception):
    """What was named is no Python environment. The message is a sentence for the user."""


@dataclass(frozen=True)
class Installation:
    """Where an environment keeps its modules; `stdlib` with the directory of its extension modules."""

    site: tuple[Path, ...]
    stdlib: tuple[Path, ...]
    version: Version


def named(python: Path) -> Installation:
    """The environment that a user names: by an interpreter, its directory, or a directory of unpacked distributions.

    Raises EnvironmentNotFoundError for anything else.
    """
    given = Path(os.path.abspath(python))
    found = _of_prefix(given) or _of_site(given) if given.is_dir() else _of_interpreter(given)
    if found is None:
        raise EnvironmentNotFoundError(
            f"`{python}` is no Python environment: name an interpreter (`.venv/bin/python`), the directory of an "
            "environment, or a `site-packages` directory"
        )
    return found


def surrounding(project: Path | None) -> Installation:
    """The environment in which the project would run: the active one, its own, or else the running Python's."""
    for prefix in _prefixes(project):
        found = _of_prefix(prefix)
        if found is not None:
            return found
    return _of_prefix(Path(sys.prefix), sys.version_info[:2]) or running()


def _prefixes(project: Path | None) -> Iterator[Path]:
    active, conda = os.environ.get("VIRTUAL_ENV"), os.environ.get("CONDA_PREFIX")
    if active:
        yield Path(os.path.abspath(active))
    if project is not None:
        own = (Path(os.path.abspath(project / name)) for name in (".venv", "venv"))
        yield from (prefix for prefix in own if _settings(prefix) is not None)
    if conda:
        yield Path(os.path.abspath(conda))


def _of_interpreter(python: Path) -> Installation | None:
    """As Python finds it: the virtual environment around the path as it is given, or what is around the real file."""
    if not (_INTERPRETER.fullmatch(python.name) and os.path.lexists(python)):
        return None
    real = Path(os.path.realpath(python))
    virtual = (prefix for prefix in (python.parent.parent, python.parent) if _settings(prefix) is not None)
    version = _version(python.name) or _version(real.name)
    found = (_of_prefix(prefix, version) for prefix in (*virtual, real.parent.parent, real.parent))
    return next(filter(None, found), None)


def _of_prefix(prefix: Path, version: Version | None = None) -> Installation | None:
    """What lies below an environment's directory; None if it is none.

    version: which to take where several lie in the same place; without, the newest.
    """
    settings = _settings(prefix)
    newest = max((version for version, library in _libraries(prefix) if _is_used(library)), default=None)
    if settings is not None:
        version = _version(settings.get("version_info", settings.get("version", ""))) or version
    version = version or newest or sys.version_info[:2]
    site = _site(prefix, version)
    if settings is None:
        return Installation(site, _stdlib((prefix,), version), version) if site or newest else None
    bases = _bases(prefix, settings)
    if settings.get("include-system-site-packages", "").lower() == "true":
        site += tuple(directory for base in bases for directory in _site(base, version))
    return Installation(_distinct(site), _stdlib(bases, version), version)


def _of_site(directory: Path) -> Installation | None:
    """A directory in which distributions lie unpacked, with the rest of the environment that it belongs to, if any."""
    above = directory.parent
    version = _version(above.name)
    if directory.name in _SITES:
        around = _of_prefix(above.parent.parent if version else above.parent, version)
    elif any(directory.glob("*.dist-info")) or any(directory.glob("*.egg-info")):
        around = None
    else:
        return None
    around = around or running()
    return Installation((directory,), around.stdlib, version or around.version)


def running() -> Installation:
    """The Python that runs this, as it describes itself."""
    paths = sysconfig.get_paths()
    site = _distinct(Path(paths[name]) for name in ("purelib", "platlib"))
    return Installation(site, _with_extensions(Path(paths["stdlib"])), sys.version_info[:2])


def _settings(prefix: Path) -> dict[str, str] | None:
    """What `pyvenv.cfg` says; None if this is no virtual environment."""
    try:
        lines = ordinary_file.read(prefix / "pyvenv.cfg").decode("utf-8", "replace").splitlines()
    except (OSError, ValueError):
        return None
    pairs = (line.partition("=") for line in lines)
    return {key.strip().lower(): value.strip() for key, _, value in pairs}


def _bases(prefix: Path, settings: dict[str, str]) -> tuple[Path, ...]:
    """Where the Python may lie from which a virtual environment was made."""
    home = settings.get("home")
    told = (Path(home).parent, Path(home)) if home else ()
    return _distinct((*told, Path(os.path.realpath(prefix / "bin" / "python")).parent.parent))


def _site(prefix: Path, version: Version) -> tuple[Path, ...]:
    libraries = [library for each, library in _libraries(prefix) if each == version]
    places = (*libraries, prefix / "lib" / "python3", prefix / "Lib")  # Debian's, Windows'
    return _distinct(place / name for place in places for name in _SITES if (place / name).is_dir())


def _stdlib(prefixes: Iterable[Path], version: Version) -> tuple[Path, ...]:
    for prefix in prefixes:
        for library in (*(library for each, library in _libraries(prefix) if each == version), prefix / "Lib"):
            if (library / "os.py").is_file():
                return _with_extensions(library)
    return running().stdlib


def _with_extensions(stdlib: Path) -> tuple[Path, ...]:
    places = (stdlib, stdlib / "lib-dynload", stdlib.parent / "DLLs")
    return tuple(place for place in places if place.is_dir())


def _libraries(prefix: Path) -> Iterator[tuple[Version, Path]]:
    """What lies below an environment's directory for one version of Python: `lib/python3.11`."""
    for place in ("local/lib", "lib", "lib64"):
        for library in sorted((prefix / place).glob("py*")):
            if version := _version(library.name):
                yield version, library


def _is_used(library: Path) -> bool:
    """Whether something is installed there: a directory may be left of a Python that is gone."""
    return any((library / name).exists() for name in (*_SITES, "os.py"))


def _version(text: str) -> Version | None:
    """`python3.11`, `3.11.7`, `3.11.7.final.0` -> (3, 11)."""
    match = _VERSION.match(text)
    return (int(match[1]), int(match[2])) if match else None


def _distinct(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Each directory once: `lib64` is often a link to `lib`."""
    found: dict[str, Path] = {}
    for path in paths:
        found.setdefault(os.path.realpath(path), path)
    return tuple(found.values())
