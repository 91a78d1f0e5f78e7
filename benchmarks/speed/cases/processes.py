"""Two processes against one, by the clock on the wall: with enough work, and with too little to share."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from speed.measuring import NotMeasuredError, paired
from speed.row import Goal, Row
from speed.setting import Setting

#: What is not slower: within what one run differs from the next.
_AS_QUICK = 0.98


def measure(setting: Setting) -> Iterator[Row]:
    """All of NeMo; a few files; one file."""
    if (os.cpu_count() or 1) < 2:
        raise NotMeasuredError("this machine has one core")
    by_size = sorted(setting.sources, key=lambda path: len(setting.sources[path]))
    few = by_size[len(by_size) // 2 :][:4]
    yield _row(setting, "two processes, whole tree", Goal(1.7, at_least=True), ["."], setting.runs)
    runs = 3 * setting.runs
    yield _row(setting, "two processes, four files", Goal(_AS_QUICK, at_least=True), few, runs)
    yield _row(setting, "two processes, one file", Goal(_AS_QUICK, at_least=True), few[:1], runs)


def _row(setting: Setting, case: str, goal: Goal, paths: Sequence[str], runs: int) -> Row:
    def wall(jobs: int) -> float:
        return setting.run([*setting.linter, "--no-cache", "--jobs", str(jobs), *paths], setting.package).wall

    setting.prove([*setting.linter, "--no-cache", "--jobs", "2", *paths], setting.package)
    load = f"times faster by the clock; load of the machine {os.getloadavg()[0]:.1f}"
    return Row(case, "one process", goal, paired(lambda: wall(1), lambda: wall(2), runs), load)
