from collections.abc import Iterator

import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.edits import without
from nemo_run_lint.nemo.experiment import Experiment
from nemo_run_lint.nemo.handed_over import argument_node, group, has_dependencies, is_true
from nemo_run_lint.nemo.order import surely_before
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeFix, Phase, Reports, Rule


class RunModeConflict(Rule):
    """`sequential=True` and `direct=True` do not go with dependencies, nor `direct=True` with a group of tasks.

    exp.run stops with nemo_run 0.11.1 and an AssertionError: `Jobs in this experiment have dependencies, they cannot be
    run sequentially.`, `... contain dependencies which cannot be run directly for now.` or `... contain JobGroup which
    cannot be run directly for now.`

    Not reported where a condition decides whether such a task is added. To leave out `sequential=True` is a safe fix;
    to leave out `direct=True` is an unsafe one, since jobs are launched then.

    Bad:

        def prepare(): ...
        def train(): ...

        if __name__ == "__main__":
            with run.Experiment("nightly") as exp:
                prepared = exp.add(run.Partial(prepare), name="prepare")
                exp.add(run.Partial(train), name="train", dependencies=[prepared])
                exp.run(sequential=True)

    Good:

        def prepare(): ...
        def train(): ...

        if __name__ == "__main__":
            with run.Experiment("nightly") as exp:
                prepared = exp.add(run.Partial(prepare), name="prepare")
                exp.add(run.Partial(train), name="train", dependencies=[prepared])
                exp.run()
    """

    code = "NRL612"
    severity = Severity.ERROR
    fails = Phase.LAUNCHED
    message = "`{mode}=True` does not go with {what} (line {line}): exp.run stops with an AssertionError"
    help = "leave out `{mode}=True`; tasks with dependencies run one after the other"

    def check(self, experiment: Experiment, file: File) -> Reports:
        for call in experiment.called("run"):
            certain = [each for each in experiment.tasks if surely_before(file, each.node, call, loops_run=True)]
            for mode, given in _modes(file, call):
                grouped = next((each for each in certain if mode == "direct" and group(file, each)), None)
                waiting = next((each for each in certain if has_dependencies(each)), None)
                found = grouped or waiting
                if found is not None:
                    what = "a group of tasks" if found is grouped else "dependencies"
                    fix = _fix(file, mode, given)
                    yield self.at(given, fix=fix, mode=mode, what=what, line=file.span(found.node).line)
                    break


def _modes(file: File, call: cst.Call) -> Iterator[tuple[str, cst.Arg]]:
    """The modes that a call of exp.run asks for; what is direct is not looked at for anything else."""
    for mode, place in (("direct", 3), ("sequential", 0)):
        given = argument_node(call, mode, place)
        if given is not None and is_true(file, given.value):
            yield mode, given


def _fix(file: File, mode: str, given: cst.Arg) -> NodeFix | None:
    edits = without(file, given)
    return NodeFix(f"leave out {mode}=True", edits, safe=mode == "sequential") if edits else None
