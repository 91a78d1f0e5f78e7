from collections.abc import Iterator

import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.buildable import Buildable
from nemo_run_lint.nemo.edits import added_argument, as_list, wrapped
from nemo_run_lint.nemo.experiment import Submission
from nemo_run_lint.nemo.handed_over import certain, group, is_changed, kinds, length
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeFix, Phase, Reports, Rule
from nemo_run_lint.syntax.values import text

_SUPPORTED = frozenset({"SlurmExecutor", "DockerExecutor", "LocalExecutor"})


class GroupMisuse(Rule):
    """A list of tasks needs a name, and one executor or as many as there are tasks, all of one kind.

    Tasks that are added as a list run together as a group. exp.add stops with nemo_run 0.11.1 and an AssertionError:
    `name is required for task group.`, `Invalid number of executors. Got 2 for 3 tasks.`, `All executors must be of
    the same type.` or `Unsupported executor type.` (only Slurm, Docker and the local machine run groups).

    The fix makes a name of those of the functions, and is unsafe: another one may be wanted.

    Bad:

        def train(): ...
        def serve(): ...

        with run.Experiment("nightly") as exp:
            exp.add([run.Partial(train), run.Partial(serve)])

    Good:

        def train(): ...
        def serve(): ...

        with run.Experiment("nightly") as exp:
            exp.add([run.Partial(train), run.Partial(serve)], name="train-and-serve")
    """

    code = "NRL608"
    severity = Severity.ERROR
    fails = Phase.ADDED
    message = "exp.add is given a list of tasks {problem}"
    help = 'give the list a name, `name="..."`, and one executor, or one for each task'

    def check(self, submission: Submission, file: File) -> Reports:
        tasks = group(file, submission)
        if tasks is None:
            return
        if not submission.has_star:
            if submission.name is None:
                yield self.at(submission.node.func, fix=_named(file, submission, tasks), problem="without `name=`")
            elif text(file.values.value(submission.name)) == "":
                yield self.at(submission.name, problem="with an empty name")
        for problem in _wrong_executors(file, submission, tasks):
            if submission.executor is not None:
                fix = _listed(submission.executor) if "tuple" in problem else None
                yield self.at(submission.executor, fix=fix, problem=problem)


def _wrong_executors(file: File, submission: Submission, tasks: cst.CSTNode) -> Iterator[str]:
    written = submission.executor
    executors = certain(file, written) if written is not None else None
    if written is None or submission.task is None or is_changed(file, written) or is_changed(file, submission.task):
        return
    found = kinds(file, submission)
    names = sorted(kind for kind in found if kind is not None)
    if isinstance(executors, cst.Tuple):
        yield "and a tuple of executors, which must be a list"
    elif isinstance(executors, (cst.List, cst.BinaryOperation)):
        several, number = length(file, executors), length(file, tasks)
        if several is not None and number is not None and several not in (1, number):
            yield f"and {several} executors for {number} task{'s' if number != 1 else ''}"
        elif None not in found and len(names) > 1 and isinstance(executors, cst.List):
            yield f"and executors of different kinds, {' and '.join(names)}"
    if len(found) == 1 and names and not _SUPPORTED.intersection(names):
        yield f"and a {names[0]}, which runs no groups"


def _named(file: File, submission: Submission, tasks: cst.CSTNode) -> NodeFix | None:
    """A name made of those of the functions: `train-and-serve`."""
    listed = [file.values.value(each.value) for each in tasks.elements] if isinstance(tasks, cst.List) else []
    made = [file.at(Buildable, each) for each in listed]
    names = [each.name.rpartition(".")[2] for each in made if each is not None]
    if not names or len(names) < len(made) or len(names) > 3 or not all(name.isidentifier() for name in names):
        return None
    name = "-and-".join(dict.fromkeys(names))
    edit = added_argument(submission.node, f'name="{name}"')
    return NodeFix(f"name it `{name}`", (edit,), safe=False) if edit is not None else None


def _listed(executors: cst.BaseExpression) -> NodeFix | None:
    if isinstance(executors, cst.Tuple) and executors.elements:
        return NodeFix("make it a list", as_list(executors))
    return NodeFix("make it a list", wrapped(executors, "list("))
