"""What an ordinary file holds. A link may lead to a pipe or a device, which is never waited for, nor read without end.

For files that nobody named on a command line: those are told apart, with a sentence, in `sources.python`.
"""

from __future__ import annotations

import errno
import os
import stat

#: In bytes; no settings, list of packages or other file that only describes is larger.
LARGEST = 5_000_000

_FLAGS = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)


def read(path: str | os.PathLike[str], most: int = LARGEST) -> bytes:
    """The bytes of a file, and of a larger one the first `most` and one more.

    Raises OSError where there is none, also for what is no ordinary file, and ValueError for what is no path.
    """
    descriptor = os.open(path, _FLAGS)
    with os.fdopen(descriptor, "rb") as opened:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "it is no ordinary file", os.fspath(path))
        return opened.read(min(status.st_size, most) + 1)
