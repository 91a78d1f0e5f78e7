import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.annotation import Trouble, postpones, reading, set_by_factory, type_path
from nemo_run_lint.nemo.entrypoint import Entrypoint
from nemo_run_lint.nemo.evident_type import literal_type
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit, NodeFix, Phase, Reports, Rule


class BareGeneric(Rule):
    """An option of the command line that is a list or a dict has to say of what.

    nemo_run 0.11.1 (`cli/cli_parser.py`) reads every element by its type. Of `sizes: list`, `sizes=[1,2]` stops with
    "Invalid list: tuple index out of range"; of `Dict` or `List`, with "tuple index out of range"; in a Union with str
    the text is passed through as it is. The program prints the error and exits with 0.

    Only parameters of entrypoints. Silent where a factory of the file is registered for the parameter (`target_arg=`).
    The fix goes by the default, and is unsafe: more may be meant than it shows.

    Bad:

        @run.cli.entrypoint
        def train(sizes: list) -> None:
            print(sizes)

    Good:

        @run.cli.entrypoint
        def train(sizes: list[int]) -> None:
            print(sizes)
    """

    code = "NRL204"
    severity = Severity.ERROR
    fails = Phase.SILENT
    message = "`{parameter}: {written}` cannot be set from the command line: {reason}"
    help = "{instead}"

    def check(self, entrypoint: Entrypoint, file: File) -> Reports:
        for parameter in entrypoint.asked:
            if parameter.annotation is None or postpones(file):
                continue
            node = parameter.annotation.annotation
            found = reading(file, node)
            if isinstance(found, Trouble) and found.kind == "bare" and not set_by_factory(file, parameter.name.value):
                name, written = parameter.name.value, file.code(node)
                fix = _fix(node, parameter.default, file)
                yield self.at(
                    node, fix=fix, parameter=name, written=written, reason=found.reason, instead=found.instead
                )


def _fix(node: cst.BaseExpression, default: cst.BaseExpression | None, file: File) -> NodeFix | None:
    """The type of the default, which is a list or dict as well; more may be meant than it shows."""
    kind = literal_type(file, default)
    name = type_path(file, node)
    if kind is None or name is None or kind.partition("[")[0] != name.rpartition(".")[2].lower():
        return None
    written = file.code(node) + kind[kind.index("[") :]
    return NodeFix(f"write {written}", (NodeEdit(node, written),), safe=False)
