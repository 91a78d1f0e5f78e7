"""The answers that are kept: each is written whole or not at all, and there are no more than are worth it."""

from __future__ import annotations

import os
import time
from contextlib import suppress

from nemo_run_lint import answered, cache_place

#: How many answers are kept, and how many bytes of them; those go first that nobody asked for longest.
_MOST = 256
_MOST_BYTES = 100_000_000

#: What is being written. A file that a killed process has left is removed after so many seconds.
_PARTIAL = ".part"
_LEFT_BEHIND = 3_600


def keep(file: str, data: bytes) -> None:
    """Write an answer. Raises OSError, and then nothing has changed."""
    directory = os.path.dirname(file)
    cache_place.make(os.path.dirname(directory))
    os.makedirs(directory, exist_ok=True)
    new = f"{file}.{os.getpid()}{_PARTIAL}"
    try:
        with open(new, "wb") as opened:
            opened.write(data)
        os.replace(new, file)
    except OSError:
        with suppress(OSError):
            os.unlink(new)
        raise
    make_room(directory)


def forget(directory: str | os.PathLike[str]) -> bool:
    """Remove the answers from where things are remembered; whether there were any. Raises OSError."""
    place = os.path.join(directory, answered.DIRECTORY)
    if not os.path.isdir(place):
        return False
    for entry in list(os.scandir(place)):
        os.unlink(entry.path)
    os.rmdir(place)
    return True


def make_room(directory: str) -> None:
    """Remove the answers of a directory that are too many, and what killed processes have left there."""
    with suppress(OSError):  # another process may do the same
        now, files = time.time(), []
        for entry in os.scandir(directory):
            status = entry.stat(follow_symlinks=False)
            if not entry.name.endswith(_PARTIAL):
                files.append((status.st_mtime, status.st_size, entry.path))
            elif status.st_mtime < now - _LEFT_BEHIND:
                os.unlink(entry.path)
        size = 0
        for number, (_, length, path) in enumerate(sorted(files, reverse=True)):
            size += length
            if number >= _MOST or (number and size > _MOST_BYTES):
                os.unlink(path)
