"""Whether a line of a long file costs as much as one of a short file."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from nemo_run_lint.linter import lint
from nemo_run_lint.rule import Profile
from nemo_run_lint.selection import instances, selected
from speed.measuring import NotMeasuredError, in_fork, paired
from speed.row import Goal, Row
from speed.setting import Setting
from speed.texts import experiments

_SHORT = 1_000
_LONG = (10_000, 100_000)

#: From here on a file ten times as long would take hours.
_HOPELESS = 2.0


def measure(setting: Setting) -> Iterator[Row]:
    """`lint`, every rule of the team's profile, a line of a long text against a line of a short one."""
    rules = instances(selected(Profile.TEAM, ignore=("NRL8",)), {})

    def a_line(text: str, times: int) -> Callable[[], float]:
        """What a line costs, of texts of about equal length altogether."""

        def work() -> None:
            for _ in range(times):
                lint("long.py", text, rules)

        return lambda: in_fork(work)[0] / times / text.count("\n")

    short = experiments(_SHORT)
    lint("long.py", short, rules)  # so that all is imported
    for lines in _LONG:
        pairs = paired(a_line(experiments(lines), 1), a_line(short, 10), max(setting.runs - 2, 1))
        yield Row(f"growth, {lines:,} lines, per line", f"{_SHORT:,} lines, per line", Goal(1.1), pairs)
        if pairs.median > _HOPELESS:
            raise NotMeasuredError(f"longer files than of {lines:,} lines are not tried")
