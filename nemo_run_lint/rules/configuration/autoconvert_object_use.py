import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.flow.misfits import Misfit
from nemo_run_lint.flow.problems import Wrong
from nemo_run_lint.nemo.autoconvert import Autoconverted, is_statement
from nemo_run_lint.nemo.objects import class_kind, object_of
from nemo_run_lint.nemo.unsaveable import is_path
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit, NodeFix, Phase, Reports, Rule


class AutoconvertObjectUse(Rule):
    """Under @run.autoconvert an object made in the body is a run.Config, without methods and not for calculating.

    `Path("/data") / "train"` stops with `TypeError: unsupported operand type(s) for /: 'Config' and 'str'`, an
    attribute of an object with `ValueError: Cannot load attribute` or `Cannot save attribute`, a method with
    `AttributeError`, when the function is called (nemo_run 0.11.1). Attributes of dataclasses are allowed.

    Reported for paths, and for objects of classes whose bases and decorators can all be read.

    Bad:

        from pathlib import Path

        class Data:
            def __init__(self, root): ...

        @run.autoconvert
        def data() -> Data:
            return Data(root=Path("/data") / "train")

        data()

    Good:

        from pathlib import Path

        class Data:
            def __init__(self, root): ...

        @run.autoconvert
        def data() -> Data:
            return Data(root=Path("/data", "train"))

        data()
    """

    code = "NRL427"
    severity = Severity.ERROR
    fails = Phase.CONFIGURED
    message = "`{written}` is a run.Config under @run.autoconvert, which {problem}"
    help = "give it as an argument when it is made, or leave @run.autoconvert out and return run.Config(...) yourself"

    def check(self, function: Autoconverted | Misfit, file: File) -> Reports:
        if isinstance(function, Misfit):
            if function.wrong is Wrong.CONVERTED:
                problem = function.problem
                lacking = f"has no `{problem.name}` here"
                yield self.at(function.node, notes=function.notes, written=problem.owner, problem=lacking)
            return
        body = function.node.body
        for operation in file.tree.below(body, cst.BinaryOperation, into_functions=False):
            for side in (operation.left, operation.right):
                made = function.made(side)
                if made is not None and (is_path(file, made) or object_of(file, made) is not None):
                    fix = _fix(file, operation, side)
                    yield self.at(side, fix=fix, written=file.code(side), problem="cannot be calculated with")
        for attribute in file.tree.below(body, cst.Attribute, into_functions=False):
            made = function.made(attribute.value)
            owner = object_of(file, made) if made is not None else None
            call = file.tree.parent(attribute)
            dropped = isinstance(call, cst.Call) and is_statement(file, call)  # autoconvert-statement-call says so
            if owner is not None and not dropped and class_kind(file, owner) == "plain":
                name = attribute.attr.value
                yield self.at(attribute, written=file.code(attribute.value), problem=f"has no `{name}` here")


def _fix(file: File, operation: cst.BinaryOperation, side: cst.BaseExpression) -> NodeFix | None:
    """`Path("/data") / "train"` becomes `Path("/data", "train")`."""
    right = operation.right
    if side is not operation.left or not isinstance(side, cst.Call) or not isinstance(operation.operator, cst.Divide):
        return None
    given_plain = bool(side.args) and all(not each.star and each.keyword is None for each in side.args)
    if not given_plain or not is_path(file, side) or side.lpar or getattr(right, "lpar", ()):
        return None
    edits = (NodeEdit(side.args[-1], ", ", "up to", until=right), NodeEdit(right, ")", "after"))
    return NodeFix("give it as an argument", edits)
