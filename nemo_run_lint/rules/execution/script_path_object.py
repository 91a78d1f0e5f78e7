import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.edits import wrapped
from nemo_run_lint.nemo.script import Script
from nemo_run_lint.nemo.unsaveable import is_path
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeFix, Phase, Reports, Rule


class ScriptPathObject(Rule):
    """The path of a run.Script is text: a pathlib.Path cannot be saved with the experiment.

    nemo_run 0.11.1 stops exp.run and exp.dryrun with `UnserializableValueError: Unserializable value go.sh of type
    <class 'pathlib.PosixPath'>`. exp.add does not look at scripts.

    Bad:

        from pathlib import Path

        import nemo_run as run

        Path("train.sh").write_text("echo")
        script = run.Script(Path("train.sh"))

        with run.Experiment("nightly", executor=run.LocalExecutor()) as exp:
            exp.add(script, name="script")
            exp.run()

    Good:

        from pathlib import Path

        import nemo_run as run

        Path("train.sh").write_text("echo")
        script = run.Script(str(Path("train.sh")))

        with run.Experiment("nightly", executor=run.LocalExecutor()) as exp:
            exp.add(script, name="script")
            exp.run()
    """

    code = "NRL680"
    severity = Severity.ERROR
    fails = Phase.LAUNCHED
    message = (
        "the path of this run.Script is a pathlib.Path, which cannot be saved: exp.run raises UnserializableValueError"
    )
    help = "write `str({written})`"

    def check(self, script: Script, file: File) -> Reports:
        given = script.given.get("path")
        if given is None or script.has_inline:
            return
        if is_path(file, given.value) or _is_imported_path(file.values.value(given.value)):
            written = file.code(given.value)
            fix = NodeFix("write str(...)", wrapped(given.value, "str("))
            yield self.at(given.value, fix=fix, written=written)


def _is_imported_path(node: cst.CSTNode) -> bool:
    """Whether it is `__import__("pathlib").Path(...)`."""
    if not isinstance(node, cst.Call) or not isinstance(node.func, cst.Attribute) or node.func.attr.value != "Path":
        return False
    module = node.func.value
    if not isinstance(module, cst.Call) or not isinstance(module.func, cst.Name) or len(module.args) != 1:
        return False
    name = module.args[0].value
    return (
        module.func.value == "__import__" and isinstance(name, cst.SimpleString) and name.evaluated_value == "pathlib"
    )
