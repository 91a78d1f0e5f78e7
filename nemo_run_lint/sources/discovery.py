"""From the paths on a command line to the files to look at, always in the same order.

What a person names is taken, whatever it is called; only directories are searched. No link to a directory is followed
unless it was named, so a walk ends; git's own files are read, git is never called.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

from nemo_run_lint.sources.kinds import MARKDOWN, MODULES, NOTEBOOK, RESTRUCTURED, SHELL
from nemo_run_lint.sources.patterns import Patterns

#: What a walk takes.
SUFFIXES = (*MODULES, NOTEBOOK)


#: What lies in a directory that git has something to say about.
_GIT_NAMES = frozenset({".git", ".gitignore"})


class DiscoveryError(Exception):
    """A path that was named cannot be meant. The message is a sentence for the user."""


class Limits(Protocol):
    """What a walk leaves out of a directory; `settings.Settings` is one."""

    @property
    def root(self) -> Path:
        """The directory that `exclude` is relative to."""

    @property
    def exclude(self) -> tuple[str, ...]:
        """Patterns of paths to leave out."""

    @property
    def respect_gitignore(self) -> bool:
        """Whether to leave out what git would."""

    @property
    def force_exclude(self) -> bool:
        """Whether to leave out even what was named."""

    @property
    def documents(self) -> bool:
        """Whether to take pages of documentation, where what is to be linted is looked for."""

    @property
    def shell_scripts(self) -> bool:
        """Whether to take shell scripts there too."""


#: The limits for what lies in a directory, whose absolute path is given.
LimitsFor = Callable[[Path], Limits]

#: What happens to a directory that cannot be listed: its path, and why.
OnError = Callable[[str, OSError], None]

#: Patterns of git, from the outermost directory to the innermost, which has the last word.
Ignores = tuple[Patterns, ...]


def discover(
    paths: Sequence[str], limits_for: LimitsFor, on_error: OnError, suffixes: Sequence[str] = SUFFIXES
) -> Iterator[str]:
    """The files that `paths` name or hold, each once, as the user would call them (see `shown`).

    suffixes  how the names end of the files that are taken from directories

    Raises DiscoveryError at once, before the first file, for a path that does not exist.
    """
    kinds = [(path, _is_directory(path)) for path in paths]
    return _Search(limits_for, on_error, tuple(suffixes)).run(kinds)


def excluded(path: str, limits: Limits, git: _Git | None = None) -> bool:
    """Whether a walk from the root of `limits` would leave out this file, itself or with a directory above it.

    `git`: what is already known of git's files.
    """
    absolute = os.path.abspath(path)
    if _patterns(limits.root, limits.exclude).match(absolute):
        return True
    return limits.respect_gitignore and (git or _Git()).ignores(absolute)


def shown(path: str) -> str:
    """What the user calls a path: relative to the working directory if it is inside, otherwise as it is."""
    here = os.path.join(os.getcwd(), "")
    absolute = os.path.abspath(path)
    return absolute[len(here) :] if absolute.startswith(here) else path


def _is_directory(path: str) -> bool:
    """Raises DiscoveryError if there is nothing at `path`."""
    try:
        return stat.S_ISDIR(os.stat(path).st_mode)
    except PermissionError:
        return False  # something may be there: reading it will tell
    except (OSError, ValueError):
        target = f" (it is a link to `{os.readlink(path)}`)" if os.path.islink(path) else ""
        raise DiscoveryError(f"`{path}` does not exist{target}") from None


@dataclass
class _Directory:
    shown: str
    absolute: str
    ignores: Ignores


class _Search:
    """One search: remembers what it has given, and git's files."""

    def __init__(self, limits_for: LimitsFor, on_error: OnError, suffixes: tuple[str, ...]) -> None:
        self.suffixes = suffixes
        self.limits_for = limits_for
        self.on_error = on_error
        self.given: set[str] = set()
        self.git = _Git()
        self.here = os.getcwd()

    def run(self, kinds: Sequence[tuple[str, bool]]) -> Iterator[str]:
        """The files; `kinds`: the paths named, and whether each is a directory."""
        for path, is_directory in kinds:
            absolute = os.path.abspath(path)
            limits = self.limits_for(Path(os.path.dirname(absolute)))
            if limits.force_exclude and excluded(path, limits, self.git):
                continue
            if is_directory:
                yield from self.walk(path)
            elif self.is_new(absolute):
                yield shown(path)

    def is_new(self, absolute: str) -> bool:
        """Whether this file has not been given yet; from now on it has."""
        before = len(self.given)
        self.given.add(absolute)
        return len(self.given) > before

    def walk(self, top: str) -> Iterator[str]:
        """The files below a directory: those of a directory before those of its directories, each in order of name."""
        absolute = os.path.abspath(top)
        stack = [self.directory(shown(top), absolute, self.git.above(absolute))]
        while stack:
            directory = stack.pop()
            try:
                with os.scandir(directory.shown or os.curdir) as listing:
                    entries = list(listing)
            except OSError as error:
                self.on_error(directory.shown or os.curdir, error)
                continue
            stack += reversed((yield from self.look(directory, entries, absolute)))

    def directory(self, name: str, absolute: str, ignores: Ignores) -> _Directory:
        """A directory to be walked; what is in the working directory is called without a directory."""
        return _Directory("" if absolute == self.here else name, absolute, ignores)

    def look(
        self, directory: _Directory, entries: Sequence[os.DirEntry[str]], top: str
    ) -> Generator[str, None, list[_Directory]]:
        """The files of one directory; returns the directories in it that are to be walked. `top`: where it began."""
        limits = self.limits_for(Path(directory.absolute))
        exclude = _patterns_below(limits.root, limits.exclude, top).match
        gits = {entry.name for entry in entries if entry.name in _GIT_NAMES} if limits.respect_gitignore else set()
        ignores = _ignores_in(directory, gits) if limits.respect_gitignore else ()
        suffixes = _taken(limits) if self.suffixes == SUFFIXES else self.suffixes
        place, called = os.path.join(directory.absolute, ""), directory.shown and os.path.join(directory.shown, "")
        below = []
        # most entries are of no interest, so that the first question about each decides how long a walk takes
        taken = [entry for entry in entries if entry.name.endswith(suffixes) or entry.is_dir(follow_symlinks=False)]
        for entry in sorted(taken, key=_name):
            is_directory = entry.is_dir(follow_symlinks=False)
            if not is_directory and not _is_file(entry):
                continue
            absolute = place + entry.name
            if exclude(absolute, is_directory) or (ignores and _ignored(ignores, absolute, is_directory)):
                continue
            name = called + entry.name
            if is_directory:
                below.append(self.directory(name, absolute, ignores))
            elif self.is_new(absolute):
                yield name
        return below


