import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.autoconvert import Autoconverted, is_statement, unsaveable_call
from nemo_run_lint.project import File
from nemo_run_lint.rule import Phase, Reports, Rule


class AutoconvertBuiltinCall(Rule):
    """Under @run.autoconvert every call becomes a run.Config, and one of a builtin cannot be saved.

    `len(names)` is not called but configured, like everything else in the body. What is built into Python has no path
    that nemo_run 0.11.1 can save, so `exp.add` stops with `UnserializableValueError` (`len`, `"-".join`,
    `os.environ.get`) or `PyrefPolicyError` (`int`, `range`). `list`, `dict`, `tuple` and `set` can be saved.

    Bad:

        class Model:
            def __init__(self, layers): ...

        def train(model):
            print(model)

        @run.autoconvert
        def model(names: list = ["a", "b"]) -> Model:
            return Model(layers=len(names))

        with run.Experiment("nightly", executor=run.LocalExecutor()) as exp:
            exp.add(run.Partial(train, model=model()), name="train")

    Good:

        class Model:
            def __init__(self, layers): ...

        def train(model):
            print(model)

        def model(names: list = ["a", "b"]) -> run.Config[Model]:
            return run.Config(Model, layers=len(names))

        with run.Experiment("nightly", executor=run.LocalExecutor()) as exp:
            exp.add(run.Partial(train, model=model()), name="train")
    """

    code = "NRL422"
    severity = Severity.ERROR
    fails = Phase.ADDED
    message = "`{called}()` is not called under @run.autoconvert but becomes a run.Config, which cannot be saved"
    help = "work it out before, or leave @run.autoconvert out and return run.Config(...) yourself"

    def check(self, function: Autoconverted, file: File) -> Reports:
        for call in function.calls():
            called = unsaveable_call(file, call)
            in_text = file.tree.enclosing(call, cst.FormattedString) is not None  # autoconvert-string-call says so
            if called is not None and not in_text and not is_statement(file, call):
                yield self.at(call, called=called)
