import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.experiment import Experiment
from nemo_run_lint.nemo.known import is_guarded
from nemo_run_lint.nemo.versions import api, meant
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit, NodeFix, Phase, Reports, Rule
from nemo_run_lint.syntax.calls import keyword, positional


class ExperimentArguments(Rule):
    """An experiment is given a title; its tasks are added afterwards, with exp.add.

    `run.Experiment([task, task], name="nightly")` is written in guides and generated code, and works in no release of
    NeMo Run: 0.11.1 stops with `TypeError: Experiment.__init__() got an unexpected keyword argument 'name'`, and with
    a list as the title with `TypeError: join() argument must be str`. Tasks can be added and run only in the
    experiment's `with` block.

    Not reported where arguments come from `*` or `**`. A list alone is a title that is no text:
    experiment-without-title.

    Bad:

        import nemo_run as run

        def train(): ...

        exp = run.Experiment([run.Partial(train)], name="nightly")

    Good:

        import nemo_run as run

        def train(): ...

        with run.Experiment("nightly") as exp:
            exp.add(run.Partial(train), name="train")
    """

    code = "NRL704"
    severity = Severity.ERROR
    fails = Phase.CONFIGURED
    message = "run.Experiment {problem}: its first argument is the title, and tasks are added with exp.add"
    help = "write `{instead}`"

    def check(self, experiment: Experiment, file: File) -> Reports:
        call = experiment.call
        if call is None or any(given.star for given in call.args) or is_guarded(file, call):
            return
        instead = _instead(file, experiment)
        accepted = {each.name for each in api().fields("Experiment").values()}
        unknown = [
            each.keyword for each in call.args if each.keyword is not None and each.keyword.value not in accepted
        ]
        if not unknown:
            return
        names = " and ".join(f"`{each.value}`{_hint(each.value, accepted)}" for each in unknown)
        tasks = next((each for each in call.args if self._holds_tasks(call, each, file)), None)
        given = "is given its tasks and " if tasks is not None else ""
        at: cst.CSTNode = tasks.value if tasks is not None else unknown[0]
        fix = _fix(call, unknown)
        yield self.at(at, fix=fix, problem=f"{given}has no argument {names}", instead=instead)

    def _holds_tasks(self, call: cst.Call, given: cst.Arg, file: File) -> bool:
        is_list = isinstance(file.values.value(given.value), (cst.List, cst.Tuple, cst.Dict, cst.Set))
        is_title = given is call.args[0] if given.keyword is None else given.keyword.value == "title"
        return is_list and is_title


def _hint(word: str, accepted: set[str]) -> str:
    close = meant(word, accepted)
    return f" (did you mean `{close}`?)" if close else ""


def _instead(file: File, experiment: Experiment) -> str:
    title = experiment.title
    shown = file.code(title) if isinstance(title, (cst.SimpleString, cst.Name, cst.FormattedString)) else '"title"'
    return f"with run.Experiment({shown}) as exp: exp.add(run.Partial(function), name=...)"


def _fix(call: cst.Call, unknown: list[cst.Name]) -> NodeFix | None:
    """`name=` is the title, where there is no other one."""
    has_title = keyword(call, "title") is not None or positional(call, 0) is not None
    if has_title or len(unknown) != 1 or unknown[0].value != "name":
        return None
    return NodeFix("write title=", (NodeEdit(unknown[0], "title"),))
