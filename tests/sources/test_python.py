"""From bytes to text: what Python can read is read to the last form feed, what it cannot is told with its place."""

from __future__ import annotations

import ast
import os
import re
from pathlib import Path

import pytest

from nemo_run_lint.sources.python import (
    Decoded,
    TooLargeError,
    UndecodableError,
    UnreadableError,
    decode,
    mentions_nemo_run,
    read,
)

BOM = b"\xef\xbb\xbf"


@pytest.mark.parametrize(
    ("data", "mentioned"),
    [
        (b"import nemo_run as run", True),
        (b"# (nemo_run)", True),
        (b"from nemo_run.config import Config", True),
        (b"import nemo_runspec", False),
        (b"import my_nemo_run", False),
        (b"import nemo, run", False),
        (b"", False),
        ("import nemo_run".encode("utf-16"), False),
    ],
)
def test_the_word_nemo_run(data: bytes, mentioned: bool) -> None:
    assert mentions_nemo_run(data) is mentioned


@pytest.mark.parametrize(
    ("data", "decoded"),
    [
        (b"", Decoded("")),
        ("é = 1\n".encode(), Decoded("é = 1\n")),
        (BOM + b"x\n", Decoded("x\n", "utf-8-sig")),
        (BOM + b"# coding: utf-8\n", Decoded("# coding: utf-8\n", "utf-8-sig")),
        (b"# -*- coding: latin-1 -*-\n\xe9\n", Decoded("# -*- coding: latin-1 -*-\né\n", "iso-8859-1")),
        (
            b"#!/bin/sh\n# vim: set fileencoding=cp1252 :\n\x80\n",
            Decoded("#!/bin/sh\n# vim: set fileencoding=cp1252 :\n€\n", "cp1252"),
        ),
        (b"#\r# coding: latin-1\r\xe9", Decoded("#\r# coding: latin-1\ré", "iso-8859-1")),
        (b"a\n\n# coding: nonsense\n", Decoded("a\n\n# coding: nonsense\n")),
        (b"a\r\nb\rc\x0c\x0b\n\x1c\xc2\x85d", Decoded("a\r\nb\rc\x0c\x0b\n\x1c\x85d")),
    ],
)
def test_text_as_it_stands(data: bytes, decoded: Decoded) -> None:
    assert decode(data) == decoded
    assert decoded.text.encode(decoded.encoding) == data


@pytest.mark.parametrize(
    ("data", "problem", "line", "column"),
    [
        (b"x = 1\ny = '\xc3\xa9\xff'\n", "byte 0xff is not UTF-8", 2, 7),
        (b"x = 'caf\xe9'\n", "byte 0xe9 is not UTF-8", 1, 9),
        (b"\r\n\rx = '\xe9'", "byte 0xe9 is not UTF-8", 3, 6),
        (BOM + b"x\n\xe9", "byte 0xe9 is not UTF-8", 2, 1),
        (b"# coding: ascii\n\xe9", "byte 0xe9 is not ASCII", 2, 1),
        (b"# coding: shift-jis\nx = '\x83\x65\xa0'", "byte 0xa0 is not SHIFT-JIS", 2, 7),
        (b"#\n# -*- coding: nonsense -*-\n", "the encoding `nonsense` is not known to Python", 2, 15),
        (BOM + b"# coding: latin-1\n", "the encoding `latin-1` contradicts the byte order mark", 1, 11),
        (b"# coding: hex\n61", "the encoding `hex` cannot be used: 'hex' is not a text encoding", 1, 11),
        (b"# coding: undefined\n61", "the encoding `undefined` cannot be used", 1, 11),
        (b"x = 1\n  \0", "a NUL byte, which no Python source may hold", 2, 3),
    ],
)
def test_bytes_that_are_no_python(data: bytes, problem: str, line: int, column: int) -> None:
    with pytest.raises(UndecodableError) as caught:
        decode(data)
    assert caught.value.problem.startswith(problem)
    assert (caught.value.line, caught.value.column) == (line, column)
    with pytest.raises((SyntaxError, ValueError, LookupError)):
        ast.parse(data)


def test_reading(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_bytes(b"x" * 100)
    assert read(str(file), 100) == b"x" * 100
    assert read(str(file), 99) == b"", "a large file without nemo_run is no matter"


@pytest.mark.parametrize("offset", [0, 90, 1 << 20, (1 << 20) + 93, (1 << 21) + 97])
def test_a_large_file_that_mentions_nemo_run_is_told(tmp_path: Path, offset: int) -> None:
    """Wherever the word stands: also across the pieces that are read."""
    file = tmp_path / "a.py"
    file.write_bytes(b" " * offset + b"import nemo_run\n" + b" " * 2_000_000)
    with pytest.raises(
        TooLargeError, match=f"it has {offset + 2_000_016:,} bytes, and `maximum-file-size` is 100 bytes"
    ):
        read(str(file), 100)


def test_what_is_no_ordinary_file_is_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.py")
    for path, problem in {
        str(tmp_path / "pipe.py"): "is a named pipe (FIFO)",
        str(tmp_path): "is a directory",
        "/dev/zero": "is a device",
        str(tmp_path / "missing.py"): "cannot be read: No such file or directory",
    }.items():
        with pytest.raises(UnreadableError, match=f"^{re.escape(problem)}$"):
            read(path, 100)


@pytest.mark.skipif(not os.path.exists("/proc/self/mem"), reason="a file that fails to be read")
def test_a_file_that_fails_while_it_is_read() -> None:
    with pytest.raises(UnreadableError, match="cannot be read: Input/output error"):
        read("/proc/self/mem", 100)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_text("")
    file.chmod(0)
    with pytest.raises(UnreadableError, match="cannot be read: Permission denied"):
        read(str(file), 100)
