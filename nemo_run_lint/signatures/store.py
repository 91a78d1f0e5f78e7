"""What was worked out before, in one file that all processes of a user share.

A store that is locked, broken, full, or somewhere that cannot be written to, only costs time: nothing here fails.
"""

from __future__ import annotations

import os
import sqlite3
import time
import zlib
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from nemo_run_lint import cache_place

#: Part of the file's name: another layout of the tables gets another one.
_NAME = "store-1.sqlite"

#: All files that it may be in.
NAMES = (_NAME, f"{_NAME}-journal")

_TABLES = """
CREATE TABLE IF NOT EXISTS entries (key BLOB PRIMARY KEY, day INTEGER NOT NULL, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS files (path TEXT PRIMARY KEY, day INTEGER NOT NULL, status TEXT NOT NULL,
                                  digest BLOB NOT NULL) WITHOUT ROWID;
"""

#: How many days something is kept that nobody asks for, and how much is kept in all.
_DAYS = 60
_MOST_BYTES = 500_000_000

#: A larger value was not put there by this program.
_LARGEST = 100_000_000

#: How long to wait for another process that writes, in seconds.
_PATIENCE = 1.0

#: So many changes are written at a time.
_BATCH = 500

#: A file that changed within so many nanoseconds may change once more without its times telling.
_RECENT = 2_000_000_000

#: The entry that tells on which day the store was last looked through for what nobody asks for.
_SWEPT = b"swept"


