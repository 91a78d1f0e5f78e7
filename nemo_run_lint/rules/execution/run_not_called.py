import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.experiment import experiment_of
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit, NodeFix, Phase, Reports, Rule

_METHODS = frozenset("run dryrun status reset".split())


class RunNotCalled(Rule):
    """`exp.run` without parentheses runs nothing.

    It names the method and does not call it; Python says nothing, and no job is launched.

    Bad:

        def train(): ...

        if __name__ == "__main__":
            with run.Experiment("nightly") as exp:
                exp.add(run.Partial(train), name="train")
                exp.run

    Good:

        def train(): ...

        if __name__ == "__main__":
            with run.Experiment("nightly") as exp:
                exp.add(run.Partial(train), name="train")
                exp.run()
    """

    code = "NRL605"
    severity = Severity.ERROR
    fails = Phase.SILENT
    message = "`{method}` is not called: nothing happens here"
    help = "write `{method}()`"

    def check(self, statement: cst.Expr, file: File) -> Reports:
        method = statement.value
        if not isinstance(method, cst.Attribute) or method.attr.value not in _METHODS:
            return
        if experiment_of(file, method.value) is not None:
            fix = NodeFix("call it", (NodeEdit(method, "()", "after"),))
            yield self.at(method, fix=fix, method=file.code(method))
