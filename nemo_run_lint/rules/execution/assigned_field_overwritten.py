import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.edits import removed_statement, without
from nemo_run_lint.nemo.executor import Setting, Settings, made_by
from nemo_run_lint.nemo.experiment import Experiment, Submission
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeFix, Phase, Reports, Rule
from nemo_run_lint.syntax.calls import keyword, positional

_OVERWRITTEN = ("job_dir", "experiment_id", "experiment_dir")


class AssignedFieldOverwritten(Rule):
    """`job_dir` and `experiment_id` of an executor are set by the experiment; what is written there is lost.

    exp.add of nemo_run 0.11.1 gives every executor the directory of its task below `<NEMORUN_HOME>/experiments`
    (`assign` of the executor). Nothing is said about it. Where jobs go on the cluster is `job_dir` of the tunnel, and
    where experiments are kept is `base_dir=` of run.Experiment.

    Reported for executors that this file hands to an experiment, exp.add or run.run. Tunnels have a `job_dir` of their
    own, which is kept.

    Bad:

        import nemo_run as run

        executor = run.LocalExecutor(job_dir="jobs")

        with run.Experiment("nightly", executor=executor) as exp:
            exp.add(run.Script(inline="hostname"), name="hosts")
            exp.run()

    Good:

        import nemo_run as run

        with run.Experiment("nightly", executor=run.LocalExecutor(), base_dir="jobs") as exp:
            exp.add(run.Script(inline="hostname"), name="hosts")
            exp.run()
    """

    code = "NRL668"
    severity = Severity.ERROR
    fails = Phase.SILENT
    message = "`{field}` of an executor is overwritten by the experiment: this value is lost"
    help = "leave it out: `base_dir=` of run.Experiment and `job_dir=` of the tunnel say where things are kept"

    def check(self, settings: Settings, file: File) -> Reports:
        lost = [each for each in settings.given if each.name in _OVERWRITTEN and not _is_empty(file, each.value)]
        if settings.is_executor and lost and _is_handed_over(file, settings.node):
            for setting in lost:
                yield self.at(setting.target, fix=_fix(file, setting), field=setting.name)


def _is_empty(file: File, value: cst.CSTNode) -> bool:
    return file.code(value) in ('""', "''", "None")


def _is_handed_over(file: File, executor: cst.Call) -> bool:
    """Whether the file gives this executor to an experiment or a task."""
    given = [each.executor for each in file.all(Submission)]
    calls = [each.call for each in file.all(Experiment) if each.call is not None]
    given += [keyword(call, "executor") or positional(call, 1) for call in calls]
    return any(executor is source for node in given if node is not None for source in made_by(file, node))


def _fix(file: File, setting: Setting) -> NodeFix | None:
    """The executor without it; what is called for the value would not be called any more."""
    if isinstance(setting.node, cst.Arg):
        edits = without(file, setting.node)
    else:
        is_alone = isinstance(setting.node, cst.Assign) and len(setting.node.targets) == 1
        edit = removed_statement(file, setting.node) if is_alone else None
        edits = (edit,) if edit is not None else ()
    calls = isinstance(setting.value, cst.Call) or any(file.tree.below(setting.value, cst.Call))
    return NodeFix("leave it out", edits, safe=not calls) if edits else None
