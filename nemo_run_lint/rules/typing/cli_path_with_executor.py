import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.annotation import Trouble, reading
from nemo_run_lint.nemo.edits import first_in
from nemo_run_lint.nemo.entrypoint import Entrypoint
from nemo_run_lint.nemo.job import Job
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit, NodeFix, Phase, Reports, Rule
from nemo_run_lint.syntax.values import text


class CliPathWithExecutor(Rule):
    """An option of the type Path works as long as the command runs right here, and not on an executor.

    The command line of nemo_run 0.11.1 makes a pathlib.Path of the text, and a Path cannot be saved for a job. With
    `run.executor=...`, or a `default_executor` of run.cli.main, the command prints "Unserializable value" and exits
    with 0.

    Only an information: without an executor it is right. Silent for an entrypoint of the type experiment, which itself
    runs right here, and for types that the command line cannot read at all. The fix makes the Path in the function, and
    is unsafe: other callers of the function may count on the type.

    Bad:

        from pathlib import Path

        import nemo_run as run

        @run.cli.entrypoint
        def train(data: Path):
            print("reading", data)

    Good:

        from pathlib import Path

        import nemo_run as run

        @run.cli.entrypoint
        def train(data: str):
            print("reading", Path(data))
    """

    code = "NRL209"
    severity = Severity.INFO
    fails = Phase.SILENT
    message = "`{parameter}: {written}` works only without an executor: a Path cannot be saved for a job"
    help = "take it as str, and make the Path in the function"

    def check(self, entrypoint: Entrypoint, file: File) -> Reports:
        if not any(job.node is entrypoint.node and job.is_entrypoint for job in file.all(Job)):
            return
        for parameter in entrypoint.asked:
            if parameter.annotation is not None and _speaks_of_a_path(file, parameter.annotation):
                node = parameter.annotation.annotation
                fix = _fix(entrypoint, parameter, file)
                yield self.at(node, fix=fix, parameter=parameter.name.value, written=file.code(node))


def _speaks_of_a_path(file: File, annotation: cst.Annotation) -> bool:
    """Whether the command line reads a Path, or Paths: `Optional[Path]`, `list[Path]`."""
    written = [*file.tree.below(annotation, cst.Name), *file.tree.below(annotation, cst.Attribute)]
    is_named = any(file.names.qualified(each) == "pathlib.Path" for each in written)
    return is_named and not isinstance(reading(file, annotation.annotation), Trouble)


def _fix(entrypoint: Entrypoint, parameter: cst.Param, file: File) -> NodeFix | None:
    """`data: str`, and `data = Path(data)` as the first line."""
    node, name = parameter.annotation.annotation if parameter.annotation is not None else None, parameter.name.value
    if node is None or file.names.qualified(node) != "pathlib.Path":
        return None
    if parameter.default is not None and text(parameter.default) is None:
        return None
    made = first_in(file, entrypoint.node, f"{name} = {file.code(node)}({name})")
    return NodeFix("take it as str", (NodeEdit(node, "str"), made), safe=False) if made is not None else None
