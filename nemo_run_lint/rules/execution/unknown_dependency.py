import re

import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.edits import literal
from nemo_run_lint.nemo.experiment import Submission
from nemo_run_lint.nemo.handed_over import certain, dependencies, ids, is_job, is_none
from nemo_run_lint.nemo.versions import meant
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit, NodeFix, Phase, Reports, Rule
from nemo_run_lint.syntax.values import text


class UnknownDependency(Rule):
    """A task can only wait for tasks that were added before it, by the ids that exp.add returned.

    exp.add looks every dependency up among the tasks so far. For a name that is misspelt, added later, or its own,
    nemo_run 0.11.1 stops with `AssertionError: Dependency prepare not found.`; the task itself in the place of its id
    stops with `TypeError: unhashable type: 'Partial'`. So tasks cannot wait for each other in a circle either.

    Reported only when the names of all tasks so far are written out, and nobody else adds tasks to the experiment. The
    name that was probably meant is an unsafe fix.

    Bad:

        def prepare(): ...
        def train(): ...

        with run.Experiment("nightly") as exp:
            exp.add(run.Partial(train), name="train", dependencies=["prepare"])
            exp.add(run.Partial(prepare), name="prepare")

    Good:

        def prepare(): ...
        def train(): ...

        with run.Experiment("nightly") as exp:
            prepared = exp.add(run.Partial(prepare), name="prepare")
            exp.add(run.Partial(train), name="train", dependencies=[prepared])
    """

    code = "NRL610"
    severity = Severity.ERROR
    fails = Phase.ADDED
    message = "{what}: exp.add stops here"
    help = "add the other task first, and use the id that exp.add returns: `dependencies=[prepared]`"

    def check(self, submission: Submission, file: File) -> Reports:
        written = dependencies(submission)
        source = certain(file, written) if written is not None else None
        for element in source.elements if isinstance(source, cst.List) else ():
            if isinstance(element, cst.StarredElement):
                continue
            value = certain(file, element.value)
            name = text(value)
            if value is None:
                continue
            if name is not None:
                what = _unknown(file, submission, name)
            elif is_job(file, value):
                what = f"`{' '.join(file.code(element.value).split())}` is a task, not the id of one"
            else:
                what = "None is not the id of a task" if is_none(file, value) else None
            if what is not None:
                yield self.at(element.value, fix=_fix(submission, element.value, name), what=what)


def _unknown(file: File, submission: Submission, name: str) -> str | None:
    """Words for why there is no task of that name so far; None when there is or may be one."""
    experiment, order = submission.experiment, file.tree.order
    if experiment is None or experiment.call is None or experiment.escapes:
        return None
    known = ids(experiment, before=submission)
    numbered = re.fullmatch(r"(.+)_\d+", name)  # what a repeated name is called
    if known is None or name in known or (numbered is not None and numbered[1] in known):
        return None
    everything = ids(experiment) or {}
    if name in everything:
        later = everything[name]
        if later is submission:
            return f"`{name}` waits for itself"
        if order(later.node) > order(submission.node):
            return f"no task is called `{name}` yet (it is added in line {file.span(later.node).line})"
        return None
    close = meant(name, set(everything))
    return f"no task is called `{name}`" + (f" (did you mean `{close}`?)" if close else "")


def _fix(submission: Submission, written: cst.BaseExpression, name: str | None) -> NodeFix | None:
    """The nearest name of a task that was added before."""
    known = ids(submission.experiment, before=submission) if submission.experiment is not None else None
    close = meant(name, set(known)) if known and name is not None else None
    if close is None or not isinstance(written, cst.SimpleString):
        return None
    return NodeFix(f"write {close}", (NodeEdit(written, literal(close, written)),), safe=False)
