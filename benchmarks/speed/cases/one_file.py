"""One file that has not changed, as pre-commit hands over: against a Python that does nothing."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import partial

from speed.measuring import paired
from speed.row import Goal, Row
from speed.setting import Setting
from speed.texts import experiments


def measure(setting: Setting) -> Iterator[Row]:
    """The difference, in milliseconds."""
    place = setting.directory("one-file")
    (place / "experiment.py").write_text(experiments(300))
    setting.settle()
    ours, python = [*setting.linter, "experiment.py"], [sys.executable, "-c", "pass"]
    setting.warm(ours, place, 1)
    setting.run(python, place)
    pairs = paired(
        partial(setting.cpu, ours, place),
        partial(setting.cpu, python, place),
        10 * setting.runs + 1,
        lambda mine, bare: 1000 * (mine - bare),
    )
    yield Row("one unchanged file", "`python -c pass`, CPU time on top", Goal(40, "ms"), pairs)
