import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.annotation import Trouble, plainer, postpones, reading, set_by_factory
from nemo_run_lint.nemo.entrypoint import Entrypoint
from nemo_run_lint.nemo.optional_type import union_edits
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit, NodeFix, Phase, Reports, Rule


class CliUnparsableType(Rule):
    """An option whose type the command line cannot read: every value written for it is refused.

    nemo_run 0.11.1 (`cli/cli_parser.py`) reads int, float, str, bool, Path, Any, a Literal of strings, and lists,
    dicts, Optional and Union of these. Anything else stops with "Unsupported type", which the program prints before it
    exits with 0: `int | None` (before nemo_run 0.12), tuples, sets, Sequence, Mapping, bytes, complex, datetime, enums,
    NewType, TypeVar, Final, types in quotes. A Literal of numbers matches nothing, because what is compared is text.
    Of a Callable or Type the function named is called, and what it returns is passed: a warning.

    Only parameters of entrypoints. Silent for other classes, which come from factories, for containers of them, and
    where a factory of the file is registered for the parameter (`target_arg=`). Bare lists and dicts are bare-generic.

    Writing `|` in typing's words is a safe fix. Another type is an unsafe one: the function may count on a tuple.

    Bad:

        @run.cli.entrypoint
        def train(steps: int | None = None, betas: tuple[float, float] = (0.9, 0.95)) -> None:
            print(steps, betas)

    Good:

        from typing import Optional

        import nemo_run as run

        @run.cli.entrypoint
        def train(steps: Optional[int] = None, betas: list[float] = [0.9, 0.95]) -> None:
            print(steps, betas)
    """

    code = "NRL205"
    severity = Severity.ERROR
    fails = Phase.SILENT
    message = "`{parameter}: {written}` cannot be set{values} from the command line: {reason}"
    help = "{instead}"

    def check(self, entrypoint: Entrypoint, file: File) -> Reports:
        for parameter in entrypoint.asked:
            if parameter.annotation is None or postpones(file):
                continue
            node = parameter.annotation.annotation
            found = reading(file, node)
            if isinstance(found, Trouble) and found.kind != "bare" and not set_by_factory(file, parameter.name.value):
                severity = Severity.WARNING if found.kind == "called" else None
                yield self.at(
                    node,
                    severity=severity,
                    parameter=parameter.name.value,
                    written=file.code(node),
                    reason=found.reason,
                    instead=found.instead,
                    values=found.values,
                    fix=_fix(node, found, file),
                )


def _fix(node: cst.BaseExpression, trouble: Trouble, file: File) -> NodeFix | None:
    if trouble.kind == "union":
        edits = union_edits(file, node)
        return NodeFix("write it with typing's words", edits) if edits is not None else None
    plain = plainer(file, node)
    if plain is None or reading(file, cst.parse_expression(plain)) != "read":
        return None
    return NodeFix(f"write {plain}", (NodeEdit(node, plain),), safe=False)
