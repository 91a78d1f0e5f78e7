import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.buildable import Buildable
from nemo_run_lint.nemo.saving import SavedValue
from nemo_run_lint.nemo.unsaveable import is_path, unsaveable
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit, NodeFix, Phase, Reports, Rule


class UnserializableValue(Rule):
    """A value that is no number, text, list, dict, enum or config cannot be saved with a task.

    `exp.add` writes down everything a task is given. It stops at a pathlib.Path, a timedelta, a Decimal, a range, a
    compiled pattern, a logger, an open file, a module, a type hint or numpy's numbers and arrays with
    `UnserializableValueError`; at builtin types such as `int` with `PyrefPolicyError`; at NaN with "Deserialized task
    does not match original task" (nemo_run 0.11.1). Wrap what has a constructor, so that the job makes it:
    `run.Config(Path, "/data")`.

    Sets, bytes, tuples, enums, slices, named tuples and `list` or `dict` as values are fine. Not reported where the
    configuration is visibly never saved: run.run without an executor, fdl.build.

    Bad:

        from pathlib import Path

        def train(root):
            print(root)

        with run.Experiment("nightly", executor=run.LocalExecutor()) as exp:
            exp.add(run.Partial(train, root=Path("/data")), name="train")

    Good:

        from pathlib import Path

        def train(root):
            print(root)

        with run.Experiment("nightly", executor=run.LocalExecutor()) as exp:
            exp.add(run.Partial(train, root=run.Config(Path, "/data")), name="train")
    """

    code = "NRL408"
    severity = Severity.ERROR
    fails = Phase.ADDED
    message = "{what} is {kind}, which cannot be saved"
    help = "pass text, a number, a list or a dict, or let the job make it: {instead}"

    def check(self, value: SavedValue, file: File) -> Reports:
        if value.is_target or self._is_placeholder(value) or self._holds_lambda(value, file):
            return
        kind = unsaveable(file, value.source)
        if kind is not None:
            made = value.source if isinstance(value.source, cst.Call) else None
            instead = f"run.Config({file.code(made.func)}, ...)" if made is not None else "run.Config(...)"
            fix = self._fix(value, made, file) if made is not None else None
            yield self.at(value.written, fix=fix, what=value.what, kind=kind, instead=instead)

    def _is_placeholder(self, value: SavedValue) -> bool:
        """`run.Partial(train, ...)`: somebody has left something out."""
        return isinstance(value.source, cst.Ellipsis) and not value.is_keyword

    def _holds_lambda(self, value: SavedValue, file: File) -> bool:
        """functools.partial(lambda ...), of which lambda-in-config speaks."""
        given = value.source.args if isinstance(value.source, cst.Call) else ()
        return any(isinstance(file.values.value(each.value), cst.Lambda) for each in given[:1])

    def _fix(self, value: SavedValue, made: cst.Call, file: File) -> NodeFix | None:
        """`Path("/data")` becomes `run.Config(Path, "/data")`."""
        config = _config_name(value.buildable, file)
        plain = (
            made.args and all(not each.star for each in made.args) and isinstance(made.func, (cst.Name, cst.Attribute))
        )
        direct = file.names.qualified(made.func) in ("pathlib.Path", "pathlib.PurePath")
        if made is not value.written or config is None or not plain or not direct or not is_path(file, made):
            return None
        given = ", ".join(file.code(each.with_changes(comma=cst.MaybeSentinel.DEFAULT)).strip() for each in made.args)
        text = f"{config}({file.code(made.func)}, {given})"
        return NodeFix(f"wrap it in {config}", (NodeEdit(made, text),))


def _config_name(buildable: Buildable, file: File) -> str | None:
    """How run.Config is written here."""
    function = buildable.node.func
    if isinstance(function, cst.Attribute) and function.attr.value in ("Config", "Partial"):
        return f"{file.code(function.value)}.Config"
    return file.code(function) if isinstance(function, cst.Name) and buildable.kind == "Config" else None
