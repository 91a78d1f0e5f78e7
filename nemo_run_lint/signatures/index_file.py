"""An exported index: the summaries of an environment's modules in one file, which stands for its site-packages.

In paths the file is a directory, `env.idx/nemo/core.py`, as in those of zipped modules. A checksum over all of it tells
at once whether it is whole; what it says is read when it is asked for.
"""

from __future__ import annotations

import json
import lzma
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import blake2b
from itertools import accumulate
from pathlib import Path
from typing import Any

from nemo_run_lint import ordinary_file
from nemo_run_lint.signatures.distributions import normalised
from nemo_run_lint.signatures.encoding import decoded, encoded, schema
from nemo_run_lint.signatures.search_path import Listing, listing_of
from nemo_run_lint.signatures.summary import ModuleSummary

_MAGIC = b"nemo-run-lint index\n"

#: To be raised when the layout changes, or the meaning of what summaries say.
_FORMAT = 1

_CHECKSUM = 16

#: How many bytes of JSON or source are packed together: more pack better, fewer are quicker to read.
_BLOCK = 256_000

#: Nothing in an index unpacks to more.
_LARGEST = 100_000_000

#: How many blocks are kept unpacked.
_BLOCKS = 64


class IndexFileError(Exception):
    """An index that cannot be used. The message is a sentence for the user, with what to do."""


@dataclass(frozen=True)
class Exported:
    """A module to be exported.

    path          relative to site-packages, with slashes
    distribution  name and version of what brought it, or empty
    source        its text, if the functions in it are to be followed
    """

    path: str
    summary: ModuleSummary
    distribution: str = ""
    source: str | None = None


# -- writing -----------------------------------------------------------------------------------------------------


def pack(
    modules: Iterable[Exported],
    others: Iterable[str],
    distributions: Sequence[str],
    python: tuple[int, int],
    made_by: str,
) -> bytes:
    """The bytes of an index.

    others         paths of modules that exist as well, although nothing is told about them
    distributions  name and version of each that is installed
    python         the version of the environment's Python
    made_by        the version of this program
    """
    known = sorted(distributions)
    summaries, sources = _Packer(), _Packer()
    tree: dict[str, Any] = {}
    for path in others:
        _enter(tree, path, None)
    for module in sorted(modules, key=lambda module: module.path):
        brought = known.index(module.distribution) if module.distribution in known else -1
        source = sources.add(module.source.encode(errors="surrogatepass")) if module.source is not None else None
        _enter(tree, module.path, [brought, summaries.add(encoded(module.summary)), source])
    packed = [*summaries.blocks(), *sources.blocks()]
    header = {
        "made by": made_by,
        "schema": schema(),
        "python": python,
        "distributions": known,
        "blocks": [len(block) for block in packed],
        "sources": len(summaries.blocks()),
        "modules": tree,
    }
    head = lzma.compress(json.dumps(header, separators=(",", ":")).encode())
    body = b"".join([len(head).to_bytes(4, "big"), head, *packed])
    return b"".join([_MAGIC, _FORMAT.to_bytes(2, "big"), _checksum(body), body])


def _enter(tree: dict[str, Any], path: str, entry: Any) -> None:
    *directories, name = path.split("/")
    for directory in directories:
        tree = tree.setdefault(directory, {})
    tree[name] = entry


class _Packer:
    """Collects texts in blocks."""

    def __init__(self) -> None:
        self._full: list[bytes] = []
        self._open: list[bytes] = []
        self._length = 0

    def add(self, data: bytes) -> tuple[int, int, int]:
        """The block, place and length at which `data` will be found."""
        place = len(self._full), self._length, len(data)
        self._open.append(data)
        self._length += len(data)
        if self._length >= _BLOCK:
            self._close()
        return place

    def blocks(self) -> list[bytes]:
        """All blocks, packed."""
        self._close()
        return self._full

    def _close(self) -> None:
        if self._open:
            self._full.append(lzma.compress(b"".join(self._open)))
            self._open, self._length = [], 0


def _checksum(body: bytes) -> bytes:
    return blake2b(body, digest_size=_CHECKSUM).digest()


# -- reading -----------------------------------------------------------------------------------------------------


