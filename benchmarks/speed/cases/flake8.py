"""Files without nemo_run under flake8: what everyone pays for a plugin that has nothing to say."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from speed.measuring import NotMeasuredError, paired
from speed.row import Goal, Row
from speed.setting import Setting

_OURS = "nemo_run_lint"


def measure(setting: Setting) -> Iterator[Row]:
    """One file, and fifty, in an environment with the plugin and in the same without it."""
    with_it = _environment(setting, "with", leave_out=False)
    without = _environment(setting, "without", leave_out=True)
    for python, has_it in ((with_it, True), (without, False)):
        if ("nemo-run-lint" in setting.output([python, "-m", "flake8", "--version"], setting.package)) is not has_it:
            raise NotMeasuredError("the two environments do not differ by the plugin")
    of_none = [path for path in sorted(setting.package.rglob("*.py")) if "nemo_run" not in path.read_text("utf-8")]
    by_size = sorted(of_none, key=lambda path: path.stat().st_size)
    middle = by_size[len(by_size) // 2 :]
    for files, runs in ((middle[:1], 20 * setting.runs + 1), (middle[:50], 3 * setting.runs)):
        paths = [str(path.relative_to(setting.package)) for path in files]
        commands = [[python, "-m", "flake8", "--isolated", "--jobs", "1", *paths] for python in (with_it, without)]
        for command in commands:
            setting.run(command, setting.package)
        costs = [partial(setting.cpu, command, setting.package) for command in commands]
        pairs = paired(costs[0], costs[1], runs)
        case = "a file without nemo_run under flake8" if len(files) == 1 else f"{len(files)} such files"
        yield Row(case, "flake8 without the plugin", Goal(1.01), pairs)


def _environment(setting: Setting, name: str, leave_out: bool) -> str:
    """The interpreter of an environment that has what this one has; or all of it but the linter."""
    place = setting.directory("flake8") / name
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(place)], check=True)
    (site,) = place.glob("lib/python*/site-packages")
    for installed in Path(sysconfig.get_path("purelib")).iterdir():
        if not (leave_out and installed.name.startswith(_OURS)):
            (site / installed.name).symlink_to(installed)
    return str(place / "bin" / "python")
