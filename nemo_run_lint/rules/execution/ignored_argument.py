import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.edits import removed_arguments
from nemo_run_lint.nemo.experiment import Submission
from nemo_run_lint.nemo.handed_over import is_none
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeFix, Phase, Reports, Rule
from nemo_run_lint.syntax.values import text

_IGNORED = ("plugins", "name", "detach", "tail_logs")


class IgnoredArgument(Rule):
    """run.run without an executor calls the function right here, and drops its name, plugins, detach and tail_logs.

    They belong to the experiment that run.run makes for an executor; without one there is none (nemo_run 0.11.1,
    `nemo_run/run/api.py`). Plugins that were meant to set something up are not called: that is an error.

    Bad:

        import nemo_run as run

        class Profiling(run.Plugin):
            def setup(self, task, executor):
                print("profiling")

        def train(): ...

        run.run(run.Partial(train), plugins=[Profiling()])

    Good:

        import nemo_run as run

        class Profiling(run.Plugin):
            def setup(self, task, executor):
                print("profiling")

        def train(): ...

        if __name__ == "__main__":
            run.run(run.Partial(train), executor=run.LocalExecutor(), plugins=[Profiling()], name="train")
    """

    code = "NRL615"
    severity = Severity.WARNING
    fails = Phase.SILENT
    message = "run.run has no executor and runs in this process: {ignored} {are} ignored"
    help = "give an executor, `executor=run.LocalExecutor()`, or leave {them} out"

    def check(self, submission: Submission, file: File) -> Reports:
        executor = submission.executor
        if submission.how != "run.run" or submission.has_star or (executor is not None and not is_none(file, executor)):
            return
        given = {each.keyword.value: each for each in submission.node.args if each.keyword is not None}
        ignored = [name for name in _IGNORED if name in given and not _is_default(file, given[name].value)]
        if ignored:
            listed = " and ".join(f"`{name}`" for name in ignored)
            severity = Severity.ERROR if "plugins" in ignored else Severity.WARNING
            are, them = ("are", "them") if len(ignored) > 1 else ("is", "it")
            keyword = given[ignored[0]].keyword
            assert keyword is not None
            arguments = [given[name] for name in ignored]
            fix = _fix(file, submission.node, arguments) if "plugins" not in ignored else None
            yield self.at(keyword, fix=fix, severity=severity, ignored=listed, are=are, them=them)


def _is_default(file: File, value: cst.BaseExpression) -> bool:
    nothing = isinstance(value, (cst.List, cst.Tuple)) and not value.elements
    return nothing or file.names.is_builtin(value, "None", "False") or text(value) == ""


def _fix(file: File, call: cst.Call, arguments: list[cst.Arg]) -> NodeFix | None:
    """The call without them; what is called for a value would not be called any more."""
    if any(isinstance(each.value, cst.Call) or any(file.tree.below(each.value, cst.Call)) for each in arguments):
        return None
    return NodeFix("leave it out", removed_arguments(call, arguments))