class Store:
    """Values by key, and the digests of files by their status; one without a directory remembers nothing."""

    def __init__(self, directory: Path | None) -> None:
        self._file = directory / _NAME if directory is not None else None
        self._entries: dict[bytes, bytes] = {}
        self._files: dict[str, tuple[str, bytes]] = {}
        self._used: set[bytes] = set()
        self._day = int(time.time() // 86_400)
        self._writes = True
        self._connection: sqlite3.Connection | None = None
        self._is_released = False
        self._open()

    @property
    def is_open(self) -> bool:
        """Whether it is worth while to work out something only to keep it."""
        self._take_back()
        return self._connection is not None and self._writes

    def get(self, key: bytes) -> bytes | None:
        """What was put under a key."""
        if key in self._entries:
            return _unpacked(self._entries[key])
        rows = self._rows("SELECT value, day FROM entries WHERE key = ?", key)
        if not rows or not isinstance(rows[0][0], bytes):
            return None
        if rows[0][1] != self._day:
            self._used.add(key)
        return _unpacked(rows[0][0])

    def put(self, key: bytes, value: bytes) -> None:
        """Keep a value under a key, for this process and those after it."""
        if self.is_open:
            self._entries[key] = zlib.compress(value, 3)
            self._write_batch()

    def digest(self, path: str, status: os.stat_result) -> bytes | None:
        """The digest that was put for a file when it had this status."""
        rows = self._rows("SELECT status, digest FROM files WHERE path = ?", path)
        known = next((digest for before, digest in rows if before == _told(status)), None)
        return known if isinstance(known, bytes) else None

    def put_digest(self, path: str, status: os.stat_result, digest: bytes) -> None:
        """Keep the digest of a file with this status, unless the file may still be changing."""
        if self.is_open and max(status.st_mtime_ns, status.st_ctime_ns) < time.time_ns() - _RECENT:
            self._files[path] = _told(status), digest
            self._write_batch()

    def flush(self) -> None:
        """Write what is not written yet."""
        if self._entries or self._files or self._used:
            self._write()

    def release(self) -> None:
        """Let go of the file before this process is forked: SQLite cannot be shared so.

        It is opened again, in either process, when something is asked of it.
        """
        if self._connection is not None:
            self.close()
            self._is_released = True

    def close(self) -> None:
        """Write what is not written yet; afterwards it remembers nothing."""
        self.flush()
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    # -- the file --------------------------------------------------------------------------------------------

    def _open(self) -> None:
        """Open the file; a broken one is replaced."""
        for _ in range(2):
            if self._connection is None and self._file is not None:
                with suppress(OSError):
                    self._connection = self._connected(self._file)

    def _take_back(self) -> None:
        if self._is_released:
            self._is_released = False
            self._open()

    def _connected(self, file: Path) -> sqlite3.Connection | None:
        """Raises OSError where there is no place for it."""
        if not file.exists():
            cache_place.make(file.parent)
        connection = None
        try:
            # without a log beside it, so that it can be read where nothing can be written, and on network file systems
            connection = sqlite3.connect(file, timeout=_PATIENCE, isolation_level=None)
            connection.execute("PRAGMA synchronous = OFF")  # a killed process loses nothing; a power cut may
            connection.executescript(_TABLES)
        except sqlite3.Error as error:
            if connection is not None:
                connection.close()
            if _is_broken(error):
                file.unlink(missing_ok=True)
            return None
        return connection

    def _rows(self, query: str, value: object) -> Sequence[tuple[Any, ...]]:
        self._take_back()
        if self._connection is None:
            return ()
        try:
            return self._connection.execute(query, (value,)).fetchall()
        except sqlite3.Error as error:
            self._failed(error)
        except ValueError:  # a path that is no text
            pass
        return ()

    def _failed(self, error: sqlite3.Error) -> None:
        """Write nothing any more; of a file that is broken, remember nothing, so that the next process makes one."""
        self._writes = False
        if _is_broken(error) and self._connection is not None and self._file is not None:
            self._connection.close()
            self._connection = None
            with suppress(OSError):
                self._file.unlink(missing_ok=True)

    def _write_batch(self) -> None:
        if len(self._entries) + len(self._files) >= _BATCH:
            self._write()

    def _write(self) -> None:
        entries = [(key, self._day, value) for key, value in self._entries.items()]
        files = [(path, self._day, *known) for path, known in self._files.items()]
        used = [(self._day, key) for key in self._used]
        self._entries, self._files, self._used = {}, {}, set()
        if not self.is_open or self._connection is None:
            return
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.executemany("INSERT OR REPLACE INTO entries VALUES (?, ?, ?)", entries)
            self._connection.executemany("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)", files)
            self._connection.executemany("UPDATE entries SET day = ? WHERE key = ?", used)
            self._sweep(self._connection)
            self._connection.execute("COMMIT")
        except (sqlite3.Error, ValueError) as error:
            with suppress(sqlite3.Error):
                self._connection.execute("ROLLBACK")
            if isinstance(error, sqlite3.Error):
                self._failed(error)

    def _sweep(self, connection: sqlite3.Connection) -> None:
        """Once a day, drop what nobody asked for in a long time; if that is not enough, all that is not of today."""
        swept = connection.execute("SELECT day FROM entries WHERE key = ?", (_SWEPT,)).fetchall()
        if swept == [(self._day,)]:
            return
        _drop(connection, self._day - _DAYS)
        if _size(connection) > _MOST_BYTES:
            _drop(connection, self._day)
        connection.execute("INSERT OR REPLACE INTO entries VALUES (?, ?, ?)", (_SWEPT, self._day, b""))


def remove(directory: Path) -> bool:
    """Remove the store of a directory; whether there was one. Raises OSError."""
    existed = (directory / _NAME).exists()
    for name in NAMES:
        (directory / name).unlink(missing_ok=True)
    return existed


def _drop(connection: sqlite3.Connection, day: int) -> None:
    for table in ("entries", "files"):
        connection.execute(f"DELETE FROM {table} WHERE day < ?", (day,))


def _size(connection: sqlite3.Connection) -> int:
    """How many bytes of the file are in use."""
    pragmas = ("page_count", "freelist_count", "page_size")
    pages, free, size = (connection.execute(f"PRAGMA {name}").fetchall()[0][0] for name in pragmas)
    return int((pages - free) * size)


def _is_broken(error: sqlite3.Error) -> bool:
    """Whether the file is no database; that another process has it, say, is a kind of this error too."""
    return type(error) is sqlite3.DatabaseError


def _told(status: os.stat_result) -> str:
    """What changes whenever a file does: nobody can set the time of a change of its status."""
    return f"{status.st_size} {status.st_mtime_ns} {status.st_ctime_ns} {status.st_ino}"


def _unpacked(value: bytes) -> bytes | None:
    packed = zlib.decompressobj()
    try:
        data = packed.decompress(value, _LARGEST)
    except zlib.error:
        return None
    return data if packed.eof else None
