"""How far a long run is, on a terminal: a line that is drawn again and again, and is gone at the end.

A run of less than a second shows nothing.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import TYPE_CHECKING, TextIO

from nemo_run_lint import witnesses

if TYPE_CHECKING:
    from typing_extensions import Self

#: In seconds: when to begin, and how often to draw.
_PATIENCE = 1.0
_PAUSE = 0.1

_CELLS = 24

#: Back to the start of the line, and what is right of it gone.
_ERASE = "\r\x1b[K"


class Bar:
    """Tells of the files that go `through` it how many are done."""

    def __init__(self, stream: TextIO | None) -> None:
        """`stream` is a terminal; None tells nobody."""
        self._stream = stream
        self._drawn = False

    @classmethod
    def for_terminal(cls, quiet: bool = False) -> Self:
        """One that draws on standard error, if a person reads that and nobody asked for silence."""
        wanted = sys.stderr.isatty() and not quiet and not os.environ.get("CI") and os.environ.get("TERM") != "dumb"
        return cls(witnesses.passing(sys.stderr) if wanted else None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._drawn and self._stream is not None:
            self._stream.write(_ERASE)
            self._stream.flush()
            self._drawn = False

    def through(self, files: Iterable[str]) -> Iterator[str]:
        """`files` as they are; each counts as done when the next one is asked for."""
        if self._stream is None:
            yield from files
            return
        due = time.monotonic() + _PATIENCE
        listed = list(files)
        for done, file in enumerate(listed):
            if time.monotonic() >= due:
                self._draw(done, len(listed))
                due = time.monotonic() + _PAUSE
            yield file

    def _draw(self, done: int, total: int) -> None:
        if self._stream is None:
            return
        import shutil

        filled = _CELLS * done // total
        line = f"[{'#' * filled}{'-' * (_CELLS - filled)}] Checked {done} of {total} files"
        self._drawn = True  # first: Ctrl-C may come at any moment
        self._stream.write(_ERASE + line[: shutil.get_terminal_size().columns - 1])
        self._stream.flush()
