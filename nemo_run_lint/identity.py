"""What tells this program from itself at another time: its own files, the Python that runs it, and what it builds on.

Nothing that was remembered by another one counts.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from hashlib import blake2b
from pathlib import Path

_METADATA = (".dist-info", ".egg-info")


@cache
def identity() -> bytes:
    """The identity of the running program, as a digest."""
    told = repr((sys.version, sys.prefix, list(_own_files()), list(_installed())))
    return blake2b(told.encode(errors="surrogatepass"), digest_size=16).digest()


def _own_files() -> Iterator[tuple[str, int, int]]:
    """The files of this package, each with its size and the time of its last change."""
    waiting = [str(Path(__file__).parent)]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                if entry.is_dir():
                    waiting += [entry.path] if entry.name != "__pycache__" else []
                else:
                    status = os.stat(entry.path)  # not of the entry: `witnesses` sees what is asked of the system
                    yield entry.path, status.st_size, status.st_mtime_ns


def _installed() -> Iterator[str]:
    """The distributions beside this one, whose names tell their versions: LibCST, and what brings rules of its own."""
    for directory in sys.path:
        with suppress(OSError):
            yield from sorted(name for name in os.listdir(directory or os.curdir) if name.endswith(_METADATA))
