"""Gives tasks to workers, one at a time each, so that it is known which one a worker died of, and replaces the dead.

A pool of `concurrent.futures` is broken as a whole by one process that dies, and cannot end one that hangs.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from heapq import heappop, heappush
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import TYPE_CHECKING, Any

from nemo_run_lint.processes.worker import READY, Work, main

if TYPE_CHECKING:
    from typing_extensions import Self

#: In seconds: how long a worker may take to write what it remembers when there is no more work.
_PATIENCE = 10.0

#: The variable that Python obeys from 3.11 on, see `cores.may_start`.
_SAFE_PATH = "PYTHONSAFEPATH"

#: In seconds: how often to look at the clock. What is longer was a pause, of which nobody can be blamed: Ctrl-Z.
_TICK = 1.0


@dataclass(frozen=True)
class Task:
    """A piece of work.

    what     what the worker is given
    seconds  how long it may take
    size     how long it will take, compared with others
    """

    what: Any
    seconds: float
    size: int = 0


@dataclass(frozen=True)
class Died:
    """What stands in place of an answer: the worker ended by itself, by a signal or with a status."""

    exit_code: int

    @property
    def how(self) -> str:
        """The name of the signal, or the status."""
        if self.exit_code >= 0:
            return f"status {self.exit_code}"
        try:
            return signal.Signals(-self.exit_code).name
        except ValueError:
            return f"signal {-self.exit_code}"


@dataclass(frozen=True)
class TimedOut:
    """What stands in place of an answer: it took longer than it may, and the worker was ended."""


class _Worker:
    """A process, and what it is doing: the index of a task, and how many seconds are left for it."""

    def __init__(self, context: Any, work: Work, others: Sequence[Connection]) -> None:
        self.pipe, theirs = multiprocessing.Pipe()
        try:
            self.process: BaseProcess = context.Process(
                target=main,
                args=(theirs, work, (*others, self.pipe) if context.get_start_method() == "fork" else ()),
                daemon=True,
            )
            with interrupts_held(), _safe_path():
                self.process.start()
        except BaseException:
            self.pipe.close()
            raise
        finally:
            theirs.close()
        self.is_ready = False
        self.task: int | None = None
        self.left = 0.0
        self._looked = 0.0

    def give(self, index: int, task: Task) -> None:
        self.task, self.left, self._looked = index, task.seconds, time.monotonic()
        with suppress(OSError):  # it died while it had nothing to do: the end of the pipe is seen next
            self.pipe.send((task.what, task.seconds))

    def pass_time(self) -> None:
        """Count the seconds since this was asked before."""
        now = time.monotonic()
        self.left -= min(now - self._looked, 2 * _TICK)
        self._looked = now

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.pipe.close()


class Pool:
    """Workers that do `work`; they are gone when the `with` that holds this object is left."""

    def __init__(self, work: Work, size: int, fork: bool, before: Callable[[], object] = bool) -> None:
        """`size`: how many workers there are at most; `fork`: whether they are copies of this process.

        `before` is called each time before one is started.
        """
        self._work = work
        self._size = size
        self._before = before
        self._context = multiprocessing.get_context("fork" if fork else "spawn")
        self._workers: list[_Worker] = []
        self._waiting: list[tuple[int, int]] = []
        self._tasks: list[Task] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                self._finish()
        finally:
            for worker in self._workers:
                worker.end()
            self._workers.clear()

    def add(self, task: Task) -> None:
        """One more thing to be done; the first one is number 0. Of those that wait, the largest is done first."""
        heappush(self._waiting, (-task.size, len(self._tasks)))
        self._tasks.append(task)

    def answers(self, to_the_end: bool = False) -> Iterator[tuple[int, Any]]:
        """The number and the answer of each task, Died or TimedOut, that is there at once, or to all of them.

        Where no worker can be started, there is no answer to the rest of them.
        """
        self._feed()
        while self._workers and (to_the_end or self._is_any_in()):
            if not (self._waiting or self._busy):
                return
            yield from self._come_in()
            self._feed()

    def _is_any_in(self) -> bool:
        return bool(wait([worker.pipe for worker in self._workers], 0)) or any(each.left <= 0 for each in self._busy)

    @property
    def _busy(self) -> list[_Worker]:
        return [worker for worker in self._workers if worker.task is not None]

    def _feed(self) -> None:
        """Give what waits to those who are idle; start workers as long as there are too few."""
        idle = [worker for worker in self._workers if worker.task is None]
        for worker in idle:
            if worker.is_ready and self._waiting:
                number = heappop(self._waiting)[1]
                worker.give(number, self._tasks[number])
        missing = len(self._waiting) - sum(not worker.is_ready for worker in idle)
        for _ in range(min(missing, self._size - len(self._workers))):
            self._hire()

    def _hire(self) -> None:
        """Start a worker; if that cannot be, there are no more of them from now on."""
        if len(self._workers) >= self._size:
            return
        try:
            self._before()
            self._workers.append(_Worker(self._context, self._work, [each.pipe for each in self._workers]))
        except OSError:  # too many processes, too little memory
            self._size = len(self._workers)

    def _come_in(self) -> Iterator[tuple[int, Any]]:
        """What has come in, after waiting for it; workers that are gone are taken out."""
        busy = self._busy
        come = wait([each.pipe for each in self._workers], max(min([_TICK, *(each.left for each in busy)]), 0))
        for worker in busy:
            worker.pass_time()
        for worker in [each for each in self._workers if each.pipe in come]:
            yield from self._received(worker)
        for worker in busy:
            if worker.task is not None and worker.left <= 0 and worker in self._workers and not worker.pipe.poll():
                self._take_out(worker)
                yield worker.task, TimedOut()

    def _received(self, worker: _Worker) -> Iterator[tuple[int, Any]]:
        try:
            answer = worker.pipe.recv()
        except (EOFError, OSError):
            yield from self._buried(worker)
            return
        if not worker.is_ready:
            assert answer == READY
            worker.is_ready = True
            return
        index, worker.task = worker.task, None
        assert index is not None
        yield index, answer

    def _buried(self, worker: _Worker) -> Iterator[tuple[int, Any]]:
        worker.process.join(_PATIENCE)
        exit_code = worker.process.exitcode
        self._take_out(worker)
        if not worker.is_ready:  # the next one would die as well
            self._size = len(self._workers)
        elif worker.task is not None:
            yield worker.task, Died(exit_code or 0)

    def _take_out(self, worker: _Worker) -> None:
        worker.end()
        self._workers.remove(worker)

    def _finish(self) -> None:
        """Let the workers write what they remember."""
        for worker in self._workers:
            worker.pipe.close()
        until = time.monotonic() + _PATIENCE
        for worker in self._workers:
            worker.process.join(max(until - time.monotonic(), 0))


@contextmanager
def _safe_path() -> Iterator[None]:
    """A Python that starts inside looks for no modules in the working directory, which may be what is linted."""
    before = os.environ.get(_SAFE_PATH)
    os.environ[_SAFE_PATH] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[_SAFE_PATH]
        else:
            os.environ[_SAFE_PATH] = before


@contextmanager
def interrupts_held() -> Iterator[None]:
    """Ctrl-C waits for the end of this: so a new process never meets one before it knows that it is to be ignored."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
