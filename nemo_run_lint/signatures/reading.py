"""What the files of modules hold. Each is looked at once, so that all that is said about it goes together.

A file that changes while it is being asked about has no text any more.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING

from nemo_run_lint import timings
from nemo_run_lint.signatures.files import read_bytes, text_of
from nemo_run_lint.signatures.store import Store

if TYPE_CHECKING:
    from nemo_run_lint.signatures.index_file import IndexFile
    from nemo_run_lint.signatures.search_path import Found
    from nemo_run_lint.signatures.summary import ModuleSummary

_DIGEST_SIZE = 16


class Reader:
    """Reads modules for an index: from exported indexes, or from their files.

    Summaries are not kept in the store: of most modules nothing is asked but a name or two, which are sooner looked for
    than a whole summary is worked out to be written down.
    """

    def __init__(self, store: Store, index_files: Sequence[IndexFile] = ()) -> None:
        """`store` knows the digests of files that have not changed."""
        self._store = store
        self._index_files = index_files
        self._digests: dict[str, bytes] = {}
        self._summaries: dict[str, ModuleSummary | None] = {}
        self._given: dict[str, bytes] = {}

    def give(self, path: str, data: bytes) -> None:
        """From now on, the file at this path is taken to hold `data`."""
        self._given[path] = data
        self._digests[path] = _digest(data)
        self._summaries.pop(path, None)

    def module(self, found: Found) -> ModuleSummary | None:
        """The summary of a module with a source or stub; None if that cannot be read or parsed."""
        if found.path not in self._summaries:
            archive = self._archive(found.path)
            with timings.step(timings.MODULES):
                summary = archive.summary(found.path) if archive is not None else self._summary(found.path)
            self._summaries[found.path] = summary
        return self._summaries[found.path]

    def source(self, path: str) -> str | None:
        """The text of a file; None if it cannot be read, or is no longer what it was before."""
        archive = self._archive(path)
        if archive is not None:
            return archive.source(path)
        data = self._given[path] if path in self._given else self._read(path)
        return text_of(data) if data is not None and _digest(data) == self._digests[path] else None

    def digest(self, path: str) -> bytes:
        """What tells the content of a file from any other; empty if it cannot be read."""
        if path not in self._digests:
            archive = self._archive(path)
            self._digests[path] = archive.digest if archive is not None else self._looked_up(path)
        return self._digests[path]

    def _archive(self, path: str) -> IndexFile | None:
        return next((each for each in self._index_files if each.holds(path)), None)

    def _summary(self, path: str) -> ModuleSummary | None:
        from nemo_run_lint.signatures.modules import read_text  # not where nothing has changed

        text = self.source(path)
        return read_text(text) if text is not None else None

    def _looked_up(self, path: str) -> bytes:
        """The digest of a file, without reading it if it has not changed since that was done."""
        status = _status(path)
        known = self._store.digest(path, status) if status is not None else None
        if known is None:
            self._read(path)
        return known or self._digests.get(path, b"")

    def _read(self, path: str) -> bytes | None:
        """What is in a file, of which the digest is known afterwards, if it was not before."""
        status = _status(path)  # before it is read: if it changes in between, this status will not come again
        data = read_bytes(path) if status is not None else None
        if data is not None and status is not None and path not in self._digests:
            self._digests[path] = _digest(data)
            self._store.put_digest(path, status, self._digests[path])
        return data


def _status(path: str) -> os.stat_result | None:
    try:
        return os.stat(path)
    except (OSError, ValueError):
        return None


def _digest(data: bytes) -> bytes:
    return blake2b(data, digest_size=_DIGEST_SIZE).digest()
