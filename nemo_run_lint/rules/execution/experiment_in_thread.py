import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.experiment import experiment_of
from nemo_run_lint.project import File
from nemo_run_lint.rule import Phase, Reports, Rule
from nemo_run_lint.syntax.calls import keyword, positional

_POOLS = frozenset({"concurrent.futures.ThreadPoolExecutor", "concurrent.futures.thread.ThreadPoolExecutor"})


class ExperimentInThread(Rule):
    """exp.add and exp.run work only in the thread that entered the experiment.

    Which experiment is entered is kept for each thread: in another one nemo_run 0.11.1 raises `AssertionError: Using
    Experiment without it's context manager is not permitted.` A thread only prints that, and a pool keeps it until
    somebody asks: the script goes on, and the task is missing.

    Bad:

        import threading
        import nemo_run as run

        def train(): ...

        with run.Experiment("nightly") as exp:
            thread = threading.Thread(target=exp.add, args=[run.Partial(train)], kwargs={"name": "train"})
            thread.start()
            thread.join()
            exp.dryrun()

    Good:

        def train(): ...

        with run.Experiment("nightly") as exp:
            exp.add(run.Partial(train), name="train")
            exp.dryrun()
    """

    code = "NRL631"
    severity = Severity.ERROR
    fails = Phase.SILENT
    message = "`{method}` is called in another thread, where it raises an AssertionError that nobody sees"
    help = "call it in the thread that entered the experiment"

    def check(self, call: cst.Call, file: File) -> Reports:
        method = _run_in_thread(file, call)
        if not isinstance(method, cst.Attribute) or method.attr.value not in ("add", "run"):
            return
        if experiment_of(file, method.value) is not None:
            yield self.at(method, method=file.code(method))


def _run_in_thread(file: File, call: cst.Call) -> cst.BaseExpression | None:
    """What a call lets another thread do: Thread(target=...), pool.submit(...), pool.map(...)."""
    if file.names.qualified(call.func) == "threading.Thread":
        return keyword(call, "target") or positional(call, 1)
    if not isinstance(call.func, cst.Attribute) or call.func.attr.value not in ("submit", "map"):
        return None
    pool = call.func.value
    bindings = file.names.lookup(pool) if isinstance(pool, cst.Name) else ()
    made = bindings[0].value if len(bindings) == 1 else None
    is_pool = isinstance(made, cst.Call) and file.names.qualified(made.func) in _POOLS
    return positional(call, 0) if is_pool else None
