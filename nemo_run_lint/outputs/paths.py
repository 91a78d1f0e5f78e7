"""Files as the repository calls them, since that is where others show the findings beside the code.

Links are followed first: what is shown at a link is shown nowhere.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

#: The variables by which a CI says where it has put the repository.
CHECKOUTS = ("GITHUB_WORKSPACE", "CI_PROJECT_DIR")


@dataclass(frozen=True)
class Root:
    """Where paths begin: a directory, absolute and without links in it."""

    directory: Path

    def relative(self, path: str) -> str | None:
        """`path`, which is absolute or begins at the working directory, from the root on; None for what lies outside.

        With forward slashes everywhere. A link inside to what lies outside is called by its own name.
        """
        for place in (_real(path), Path(os.path.abspath(path))):
            if place.is_relative_to(self.directory):
                return place.relative_to(self.directory).as_posix()
        return None

    def name(self, path: str) -> str:
        """`path` from the root on; of what lies outside the absolute path."""
        return self.relative(path) or _real(path).as_posix()

    def uri(self, path: str) -> str:
        """`path` from the root on as a relative URI; of what lies outside an absolute one. Only ASCII."""
        relative = self.relative(path)
        return _quoted(relative) if relative else f"file:///{_quoted(_real(path).as_posix().lstrip('/'), '/:')}"


def root(directory: Path | None = None, environment: Mapping[str, str] = os.environ) -> Root:
    """The repository around `directory` (default: the working directory), or `directory` itself where there is none.

    Of a repository inside another it is the one that a CI has checked out (`CHECKOUTS`), or else the inner one.
    """
    here = _real(str(directory or Path.cwd()))
    around = [each for each in (here, *here.parents) if os.path.lexists(each / ".git")]
    for checkout in _checkouts(environment):
        inside = [each for each in around if each.is_relative_to(checkout)]
        if here.is_relative_to(checkout) and (checkout in inside or not inside):
            return Root(checkout)
    return Root(around[0] if around else here)


def _checkouts(environment: Mapping[str, str]) -> Iterator[Path]:
    named = (environment.get(variable, "") for variable in CHECKOUTS)
    return (_real(each) for each in named if os.path.isabs(each))


def _real(path: str) -> Path:
    try:
        return Path(os.path.realpath(path))
    except (OSError, ValueError):  # links that lead to themselves; characters that no path has
        return Path(os.path.abspath(path))


def _quoted(path: str, safe: str = "/") -> str:
    """A path with forward slashes as part of a URI: byte for byte, also those that are no text."""
    try:
        return quote(path, safe, errors="surrogateescape")
    except UnicodeEncodeError:
        return quote(path, safe, errors="replace")
