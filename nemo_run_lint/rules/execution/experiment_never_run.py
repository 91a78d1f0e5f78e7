import libcst as cst

from nemo_run_lint.finding import Confidence, Severity
from nemo_run_lint.nemo.edits import last_in
from nemo_run_lint.nemo.experiment import Experiment
from nemo_run_lint.nemo.launching import is_test
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeFix, Phase, Reports, Rule


class ExperimentNeverRun(Rule):
    """An experiment that is never run launches nothing, and says nothing about it.

    exp.add only notes down what to do; the work begins with exp.run (nemo_run 0.11.1, `nemo_run/run/experiment.py`).
    When the `with` ends without it, the script ends well and no job was started.

    It is taken that nobody else runs the experiment: not reported when it is returned, handed to a function, or used
    for anything but exp.add, and not in tests. The fix is unsafe: it launches the jobs.

    Bad:

        def train(): ...

        with run.Experiment("nightly") as exp:
            exp.add(run.Partial(train), name="train")

    Good:

        def train(): ...

        if __name__ == "__main__":
            with run.Experiment("nightly") as exp:
                exp.add(run.Partial(train), name="train")
                exp.run()
    """

    code = "NRL602"
    severity = Severity.ERROR
    confidence = Confidence.MEDIUM
    fails = Phase.SILENT
    message = "tasks are added to this experiment, but it is never run: nothing will be launched"
    help = "call `{name}.run()` at the end of its `with`"

    def check(self, experiment: Experiment, file: File) -> Reports:
        call = experiment.call
        if call is None or experiment.escapes or not experiment.is_entered or is_test(file, call):
            return
        inside = all(experiment.outside(each) is None for each in experiment.called("add"))
        if experiment.touched == {"add"} and inside:
            name = experiment.uses[0].value
            yield self.at(call.func, fix=_fix(file, call, name), name=name)


def _fix(file: File, call: cst.Call, name: str) -> NodeFix | None:
    """`exp.run()` at the end of the `with` that makes the experiment."""
    item = file.tree.parent(call)
    block = file.tree.parent(item)
    if not isinstance(item, cst.WithItem) or not isinstance(block, cst.With):
        return None
    edit = last_in(file, block.body, f"{name}.run()")
    return NodeFix("run it", (edit,), safe=False) if edit is not None else None
