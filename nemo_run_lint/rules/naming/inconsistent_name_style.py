import libcst as cst

from nemo_run_lint.nemo.edits import literal
from nemo_run_lint.nemo.given_name import TaskList
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit, NodeFix, Reports, Rule


class InconsistentNameStyle(Rule):
    """The tasks of one experiment are named in one style: snake_case or kebab-case.

    Names that mix the two are harder to sort, to search and to type as dependencies. The first name of the experiment
    that shows a style sets it. Words without `_` and `-`, and names with both, are not judged.

    To ask for one of the styles everywhere, set `style` of name-characters. The fix is unsafe: the job's directory goes
    by the name, and dependencies may.

    Bad:

        def work(): ...

        with run.Experiment("llama-pretraining") as exp:
            exp.add(run.Partial(work), name="prepare_data")
            exp.add(run.Partial(work), name="train-model")

    Good:

        def work(): ...

        with run.Experiment("llama-pretraining") as exp:
            exp.add(run.Partial(work), name="prepare-data")
            exp.add(run.Partial(work), name="train-model")
    """

    code = "NRL306"
    strict = True
    message = "the task name `{name}` is written in {style}, but `{first}` (line {line}) in {other}"
    help = "name the tasks of an experiment in one style"

    def check(self, tasks: TaskList, file: File) -> Reports:
        first: tuple[str, str, int] | None = None
        for name, _, written in tasks.named:
            style = _style(name)
            if style and first is None:
                first = name, style, file.span(written).line
            elif style and first is not None and style != first[1]:
                fix = _fix(written, name, first[1])
                yield self.at(written, fix=fix, name=name, style=style, first=first[0], other=first[1], line=first[2])


def _style(name: str) -> str | None:
    if ("_" in name) == ("-" in name):
        return None
    return "snake_case" if "_" in name else "kebab-case"


def _fix(written: cst.CSTNode, name: str, style: str) -> NodeFix | None:
    if not isinstance(written, cst.SimpleString):
        return None
    better = name.replace("-", "_") if style == "snake_case" else name.replace("_", "-")
    return NodeFix(f"name it `{better}`", (NodeEdit(written, literal(better, written)),), safe=False)
