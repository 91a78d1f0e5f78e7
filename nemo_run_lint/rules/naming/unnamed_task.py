import re

import libcst as cst

from nemo_run_lint.nemo.buildable import Buildable
from nemo_run_lint.nemo.edits import added_argument
from nemo_run_lint.nemo.experiment import Submission
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit, NodeFix, Reports, Rule
from nemo_run_lint.syntax.values import text


class UnnamedTask(Rule):
    """A task without a name gets one from its function or script.

    `exp.add(run.Partial(train))` in `tasks.py` becomes `tasks.train`, and a script is called by its first ten
    characters (nemo_run 0.11.1). A second one is numbered by the order in which it was added, so that results move to
    another directory when a task is added before it. The team's standard asks for a descriptive name.

    Not reported for groups of tasks, which fail without a name (group-misuse), for run.run, and where arguments come
    from `*args` or `**kwargs`. The fix names it after its function, which is unsafe: its files go to another directory.

    Bad:

        def train(): ...

        with run.Experiment("llama-pretraining") as exp:
            exp.add(run.Partial(train))

    Good:

        def train(): ...

        with run.Experiment("llama-pretraining") as exp:
            exp.add(run.Partial(train), name="train-llama")
    """

    code = "NRL308"
    message = "a task is added without a name"
    help = "give it one: `name=...`"

    def check(self, submission: Submission, file: File) -> Reports:
        if (
            submission.how == "run.run"
            or submission.has_star
            or submission.task is None
            or not _is_empty(file, submission)
        ):
            return
        is_group = isinstance(file.values.value(submission.task), (cst.List, cst.ListComp))
        if not is_group:  # that a group has no name is group-misuse, and fails
            yield self.at(submission.node.func, fix=_fix(file, submission))


def _is_empty(file: File, submission: Submission) -> bool:
    name = submission.name
    return name is None or text(name) == "" or file.names.is_builtin(name, "None")


def _fix(file: File, submission: Submission) -> NodeFix | None:
    """The name of the function that is configured, unless another task of the experiment has it."""
    made = file.values.value(submission.task) if submission.task is not None else None
    config = file.at(Buildable, made)
    target = config.target if config is not None else None
    named = target.attr if isinstance(target, cst.Attribute) else target
    name = named.value if isinstance(named, cst.Name) else ""
    others = submission.experiment.tasks if submission.experiment is not None else ()
    others = [each for each in others if each is not submission]
    if not re.fullmatch(r"[A-Za-z]\w{2,}", name) or any(_would_be(file, each) == name for each in others):
        return None
    given = submission.name
    edit = added_argument(submission.node, f'name="{name}"') if given is None else NodeEdit(given, f'"{name}"')
    return NodeFix(f"name it `{name}`", (edit,), safe=False) if edit is not None else None


def _would_be(file: File, submission: Submission) -> str | None:
    """The name of another task, given or not."""
    if submission.literal_name:
        return submission.literal_name
    made = file.values.value(submission.task) if submission.task is not None else None
    config = file.at(Buildable, made)
    return config.name.rpartition(".")[2] if config is not None else None
