import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.annotation import excludes_none, is_clearly_a_class
from nemo_run_lint.nemo.entrypoint import Entrypoint
from nemo_run_lint.nemo.optional_type import optional_edits
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeFix, Phase, Reports, Rule
from nemo_run_lint.syntax.values import parameters


class ImplicitOptional(Rule):
    """A parameter whose default is None, but whose type has no None in it.

    In any function of the file the type is wrong about the default: a warning. On an entrypoint it is an error, because
    the command line goes by the type (nemo_run 0.11.1, `cli/cli_parser.py`): of `steps: int = None`, `steps=None`
    stops with "Invalid integer literal"; of `name: str = None`, `name=None` is the text "None". The program prints the
    error and exits with 0. Classes are set by factories, so on them it stays a warning.

    Silent where the type may hold None: Any, object, Optional, `X | None`, type variables, and imported names that
    may be aliases (unless the file itself calls, configures or derives from them, so that they are classes).

    Bad:

        @run.cli.entrypoint
        def train(steps: int = None) -> None:
            print(steps)

    Good:

        from typing import Optional

        import nemo_run as run

        @run.cli.entrypoint
        def train(steps: Optional[int] = None) -> None:
            print(steps)
    """

    code = "NRL203"
    worst = Severity.ERROR
    fails = Phase.SILENT
    message = "`{parameter}: {written}` has the default None, which {problem}"
    help = "use `Optional[{written}]`"

    def check(self, function: cst.FunctionDef, file: File) -> Reports:
        is_command = any(entrypoint.node is function for entrypoint in file.all(Entrypoint))
        for parameter in parameters(function):
            annotation, default = parameter.annotation, parameter.default
            if annotation is None or not isinstance(default, cst.Name) or default.value != "None":
                continue
            if excludes_none(file, annotation.annotation):
                is_read = is_command and not is_clearly_a_class(file, annotation.annotation)
                yield self.at(
                    annotation.annotation,
                    parameter=parameter.name.value,
                    written=file.code(annotation.annotation),
                    problem="cannot be given on the command line with this type"
                    if is_read
                    else "this type does not allow",
                    severity=Severity.ERROR if is_read else None,
                    fix=_fix(annotation.annotation, file),
                )


def _fix(annotation: cst.BaseExpression, file: File) -> NodeFix | None:
    edits = optional_edits(file, annotation, file.code(annotation))
    return NodeFix("say that it may be None", edits) if edits is not None else None
