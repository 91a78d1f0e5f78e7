from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.saving import SavedValue
from nemo_run_lint.nemo.unsaveable import REFUSED_TYPES, builtin_function
from nemo_run_lint.project import File
from nemo_run_lint.rule import Phase, Reports, Rule


class BuiltinTarget(Rule):
    """A function that is compiled into Python cannot be the target of a task.

    A task is saved as the import path of its target. nemo_run 0.11.1 looks up functions and classes written in Python:
    `exp.add` stops at `print`, `len`, `math.sqrt` or `"x".upper` with `UnserializableValueError`, and at builtin types
    such as `int` and `range` with `PyrefPolicyError`. `list`, `tuple` and `set` are allowed (`run.Config(list)`).

    Not reported where the configuration is visibly never saved: run.run without an executor, fdl.build.

    Bad:

        with run.Experiment("nightly", executor=run.LocalExecutor()) as exp:
            exp.add(run.Partial(print, "hello"), name="hello")

    Good:

        def hello():
            print("hello")

        with run.Experiment("nightly", executor=run.LocalExecutor()) as exp:
            exp.add(run.Partial(hello), name="hello")
    """

    code = "NRL406"
    severity = Severity.ERROR
    fails = Phase.ADDED
    message = "{what} is `{name}`, which is built into Python and cannot be saved"
    help = "write a function that calls it, and pass that"

    def check(self, value: SavedValue, file: File) -> Reports:
        if value.is_target:
            is_type = file.names.is_builtin(value.source, *REFUSED_TYPES)
            name = file.code(value.source) if is_type else builtin_function(file, value.source)
            if name is not None:
                yield self.at(value.written, what=value.what, name=name)
