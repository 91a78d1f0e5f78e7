from collections.abc import Iterator

import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.flow.misfits import Misfit
from nemo_run_lint.flow.problems import Wrong
from nemo_run_lint.nemo.api import public
from nemo_run_lint.nemo.edits import as_list, configured, wrapped
from nemo_run_lint.nemo.experiment import Submission
from nemo_run_lint.nemo.handed_over import group, is_changed, not_a_task
from nemo_run_lint.nemo.importing import spelt
from nemo_run_lint.nemo.saving import local_to
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit, NodeFix, Phase, Reports, Rule
from nemo_run_lint.syntax.calls import positional
from nemo_run_lint.syntax.values import parameters


class TaskArgument(Rule):
    """A task is a run.Partial or a run.Script, or for exp.add a list of them; nothing else can be launched.

    A function, a call, a name, a functools.partial, fiddle's own Partial or a tuple stops exp.add with nemo_run 0.11.1
    and an AttributeError such as `'function' object has no attribute '__fn_or_cls__'`, and run.run with `TypeError:
    Need a configured Buildable or run.Script.` An empty list is added, and stops exp.run with an IndexError. When the
    task's name comes first, `exp.add("train", task)`, the task is taken for the executor.

    Not reported for what parameters hold and what functions return, nor for decorated functions of other modules.

    A run.Partial around a function is an unsafe fix if the function wants arguments; so is one of a function that was
    called, and a list for a tuple.

    Bad:

        def train(steps):
            print(steps)

        with run.Experiment("nightly") as exp:
            exp.add(train, name="train")

    Good:

        def train(steps):
            print(steps)

        with run.Experiment("nightly") as exp:
            exp.add(run.Partial(train, steps=10), name="train")
    """

    code = "NRL606"
    severity = Severity.ERROR
    fails = Phase.ADDED
    message = "{how} is given {what}: that is no task"
    help = "hand over a run.Partial of a function, or a run.Script; the name comes after it, as `name=`"

    def check(self, thing: Submission | cst.Call | Misfit, file: File) -> Reports:
        if isinstance(thing, Misfit):
            if thing.wrong is Wrong.NO_TASK:
                yield self.at(thing.node, notes=thing.notes, how=thing.problem.owner, what=thing.problem.detail)
        elif isinstance(thing, cst.Call):
            task = positional(thing, 0) if public(file.names.qualified(thing.func)) == "dryrun_fn" else None
            what = not_a_task(file, task) if task is not None else None
            if task is not None and what is not None:
                yield self.at(task, how="run.dryrun_fn", what=what)
        elif thing.how != "run.Task":
            for node, wrong in _not_tasks(file, thing):
                yield self.at(node, fix=_fix(file, thing, node, wrong), how=thing.how, what=wrong)


def _not_tasks(file: File, submission: Submission) -> Iterator[tuple[cst.CSTNode, str]]:
    task = submission.task
    several = group(file, submission)
    if several is None:
        what = not_a_task(file, task) if task is not None else None
        if task is not None and what is not None:
            yield task, what
    elif isinstance(several, cst.List) and task is not None and not is_changed(file, task):
        if not several.elements:
            yield task, "an empty list"
        for element in several.elements:
            what = not_a_task(file, element.value) if isinstance(element, cst.Element) else None
            if what is not None:
                yield element.value, what


def _fix(file: File, submission: Submission, node: cst.CSTNode, wrong: str) -> NodeFix | None:
    """A run.Partial of what is there, or the task and its name in the right order."""
    if wrong == "text":
        return _swapped(submission, node)
    if wrong == "a tuple" and isinstance(node, cst.Tuple):
        return NodeFix("make it a list", as_list(node), safe=False)
    partial = spelt(file, "Partial", node)
    definition = file.values.definition(node.func if isinstance(node, cst.Call) else node)
    if definition is not None and local_to(file, definition) is not None:
        return None  # local-function-target would say so
    if partial is None or not isinstance(node, (cst.Name, cst.Attribute, cst.Call)):
        return None
    message = f"write {partial.text}"
    if wrong.startswith("the function") and not isinstance(node, cst.Call):
        function = definition if isinstance(definition, cst.FunctionDef) else None
        wants = function is None or any(each.default is None for each in parameters(function))
        return NodeFix(message, (*wrapped(node, f"{partial.text}("), *partial.edits), safe=not wants)
    if wrong in ("a functools.partial", "a fiddle Partial") and isinstance(node, cst.Call):
        return NodeFix(message, (NodeEdit(node.func, partial.text), *partial.edits))
    if wrong.startswith("None, since") and isinstance(node, cst.Call):
        return NodeFix(message, configured(file, node, partial), safe=False)
    return None


def _swapped(submission: Submission, name: cst.CSTNode) -> NodeFix | None:
    """`exp.add("train", task)` as `exp.add(task, name="train")`."""
    file, call = submission.file, submission.node
    second = positional(call, 1)
    if second is None or positional(call, 0) is not name or (len(call.args) > 2 and call.args[2].keyword is None):
        return None
    if any(each.keyword is not None and each.keyword.value == "name" for each in call.args):
        return None
    edits = (NodeEdit(call.args[0], file.code(second)), NodeEdit(call.args[1], f"name={file.code(name)}"))
    return NodeFix("give the task first", edits) if not is_changed(file, second) else None
