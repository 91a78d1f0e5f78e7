"""The other side of a pool: what runs in a process of its own until there is no more work, or nobody is left to ask."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any, Protocol


class Work(Protocol):
    """What a worker does. Where processes are not forked, it is sent to them, and must bear that."""

    def __call__(self, task: Any, /) -> Any:
        """The answer to one task. An exception ends the process."""

    def finish(self) -> None:
        """Called after the last task."""


#: What a worker sends first, when it is ready for work.
READY = "ready"

#: In seconds: how much later than the pool a worker ends itself, if nobody is left who would do it.
_GRACE = 2.0

_HAS_TIMER = hasattr(signal, "setitimer")


def main(pipe: Connection, work: Work, others: Sequence[Connection] = ()) -> None:
    """Answer what comes through `pipe` until it is closed; `others` are ends of pipes that are not for this process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all processes; the one that began them ends them
    if _HAS_TIMER:
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
    for each in others:
        each.close()
    _leave_no_core()
    gc.freeze()  # what was there before stays shared with the process that forked this one
    with suppress(EOFError, OSError):  # the other side is gone
        pipe.send(READY)
        while True:
            task, seconds = pipe.recv()
            with _Ending(seconds):
                answer = work(task)
            pipe.send(answer)
    with suppress(Exception):
        work.finish()


class _Ending:
    """Ends this process if what is inside takes more processor time than it may, in whatever code it is.

    This is for a worker that nobody watches any more; the pool is quicker.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds + _GRACE

    def __enter__(self) -> None:
        _set_timer(self._seconds)

    def __exit__(self, *_: object) -> None:
        _set_timer(0)


def _set_timer(seconds: float) -> None:
    if _HAS_TIMER:
        signal.setitimer(signal.ITIMER_PROF, seconds)


def _leave_no_core() -> None:
    """A process that crashes leaves no image of its memory in the directory."""
    if os.name == "posix":
        import resource

        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
