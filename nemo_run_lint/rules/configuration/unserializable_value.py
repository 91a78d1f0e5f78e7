import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.edits import configured, wrapped
from nemo_run_lint.nemo.importing import spelling, spelt_like
from nemo_run_lint.nemo.saving import SavedValue
from nemo_run_lint.nemo.unsaveable import is_path, unsaveable
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeFix, Phase, Reports, Rule


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
            yield self.at(value.written, fix=_fix(value, file), what=value.what, kind=kind, instead=instead)

    def _is_placeholder(self, value: SavedValue) -> bool:
        """`run.Partial(train, ...)`: somebody has left something out."""
        return isinstance(value.source, cst.Ellipsis) and not value.is_keyword

    def _holds_lambda(self, value: SavedValue, file: File) -> bool:
        """functools.partial(lambda ...), of which lambda-in-config speaks."""
        given = value.source.args if isinstance(value.source, cst.Call) else ()
        return any(isinstance(file.values.value(each.value), cst.Lambda) for each in given[:1])


def _fix(value: SavedValue, file: File) -> NodeFix | None:
    """`Path("/data")` becomes `run.Config(Path, "/data")`, and a range a list."""
    written, source = value.written, value.source
    if isinstance(source, cst.Call) and file.names.is_builtin(source.func, "range") and written is source:
        return NodeFix("make it a list", wrapped(source, "list("))
    if not is_path(file, source):
        return None
    config = spelt_like(file, "Config", value.buildable.node.func)
    if config is None:
        return None
    if isinstance(source, cst.Call) and source is written and _is_plain(file, source):
        return NodeFix(f"wrap it in {config.text}", configured(file, source, config))
    path = spelling(file, "pathlib.Path", written)
    if path is None:
        return None
    edits = wrapped(written, f"{config.text}({path.text}, str(", "))")
    return NodeFix(f"wrap it in {config.text}", (*edits, *config.edits, *path.edits))


def _is_plain(file: File, made: cst.Call) -> bool:
    """Whether a path is made of arguments that are no paths themselves, as far as can be seen."""
    is_direct = file.names.qualified(made.func) in ("pathlib.Path", "pathlib.PurePath")
    plain = all(not each.star and not is_path(file, each.value) for each in made.args)
    return is_direct and bool(made.args) and plain
