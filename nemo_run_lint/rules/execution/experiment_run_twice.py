import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.edits import indentation, removed_statement
from nemo_run_lint.nemo.experiment import Experiment
from nemo_run_lint.nemo.order import round_and_round, surely_before
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit, NodeFix, Phase, Reports, Rule


class ExperimentRunTwice(Rule):
    """An experiment runs once: a second exp.run launches nothing.

    nemo_run 0.11.1 prints "Experiment already running..." and returns (`nemo_run/run/experiment.py`); tasks that were
    added in between are dropped. The same happens in a loop that adds a task and runs the experiment on every round:
    only the first round's task is launched.

    Not reported where only one of the calls may run, and where a condition decides whether the first one does. A second
    call with no exp.add before it can be left out, which is a safe fix; one in a loop is put behind it, which is an
    unsafe one, as all tasks run then.

    Bad:

        def train(rate): ...

        if __name__ == "__main__":
            with run.Experiment("sweep") as exp:
                for rate in (1, 2):
                    exp.add(run.Partial(train, rate=rate), name=f"train-{rate}")
                    exp.run()

    Good:

        def train(rate): ...

        if __name__ == "__main__":
            with run.Experiment("sweep") as exp:
                for rate in (1, 2):
                    exp.add(run.Partial(train, rate=rate), name=f"train-{rate}")
                exp.run()
    """

    code = "NRL603"
    severity = Severity.ERROR
    fails = Phase.SILENT
    message = "{what}: an experiment runs once, and nothing more is launched"
    help = "add all tasks first and run them with one exp.run(), or make another experiment"

    def check(self, experiment: Experiment, file: File) -> Reports:
        calls = experiment.called("run")
        for place, call in enumerate(calls):
            before = next((each for each in calls[:place] if surely_before(file, each, call)), None)
            loop = round_and_round(file, call, experiment.node)
            if before is not None:
                line = file.span(before).line
                what = f"`{file.code(call.func)}()` is called again after line {line}"
                yield self.at(call.func, fix=_fix(experiment, before, call), what=what)
            elif loop is not None and not isinstance(experiment.node, cst.Param):
                what = f"`{file.code(call.func)}()` is called on every round of the loop"
                yield self.at(call.func, fix=_behind(file, call, loop), what=what)


def _fix(experiment: Experiment, before: cst.Call, call: cst.Call) -> NodeFix | None:
    file = experiment.file
    order, statement = file.tree.order, file.tree.parent(call)
    added = [each for each in experiment.called("add") if order(each) > order(before)]
    is_plain = isinstance(statement, cst.Expr) and not any(file.tree.below(call, cst.Call))
    edit = removed_statement(file, statement) if is_plain and not added else None
    return NodeFix("leave it out", (edit,)) if edit is not None else None


def _behind(file: File, call: cst.Call, loop: cst.CSTNode) -> NodeFix | None:
    """The call behind the loop in whose body it is a statement of its own."""
    statement = file.tree.parent(call)
    block = file.tree.parent(file.tree.parent(statement))
    if not isinstance(loop, (cst.For, cst.While)) or not isinstance(statement, cst.Expr) or block is not loop.body:
        return None
    span = file.span(statement)
    if loop.orelse is not None or span.line != span.end_line or len(loop.body.body) == 1:
        return None
    removed = removed_statement(file, statement)
    added = NodeEdit(loop, indentation(file, loop) + file.code(call), "below")
    return NodeFix("run it behind the loop", (removed, added), safe=False) if removed is not None else None
