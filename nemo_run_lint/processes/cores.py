"""How many processes this one may keep busy, by what the system, and the container around it, give to it."""

from __future__ import annotations

import os
import sys
import threading
from contextlib import suppress

#: Where Linux says what a container may use: microseconds of processor time, and in how many.
_QUOTA = "/sys/fs/cgroup/cpu.max"


def cores() -> int:
    """How many processors this process may use, at least 1."""
    affinity = getattr(os, "sched_getaffinity", None)
    allowed = len(affinity(0)) if affinity is not None else os.cpu_count() or 1
    return max(1, min(allowed, _quota() or allowed))


def may_fork() -> bool:
    """Whether a forked process can go on safely: not where threads may hold locks, nor where the system forbids it.

    On macOS, libraries of the system may have started threads that nobody sees.
    """
    if not hasattr(os, "fork") or sys.platform == "darwin" or threading.active_count() > 1:
        return False
    with suppress(OSError):  # threads that Python did not start
        return len(os.listdir("/proc/self/task")) == 1
    return True


def may_start() -> bool:
    """Whether a Python can be started that runs nothing of what is linted.

    It is started with code (`-c`), and looks for the modules of that in the working directory first, unless it is told
    not to: by a variable that Python knows from 3.11 on, if it obeys any, or by being isolated as this one is.
    """
    is_told = sys.version_info >= (3, 11) and not sys.flags.ignore_environment
    return bool(sys.flags.isolated or getattr(sys.flags, "safe_path", False) or is_told)


def _quota() -> int | None:
    """The processors that a container may use, rounded up; None if it may use all."""
    try:
        with open(_QUOTA) as opened:
            time, period = map(int, opened.read().split())
    except (OSError, ValueError):
        return None
    return max(1, -(-time // period)) if period > 0 else None
