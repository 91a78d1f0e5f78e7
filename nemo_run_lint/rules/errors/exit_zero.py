import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.endings import exits_zero
from nemo_run_lint.nemo.handling import Handler, handlers
from nemo_run_lint.nemo.job import Job
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit, NodeFix, Phase, Reports, Rule


class ExitZero(Rule):
    """sys.exit() without a status ends the job as SUCCEEDED.

    `sys.exit()`, `sys.exit(0)`, `sys.exit(None)`, `exit()` and `raise SystemExit` all mean "all went well": in a
    handler or a `finally` the failure of the job is hidden, and the tasks that depend on it start (nemo_run 0.11.1).
    Elsewhere in a task, where it ends the work half-way, it is only pointed out (info).

    Not reported as the last statement of a task, and in `except KeyboardInterrupt`. The fix, for handlers, makes it
    status 1, and is unsafe: the job fails, and what depends on it does not start.

    Bad:

        import logging
        import sys

        def train(steps):
            raise RuntimeError("out of memory")

        def work(steps):
            try:
                train(steps)
            except Exception:
                logging.exception("Training failed")
                sys.exit(0)

        if __name__ == "__main__":
            with run.Experiment("llama-pretraining", executor=run.LocalExecutor()) as exp:
                exp.add(run.Partial(work, steps=10), name="train-llama")
                exp.run()

    Good:

        import logging
        import sys

        def train(steps):
            raise RuntimeError("out of memory")

        def work(steps):
            try:
                train(steps)
            except Exception:
                logging.exception("Training failed")
                sys.exit(1)

        if __name__ == "__main__":
            with run.Experiment("llama-pretraining", executor=run.LocalExecutor()) as exp:
                exp.add(run.Partial(work, steps=10), name="train-llama")
                exp.run()
    """

    code = "NRL505"
    fails = Phase.SILENT
    message = "`{written}` ends {what} with status 0: the job is reported as SUCCEEDED{though}"
    help = "`raise`, or exit with a status other than 0"

    def check(self, job: Job, file: File) -> Reports:
        clauses: dict[cst.CSTNode, Handler] = {handler.node: handler for handler in handlers(job)}
        for node in file.tree.below(job.node.body, cst.Call, cst.Raise, into_functions=False):
            if not exits_zero(file, node):
                continue
            around = file.tree.enclosing(node, cst.ExceptHandler, cst.ExceptStarHandler, cst.Finally, cst.FunctionDef)
            handler = clauses.get(around) if around is not None else None
            failed = handler is not None or isinstance(around, cst.Finally)
            if (handler is not None and handler.is_on_purpose) or (not failed and _is_last(file, job, node)):
                continue
            though = ", although it failed" if handler is not None else ""
            severity = None if failed else Severity.INFO
            fix = _fix(node) if handler is not None else None
            yield self.at(node, fix=fix, severity=severity, written=file.code(node), what=job.what, though=though)


def _fix(node: cst.CSTNode) -> NodeFix | None:
    """Status 1 in the place of what is there."""
    called = node.exc if isinstance(node, cst.Raise) else node
    if isinstance(called, cst.Call):
        edit = NodeEdit(called.args[0].value, "1") if called.args else NodeEdit(called, "1", "inside")
    elif called is not None:
        edit = NodeEdit(called, "(1)", "after")
    else:
        return None
    return NodeFix("exit with status 1", (edit,), safe=False)


def _is_last(file: File, job: Job, node: cst.CSTNode) -> bool:
    last = job.node.body.body[-1] if job.node.body.body else None
    return isinstance(last, cst.SimpleStatementLine) and file.tree.inside(node, last)
