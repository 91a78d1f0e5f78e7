"""Addresses of lines of code: where the repository is shown on the web, or files beside the page."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

from nemo_run_lint.outputs.paths import Root, root

_FIELD = re.compile(r"\{([^{}]*)\}")


class SourceUrlError(Exception):
    """A pattern of addresses that cannot be meant. The message is a sentence for the user."""


@dataclass(frozen=True)
class Links:
    """How lines are linked to.

    url     an address with `{path}` and `{line}` in it; empty: files are linked to as they lie beside the page
    beside  the directory of the page; None where no page is, so that without `url` nothing is linked to
    """

    root: Root
    url: str = ""
    beside: Path | None = None

    @classmethod
    def of(cls, url: str) -> Links:
        """Links by a pattern that a user gives, or without one. Raises SourceUrlError."""
        if url:
            _check(url)
        return cls(root(), url)

    def for_page(self, directory: Path) -> Links:
        """The same for a page that lies in a directory."""
        return replace(self, beside=directory)

    def to(self, path: str, line: int) -> str:
        """The address of a line; empty where there is none."""
        if not path or (not self.url and self.beside is None):
            return ""
        if self.url:
            relative = self.root.relative(path)
            named = {"path": _quoted(relative), "line": str(line or 1)} if relative is not None else None
            return _FIELD.sub(lambda field: named[field[1]], self.url) if named is not None else ""
        assert self.beside is not None
        try:
            relative = os.path.relpath(os.path.realpath(path), os.path.realpath(self.beside)).replace(os.sep, "/")
        except ValueError:  # on another drive
            return ""
        # a name with a colon in it would be taken for a scheme
        return f"{'' if relative.startswith('../') else './'}{_quoted(relative)}#L{line or 1}"


def _check(url: str) -> None:
    if not re.match(r"https?://[^\s/]", url) or re.search(r"[\s\x00-\x1f\"'<>\\`]", url):
        raise SourceUrlError(f"`{url}` is no address of a web page: https://host/blob/REVISION/{{path}}#L{{line}}")
    unknown = [field for field in _FIELD.findall(url) if field not in ("path", "line")]
    if unknown or re.search(r"[{}]", _FIELD.sub("", url)):
        raise SourceUrlError(f"`{url}`: only {{path}} and {{line}} can stand between braces")
    if "{path}" not in url:
        raise SourceUrlError(f"`{url}` does not say where the file goes: https://host/blob/REVISION/{{path}}#L{{line}}")


def _quoted(path: str) -> str:
    """A path as part of an address: byte for byte, also what is no text."""
    try:
        return quote(path, "/", errors="surrogateescape")
    except UnicodeEncodeError:
        return quote(path, "/", errors="replace")
