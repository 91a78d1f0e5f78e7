from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.executor import Settings
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit, NodeFix, Phase, Reports, Rule


class ExclusiveFalse(Rule):
    """`exclusive=False` does not leave the option out: it is written as `#SBATCH --exclusive=False`.

    nemo_run 0.11.1 writes every field that is not None into the batch script, and leaves the value out only for True
    (`_as_sbatch_flag` in `core/execution/slurm.py`). Slurm has no such value of `--exclusive`.

    Bad:

        import nemo_run as run

        executor = run.SlurmExecutor(account="team", packager=run.Packager(), exclusive=False)

        with run.Experiment("nightly", executor=executor) as exp:
            exp.add(run.Script(inline="hostname"), name="hosts")
            exp.dryrun()

    Good:

        import nemo_run as run

        executor = run.SlurmExecutor(account="team", packager=run.Packager(), exclusive=None)

        with run.Experiment("nightly", executor=executor) as exp:
            exp.add(run.Script(inline="hostname"), name="hosts")
            exp.dryrun()
    """

    code = "NRL658"
    severity = Severity.ERROR
    fails = Phase.SILENT
    message = "`exclusive=False` is written as `#SBATCH --exclusive=False`"
    help = "leave it out, or write None"

    def check(self, settings: Settings, file: File) -> Reports:
        for setting in settings.given if settings.kind == "SlurmExecutor" else ():
            if setting.name == "exclusive" and file.names.is_builtin(file.values.value(setting.value), "False"):
                yield self.at(setting.value, fix=NodeFix("write None", (NodeEdit(setting.value, "None"),)))
