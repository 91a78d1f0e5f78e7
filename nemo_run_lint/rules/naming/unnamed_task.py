import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.experiment import Submission
from nemo_run_lint.project import File
from nemo_run_lint.rule import Reports, Rule
from nemo_run_lint.syntax.values import text


class UnnamedTask(Rule):
    """A task without a name gets one from its function or script.

    `exp.add(run.Partial(train))` in `tasks.py` becomes `tasks.train`, and a script is called by its first ten
    characters (nemo_run 0.11.1). A second one is numbered by the order in which it was added, so that results move to
    another directory when a task is added before it. The team's standard asks for a descriptive name.

    A group of tasks without a name is an error: exp.add stops with `AssertionError: name is required for task group.`

    Not reported for run.run, and where arguments come from `*args` or `**kwargs`.

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
    worst = Severity.ERROR
    message = "{what} is added without a name{effect}"
    help = "give it one: `name=...`"

    def check(self, submission: Submission, file: File) -> Reports:
        if (
            submission.how == "run.run"
            or submission.has_star
            or submission.task is None
            or not _is_empty(file, submission)
        ):
            return
        if isinstance(file.values.value(submission.task), (cst.List, cst.ListComp)):
            effect = ": exp.add raises an AssertionError"
            yield self.at(submission.node.func, severity=Severity.ERROR, what="a group of tasks", effect=effect)
        else:
            yield self.at(submission.node.func, what="a task", effect="")


def _is_empty(file: File, submission: Submission) -> bool:
    name = submission.name
    return name is None or text(name) == "" or file.names.is_builtin(name, "None")
