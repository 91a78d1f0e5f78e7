import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.experiment import Experiment, Submission, is_read
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit, NodeFix, Phase, Reports, Rule


class ResultIsNone(Rule):
    """run.run and exp.run return None, whatever the task returns.

    A task runs in a process of its own, or is called without its result being kept: the value is None also with
    `direct=True` and for run.run without an executor (nemo_run 0.11.1, `run/api.py` and `run/experiment.py`). What a
    task has found out must be written to a file; whether it went well, exp.status(return_dict=True) says.

    It is an error where the value is used, and a warning where it is only kept in a variable or returned. Not to keep
    it is an unsafe fix: another file may read the variable.

    Bad:

        def train():
            return 0.9

        accuracy = run.run(run.Partial(train))
        print(accuracy)

    Good:

        from pathlib import Path
        import nemo_run as run

        def train():
            Path("accuracy.txt").write_text("0.9")

        run.run(run.Partial(train))
        print(Path("accuracy.txt").read_text())
    """

    code = "NRL614"
    severity = Severity.ERROR
    fails = Phase.SILENT
    message = "`{call}()` returns None, not the result of the task, and that is what is {used}"
    help = "let the task write its result to a file, or ask `exp.status(return_dict=True)` how it went"

    def check(self, thing: Submission | Experiment, file: File) -> Reports:
        if isinstance(thing, Submission):
            calls = [thing.node] if thing.how == "run.run" else []
        else:
            calls = thing.called("run", "dryrun")
        for call in calls:
            used = _use(file, call)
            if used is not None:
                severity = Severity.WARNING if used in ("returned", "kept") else Severity.ERROR
                fix = _fix(file, call) if used == "kept" else None
                yield self.at(call.func, fix=fix, severity=severity, call=file.code(call.func), used=used)


def _use(file: File, call: cst.Call) -> str | None:
    """What is done with the value of a call; None when it is dropped."""
    child: cst.CSTNode = call
    for above in file.tree.ancestors(call):
        if isinstance(above, (cst.Expr, cst.Lambda)):
            return None
        if isinstance(above, cst.Return):
            return "returned"
        if isinstance(above, (cst.Assign, cst.AnnAssign, cst.NamedExpr)):
            return _kept(file, above)
        if isinstance(above, (cst.IfExp, cst.BooleanOperation)) and child is not getattr(above, "test", None):
            child = above
            continue
        return "used"
    return None


def _kept(file: File, assign: cst.Assign | cst.AnnAssign | cst.NamedExpr) -> str | None:
    bindings = [binding for binding in file.names.bindings() if binding.node is assign]
    if bindings and all(binding.name.startswith("_") for binding in bindings):
        return None
    names = {binding.name for binding in bindings}
    reads = [name for name in file.tree.nodes(cst.Name) if name.value in names and is_read(file, name)]
    if any(binding in bindings for name in reads for binding in file.names.lookup(name)):
        return "used"
    return "kept"


def _fix(file: File, call: cst.Call) -> NodeFix | None:
    """The call alone, where its value is assigned to a variable that nobody reads."""
    assign = file.tree.parent(call)
    if not isinstance(assign, cst.Assign) or call.lpar:
        return None
    return NodeFix("do not keep it", (NodeEdit(assign, "", until=call),), safe=False)
