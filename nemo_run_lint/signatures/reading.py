"""What the files of modules hold. Each is looked at once, so that all that is said about it goes together.

A file that changes while it is being asked about has no text any more.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from hashlib import blake2b
from typing import TYPE_CHECKING

from nemo_run_lint.signatures.files import read_bytes, text_of
from nemo_run_lint.signatures.store import Store

if TYPE_CHECKING:
    from nemo_run_lint.signatures.index_file import IndexFile
    from nemo_run_lint.signatures.search_path import Found
    from nemo_run_lint.signatures.summary import ModuleSummary

_DIGEST_SIZE = 16

#: What is kept of a module that cannot be parsed.
_UNPARSABLE = b"null"


class Reader:
    """Reads modules for an index: from exported indexes, from a store where they were read before, or from their files.

    Summaries depend on the source alone, and on `identity`: this program, and the Python that parses.
    """

    def __init__(self, store: Store, identity: bytes = b"", index_files: Sequence[IndexFile] = ()) -> None:
        self._store = store
        self._identity = identity
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
            summary = archive.summary(found.path) if archive is not None else self._summary(found.path)
            self._summaries[found.path] = summary
        return self._summaries[found.path]

    def source(self, path: str) -> str | None:
        """The text of a file; None if it cannot be read, or is no longer what it was before."""
        archive = self._archive(path)
        if archive is not None:
            return archive.source(path)
        data = self._given[path] if path in self._given else read_bytes(path)
        if data is None or self._digests.setdefault(path, _digest(data)) != _digest(data):
            return None
        return text_of(data)

    def digest(self, path: str) -> bytes:
        """What tells the content of a file from any other; empty if it cannot be read."""
        if path not in self._digests:
            archive = self._archive(path)
            self._digests[path] = archive.digest if archive is not None else self._looked_up(path)
        return self._digests[path]

    def _archive(self, path: str) -> IndexFile | None:
        return next((each for each in self._index_files if each.holds(path)), None)

    def _summary(self, path: str) -> ModuleSummary | None:
        from nemo_run_lint.signatures.encoding import decoded, encoded  # not where nothing has changed
        from nemo_run_lint.signatures.modules import read_text

        digest = self.digest(path)
        key = blake2b(digest, key=self._identity, digest_size=_DIGEST_SIZE).digest()
        kept = self._store.get(key)
        summary = decoded(kept) if kept is not None else None
        if summary is None and kept != _UNPARSABLE:
            text = self.source(path)
            summary = read_text(text) if text is not None else None
            if text is not None and self._store.is_open:
                with suppress(RecursionError):  # so many calls are open already that it cannot be written down
                    self._store.put(key, encoded(summary) if summary is not None else _UNPARSABLE)
        return summary

    def _looked_up(self, path: str) -> bytes:
        """The digest of a file, without reading it if it has not changed since that was done."""
        try:
            status = os.stat(path)  # before it is read: if it changes in between, this status will not come again
        except (OSError, ValueError):
            return b""
        known = self._store.digest(path, status)
        if known is not None:
            return known
        data = read_bytes(path)
        if data is None:
            return b""
        self._store.put_digest(path, status, _digest(data))
        return _digest(data)


def _digest(data: bytes) -> bytes:
    return blake2b(data, digest_size=_DIGEST_SIZE).digest()
