"""A git repository, asked without trusting it: none of its hooks, filters, drivers, helpers or remotes is ever run.

Only objects and the index are read. The files of the work tree are never git's to compare, since that runs filters.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache, cached_property

#: What git obeys of the environment: the user's own settings. GIT_DIR and the like would mean another repository than
#: the one a file lies in, and GIT_TRACE would write files.
_KEPT = ("GIT_CONFIG_", "GIT_CEILING_DIRECTORIES", "GIT_DISCOVERY_ACROSS_FILESYSTEM", "GIT_EXEC_PATH")

#: An empty list of protocols: an object that a partial clone lacks is not fetched, which would run remote helpers.
_OFFLINE = {
    "GIT_ALLOW_PROTOCOL": "",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}

_GUARDED = ("--no-pager", "--literal-pathspecs", "-c", "core.fsmonitor=", "-c", f"core.hooksPath={os.devnull}")

_LINK_TO_COMMIT = b"160000"


class GitError(Exception):
    """What git cannot tell. The message is a sentence for the user."""


@dataclass(frozen=True)
class Entry:
    """A file of a commit: the id of its content; for a submodule, that of its commit."""

    id: str
    is_submodule: bool = False


@dataclass(frozen=True)
class Repository:
    """The repository whose work tree is `top`, an absolute path without links."""

    top: str

    @cached_property
    def is_shallow(self) -> bool:
        """Whether its history is cut off."""
        return self._git("rev-parse", "--is-shallow-repository") == b"true\n"

    def commit(self, revision: str) -> str | None:
        """The id of the commit that a revision means; None if it means none."""
        if not revision or revision.startswith("-") or "\0" in revision:
            return None
        found = self._asked("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
        return found.stdout.decode().strip() if found.returncode == 0 else None

    def merge_base(self, one: str, other: str) -> str | None:
        """The last commit that two commits have in common; None if there is none, or if the history ends before it."""
        found = self._asked("merge-base", one, other)
        return found.stdout.decode().strip() or None

    def files(self, commit: str) -> dict[bytes, Entry]:
        """The files and submodules of a commit by their paths below `top`, with slashes."""
        found = {}
        for line in filter(None, self._git("ls-tree", "-r", "-z", "--full-tree", commit).split(b"\0")):
            told, _, path = line.partition(b"\t")
            mode, _, name = told.split(b" ")
            found[path] = Entry(name.decode(), mode == _LINK_TO_COMMIT)
        return found

    def renamed(self, commit: str) -> dict[bytes, bytes]:
        """Of each file of the index that was renamed since a commit, the path that it had."""
        told = self._git(
            *("diff-index", "--cached", "-r", "-z", "-M", "--raw", "--diff-filter=R"),
            *("--no-ext-diff", "--no-textconv", "--ignore-submodules=all", commit),
        ).split(b"\0")
        return {told[place + 2]: told[place + 1] for place in range(0, len(told) - 2, 3)}

    def content(self, entry: Entry) -> bytes | None:
        """What a file of a commit held; None if this clone does not have it."""
        found = self._asked("cat-file", "blob", entry.id)
        return found.stdout if found.returncode == 0 else None

    def _git(self, *arguments: str) -> bytes:
        """What a git command that has to succeed prints."""
        found = self._asked(*arguments)
        if found.returncode:
            raise GitError(f"git cannot read the repository `{self.top}`: {_complaint(found.stderr)}")
        return found.stdout

    def _asked(self, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        return _run(self.top, arguments)


def repository_of(path: str) -> Repository | None:
    """The repository in whose work tree a file or directory lies, which need not exist; None if there is none.

    Raises GitError if git is not installed, or refuses the repository.
    """
    real = os.path.realpath(path)
    return _of_directory(real if os.path.isdir(real) else os.path.dirname(real))


@cache
def _of_directory(directory: str) -> Repository | None:
    above = os.path.dirname(directory)
    if not os.path.lexists(os.path.join(directory, ".git")):
        return None if above == directory else _of_directory(above)
    found = _run(directory, ("rev-parse", "--show-toplevel"))
    if found.returncode:
        if b"not a git repository (" in found.stderr:  # git passes over an empty `.git`, and looks further up
            return None if above == directory else _of_directory(above)
        raise GitError(f"git refuses the repository `{directory}`: {_complaint(found.stderr)}")
    top = os.path.realpath(os.fsdecode(found.stdout.removesuffix(b"\n")))
    # `core.worktree` may name any place
    return Repository(top) if os.path.join(directory, "").startswith(os.path.join(top, "")) else None


def forget() -> None:
    """Look for repositories anew from now on: for a process that outlives a change."""
    _of_directory.cache_clear()


def _run(directory: str, arguments: tuple[str, ...]) -> subprocess.CompletedProcess[bytes]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_") or name.startswith(_KEPT)}
    command = [_program(), *_GUARDED, "-C", directory, *arguments]
    try:
        return subprocess.run(command, env={**kept, **_OFFLINE}, stdin=subprocess.DEVNULL, capture_output=True)
    except (OSError, ValueError) as error:  # arguments that are too long, or that the system cannot encode
        raise GitError(f"git cannot be run: {getattr(error, 'strerror', None) or error}") from None


def _program() -> str:
    """The program, looked for in the absolute places of PATH only: what is linted may lie in the others."""
    places = [place for place in os.environ.get("PATH", os.defpath).split(os.pathsep) if os.path.isabs(place)]
    found = shutil.which("git", path=os.pathsep.join(places)) if places else None
    if found is None or not os.path.isabs(found):
        raise GitError("git is not installed, or not on PATH: it tells what has changed")
    return found


def _complaint(stderr: bytes) -> str:
    """The first line of what git said, without its own "fatal: "."""
    lines = stderr.decode(errors="replace").strip().splitlines()
    return lines[0].removeprefix("fatal: ").removeprefix("error: ") if lines else "it does not say why"
