"""A file's content replaced at once: who reads it meanwhile sees the old content or the new, never half of it.

The new content is written beside the file and renamed, so the directory must be writable, the file itself need not be.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from secrets import token_hex


def replace_content(path: str, pieces: Iterable[bytes]) -> None:
    """Make `pieces` the content of the file that `path` leads to, or create it. A link stays one, as do mode and owner.

    Raises OSError where that cannot be done, and whatever `pieces` raise; the file is then as it was.
    """
    target = os.path.realpath(path)
    temporary = os.path.join(os.path.dirname(target), f".{token_hex(8)}.tmp")
    descriptor = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0), 0o666)
    try:
        with os.fdopen(descriptor, "wb") as opened:
            with suppress(FileNotFoundError):
                _make_alike(temporary, os.stat(target))
            opened.writelines(pieces)
        os.replace(temporary, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise


def _make_alike(file: str, status: os.stat_result) -> None:
    """Give a file the owner and the mode of another; only the system's administrator can give the owner."""
    if hasattr(os, "chown"):
        with suppress(PermissionError):
            os.chown(file, status.st_uid, status.st_gid)
    os.chmod(file, stat.S_IMODE(status.st_mode))
