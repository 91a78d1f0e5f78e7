import re

import libcst as cst

from nemo_run_lint.nemo.edits import literal
from nemo_run_lint.nemo.executor import Settings
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit, NodeFix, Reports, Rule
from nemo_run_lint.syntax.values import text

#: What the manual of sbatch accepts for `--time`.
_TIME = re.compile(r"\d+|\d+:\d+|\d+:\d+:\d+|\d+-\d+|\d+-\d+:\d+|\d+-\d+:\d+:\d+|UNLIMITED|INFINITE", re.IGNORECASE)


class SlurmTimeFormat(Rule):
    """Slurm reads a time as minutes, minutes:seconds, hours:minutes:seconds, or with days and a hyphen before it.

    nemo_run 0.11.1 writes `time=` into the batch script as it is, so that only sbatch on the cluster refuses `"4h"` or
    `"1 day"`. The formats are those of sbatch's manual: `30`, `30:00`, `04:00:00`, `1-0`, `1-12:00`, `1-12:00:00`.

    Only literals are judged.

    Bad:

        import nemo_run as run

        executor = run.SlurmExecutor(account="team", time="4h")

    Good:

        import nemo_run as run

        executor = run.SlurmExecutor(account="team", time="04:00:00")
    """

    code = "NRL671"
    message = '`"{time}"` is no time that Slurm reads'
    help = 'write hours:minutes:seconds, such as "04:00:00", or days-hours:minutes:seconds'

    def check(self, settings: Settings, file: File) -> Reports:
        for setting in settings.given if settings.kind == "SlurmExecutor" else ():
            time = text(file.values.value(setting.value)) if setting.name == "time" else None
            if time is not None and not _TIME.fullmatch(time) and "<" not in time:
                yield self.at(setting.value, fix=_fix(setting.value, time), time=time)


#: How people write a span of time, and its length in minutes.
_SPOKEN = re.compile(r"(\d+)\s*(d|days?|h|hrs?|hours?|m|min|mins|minutes?)", re.IGNORECASE)
_MINUTES = {"d": 24 * 60, "h": 60, "m": 1}


def _fix(value: cst.BaseExpression, time: str) -> NodeFix | None:
    """`4h` as `04:00:00`, `1 day` as `1-00:00:00`, where that is all that is said."""
    parts = _SPOKEN.findall(time)
    said = re.sub(r"[\s,]|\band\b", "", _SPOKEN.sub("", time))
    if not isinstance(value, cst.SimpleString) or not parts or said:
        return None
    minutes = sum(int(count) * _MINUTES[unit[0].lower()] for count, unit in parts)
    days, rest = divmod(minutes, 24 * 60)
    written = f"{days}-" * bool(days) + f"{rest // 60:02}:{rest % 60:02}:00"
    return NodeFix(f"write {written}", (NodeEdit(value, literal(written, value)),))
