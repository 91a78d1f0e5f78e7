import libcst as cst

from nemo_run_lint.finding import Confidence
from nemo_run_lint.nemo.edits import added_argument
from nemo_run_lint.nemo.executor import Settings
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeFix, Phase, Reports, Rule


class ProcessesWithoutLauncher(Rule):
    """LocalExecutor starts one process, whatever `ntasks_per_node` and `nodes` say, unless a launcher starts more.

    In nemo_run 0.11.1 both are only handed on to torchrun and the fault-tolerance launcher. Without one of them the
    task runs once and is SUCCEEDED.

    Not reported for 1, where a launcher is set (here or later), and where arguments come from `**`. Medium confidence:
    some trainers, such as Lightning's, start their processes themselves, and so the fix is unsafe.

    Bad:

        import nemo_run as run

        executor = run.LocalExecutor(ntasks_per_node=2)

        with run.Experiment("nightly", executor=executor) as exp:
            exp.add(run.Script(inline="echo started"), name="start")
            exp.run()

    Good:

        import nemo_run as run

        executor = run.LocalExecutor(ntasks_per_node=2, launcher="torchrun")

        with run.Experiment("nightly", executor=executor) as exp:
            exp.add(run.Script(inline="echo started"), name="start")
            exp.run()
    """

    code = "NRL666"
    confidence = Confidence.MEDIUM
    fails = Phase.SILENT
    message = "LocalExecutor ignores `{field}={count}` without a launcher: one process is started"
    help = 'add `launcher="torchrun"`'

    def check(self, settings: Settings, file: File) -> Reports:
        if settings.kind != "LocalExecutor" or settings.has_star or settings.sets("launcher"):
            return
        for setting in settings.given:
            value = file.values.value(setting.value)
            if (
                setting.name in ("ntasks_per_node", "nodes")
                and isinstance(value, cst.Integer)
                and value.evaluated_value > 1
            ):
                edit = added_argument(settings.node, 'launcher="torchrun"')
                fix = NodeFix("add launcher", (edit,), safe=False) if edit is not None else None
                yield self.at(setting.value, fix=fix, field=setting.name, count=value.value)
                return
