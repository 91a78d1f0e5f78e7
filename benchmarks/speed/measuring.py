"""How a cost is taken: CPU seconds of a process of its own, in pairs whose order alternates, and the median of those.

What runs in this process's own modules runs in a fork of it, so that no run finds what an earlier one left behind.
"""

from __future__ import annotations

import gc
import os
import pickle
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")


class NotMeasuredError(Exception):
    """A case that cannot be measured here, with the reason."""


@dataclass(frozen=True)
class Cost:
    """What a process and its children cost: seconds, and mebibytes of the one that held most."""

    cpu: float
    wall: float
    memory: float


@dataclass(frozen=True)
class Pairs:
    """What several pairs of runs came to: a ratio each, or another comparison."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """The one in the middle."""
        return statistics.median(self.values)

    @property
    def spread(self) -> tuple[float, float]:
        """The quartiles."""
        if len(self.values) == 1:
            return self.values[0], self.values[0]
        lower, _, upper = statistics.quantiles(self.values, n=4, method="inclusive")
        return lower, upper


def paired(
    first: Callable[[], float],
    second: Callable[[], float],
    runs: int,
    compare: Callable[[float, float], float] = lambda ours, theirs: ours / theirs,
) -> Pairs:
    """`compare` of what both cost, `runs` times, now the one first and then the other."""
    values = []
    for turn in range(runs):
        if turn % 2:
            theirs, ours = second(), first()
        else:
            ours, theirs = first(), second()
        values.append(compare(ours, theirs))
    return Pairs(tuple(values))


def child(command: Sequence[str], cwd: Path, environment: Mapping[str, str], statuses: Sequence[int] = (0, 1)) -> Cost:
    """What one run of a command costs; what it prints is not kept. Raises NotMeasuredError for another exit status."""
    start = time.perf_counter()
    with subprocess.Popen(
        command, cwd=cwd, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as process:
        assert process.stderr is not None
        said = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in statuses or b"Traceback" in said:
        last = said.decode(errors="replace").strip().splitlines()[-1:]
        raise NotMeasuredError(f"`{Path(command[0]).name}` ended with status {process.returncode}: {' '.join(last)}")
    unit = 1 if sys.platform == "darwin" else 1024
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss * unit / 2**20)


def in_fork(work: Callable[[], T]) -> tuple[float, T]:
    """The CPU seconds that `work` takes in a fork of this process, and what it returns."""
    reader, writer = os.pipe()
    gc.collect()
    gc.freeze()
    process = os.fork()
    if not process:
        _tell(writer, work)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        told = pipe.read()
    os.waitpid(process, 0)
    gc.unfreeze()
    if not told:
        raise NotMeasuredError("the process that measured died")
    cpu, result, error = pickle.loads(told)
    if error:
        raise NotMeasuredError(error)
    return cpu, result


def _tell(writer: int, work: Callable[[], Any]) -> None:
    """Do the work, send what it cost, and end the process."""
    try:
        start = time.process_time()
        try:
            result, error = work(), ""
        except Exception as problem:
            result, error = None, f"{type(problem).__name__}: {problem}"
        told = pickle.dumps((time.process_time() - start, result, error))
        with os.fdopen(writer, "wb") as pipe:
            pipe.write(told)
    finally:
        os._exit(0)


def in_forks(first: Callable[[], Any], second: Callable[[], Any], runs: int) -> Pairs:
    """The ratios of what two pieces of work cost."""
    return paired(lambda: in_fork(first)[0], lambda: in_fork(second)[0], runs)
