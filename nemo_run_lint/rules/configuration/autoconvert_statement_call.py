from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.autoconvert import Autoconverted, is_known, is_statement
from nemo_run_lint.project import File
from nemo_run_lint.rule import Phase, Reports, Rule


class AutoconvertStatementCall(Rule):
    """Under @run.autoconvert a call whose result is not used does nothing.

    Every call in the body is configured instead of called. `print(...)`, `logger.info(...)`, `callbacks.append(...)`
    and `config.broadcast(...)` make a run.Config that nobody keeps: silently nothing happens (nemo_run 0.11.1). On an
    object made in the body, `model.setup()` stops with `AttributeError`.

    Reported for Python's own functions, functions of the file, and methods; a function that is imported may be exempt.

    Bad:

        class Trainer:
            def __init__(self, callbacks): ...

        @run.autoconvert
        def trainer() -> Trainer:
            callbacks = ["log"]
            callbacks.append("timing")
            return Trainer(callbacks=callbacks)

    Good:

        class Trainer:
            def __init__(self, callbacks): ...

        @run.autoconvert
        def trainer() -> Trainer:
            callbacks = ["log", "timing"]
            return Trainer(callbacks=callbacks)
    """

    code = "NRL424"
    severity = Severity.ERROR
    fails = Phase.SILENT
    message = "`{called}(...)` does nothing under @run.autoconvert, where calls are configured, not made"
    help = "leave it out, or leave @run.autoconvert out and return run.Config(...) yourself"

    def check(self, function: Autoconverted, file: File) -> Reports:
        for call in function.calls():
            if is_statement(file, call) and is_known(file, call):
                yield self.at(call, called=file.code(call.func))
