from collections.abc import Iterator

import libcst as cst

from nemo_run_lint.finding import Confidence
from nemo_run_lint.nemo.edits import last_in
from nemo_run_lint.nemo.endings import ways
from nemo_run_lint.nemo.handling import Handler, exceptions, handlers, is_cleanup, is_for_one_item
from nemo_run_lint.nemo.job import Job
from nemo_run_lint.nemo.training import guards_training
from nemo_run_lint.nemo.work import is_work
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit, NodeFix, Phase, Reports, Rule


class SwallowedException(Rule):
    """A job whose exception is swallowed is reported as SUCCEEDED.

    NeMo Run only knows that a job failed when an exception or a non-zero exit status leaves the task. After
    `except Exception: logger.error(...)`, `pass`, `return`, contextlib.suppress or a `return` or `break` in `finally`
    the job is SUCCEEDED, the tasks that depend on it start, and nobody looks at the log (nemo_run 0.11.1, seen on
    LocalExecutor).

    Reported are handlers that catch everything, and handlers of any exception around a training call, in the functions
    that run as jobs; around training also in a helper of the file whose result is dropped. The assumption is that what
    they guard is the work of the job.

    Not reported: a handler that raises or exits with a status on some way, or that is followed by code that may
    (`if errors: raise ...`); one that does the work in another way; one around imports, cleaning up or experiment
    tracking, in a `finally` or another handler; one for a single item of a loop, or that gives another value to a
    variable, unless it is around training; `except KeyboardInterrupt`.

    The fix raises the exception again at the end of the handler, and is unsafe: the job fails, as it should, unless it
    was meant to go on.

    Bad:

        import logging

        def train(steps):
            raise RuntimeError("out of memory")

        def work(steps):
            try:
                train(steps)
            except Exception:
                logging.exception("Training failed")

        if __name__ == "__main__":
            with run.Experiment("llama-pretraining", executor=run.LocalExecutor()) as exp:
                exp.add(run.Partial(work, steps=10), name="train-llama")
                exp.run()

    Good:

        import logging

        def train(steps):
            raise RuntimeError("out of memory")

        def work(steps):
            try:
                train(steps)
            except Exception:
                logging.exception("Training failed")
                raise

        if __name__ == "__main__":
            with run.Experiment("llama-pretraining", executor=run.LocalExecutor()) as exp:
                exp.add(run.Partial(work, steps=10), name="train-llama")
                exp.run()
    """

    code = "NRL502"
    confidence = Confidence.MEDIUM
    fails = Phase.SILENT
    message = "`{written}` swallows a failure of {what}: the job is reported as SUCCEEDED"
    help = "log it and `raise`, or exit with a status other than 0"

    def check(self, thing: Handler | Job, file: File) -> Reports:
        if isinstance(thing, Handler):
            if thing.hides_failure:
                yield self.at(thing.node, fix=_fix(thing, file), written=thing.shown, what=thing.job.what)
            return
        for node, written in (*_suppressed(file, thing), *_returned(file, thing), *_in_helpers(thing)):
            yield self.at(node, written=written, what=thing.what)


def _fix(handler: Handler, file: File) -> NodeFix | None:
    """A `raise` at the end of the handler, or in the place of what leaves it; in a loop it would end the tries."""
    if isinstance(file.tree.enclosing(handler.attempt, cst.For, cst.While, cst.FunctionDef), (cst.For, cst.While)):
        return None
    block = handler.node.body
    lines = block.body[-1].body if isinstance(block.body[-1], cst.SimpleStatementLine) else block.body
    last = lines[-1]
    only = len(block.body) == 1 and len(lines) == 1
    if isinstance(last, (cst.Return, cst.Break, cst.Continue)) or (only and _does_nothing(last)):
        edit: NodeEdit | None = NodeEdit(last, "raise")
    elif "falls" in handler.ways and isinstance(last, (cst.BaseSmallStatement, cst.BaseCompoundStatement)):
        edit = last_in(file, block, "raise")
    else:
        return None
    return NodeFix("raise it again", (edit,), safe=False) if edit is not None else None


def _does_nothing(statement: cst.CSTNode) -> bool:
    is_ellipsis = isinstance(statement, cst.Expr) and isinstance(statement.value, cst.Ellipsis)
    return isinstance(statement, cst.Pass) or is_ellipsis


def _suppressed(file: File, job: Job) -> Iterator[tuple[cst.CSTNode, str]]:
    """`with contextlib.suppress(Exception)` around work."""
    for block in file.tree.below(job.node.body, cst.With, into_functions=False):
        for item in block.items:
            call = item.item
            if not isinstance(call, cst.Call) or file.names.qualified(call.func) != "contextlib.suppress":
                continue
            caught = {name for given in call.args for name in exceptions(file, given.value)}
            whole = is_work(file, block.body) and not is_cleanup(file, block) and not is_for_one_item(file, block)
            if guards_training(file, block.body) or (whole and not caught.isdisjoint({"Exception", "BaseException"})):
                yield call, file.code(call)


def _returned(file: File, job: Job) -> Iterator[tuple[cst.CSTNode, str]]:
    """`return`, `break` or `continue` in a `finally`, which drops the exception that is on its way."""
    for attempt in job.attempts:
        final = attempt.finalbody
        left = ways(file, final.body) if final is not None else set()
        if final is not None and "returns" in left:
            yield next(file.tree.below(final, cst.Return, into_functions=False)), "return in finally"
        elif final is not None and "loops" in left:
            yield final, "break in finally"


def _in_helpers(job: Job) -> Iterator[tuple[cst.CSTNode, str]]:
    """Handlers around the training in functions that the job calls and of which it drops the result."""
    for helper in job.helpers:
        yield from (
            (handler.node, handler.shown)
            for handler in handlers(helper)
            if handler.guards_training and handler.hides_failure
        )
