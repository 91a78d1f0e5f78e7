"""The text of a file of Python. What cannot be read is None, never an error."""

from __future__ import annotations

import io
import tokenize

from nemo_run_lint import ordinary_file

#: Larger files are generated tables, which define nothing that is called.
_LARGEST = 5_000_000


def read_source(path: str) -> str | None:
    """The text of a file of Python, decoded as Python would; None if it cannot be, or is too large."""
    data = read_bytes(path)
    return text_of(data) if data is not None else None


def read_bytes(path: str) -> bytes | None:
    """What is in a file; None if it cannot be read, or is too large."""
    try:
        data = ordinary_file.read(path, _LARGEST)
    except (OSError, ValueError):
        return None
    return data if len(data) <= _LARGEST else None


def text_of(data: bytes) -> str | None:
    """The text of a source, decoded as Python would; None if it cannot be."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        return data.decode(encoding)
    except (SyntaxError, ValueError, LookupError):
        return None
