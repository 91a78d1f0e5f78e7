"""Which findings are about what was changed since a revision, committed or not.

Compared is what lies on disk with the last commit that the revision and HEAD have in common, as `git diff REV...` would
and `git diff` besides. What git does not know of - a new file, one outside of every repository - is changed as a whole.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from nemo_run_lint.base_revision import AUTOMATIC, HISTORY, Bases, bases
from nemo_run_lint.finding import Finding, Note
from nemo_run_lint.repository import Entry, GitError, Repository, repository_of
from nemo_run_lint.settings import Settings, SettingsError
from nemo_run_lint.sources.changed_lines import changed_lines
from nemo_run_lint.sources.discovery import excluded
from nemo_run_lint.sources.python import UndecodableError, decode

if TYPE_CHECKING:
    from nemo_run_lint.result import Result

#: How much of a file is hashed at a time.
_CHUNK = 1 << 20


class ChangesError(SettingsError):
    """A revision that cannot be compared with. The message is a sentence for the user."""


@dataclass(frozen=True)
class _Base:
    """A repository and the commit that it is compared with."""

    repository: Repository
    commit: str

    @cached_property
    def files(self) -> dict[bytes, Entry]:
        return self.repository.files(self.commit)

    @cached_property
    def renamed(self) -> dict[bytes, bytes]:
        return self.repository.renamed(self.commit)

    def entry(self, path: str) -> Entry | None:
        """What a file was, under its own name or a former one; None if it was not there."""
        relative = os.fsencode(os.path.relpath(path, self.repository.top).replace(os.sep, "/"))
        return self.files.get(relative) or self.files.get(self.renamed.get(relative, b""))


class Changes:
    """What has changed since a revision, in every repository that a path leads to."""

    def __init__(self, revision: str, instead: Mapping[str, bytes] | None = None) -> None:
        """`instead` holds the content that stands for files which are not read from disk."""
        self.revision = revision
        self._instead = instead or {}
        self._bases: dict[Repository, _Base] = {}
        self._known: dict[str, frozenset[int] | None] = {}

    @classmethod
    def since(cls, revision: str, *places: str | Path, instead: Mapping[str, bytes] | None = None) -> Changes:
        """The changes since `revision`, or since what the build or the default branch tells (`auto`).

        Raises ChangesError if no one of `places`, files or directories, lies in a repository, or if one of their
        repositories cannot be compared with that revision.
        """
        changes = cls(revision, instead)
        try:
            found = [repository_of(str(place)) for place in places]
            if not any(found):
                where = ", ".join(f"`{place}`" for place in places)
                raise ChangesError(f"--since asks git what has changed, and there is no git repository at {where}")
            for repository in filter(None, found):
                changes._base(repository)
        except GitError as error:
            raise ChangesError(str(error)) from None
        return changes

    def narrowed(self, result: Result) -> Result:
        """A result with only those findings that `holds` holds, silenced ones too. Raises ChangesError as `holds`."""
        findings = tuple(filter(self.holds, result.findings))
        silenced = tuple(each for each in result.silenced if self.holds(each.finding))
        return replace(result, findings=findings, silenced=silenced, unchanged=len(result.findings) - len(findings))

    def holds(self, finding: Finding) -> bool:
        """Whether a finding stands on something that has changed, or rests on it: a note names such a place.

        Raises ChangesError where git cannot tell what a file was.
        """
        span = finding.span
        try:
            changed = self._changed(finding.path)
            is_here = changed is None or any(line in changed for line in range(span.line, span.end_line + 1))
            return is_here or any(map(self._rests_on_change, finding.notes))
        except GitError as error:
            raise ChangesError(str(error)) from None

    def has_changed(self, path: str) -> bool:
        """Whether anything in a file has changed. Raises ChangesError as `holds`."""
        try:
            return self._changed(path) != frozenset()
        except GitError as error:
            raise ChangesError(str(error)) from None

    def _rests_on_change(self, note: Note) -> bool:
        repository = repository_of(note.path) if note.line and os.path.isfile(note.path) else None
        if repository is None:
            return False
        changed = self._changed(note.path)
        if changed is not None:
            return note.line in changed
        # an environment in the repository has not changed because git leaves it out
        return not excluded(os.path.realpath(note.path), Settings(root=Path(repository.top)))

    def _changed(self, path: str) -> frozenset[int] | None:
        """The lines of a file that have changed; None: all of them."""
        if path not in self._known:
            self._known[path] = self._compared(path)
        return self._known[path]

    def _compared(self, path: str) -> frozenset[int] | None:
        real = os.path.realpath(path)
        repository = repository_of(real)
        entry = self._base(repository).entry(real) if repository is not None else None
        if repository is None or entry is None:
            return None
        after = self._instead.get(path)
        try:
            if after is None and _is_content(real, entry):
                return frozenset()
            if after is None:
                with open(real, "rb") as opened:
                    after = opened.read()
        except OSError:
            return None
        before = repository.content(entry)
        if before is None:
            raise GitError(
                f"this clone does not have what `{path}` was at {self._base(repository).commit[:10]}, as it was made "
                f"with a filter: clone without `--filter`, or run `git diff {self.revision}... --stat` first"
            )
        return changed_lines(_text(before), _text(after))

    # -- the commit to compare with --------------------------------------------------------------------------

    def _base(self, repository: Repository) -> _Base:
        if repository not in self._bases:
            self._bases[repository] = _Base(repository, self._of_submodule(repository) or self._commit(repository))
        return self._bases[repository]

    def _of_submodule(self, repository: Repository) -> str | None:
        """The commit of a submodule that the repository around it had; None for a repository that is no submodule."""
        around = repository_of(os.path.dirname(repository.top))
        try:
            entry = self._base(around).entry(repository.top) if around is not None else None
        except GitError:
            return None
        if entry is None or not entry.is_submodule:
            return None
        if repository.commit(entry.id) is None:
            raise GitError(
                f"the submodule `{repository.top}` does not have commit {entry.id[:10]}, where it stood at "
                f"`{self.revision}`: {HISTORY}"
            )
        return entry.id

    def _commit(self, repository: Repository) -> str:
        if repository.commit("HEAD") is None:
            raise GitError(f"the repository `{repository.top}` has no commit yet that --since could compare with")
        if self.revision == AUTOMATIC:
            return self._automatic(repository, bases(os.environ))
        commit = repository.commit(self.revision)
        if commit is None:
            raise GitError(self._unknown(repository))
        return self._common(repository, commit, f"`{self.revision}`")

    def _unknown(self, repository: Repository) -> str:
        told = f"`{self.revision}` is no commit of the repository `{repository.top}`"
        if repository.commit(f"origin/{self.revision}") is not None:
            return f"{told}; did you mean `origin/{self.revision}`?"
        return f"{told}, which is a shallow clone: {HISTORY}" if repository.is_shallow else told

    def _automatic(self, repository: Repository, wanted: Bases) -> str:
        for source, revision in wanted.revisions:
            if commit := repository.commit(revision):
                return self._common(repository, commit, f"`{revision}` ({source})")
        looked = ", ".join(f"`{revision}` ({source})" for source, revision in wanted.revisions)
        raise GitError(
            f"--since auto found nothing to compare with in `{repository.top}`: none of {looked} is there; "
            + (HISTORY if wanted.is_build or repository.is_shallow else "name a revision: --since REV")
        )

    def _common(self, repository: Repository, commit: str, told: str) -> str:
        common = repository.merge_base(commit, "HEAD")
        if common is None:
            shallow = f", as far as this shallow clone reaches: {HISTORY}" if repository.is_shallow else ""
            raise GitError(f"{told} and HEAD have no commit in common in `{repository.top}`{shallow}")
        return common


def _is_content(path: str, entry: Entry) -> bool:
    """Whether an ordinary file holds to the last byte what an entry of a commit did. Raises OSError."""
    if not os.path.isfile(path):
        raise OSError
    with open(path, "rb") as opened:
        digest = hashlib.sha1(usedforsecurity=False) if len(entry.id) == 40 else hashlib.sha256()
        digest.update(b"blob %d\0" % os.fstat(opened.fileno()).st_size)
        while data := opened.read(_CHUNK):
            digest.update(data)
    return digest.hexdigest() == entry.id


def _text(data: bytes) -> str:
    try:
        return decode(data).text
    except UndecodableError:
        return data.decode("utf-8-sig", "replace")
