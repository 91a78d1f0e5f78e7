"""Patterns of paths as .gitignore writes them: the only module that knows pathspec.

A pattern that means a directory means all that is below it. Most paths match no pattern, so one regular expression
made of all of them is asked first; where all are plain names, as in the default settings, no more than that is needed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

from nemo_run_lint import ordinary_file

_GROUP = re.compile(r"\(\?P<\w+>")

#: A name that means itself, anywhere.
_PLAIN = re.compile(r"[\w.-]*\w[\w.-]*")


class Patterns:
    """Patterns that are relative to a directory: a name means it at any depth, `a/*` starts at the directory."""

    def __init__(self, base: str | Path, lines: Iterable[str]) -> None:
        """Raises ValueError for a line that is no pattern."""
        self._prefix = os.path.join(base, "")
        listed = list(lines)
        self._names = frozenset(listed) if all(map(_PLAIN.fullmatch, listed)) else None
        if self._names is None:
            self._compile(listed)

    def _compile(self, lines: Iterable[str]) -> None:
        from pathspec import GitIgnoreSpec, PathSpec  # takes long to import, and plain names need none of it

        self._of_files = GitIgnoreSpec.from_lines([_checked(line) for line in lines])
        # of a directory the last pattern simply decides; GitIgnoreSpec would prefer `*` to a `!*/` behind it
        self._of_directories = PathSpec(self._of_files.patterns)
        regexes = [pattern.regex.pattern for pattern in self._of_files.patterns if pattern.regex is not None]
        self._any = re.compile("|".join(_GROUP.sub("(?:", regex) for regex in regexes) or "(?!)", re.DOTALL)

    @classmethod
    def of_gitignore(cls, file: str, base: str) -> Patterns | None:
        """The patterns of a file of git's, which start at `base`; None if it cannot be read. Bad lines are left out."""
        try:
            data = ordinary_file.read(file)
        except OSError:
            return None
        text = data.decode("utf-8-sig", "surrogateescape")
        return cls(base, filter(_is_pattern, (line.rstrip("\r") for line in text.split("\n"))))

    def match(self, path: str, is_directory: bool = False) -> bool | None:
        """Whether the absolute `path` is meant.

        None if no pattern speaks of it, False if the last one that does begins with `!`.
        """
        if not path.startswith(self._prefix):
            return None
        if self._names is not None:
            return None if self._names.isdisjoint(path[len(self._prefix) :].split(os.sep)) else True
        relative = path[len(self._prefix) :].replace(os.sep, "/") + ("/" if is_directory else "")
        if not self._any.search(relative):
            return None
        return (self._of_directories if is_directory else self._of_files).check_file(relative).include


def _is_pattern(line: str) -> bool:
    from pathspec import GitIgnoreSpec

    try:
        GitIgnoreSpec.from_lines([line])
    except (ValueError, re.error):
        return False
    return True


def _checked(line: str) -> str:
    if not _is_pattern(line):
        raise ValueError(f"`{line}` is not a pattern of paths")
    return line
