import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.edits import literal
from nemo_run_lint.nemo.entrypoint import Entrypoint
from nemo_run_lint.nemo.versions import meant
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit, NodeFix, Phase, Reports, Rule
from nemo_run_lint.syntax.values import text

_TYPES = ("task", "experiment")


class EntrypointType(Rule):
    """The type of an entrypoint is `task` or `experiment`; with any other one no command can be run.

    Nothing fails where it is written. Every command ends with "Unknown entrypoint type: sequential" and status 0
    (nemo_run 0.11.1, run; `sequential_experiment` and `parallel_experiment` are of older releases).

    Bad:

        @run.cli.entrypoint(type="sequential_experiment")
        def sweep(ctx):
            print("sweeping")

    Good:

        @run.cli.entrypoint(type="experiment")
        def sweep(ctx):
            print("sweeping")
    """

    code = "NRL645"
    severity = Severity.ERROR
    fails = Phase.SILENT
    message = "there is no entrypoint type `{kind}`: the command ends with an error, and status 0"
    help = 'write `type="task"` or `type="experiment"`'

    def check(self, entrypoint: Entrypoint, file: File) -> Reports:
        value = (entrypoint.settings or {}).get("type")
        kind = text(file.values.value(value)) if value is not None else None
        if value is not None and kind is not None and kind not in _TYPES:
            meant_type = "experiment" if kind.endswith("experiment") else meant(kind, _TYPES)
            is_literal = isinstance(value, cst.SimpleString) and meant_type is not None
            edit = NodeEdit(value, literal(str(meant_type), value))
            fix = NodeFix(f"write {meant_type}", (edit,)) if is_literal else None
            yield self.at(value, fix=fix, kind=kind)
