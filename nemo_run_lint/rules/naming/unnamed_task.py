import libcst as cst

from nemo_run_lint.nemo.experiment import Submission
from nemo_run_lint.project import File
from nemo_run_lint.rule import Reports, Rule
from nemo_run_lint.syntax.values import text


class UnnamedTask(Rule):
    """A task without a name gets one from its function or script.

    `exp.add(run.Partial(train))` in `tasks.py` becomes `tasks.train`, and a script is called by its first ten
    characters (nemo_run 0.11.1). A second one is numbered by the order in which it was added, so that results move to
    another directory when a task is added before it. The team's standard asks for a descriptive name.

    Not reported for groups of tasks, which fail without a name (group-misuse), for run.run, and where arguments come
    from `*args` or `**kwargs`.

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
            yield self.at(submission.node.func)


def _is_empty(file: File, submission: Submission) -> bool:
    name = submission.name
    return name is None or text(name) == "" or file.names.is_builtin(name, "None")