class IndexFile:
    """An index that was exported; an archive in which modules are found.

    path           absolute
    digest         of all that is in it
    python         the version of the Python whose environment it holds
    distributions  name and version of each that was installed there
    made_by        the version of this program that made it
    size           in bytes
    """

    def __init__(self, file: Path) -> None:
        """Raises IndexFileError for a file that is no index, is broken, or was made by a program that differs."""
        self.path = os.path.abspath(file)
        try:
            data = ordinary_file.read(file, _LARGEST)
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            raise IndexFileError(f"the index `{file}` cannot be read: {reason}") from None
        header, self._body = _opened(file, data)
        self.size = len(data)
        self.digest = _checksum(data)
        self.made_by: str = header["made by"]
        self.python: tuple[int, int] = tuple(header["python"])
        self.distributions: Sequence[str] = header["distributions"]
        self._tree: Mapping[str, Any] = header["modules"]
        self._first_source: int = header["sources"]
        self._extents = _extents(header["blocks"])
        self._block = lru_cache(_BLOCKS)(self._unpacked)

    def listing(self, directory: str) -> Listing | None:
        """What a directory in it holds; None for one outside of it."""
        found = self._at(directory)
        if not isinstance(found, dict):
            return None
        directories = [name for name, entry in found.items() if isinstance(entry, dict)]
        return listing_of(found.keys() - directories, directories)

    def holds(self, path: str) -> bool:
        """Whether a path leads into it."""
        return path.startswith(self.path + os.sep)

    def summary(self, path: str) -> ModuleSummary | None:
        """The summary of the module in a file; None if nothing is told about it."""
        data = self._data(path, 1)
        return decoded(data) if data is not None else None

    def source(self, path: str) -> str | None:
        """The text of a file, if it is in there."""
        data = self._data(path, 2)
        return data.decode(errors="replace") if data is not None else None

    def distribution(self, path: str) -> str:
        """Name and version of what brought a file, or empty."""
        entry = self._at(path)
        number = entry[0] if isinstance(entry, list) else -1
        return self.distributions[number] if type(number) is int and 0 <= number < len(self.distributions) else ""

    def installed(self, name: str) -> str | None:
        """The version of an installed distribution, however its name is written."""
        return self._versions.get(normalised(name))

    @cached_property
    def _versions(self) -> Mapping[str, str]:
        pairs = (each.rpartition(" ") for each in self.distributions)
        return {normalised(name): version for name, _, version in pairs}

    def modules(self) -> Iterator[tuple[str, bool]]:
        """Every module, by its path inside, and whether something is told about it."""
        waiting: list[tuple[str, Any]] = [("", self._tree)]
        while waiting:
            path, entry = waiting.pop()
            if isinstance(entry, dict):
                waiting += ((f"{path}/{name}" if path else name, below) for name, below in entry.items())
            else:
                yield path, isinstance(entry, list)

    def _at(self, path: str) -> Any:
        """What the table of contents says of a path; None if it leads nowhere."""
        if path != self.path and not self.holds(path):
            return None
        found: Any = self._tree
        for name in filter(None, path[len(self.path) :].split(os.sep)):
            found = found.get(name) if isinstance(found, dict) else None
        return found

    def _data(self, path: str, column: int) -> bytes | None:
        entry = self._at(path)
        try:
            block, start, length = entry[column]
            return self._block(block + (self._first_source if column == 2 else 0))[start : start + length]
        except (TypeError, ValueError, IndexError, lzma.LZMAError):
            return None

    def _unpacked(self, number: int) -> bytes:
        start, end = self._extents[number]
        return _unpack(self._body[start:end])


def _opened(file: Path, data: bytes) -> tuple[dict[str, Any], bytes]:
    """The header, and the blocks behind it."""
    again = "build it anew: nemo-run-lint index build -o FILE"
    if not data.startswith(_MAGIC):
        raise IndexFileError(f"`{file}` is no index of nemo-run-lint; {again}")
    start = len(_MAGIC)
    form = int.from_bytes(data[start : start + 2], "big")
    if form > _FORMAT:
        raise IndexFileError(f"the index `{file}` was made by a newer nemo-run-lint: upgrade this one, or {again}")
    checksum, body = data[start + 2 : start + 2 + _CHECKSUM], data[start + 2 + _CHECKSUM :]
    if checksum != _checksum(body):
        raise IndexFileError(f"the index `{file}` is damaged or cut off; {again}")
    length = int.from_bytes(body[:4], "big")
    try:
        header = json.loads(_unpack(body[4 : 4 + length]))
        is_sound = _is_sound(header)
    except (lzma.LZMAError, ValueError, RecursionError):
        is_sound = False
    if not is_sound:
        raise IndexFileError(f"the index `{file}` is damaged; {again}")
    if form < _FORMAT or header["schema"] != schema():
        raise IndexFileError(f"the index `{file}` was made by another nemo-run-lint, {header['made by']}; {again}")
    return header, body[4 + length :]


def _unpack(data: bytes) -> bytes:
    return lzma.LZMADecompressor().decompress(data, _LARGEST)


def _is_sound(header: Any) -> bool:
    if not isinstance(header, dict):
        return False
    version, names, blocks = (header.get(key) for key in ("python", "distributions", "blocks"))
    return (
        all(isinstance(header.get(key), str) for key in ("made by", "schema"))
        and isinstance(header.get("modules"), dict)
        and type(header.get("sources")) is int
        and isinstance(version, list)
        and len(version) == 2
        and all(type(each) is int for each in version)
        and isinstance(names, list)
        and all(isinstance(each, str) for each in names)
        and isinstance(blocks, list)
        and all(type(each) is int and each >= 0 for each in blocks)
    )


def _extents(lengths: Sequence[int]) -> Sequence[tuple[int, int]]:
    """Where each block begins and ends."""
    ends = list(accumulate(lengths))
    return list(zip([0, *ends], ends, strict=False))
