import re

from nemo_run_lint.nemo.executor import Settings
from nemo_run_lint.project import File
from nemo_run_lint.rule import Reports, Rule
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
                yield self.at(setting.value, time=time)
