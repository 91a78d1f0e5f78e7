import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.edits import wrapped
from nemo_run_lint.nemo.environment import EnvironmentVariable
from nemo_run_lint.nemo.executor import Executor
from nemo_run_lint.nemo.unsaveable import is_path
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit, NodeFix, Phase, Reports, Rule

#: Executors without macros (`macro_values` of nemo_run 0.11.1 gives None).
_UNCHECKED = {"DockerExecutor", "LeptonExecutor", "DGXCloudExecutor"}

_CONTAINERS = (cst.List, cst.Tuple, cst.Set, cst.Dict, cst.ListComp, cst.DictComp, cst.SetComp)


class EnvValueNotStr(Rule):
    """The value of an environment variable is text; a number, a bool or None stops the launch.

    nemo_run 0.11.1 puts its macros into every value when the launch is prepared, in exp.run and exp.dryrun: `TypeError:
    expected string or bytes-like object, got 'int'`. A pathlib.Path is refused when the experiment is saved
    (`UnserializableValueError`). The same holds for `env=` of run.Script.

    DockerExecutor, LeptonExecutor and DGXCloudExecutor have no macros: there it depends on what runs the job, and the
    report is a warning; so it is for scripts of a file that makes such an executor. Values that are not certain, such
    as os.environ.get("X"), are not reported. How a bool is written, only the job knows: that fix is unsafe.

    Bad:

        import nemo_run as run

        executor = run.LocalExecutor(env_vars={"OMP_NUM_THREADS": 8})

        with run.Experiment("nightly", executor=executor) as exp:
            exp.add(run.Script(inline="env"), name="env")
            exp.run()

    Good:

        import nemo_run as run

        executor = run.LocalExecutor(env_vars={"OMP_NUM_THREADS": "8"})

        with run.Experiment("nightly", executor=executor) as exp:
            exp.add(run.Script(inline="env"), name="env")
            exp.run()
    """

    code = "NRL650"
    severity = Severity.ERROR
    fails = Phase.LAUNCHED
    message = "{variable} is {kind}, but the value of an environment variable must be text{consequence}"
    help = "write text, such as `{instead}`"

    def check(self, variable: EnvironmentVariable, file: File) -> Reports:
        kind = _kind(file, variable.value)
        if kind is None:
            return
        written = file.code(variable.value)
        is_number = isinstance(variable.value, (cst.Integer, cst.Float))
        instead = f'"{written}"' if is_number else "str(path)" if kind == "a pathlib.Path" else '"1"'
        error = "UnserializableValueError" if kind == "a pathlib.Path" else "TypeError"
        fails = error != "TypeError" or _is_checked(file, variable)
        yield self.at(
            variable.value,
            fix=_fix(file, variable.value, kind),
            severity=None if fails else Severity.WARNING,
            variable=variable.shown,
            kind=kind,
            consequence=f": exp.run raises {error}" if fails else "",
            instead=instead,
        )


def _is_checked(file: File, variable: EnvironmentVariable) -> bool:
    """Whether nemo_run itself reads the value, as the executor that gets it has macros."""
    if variable.owner == "Script":
        return not {executor.kind for executor in file.all(Executor)} & _UNCHECKED
    return variable.owner not in _UNCHECKED


def _kind(file: File, node: cst.CSTNode) -> str | None:
    """Words for a value that certainly is no text."""
    value = file.values.value(node)
    if isinstance(value, cst.UnaryOperation):
        value = value.expression if not isinstance(value.operator, cst.Not) else cst.Name("True")
    if isinstance(value, cst.Integer):
        return "an int"
    if isinstance(value, cst.Float):
        return "a float"
    if file.names.is_builtin(value, "True", "False") or isinstance(value, cst.Comparison):
        return "a bool"
    if file.names.is_builtin(value, "None"):
        return "None"
    if isinstance(value, _CONTAINERS):
        return f"a {type(value).__name__.removesuffix('Comp').lower()}"
    if isinstance(value, cst.Call) and file.names.is_builtin(value.func, "int", "float", "bool", "len"):
        return f"the result of {file.code(value.func)}()"
    return "a pathlib.Path" if is_path(file, value) else None


def _fix(file: File, node: cst.BaseExpression, kind: str) -> NodeFix | None:
    """A number in quotes, str(...) around what is computed, 1 and 0 for a bool."""
    number = node.expression if isinstance(node, cst.UnaryOperation) else node
    if isinstance(number, (cst.Integer, cst.Float)) and kind != "a bool":
        return NodeFix("write text", (NodeEdit(node, f'"{file.code(node.with_changes(lpar=[], rpar=[]))}"'),))
    if file.names.is_builtin(node, "True", "False"):
        written = '"1"' if file.names.is_builtin(node, "True") else '"0"'
        return NodeFix(f"write {written}", (NodeEdit(node, written),), safe=False)
    if kind in ("an int", "a float", "a pathlib.Path") or kind.startswith("the result of"):
        safe = "bool" not in kind
        return NodeFix("write str(...)", wrapped(node, "str("), safe=safe)
    return None
