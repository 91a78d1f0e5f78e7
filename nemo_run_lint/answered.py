"""The answer of an earlier run, told again as long as all that the run looked at is still the same.

Every run pays for what is imported here, so that is next to nothing: what keeps an answer lives in `witnesses`. Nothing
here fails: an answer that cannot be had, or is not sound, is none, and the run goes the ordinary way.
"""

from __future__ import annotations

import os
import sys
from time import localtime, time

from nemo_run_lint.cache_place import cache_directory

TYPE_CHECKING = False  # to a type checker it is true
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Ask = Callable[[str | bytes], os.stat_result]

try:
    from _blake2 import blake2b  # hashlib, which has the same, takes a while
except ImportError:
    from hashlib import blake2b

#: Where the answers are in the directory in which things are remembered.
DIRECTORY = "answers"

#: Another layout of an answer begins otherwise; so do numbers that another kind of machine wrote.
MAGIC = f"nemo-run-lint answer 1 {sys.byteorder}\n".encode()

_DIGEST_SIZE = 16
_KINDS = 0o170000  # the bits of a mode that `stat.S_IFMT` gives, without importing it
_LARGEST = (1 << 63) - 1
_SECONDS = 86_400


class Question:
    """What a run is asked, as far as it shows before anything is looked at.

    key        what tells it from any other
    directory  where its answer is kept
    """

    def __init__(self, arguments: list[str]) -> None:
        """Raises OSError, ValueError or AttributeError where there is no place to answer."""
        streams = (sys.stdout, sys.stderr)
        self.terminals = tuple(stream.isatty() for stream in streams)
        self.descriptors = tuple(stream.fileno() for stream in streams)
        told = (
            arguments,
            os.getcwd(),
            localtime()[:3],  # comments are good until a day
            (sys.version, sys.prefix, sys.path, tuple(sys.flags), sys.warnoptions, __file__),
            [(stream.encoding, stream.errors) for stream in streams],
            (self.terminals, tuple(os.get_terminal_size(self.descriptors[0])) if self.terminals[0] else None),
            os.geteuid() if hasattr(os, "geteuid") else None,
        )
        self.key = digest(repr(told).encode(errors="surrogatepass"))
        self.directory = os.path.join(cache_directory(_named(arguments)), DIRECTORY)

    @property
    def file(self) -> str:
        """Where the answer is."""
        return os.path.join(self.directory, self.key.hex())


def tell_again(question: Question) -> int | None:
    """Write the answer of an earlier run, if there is one and it still holds: the exit status, or None."""
    try:
        with open(question.file, "rb") as file:
            parts = unpacked(file.read())
        if parts is None or not _holds(parts):
            return None
        status, pieces = _output(parts[0])
        _keep_longer(question.file)
    except (OSError, ValueError, IndexError, OverflowError):
        return None
    for stream, data in pieces:
        _write(question.descriptors[stream], data)
    return status


def _keep_longer(file: str) -> None:
    """Once a day, make an answer that is asked for younger than those that nobody asks for."""
    try:
        if os.stat(file).st_mtime < time() - _SECONDS:
            os.utime(file)
    except OSError:  # a place that is only read
        pass


def _named(arguments: list[str]) -> str | None:
    """The directory that a command line names."""
    found = None
    for word, following in zip(arguments, [*arguments[1:], ""], strict=True):
        if word == "--cache-dir":
            found = following
        elif word.startswith("--cache-dir="):
            found = word.partition("=")[2]
    return found


# -- as bytes ----------------------------------------------------------------------------------------------------


def digest(data: bytes) -> bytes:
    """What tells bytes from any others."""
    return blake2b(data, digest_size=_DIGEST_SIZE).digest()


def packed(parts: list[bytes]) -> bytes:
    """Several pieces of bytes as one, which tells whether it is whole."""
    body = b"".join(len(part).to_bytes(8, "little") + part for part in parts)
    return MAGIC + digest(body) + body


def unpacked(data: bytes) -> list[bytes] | None:
    """The pieces again; None for what `packed` did not make."""
    start = len(MAGIC) + _DIGEST_SIZE
    if data[: len(MAGIC)] != MAGIC or data[len(MAGIC) : start] != digest(data[start:]):
        return None
    parts = []
    while start < len(data):
        end = start + 8 + int.from_bytes(data[start : start + 8], "little")
        parts.append(data[start + 8 : end])
        start = end
    return parts


