import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.autoconvert import Autoconverted
from nemo_run_lint.project import File
from nemo_run_lint.rule import Phase, Reports, Rule


class AutoconvertStringCall(Rule):
    """Under @run.autoconvert a call in an f-string puts the description of a run.Config into the text.

    Every call in the body is configured instead of called, so `f"{get_user()}-model"` becomes the text
    `<Config[get_user()]>-model`: silently, with nemo_run 0.11.1. The same holds for an object made in the body.

    Bad:

        class Model:
            def __init__(self, name):
                self.name = name

        def user():
            return "ada"

        @run.autoconvert
        def model() -> Model:
            return Model(name=f"{user()}-model")

    Good:

        class Model:
            def __init__(self, name):
                self.name = name

        def user():
            return "ada"

        def model() -> run.Config[Model]:
            return run.Config(Model, name=f"{user()}-model")
    """

    code = "NRL423"
    severity = Severity.ERROR
    fails = Phase.SILENT
    message = "`{written}` is a run.Config under @run.autoconvert: its description becomes part of the text"
    help = "make the text before, or leave @run.autoconvert out and return run.Config(...) yourself"

    def check(self, function: Autoconverted, file: File) -> Reports:
        for part in file.tree.below(function.node.body, cst.FormattedStringExpression, into_functions=False):
            written = part.expression
            if isinstance(written, cst.Await):
                continue
            calls = [written] if isinstance(written, cst.Call) else list(file.tree.below(written, cst.Call))
            if calls or (isinstance(written, cst.Name) and function.made(written) is not None):
                yield self.at(written, written=file.code(written))
