import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.experiment import Submission
from nemo_run_lint.nemo.saving import SavedValue, handed_over
from nemo_run_lint.nemo.unbuilt import buildable_of
from nemo_run_lint.project import File
from nemo_run_lint.rule import Phase, Report, Reports, Rule


class ConfigInString(Rule):
    """A run.Config put into text gives its description, not the value that it will be built into.

    `f"{root}/train"` of a run.Config becomes `<Config[Path(0='/data')]>/train`, silently (nemo_run 0.11.1): the task
    gets that text, or the job that name. Reported where the text is an argument of a task or the name of one, not where
    it is printed or logged.

    Bad:

        from pathlib import Path

        def train(root):
            print(root)

        root = run.Config(Path, "/data")
        task = run.Partial(train, root=f"{root}/train")

    Good:

        from pathlib import Path

        def train(root):
            print(root)

        root = "/data"
        task = run.Partial(train, root=f"{root}/train")
    """

    code = "NRL414"
    severity = Severity.ERROR
    fails = Phase.SILENT
    message = "`{written}` is a run.{kind}: {what} becomes its description as text, `<{kind}[...]>`"
    help = "put the plain value into the text, or make the text in the function that gets the object"

    def check(self, thing: SavedValue | Submission, file: File) -> Reports:
        if isinstance(thing, SavedValue):
            yield from self._in(thing.source, thing.what, file)
        elif thing.name is not None:
            for _, source, _ in handed_over(file, thing.name):
                yield from self._in(source, "the name", file)

    def _in(self, text: cst.CSTNode, what: str, file: File) -> list[Report]:
        configs = [(each, buildable_of(file, each)) for each in _put_into(file, text)]
        return [
            self.at(each, written=file.code(each), kind=config.kind, what=what)
            for each, config in configs
            if config is not None
        ]


def _put_into(file: File, text: cst.CSTNode) -> list[cst.CSTNode]:
    """The expressions that a text is made of: of an f-string, `%`, str() and format()."""
    if isinstance(text, cst.FormattedString):
        return [part.expression for part in text.parts if isinstance(part, cst.FormattedStringExpression)]
    if isinstance(text, cst.BinaryOperation):
        is_text = isinstance(text.operator, cst.Modulo) and isinstance(text.left, cst.SimpleString)
        filled = [each.value for each in text.right.elements] if isinstance(text.right, cst.Tuple) else [text.right]
        return list(filled) if is_text else []
    if isinstance(text, cst.Call) and file.names.is_builtin(text.func, "str", "repr"):
        return [given.value for given in text.args[:1]]
    if isinstance(text, cst.Call) and isinstance(text.func, cst.Attribute) and text.func.attr.value == "format":
        is_text = isinstance(text.func.value, cst.SimpleString)
        return [given.value for given in text.args if is_text and not given.star]
    return []
