import libcst as cst

from nemo_run_lint.nemo.edits import above
from nemo_run_lint.nemo.handling import Handler
from nemo_run_lint.nemo.logger import logged_exception
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit, NodeFix, Phase, Reports, Rule


class UnloggedException(Rule):
    """A handler in a task logs what went wrong.

    What is caught and not logged leaves no trace in the job's log: it exits with a status, or goes on without what
    failed, and nobody can tell why. The team's standard is to log every failure.

    Looked at are handlers that catch everything, and handlers around training calls, in the functions that run as jobs.
    Anything that looks like telling somebody counts: a logger, print, warnings, traceback, `notify_team(error)`.

    Not reported where the exception goes on: raised again, or raised as the cause of another one (`from None` drops
    it); around imports, cleaning up and experiment tracking; and where swallowed-exception says more. The fix is
    unsafe: its words are only the name of the function.

    Bad:

        import sys

        def train(steps):
            raise RuntimeError("out of memory")

        def work(steps):
            try:
                train(steps)
            except Exception:
                sys.exit(1)

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

    code = "NRL504"
    fails = Phase.SILENT
    message = "`{written}` in {what} does not log what went wrong"
    help = 'log it first: `logger.exception("...")`'

    def check(self, handler: Handler, file: File) -> Reports:
        guards = handler.guards_training or (handler.is_broad and handler.guards_work)
        if guards and not (handler.is_on_purpose or handler.logs or handler.hands_on or handler.hides_failure):
            yield self.at(handler.node, fix=_fix(handler), written=handler.shown, what=handler.job.what)


def _fix(handler: Handler) -> NodeFix | None:
    file, first = handler.job.file, handler.node.body.body[0]
    log = logged_exception(file, f"{handler.job.name} failed", first)
    if log is None:
        return None
    is_suite = isinstance(handler.node.body, cst.SimpleStatementSuite)
    edit = NodeEdit(first, f"{log.text}; ", "before") if is_suite else above(file, first, log.text)
    return NodeFix("log it", (edit, *log.edits), safe=False)
