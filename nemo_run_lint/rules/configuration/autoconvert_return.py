import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.autoconvert import Autoconverted
from nemo_run_lint.nemo.edits import as_list
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeFix, Phase, Reports, Rule

_VALUES = (cst.SimpleString, cst.ConcatenatedString, cst.FormattedString, cst.Integer, cst.Float)


class AutoconvertReturn(Rule):
    """A function under @run.autoconvert returns one object, or a list of them.

    What it returns is turned into a run.Config. With nemo_run 0.11.1 a tuple or dict of objects stops with `TypeError:
    Expected buildable to be a config.Buildable`, text, a number, None or nothing at all with `TypeError: The
    auto_config rewritten version of ... returned a ..., which is not (or did not contain) a fdl.Buildable`, when it is
    called.

    Bad:

        class Model: ...

        @run.autoconvert
        def models():
            return Model(), Model()

        models()

    Good:

        class Model: ...

        @run.autoconvert
        def models() -> list[Model]:
            return [Model(), Model()]

        models()
    """

    code = "NRL425"
    severity = Severity.ERROR
    fails = Phase.CONFIGURED
    message = "`{function}` is under @run.autoconvert and returns {what}: it fails when it is called"
    help = "return one object or a list of them"

    def check(self, function: Autoconverted, file: File) -> Reports:
        name = function.node.name.value
        below = file.tree.below(function.node.body, cst.Return, cst.Yield, cst.Raise, into_functions=False)
        ends = list(below)
        if not ends and not _is_stub(function.node) and not function.node.asynchronous:
            yield self.at(function.node.name, function=name, what="nothing")
        for each in ends:
            what = _wrong(each.value) if isinstance(each, cst.Return) else None
            if isinstance(each, cst.Return) and what is not None:
                yield self.at(each.value or each, fix=_fix(each.value), function=name, what=what)


def _wrong(value: cst.BaseExpression | None) -> str | None:
    """What is returned, if no run.Config can be made of it."""
    if value is None or (isinstance(value, cst.Name) and value.value == "None"):
        return "nothing"
    if isinstance(value, (cst.Tuple, cst.Dict, cst.Set)):
        return f"a {type(value).__name__.lower()}"
    if isinstance(value, cst.List) and all(isinstance(each.value, _VALUES) for each in value.elements):
        return "a list without an object"
    return "a plain value" if isinstance(value, _VALUES) else None


def _is_stub(function: cst.FunctionDef) -> bool:
    """Whether the body is only `...`, `pass` or a docstring: still to be written."""
    lines = [
        small
        for line in function.body.body
        for small in (line.body if isinstance(line, cst.SimpleStatementLine) else [line])
    ]
    return all(
        isinstance(each, cst.Pass) or (isinstance(each, cst.Expr) and not isinstance(each.value, cst.Call))
        for each in lines
    )


def _fix(value: cst.BaseExpression | None) -> NodeFix | None:
    """A list for a tuple."""
    if not isinstance(value, cst.Tuple) or not value.elements:
        return None
    return NodeFix("return a list", as_list(value))
