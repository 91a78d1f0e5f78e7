import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.edits import indentation, indented
from nemo_run_lint.nemo.experiment import Experiment
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit, NodeFix, Phase, Reports, Rule


class ExperimentOutsideWith(Rule):
    """Tasks are added to an experiment, and the experiment is run, inside of its `with`.

    Anywhere else exp.add and exp.run stop with nemo_run 0.11.1 and `AssertionError: Using Experiment without it's
    context manager is not permitted.` That goes for a call after the `with` has ended, and for a call inside the
    `with` of another experiment. exp.dryrun, exp.status, exp.logs and exp.cancel may be called outside.

    Not reported where the experiment is made in another function, or was handed to something that may have entered it.

    The fix makes a `with` of the assignment and of all down to the last such call. It is unsafe: what stands between
    goes with it.

    Bad:

        def train(): ...

        exp = run.Experiment("nightly")
        exp.add(run.Partial(train), name="train")

    Good:

        def train(): ...

        with run.Experiment("nightly") as exp:
            exp.add(run.Partial(train), name="train")
    """

    code = "NRL601"
    severity = Severity.ERROR
    fails = Phase.ADDED
    message = "`{call}()` stands {where}, where nemo_run raises an AssertionError"
    help = "enter the experiment, `with run.Experiment(...) as exp:`, and add and run its tasks in there"

    def check(self, experiment: Experiment, file: File) -> Reports:
        for call in experiment.called("add", "run"):
            where = experiment.outside(call)
            if where is not None:
                fix = _fix(experiment, file)
                yield self.at(call.func, fix=fix, call=_shown(file, call), where=where)
                return


def _shown(file: File, call: cst.Call) -> str:
    method = call.func.attr.value if isinstance(call.func, cst.Attribute) else ""
    owner = call.func.value if isinstance(call.func, cst.Attribute) else call.func
    return file.code(call.func) if not isinstance(owner, cst.Call) else f"exp.{method}"


def _fix(experiment: Experiment, file: File) -> NodeFix | None:
    made = file.tree.enclosing(experiment.call, cst.SimpleStatementLine) if experiment.call is not None else None
    assign = made.body[0] if isinstance(made, cst.SimpleStatementLine) and len(made.body) == 1 else None
    if made is None or not isinstance(assign, cst.Assign) or assign.value is not experiment.call:
        return None
    target, block = assign.targets[0].target, file.tree.parent(made)
    if len(assign.targets) > 1 or not isinstance(target, cst.Name) or experiment.is_entered:
        return None
    if not experiment.called("add"):
        return None  # empty-experiment would say so
    lines = list(getattr(block, "body", ()))
    first = next(place for place, line in enumerate(lines) if line is made)
    calls = experiment.called("add", "run")
    last = max((place for place, line in enumerate(lines) if any(file.tree.inside(c, line) for c in calls)), default=0)
    if last <= first or not all(any(file.tree.inside(c, line) for line in lines[first : last + 1]) for c in calls):
        return None
    header = f"{indentation(file, made)}with {file.code(assign.value)} as {target.value}:"
    text = f"{header}\n{indented(file, file.span(made).end_line + 1, file.positions.span(lines[last]).end_line)}\n"
    return NodeFix("enter it", (NodeEdit(made, text, "lines", until=lines[last]),), safe=False)
