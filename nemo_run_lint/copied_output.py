"""Standard output, and what is written to it beside: in the pieces, and in the order, in which the system gets them."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any, TextIO


def copying(stream: TextIO, tell: Callable[[bytes], None], fail: Callable[[], None]) -> TextIO | None:
    """A stream that writes to the same place, and tells what was written, or that this failed.

    None for a stream that is not as Python makes it: who knows what that does.
    """
    buffer = getattr(stream, "buffer", None)
    raw = buffer.raw if isinstance(buffer, io.BufferedWriter) else buffer  # `python -u` has no buffer
    if not isinstance(stream, io.TextIOWrapper) or not isinstance(raw, io.FileIO):
        return None
    copied: Any = _Copied(raw, tell, fail)
    return io.TextIOWrapper(
        copied if buffer is raw else io.BufferedWriter(copied),
        stream.encoding,
        stream.errors,
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )


class _Copied(io.RawIOBase):
    def __init__(self, stream: io.FileIO, tell: Callable[[bytes], None], fail: Callable[[], None]) -> None:
        super().__init__()
        self._stream = stream
        self._tell = tell
        self._fail = fail

    def write(self, data: Any) -> int | None:
        try:
            written = self._stream.write(data)
        except OSError:
            self._fail()
            raise
        self._tell(bytes(data[:written]))
        return written

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._stream.fileno()

    def isatty(self) -> bool:
        return self._stream.isatty()
