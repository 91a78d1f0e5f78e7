"""A pool of real processes, some of which die, hang or cannot be had."""

from __future__ import annotations

import faulthandler
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from nemo_run_lint.processes.cores import cores, may_fork
from nemo_run_lint.processes.pool import Died, Pool, Task, TimedOut

KINDS = [pytest.param(True, id="forked", marks=pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")), False]


class Doing:
    """Does what it is told."""

    def __init__(self, notes: Path) -> None:
        self._notes = notes

    def __call__(self, task: tuple[str, Any], /) -> Any:
        what, with_what = task
        if what == "say":
            return with_what, os.getpid()
        if what == "sleep":
            time.sleep(with_what)
        if what == "compute":
            sum(range(10**12))  # never leaves native code, and holds the lock of the interpreter
        if what == "die":
            faulthandler.disable()  # pytest's, which would tell of it
            os.kill(os.getpid(), with_what)
        if what == "exit":
            os._exit(with_what)
        return what

    def finish(self) -> None:
        (self._notes / str(os.getpid())).touch()


def is_alive(process: int) -> bool:
    """Whether there is such a process; one that has ended and is not yet taken note of is none."""
    try:
        return "Z" not in Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False


def answers(notes: Path, *tasks: Task, size: int = 2, fork: bool = True) -> dict[int, Any]:
    with Pool(Doing(notes), size, fork) as pool:
        for task in tasks:
            pool.add(task)
        return dict(pool.answers(to_the_end=True))


@pytest.mark.parametrize("fork", KINDS)
def test_every_task_is_answered(tmp_path: Path, fork: bool) -> None:
    found = answers(tmp_path, *(Task(("say", number), 60) for number in range(40)), fork=fork)
    assert {index: said for index, (said, _) in found.items()} == {number: number for number in range(40)}
    workers = {process for _, process in found.values()}
    assert len(workers) <= 2
    assert os.getpid() not in workers
    assert {int(each.name) for each in tmp_path.iterdir()} >= workers, "each has finished"
    assert not any(map(is_alive, workers))


def test_of_those_that_wait_the_largest_is_next(tmp_path: Path) -> None:
    sizes = [3, 1, 4, 1, 5, 9, 2, 6]
    found = answers(tmp_path, *(Task(("say", size), 60, size) for size in sizes), size=1)
    assert [said for said, _ in found.values()] == sorted(sizes, reverse=True)


@pytest.mark.parametrize("fork", KINDS)
@pytest.mark.parametrize(
    ("what", "with_what", "how"),
    [
        ("die", signal.SIGKILL, "SIGKILL"),
        ("die", signal.SIGSEGV, "SIGSEGV"),
        ("exit", 3, "status 3"),
        ("exit", 0, "status 0"),
    ],
)
def test_who_dies_costs_one_task(tmp_path: Path, fork: bool, what: str, with_what: int, how: str) -> None:
    tasks = [Task(("say", number), 60) for number in range(6)]
    tasks[1] = tasks[4] = Task((what, with_what), 60)
    found = answers(tmp_path, *tasks, fork=fork)
    died = {index: answer.how for index, answer in found.items() if isinstance(answer, Died)}
    assert died == {1: how, 4: how}
    assert sorted(found.keys() - died) == [0, 2, 3, 5]


@pytest.mark.parametrize("what", ["sleep", "compute"])
def test_who_takes_too_long_is_ended(tmp_path: Path, what: str) -> None:
    tasks = [Task((what, 600), 0.5), *(Task(("say", number), 60) for number in range(4))]
    began = time.monotonic()
    found = answers(tmp_path, *tasks)
    assert time.monotonic() - began < 20
    assert found.pop(0) == TimedOut()
    assert sorted(said for said, _ in found.values()) == [0, 1, 2, 3]


def test_a_result_that_is_slow_but_in_time_counts(tmp_path: Path) -> None:
    assert answers(tmp_path, *(Task(("sleep", 1.2), 60) for _ in range(2))) == {0: "sleep", 1: "sleep"}


def test_an_exception_ends_the_workers_at_once(tmp_path: Path) -> None:
    started: list[int] = []

    def interrupted() -> None:
        with Pool(Doing(tmp_path), 2, True) as pool:
            pool.add(Task(("say", 1), 60))
            started.extend(process for _, (_, process) in pool.answers(to_the_end=True))
            pool.add(Task(("sleep", 600), 600))
            list(pool.answers())
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert len(started) == 1
    assert not any(map(is_alive, started))
    assert list(tmp_path.iterdir()) == []


def test_where_no_process_can_be_had_nothing_is_answered(tmp_path: Path) -> None:
    def fail() -> None:
        raise OSError("too many processes")

    with Pool(Doing(tmp_path), 2, True, before=fail) as pool:
        pool.add(Task(("say", 1), 60))
        assert list(pool.answers(to_the_end=True)) == []


class Stillborn(Doing):
    """Ends the process that it is sent to."""

    def __setstate__(self, state: object) -> None:
        os._exit(1)


def test_workers_that_cannot_start_are_not_tried_for_ever(tmp_path: Path) -> None:
    with Pool(Stillborn(tmp_path), 2, False) as pool:
        pool.add(Task(("say", 1), 60))
        pool.add(Task(("say", 2), 60))
        assert list(pool.answers(to_the_end=True)) == []


def test_cores_are_those_that_may_be_used() -> None:
    assert 1 <= cores() <= (os.cpu_count() or 1)


@pytest.mark.skipif(sys.platform != "linux", reason="affinity is Linux's")
def test_cores_that_are_not_allowed_do_not_count() -> None:
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(allowed)})
    try:
        assert cores() == 1
    finally:
        os.sched_setaffinity(0, allowed)


def test_a_process_with_threads_is_not_forked() -> None:
    import threading

    ended = threading.Event()
    thread = threading.Thread(target=ended.wait)
    thread.start()
    try:
        assert not may_fork()
    finally:
        ended.set()
        thread.join()
