import libcst as cst

from nemo_run_lint.nemo.edits import without
from nemo_run_lint.nemo.executor import Settings
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeFix, Phase, Reports, Rule

_WHY = {
    "retries": "a task that fails is not started again",
    "packager": "the task runs in the current directory, with the files as they are",
}


class LocalExecutorIgnores(Rule):
    """LocalExecutor has `retries` and `packager`, and uses neither.

    In nemo_run 0.11.1 the fields are inherited from Executor: a task that fails on LocalExecutor is not started
    again, and nothing is packaged, so that uncommitted files are used and a `subpath` is not.

    Not reported for `retries=0` and for a plain run.Packager(), which packages nothing anywhere.

    Bad:

        import nemo_run as run

        executor = run.LocalExecutor(retries=2)

        with run.Experiment("nightly", executor=executor) as exp:
            exp.add(run.Script(inline="echo trying; false"), name="fetch")
            exp.run()

    Good:

        import nemo_run as run

        executor = run.LocalExecutor()

        with run.Experiment("nightly", executor=executor) as exp:
            exp.add(run.Script(inline="for try in 1 2 3; do echo trying; false && exit; done; exit 1"), name="fetch")
            exp.run()
    """

    code = "NRL685"
    fails = Phase.SILENT
    message = "LocalExecutor ignores `{field}`: {why}"
    help = "leave it out"

    def check(self, settings: Settings, file: File) -> Reports:
        for setting in settings.given if settings.kind == "LocalExecutor" else ():
            if setting.name in _WHY and _asks_for_something(file, setting.value):
                edits = without(file, setting.node)
                fix = NodeFix("leave it out", edits) if edits else None
                yield self.at(setting.target, fix=fix, field=setting.name, why=_WHY[setting.name])


def _asks_for_something(file: File, node: cst.CSTNode) -> bool:
    value = file.values.value(node)
    if isinstance(value, cst.Integer):
        return value.evaluated_value > 0
    packagers = {each.node: each.kind for each in file.all(Settings)}
    kind = packagers.get(value) if isinstance(value, cst.Call) else None
    return kind is not None and kind != "Packager"
