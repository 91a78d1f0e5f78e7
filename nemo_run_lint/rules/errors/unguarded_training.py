import libcst as cst

from nemo_run_lint.finding import Confidence
from nemo_run_lint.nemo.edits import indentation, indented, one_level
from nemo_run_lint.nemo.job import Job
from nemo_run_lint.nemo.logger import logged_exception
from nemo_run_lint.nemo.training import TRAINING, unguarded_training
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit, NodeFix, Option, Reports, Rule


class UnguardedTraining(Rule):
    """A task that trains stands in a try/except that logs the failure and raises it again.

    Hours into a job, an exception that nobody logs leaves a bare traceback in one of many log files, without a word on
    what was being done. The team's standard is to log the failure with its context and to raise again, so that the job
    is reported FAILED.

    Looked at are the functions that run as jobs: entrypoints, and what run.Partial or run.Task wraps in this file. What
    trains is told by the name of what is called (that is the assumption; setting `training-calls`): `train(...)`,
    `trainer.fit(...)`, `llm.pretrain(...)`, also one step further, in a helper of the same file. `model.train()`
    switches a mode and is not meant. A `try` with only `finally` handles nothing. Reported once for a function.

    The fix puts the statement in such a `try`. It is unsafe: what else belongs into it, only a person knows.

    Bad:

        def work(trainer, model):
            trainer.fit(model)

        task = run.Partial(work)

    Good:

        import logging

        logger = logging.getLogger(__name__)

        def work(trainer, model):
            try:
                trainer.fit(model)
            except Exception:
                logger.exception("Training failed")
                raise

        task = run.Partial(work)
    """

    code = "NRL501"
    confidence = Confidence.MEDIUM
    message = "{what} calls `{call}` in no try/except: nobody logs what went wrong"
    help = "put it in a `try`, and in `except Exception:` log the failure and `raise`"

    training_calls = Option(TRAINING, "patterns of what trains, matched against the last name, or the whole with a dot")

    def check(self, job: Job, file: File) -> Reports:
        call = next(unguarded_training(file, job.node, self.training_calls), None)
        if call is not None:
            yield self.at(call.func, fix=_fix(call, file), what=job.what, call=file.code(call.func))


def _fix(call: cst.Call, file: File) -> NodeFix | None:
    line = file.tree.enclosing(call, cst.SimpleStatementLine, cst.SimpleStatementSuite, cst.FunctionDef)
    log = logged_exception(file, "Training failed", call)
    if not isinstance(line, cst.SimpleStatementLine) or log is None:
        return None
    margin, further = indentation(file, line), one_level(file)
    handler = [f"{margin}except Exception:", f"{margin}{further}{log.text}", f"{margin}{further}raise", ""]
    span = file.span(line)
    text = "\n".join([f"{margin}try:", indented(file, span.line, span.end_line), *handler])
    return NodeFix("put it in a try/except", (NodeEdit(line, text, "lines"), *log.edits), safe=False)