def _output(part: bytes) -> tuple[int, list[tuple[int, bytes]]]:
    """The exit status, and what was written, in pieces: each with 0 for standard output, 1 for standard error."""
    pieces = []
    start = 1
    while start < len(part):
        end = start + 9 + int.from_bytes(part[start + 1 : start + 9], "little")
        pieces.append((part[start], part[start + 9 : end]))
        start = end
    return part[0], pieces


def _write(descriptor: int, data: bytes) -> None:
    """Raises OSError."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


# -- is all the same? --------------------------------------------------------------------------------------------


def kind(path: str | bytes, ask: Ask) -> int:
    """What is at a path: a directory, a link, ...; below zero, why that cannot be told."""
    try:
        return ask(path).st_mode & _KINDS
    except OSError as error:
        return -(error.errno or 1)


def times(status: os.stat_result) -> tuple[int, int, int]:
    """What changes whenever an entry of a directory comes or goes, or a file is written."""
    return status.st_mtime_ns, status.st_ctime_ns, status.st_ino & _LARGEST


def listing(entries: Iterable[os.DirEntry[str]]) -> bytes:
    """What tells the entries of a directory from any others: their names and kinds."""
    files, others = [], []
    for entry in entries:
        if entry.is_file(follow_symlinks=False):
            files.append(entry.name)
        else:
            others.append(_letter(entry) + entry.name)
    files.sort()
    others.sort()
    return digest(os.fsencode("\0".join([*files, "", *others])))


def _letter(entry: os.DirEntry[str]) -> str:
    if entry.is_symlink():
        return "l"
    return "d" if entry.is_dir(follow_symlinks=False) else "o"


def _holds(parts: list[bytes]) -> bool:
    """Whether nothing has changed that was looked at. Raises OSError if something is gone, say."""
    variables, files, statuses, own_files, own_statuses, kinds_of, kinds, own_kinds_of, own_kinds = parts[1:10]
    links, goals, directories, changes, listings = parts[10:]
    return (
        all(map(_is_set, _names(variables)))
        and _are_files(_names(files), _numbers(statuses), os.stat)
        and _are_kinds(_names(kinds_of), _numbers(kinds), os.stat)
        and _are_listed(_names(directories), _numbers(changes), listings)
        and _are_files(_names(own_files), _numbers(own_statuses), os.lstat)
        and _are_kinds(_names(own_kinds_of), _numbers(own_kinds), os.lstat)
        and list(map(os.readlink, _names(links))) == _names(goals)
    )


def _names(part: bytes) -> list[bytes]:
    return part.split(b"\0") if part else []


def _numbers(part: bytes) -> list[int]:
    return memoryview(part).cast("q").tolist()


def _is_set(variable: bytes) -> bool:
    """Whether a variable of the environment is what it was: `NAME=value`, or `NAME` alone for one that is not set."""
    name, is_set, value = variable.partition(b"=")
    return os.environ.get(os.fsdecode(name)) == (os.fsdecode(value) if is_set else None)


def _are_files(paths: list[bytes], told: list[int], ask: Ask) -> bool:
    columns = (told[column::4] for column in range(4))
    for path, size, modified, changed, number in zip(paths, *columns, strict=True):
        status = ask(path)
        if (
            status.st_mtime_ns != modified
            or status.st_ctime_ns != changed
            or status.st_size != size
            or status.st_ino & _LARGEST != number
        ):
            return False
    return True


def _are_kinds(paths: list[bytes], told: list[int], ask: Ask) -> bool:
    return [kind(path, ask) for path in paths] == told


def _are_listed(paths: list[bytes], told: list[int], digests: bytes) -> bool:
    for place, path in enumerate(paths):
        if times(os.stat(path)) != tuple(told[3 * place : 3 * place + 3]):
            with os.scandir(os.fsdecode(path)) as entries:
                if listing(entries) != digests[_DIGEST_SIZE * place : _DIGEST_SIZE * (place + 1)]:
                    return False
    return len(told) == 3 * len(paths)
