"""From bytes to Python text: is it worth reading, in which encoding is it, and what is wrong with it.

Line ends and form feeds stay as they are, since columns and edits count on them; only a byte order mark is left out.
"""

from __future__ import annotations

import ast
import io
import os
import re
import stat
import tokenize
import warnings
from dataclasses import dataclass

#: What ends a line for Python: a form feed or U+2028 does not.
LINE_END = re.compile(r"\r\n?|\n")

_NEMO_RUN = re.compile(rb"\bnemo_run\b")
_STARTS = re.compile(rb"\b(?:python[\d.]*|torchrun|uv|nemo|nemorun)[ \t]")
_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")

_FLAGS = os.O_RDONLY | getattr(os, "O_BINARY", 0)

#: How much of a large file is searched at a time.
_CHUNK = 1 << 20


class UnreadableError(Exception):
    """A file whose bytes cannot be had. The message says why, in words that follow "this file"."""


class TooLargeError(Exception):
    """A file above the limit that mentions nemo_run. The message says both sizes."""


class UndecodableError(Exception):
    """Bytes that are no Python text. `line` and `column` count from 1, columns in code points."""

    def __init__(self, problem: str, line: int = 1, column: int = 1) -> None:
        super().__init__(problem)
        self.problem = problem
        self.line = line
        self.column = column


@dataclass(frozen=True)
class Decoded:
    """The text of a file, and the encoding that turns it into the same bytes again (`utf-8-sig` after a BOM)."""

    text: str
    encoding: str = "utf-8"


def mentions_nemo_run(data: bytes) -> bool:
    """Whether the word nemo_run is in there: without it nothing else of a file matters. `nemo_runspec` is another."""
    return b"nemo_run" in data and _NEMO_RUN.search(data) is not None


def mentions_command_line(data: bytes) -> bool:
    """Whether shell text in there may start an experiment with arguments."""
    return _STARTS.search(data) is not None


def read(path: str, maximum_size: int) -> bytes:
    """The bytes of an ordinary file of at most `maximum_size` bytes; of a larger one without nemo_run, none.

    What is not an ordinary file is never opened. Raises UnreadableError, and TooLargeError for a larger file that
    mentions nemo_run.
    """
    try:
        status = os.stat(path)
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableError(f"is {_kind(status.st_mode)}")
        descriptor = os.open(path, _FLAGS)
        try:
            data = os.read(descriptor, min(status.st_size, maximum_size) + 1)  # to make room for more takes long
            if len(data) == status.st_size and len(data) <= maximum_size:
                return data
            with open(descriptor, "rb", closefd=False) as rest:
                # files of /proc tell no size, and a file may grow or shrink
                data += rest.read(maximum_size + 1 - len(data))
                if len(data) <= maximum_size:
                    return data
                if not _mentioned(data, rest):
                    return b""
        finally:
            os.close(descriptor)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise UnreadableError(f"cannot be read: {reason}") from None
    size = max(status.st_size, maximum_size + 1)
    raise TooLargeError(f"it has {size:,} bytes, and `maximum-file-size` is {maximum_size:,} bytes")


def _mentioned(data: bytes, rest: io.BufferedReader) -> bool:
    """Whether nemo_run is in `data` or what follows it, holding only a piece at a time."""
    while data:
        if mentions_nemo_run(data):
            return True
        following = rest.read(_CHUNK)
        data = following and data[-64:] + following
    return False


def _kind(mode: int) -> str:
    kinds = {
        stat.S_IFDIR: "a directory",
        stat.S_IFIFO: "a named pipe (FIFO)",
        stat.S_IFSOCK: "a socket",
        stat.S_IFCHR: "a device",
        stat.S_IFBLK: "a device",
    }
    return kinds.get(stat.S_IFMT(mode), "no ordinary file")


def decode(data: bytes) -> Decoded:
    """The text of Python source, by its byte order mark, its PEP 263 comment, or else as UTF-8.

    Raises UndecodableError for what Python refuses too: an encoding that does not exist, contradicts the mark or is not
    that of the bytes, and NUL bytes.
    """
    encoding = _encoding(data)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _undecodable(data, encoding, error) from None
    except (LookupError, UnicodeError) as error:  # `coding: hex` exists, but makes no text
        raise UndecodableError(f"the encoding `{encoding}` cannot be used: {error}", *_cookie_place(data)) from None
    if "\0" in text:
        raise UndecodableError("a NUL byte, which no Python source may hold", *place(text, text.index("\0")))
    return Decoded(text, encoding)


def _encoding(data: bytes) -> str:
    lines = iter(data[:_CHUNK].splitlines(keepends=True)[:2])
    try:
        return tokenize.detect_encoding(lambda: next(lines, b""))[0]
    except SyntaxError as error:
        named = _cookie(data)
        if named is None:  # the lines themselves are no UTF-8: decoding will tell where
            return "utf-8"
        problem = "contradicts the byte order mark" if "problem" in str(error) else "is not known to Python"
        raise UndecodableError(f"the encoding `{named}` {problem}", *_cookie_place(data)) from None


def _cookie(data: bytes) -> str | None:
    """The encoding that a PEP 263 comment names."""
    for line in data[:_CHUNK].removeprefix(b"\xef\xbb\xbf").splitlines()[:2]:
        if found := _COOKIE.match(line):
            return found[1].decode("ascii", "replace")
    return None


def _cookie_place(data: bytes) -> tuple[int, int]:
    """Line and column of the name in a PEP 263 comment."""
    for number, line in enumerate(data[:_CHUNK].removeprefix(b"\xef\xbb\xbf").splitlines()[:2], 1):
        if found := _COOKIE.match(line):
            return number, len(line[: found.start(1)].decode("utf-8", "replace")) + 1
    return 1, 1


def _undecodable(data: bytes, encoding: str, error: UnicodeDecodeError) -> UndecodableError:
    before = error.object[: error.start].decode(encoding, "replace")
    byte = error.object[error.start]
    said = encoding.removesuffix("-sig").upper()
    return UndecodableError(f"byte 0x{byte:02x} is not {said}", *place(before, len(before)))


def parsed(text: str) -> ast.Module | SyntaxError:
    """The tree of `text`, or why there is none; an error without a line is about the text as a whole."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except SyntaxError as error:
        return error
    except (ValueError, RecursionError, MemoryError) as error:
        return SyntaxError(f"this cannot be parsed: {error}")


def parses(text: str) -> bool:
    """Whether Python can read `text`."""
    return isinstance(parsed(text), ast.Module)


def place(text: str, offset: int) -> tuple[int, int]:
    """Line and column, from 1, of the character at `offset`."""
    line_ends = list(LINE_END.finditer(text, 0, offset))
    start = line_ends[-1].end() if line_ends else 0
    return len(line_ends) + 1, offset - start + 1
