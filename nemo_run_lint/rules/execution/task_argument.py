from collections.abc import Iterator

import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.flow.misfits import Misfit
from nemo_run_lint.flow.problems import Wrong
from nemo_run_lint.nemo.api import public
from nemo_run_lint.nemo.experiment import Submission
from nemo_run_lint.nemo.handed_over import group, is_changed, not_a_task
from nemo_run_lint.project import File
from nemo_run_lint.rule import Phase, Reports, Rule
from nemo_run_lint.syntax.calls import positional


class TaskArgument(Rule):
    """A task is a run.Partial or a run.Script, or for exp.add a list of them; nothing else can be launched.

    A function, a call, a name, a functools.partial, fiddle's own Partial or a tuple stops exp.add with nemo_run 0.11.1
    and an AttributeError such as `'function' object has no attribute '__fn_or_cls__'`, and run.run with `TypeError:
    Need a configured Buildable or run.Script.` An empty list is added, and stops exp.run with an IndexError. When the
    task's name comes first, `exp.add("train", task)`, the task is taken for the executor.

    Not reported for what parameters hold and what functions return, nor for decorated functions of other modules.

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
                yield self.at(node, how=thing.how, what=wrong)


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
