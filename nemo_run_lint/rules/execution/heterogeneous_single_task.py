import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.edits import without
from nemo_run_lint.nemo.executor import Settings, settings_of
from nemo_run_lint.nemo.experiment import Submission
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeFix, Phase, Reports, Rule


class HeterogeneousSingleTask(Rule):
    """A SlurmExecutor with `heterogeneous=True` runs a group of tasks, not a single one.

    For a single task nemo_run 0.11.1 stops exp.run and exp.dryrun with `AssertionError: Number of jobs 1 must match
    number of resource group requests 0`.

    Bad:

        import nemo_run as run

        executor = run.SlurmExecutor(account="team", packager=run.Packager(), heterogeneous=True)

        with run.Experiment("nightly", executor=executor) as exp:
            exp.add(run.Script(inline="hostname"), name="hosts")
            exp.dryrun()

    Good:

        import nemo_run as run

        executor = run.SlurmExecutor(account="team", packager=run.Packager())

        with run.Experiment("nightly", executor=executor) as exp:
            exp.add(run.Script(inline="hostname"), name="hosts")
            exp.dryrun()
    """

    code = "NRL660"
    severity = Severity.ERROR
    fails = Phase.LAUNCHED
    message = (
        "the executor of this single task is heterogeneous, which needs a group of tasks: exp.run raises AssertionError"
    )
    help = "leave `heterogeneous=True` out, or add a list of tasks"

    def check(self, submission: Submission, file: File) -> Reports:
        if (
            submission.task is None
            or submission.executor is None
            or submission.has_star
            or submission.how == "run.Task"
        ):
            return
        task = file.values.value(submission.task)
        executors = settings_of(file, submission.executor)
        is_single = isinstance(task, cst.Call) and file.names.qualified(task.func) is not None
        if is_single and executors and all(_is_heterogeneous(each.get("heterogeneous"), file) for each in executors):
            fix = _fix(executors, file)
            yield self.at(submission.task, fix=fix)


def _is_heterogeneous(value: cst.BaseExpression | None, file: File) -> bool:
    return value is not None and file.names.is_builtin(file.values.value(value), "True")


def _fix(executors: list[Settings], file: File) -> NodeFix | None:
    """The executor without it, which may also have been meant for a group."""
    given = [each.node for each in executors[0].given if each.name == "heterogeneous"] if len(executors) == 1 else []
    edits = without(file, given[0]) if given else ()
    return NodeFix("leave out heterogeneous=True", edits, safe=False) if edits else None