def _name(entry: os.DirEntry[str]) -> str:
    return entry.name


def _taken(limits: Limits) -> tuple[str, ...]:
    """How the names end of what is linted, where it is looked for."""
    pages = (*MARKDOWN, *RESTRUCTURED) if limits.documents else ()
    return (*SUFFIXES, *pages, *(SHELL if limits.shell_scripts else ()))


def _is_file(entry: os.DirEntry[str]) -> bool:
    """Whether it is, or links to, an ordinary file: no pipe, no device, no link to nowhere."""
    try:
        return entry.is_file()
    except OSError:
        return False


@cache
def _patterns(root: Path, lines: tuple[str, ...]) -> Patterns:
    try:
        return Patterns(root, lines)
    except ValueError as error:
        raise DiscoveryError(f"`exclude`: {error}") from None


@cache
def _patterns_below(root: Path, lines: tuple[str, ...], top: str) -> Patterns:
    """The patterns for a walk from `top`: those that mean `top` itself would leave out all that was asked for."""
    return _patterns(root, tuple(line for line in lines if not _patterns(root, (line,)).match(top, is_directory=True)))


def _ignored(ignores: Ignores, absolute: str, is_directory: bool) -> bool:
    for patterns in reversed(ignores):
        verdict = patterns.match(absolute, is_directory)
        if verdict is not None:
            return verdict
    return False


def _ignores_in(directory: _Directory, names: set[str]) -> Ignores:
    """The patterns that count in a directory that holds `names`; a repository inside another starts anew."""
    above = () if ".git" in names else directory.ignores
    return above + _own_ignores(directory.absolute) if names & _GIT_NAMES else above


def _own_ignores(absolute: str) -> Ignores:
    """The patterns that this directory brings itself."""
    files = (os.path.join(absolute, ".git", "info", "exclude"), os.path.join(absolute, ".gitignore"))
    found = (Patterns.of_gitignore(file, absolute) for file in files)
    return tuple(patterns for patterns in found if patterns is not None)


def _is_repository(directory: str) -> bool:
    """Whether a git repository starts here; in a worktree or submodule .git is a file."""
    return os.path.lexists(os.path.join(directory, ".git"))


class _Git:
    """What git ignores, learnt by reading its files upwards from any path, and remembered."""

    def __init__(self) -> None:
        self._from_top: dict[str, Ignores | None] = {}

    def ignores(self, absolute: str, is_directory: bool = False) -> bool:
        """Whether git would ignore a path, itself or with a directory above it."""
        for path in (absolute, *map(str, Path(absolute).parents)):
            patterns = None if is_directory and _is_repository(path) else self.patterns(os.path.dirname(path))
            if patterns is None:
                return False
            if _ignored(patterns, path, is_directory):
                return True
            is_directory = True
        return False

    def patterns(self, directory: str) -> Ignores | None:
        """The patterns from the top of the git repository down to this directory; None outside of repositories."""
        known: Ignores | None = None
        for path in (*map(str, reversed(Path(directory).parents)), directory):
            if path not in self._from_top:
                above = () if _is_repository(path) else known
                self._from_top[path] = None if above is None else above + _own_ignores(path)
            known = self._from_top[path]
        return known

    def above(self, absolute: str) -> Ignores:
        """What to start a walk with: the patterns above a directory.

        None if git would ignore the directory itself: then the user asked for what the patterns leave out.
        """
        return () if self.ignores(absolute, is_directory=True) else self.patterns(os.path.dirname(absolute)) or ()
