from collections.abc import Iterator

import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.api import public
from nemo_run_lint.nemo.edits import unwrapped
from nemo_run_lint.nemo.experiment import Experiment, Submission
from nemo_run_lint.nemo.handed_over import certain, group, literal_kind, not_an_executor
from nemo_run_lint.nemo.versions import api
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit, NodeFix, Phase, Report, Reports, Rule
from nemo_run_lint.syntax.calls import keyword, positional


class ExecutorArgument(Rule):
    """An executor is an object, `run.LocalExecutor()`: no class, no name, no run.Config.

    exp.add stops with an AssertionError that has no text (nemo_run 0.11.1, `nemo_run/run/experiment.py`), also for the
    executor that run.Experiment was given. A list of executors is for a list of tasks. Only the command line is the
    other way round: run.cli.main takes `default_executor=run.Config(run.LocalExecutor)`. The fix, for
    executors that can do without arguments, is unsafe: one may want some all the same.

    Bad:

        def train(): ...

        with run.Experiment("nightly", executor=run.LocalExecutor) as exp:
            exp.add(run.Partial(train), name="train")

    Good:

        def train(): ...

        with run.Experiment("nightly", executor=run.LocalExecutor()) as exp:
            exp.add(run.Partial(train), name="train")
    """

    code = "NRL607"
    severity = Severity.ERROR
    fails = Phase.ADDED
    message = "`executor` of {how} is {what}, not an executor: exp.add raises an error"
    help = "hand over an object, such as `run.LocalExecutor()`"

    def check(self, thing: Submission | Experiment, file: File) -> Reports:
        call = thing.node
        if not isinstance(call, cst.Call) or (isinstance(thing, Submission) and thing.how == "run.Task"):
            return
        task = thing.task if isinstance(thing, Submission) else None
        if task is not None and literal_kind(file, file.values.value(task)) == "text":
            return  # exp.add("name", task): task-argument says so
        how = thing.how if isinstance(thing, Submission) else "run.Experiment"
        written = keyword(call, "executor") or positional(call, 1)
        for node in _executors(file, thing, written) if written is not None else ():
            what = not_an_executor(file, node)
            if what is not None:
                yield self._at(file, node, how, what)

    def _at(self, file: File, node: cst.CSTNode, how: str, what: str) -> Report:
        return self.at(node, fix=_fix(file, node, what), how=how, what=what)


def _executors(file: File, thing: Submission | Experiment, written: cst.BaseExpression) -> Iterator[cst.CSTNode]:
    """What must be an executor: what is written, or the elements of a list where a list may be."""
    source = certain(file, written)
    if isinstance(source, (cst.List, cst.ListComp)):
        if isinstance(thing, Submission) and not _is_one_task(file, thing):
            yield from (each.value for each in source.elements) if isinstance(source, cst.List) else ()
            return
        if isinstance(source, cst.List) and not source.elements:
            return  # as good as none
    if not (isinstance(source, (cst.Dict, cst.Tuple)) and not source.elements):
        yield written


def _is_one_task(file: File, submission: Submission) -> bool:
    """Whether what is added is certainly one task and no list."""
    if submission.how == "run.run":
        return True
    source = certain(file, submission.task) if submission.task is not None and not group(file, submission) else None
    return isinstance(source, cst.Call) and public(file.names.qualified(source.func)) in ("Partial", "Script", "Config")


def _fix(file: File, node: cst.CSTNode, what: str) -> NodeFix | None:
    """An object of the class, or what a run.Config of it describes."""
    if what.startswith("the class") and isinstance(node, (cst.Name, cst.Attribute)):
        kind = public(file.names.qualified(file.values.value(node)))
        wants = any(each.required for each in api().fields(kind or "").values())
        return NodeFix("make one", (NodeEdit(node, "()", "after"),), safe=False) if not wants else None
    if what == "a run.Config" and isinstance(node, cst.Call) and node.args and node.args[0].keyword is None:
        return NodeFix("make one", unwrapped(file, node), safe=False) if not node.args[0].star else None
    return None
