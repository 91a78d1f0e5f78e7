"""From a file on the search path to the summary of the module in it. What cannot be read is None, never an error."""

from __future__ import annotations

import gc
import io
import sys
import tokenize
import warnings

from nemo_run_lint.signatures.environment import Found
from nemo_run_lint.signatures.summary import ModuleSummary, summarise

#: Larger files are generated tables, which define nothing that is called.
_LARGEST = 5_000_000


def read_module(found: Found) -> ModuleSummary | None:
    """The summary of a module with a source or stub; None if that cannot be read or parsed."""
    text = read_source(found.path)
    return read_text(text) if text is not None else None


def read_source(path: str) -> str | None:
    """The text of a file of Python, decoded as Python would; None if it cannot be, or is too large."""
    data = read_bytes(path)
    return text_of(data) if data is not None else None


def read_bytes(path: str) -> bytes | None:
    """What is in a file; None if it cannot be read, or is too large."""
    try:
        with open(path, "rb") as file:
            data = file.read(_LARGEST + 1)
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


def read_text(text: str) -> ModuleSummary | None:
    """The summary of a source; None if it is not valid for the Python that runs this.

    Raises RecursionError where it depends on the calls around whether it can be parsed.
    """
    collects = gc.isenabled()
    gc.disable()  # a tree has no cycles to collect, and looking for them takes several times as long as parsing
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return summarise(text)
    except RecursionError:
        if _is_deep():
            raise
        return None
    except (SyntaxError, ValueError, MemoryError):
        return None
    finally:
        if collects:
            gc.enable()


def _is_deep() -> bool:
    """Whether so many calls are open that a source may fail to parse for this alone."""
    try:
        sys._getframe(sys.getrecursionlimit() // 4)
    except ValueError:
        return False
    return True
