import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.edits import as_list, wrapped
from nemo_run_lint.nemo.experiment import Submission
from nemo_run_lint.nemo.handed_over import certain, dependencies
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeFix, Phase, Reports, Rule

_TEXTS = (cst.SimpleString, cst.ConcatenatedString, cst.FormattedString)


class DependenciesNotList(Rule):
    """`dependencies` is a list of ids, also when there is only one.

    A text is read letter by letter: nemo_run 0.11.1 stops exp.add with `AssertionError: Dependency p not found.` A
    tuple or a generator stops it with `AttributeError: 'tuple' object has no attribute 'copy'`.

    Bad:

        def prepare(): ...
        def train(): ...

        with run.Experiment("nightly") as exp:
            exp.add(run.Partial(prepare), name="prepare")
            exp.add(run.Partial(train), name="train", dependencies="prepare")

    Good:

        def prepare(): ...
        def train(): ...

        with run.Experiment("nightly") as exp:
            exp.add(run.Partial(prepare), name="prepare")
            exp.add(run.Partial(train), name="train", dependencies=["prepare"])
    """

    code = "NRL611"
    severity = Severity.ERROR
    fails = Phase.ADDED
    message = "`dependencies` is {what}, not a list: exp.add stops here"
    help = "write a list: `dependencies=[...]`"

    def check(self, submission: Submission, file: File) -> Reports:
        written = dependencies(submission)
        source = certain(file, written) if written is not None else None
        if written is None or source is None:
            return
        edits = wrapped(written, "[", "]")
        if file.at(Submission, source) is not None:
            what = "the id that exp.add returned, a text"
        elif isinstance(source, _TEXTS):
            what = "a text"
        elif isinstance(source, cst.Integer):
            what = "a number"
        elif isinstance(source, cst.GeneratorExp) or (isinstance(source, cst.Tuple) and source.elements):
            what = "a tuple" if isinstance(source, cst.Tuple) else "a generator"
            edits = as_list(source) if source is written else wrapped(written, "list(")
        else:
            return
        yield self.at(written, fix=NodeFix("make it a list", edits), what=what)
