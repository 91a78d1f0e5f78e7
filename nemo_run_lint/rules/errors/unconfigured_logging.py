import re
from collections.abc import Iterator

import libcst as cst

from nemo_run_lint.finding import Confidence, Severity
from nemo_run_lint.nemo.edits import first_in
from nemo_run_lint.nemo.job import Job
from nemo_run_lint.nemo.launching import guard_of
from nemo_run_lint.nemo.logger import configured_logging
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeFix, Phase, Reports, Rule

#: What Python drops as long as nobody has set up logging; warnings and errors are printed.
_DROPPED = frozenset({"info", "debug"})

#: Names of functions that look as if they set up logging.
_SETS_UP = re.compile(
    r"basic_?config|(dict|file)config|addhandler|setlevel|(set_?up|config|init|enable)\w*log|log\w*(set_?up|config|init)"
)

#: Packages that set up logging when they are imported, or have loggers of their own.
_OTHERS = frozenset("absl hydra lightning loguru megatron nemo pytorch_lightning structlog transformers".split())


class UnconfiguredLogging(Rule):
    """What a task logs with info or debug is lost until the task sets up logging.

    Python shows warnings and errors alone until somebody configures logging, and the runner of nemo_run 0.11.1 does
    not do it. `logging.basicConfig` under `if __name__ == "__main__":` is no help: the job does not execute that.

    Silent as soon as anything in the file looks like setting up logging, or a package is imported that does so; it is
    assumed that what else is imported does not. Reported once for each task. The fix is unsafe: logging is set up for
    everything that the task calls.

    Bad:

        import logging

        def train():
            logging.getLogger(__name__).info("training")

        if __name__ == "__main__":
            with run.Experiment("llama-pretraining", executor=run.LocalExecutor()) as exp:
                exp.add(run.Partial(train), name="train-llama")
                exp.run()

    Good:

        import logging

        def train():
            logging.basicConfig(level=logging.INFO)
            logging.getLogger(__name__).info("training")

        if __name__ == "__main__":
            with run.Experiment("llama-pretraining", executor=run.LocalExecutor()) as exp:
                exp.add(run.Partial(train), name="train-llama")
                exp.run()
    """

    code = "NRL510"
    severity = Severity.INFO
    confidence = Confidence.MEDIUM
    fails = Phase.SILENT
    strict = True
    message = "{what} logs with `{written}`, but nothing sets up logging in the job: the line is lost"
    help = "call `logging.basicConfig(level=logging.INFO)` at the start of the task"

    def check(self, job: Job, file: File) -> Reports:
        lost = next(_dropped(file, job), None)
        if lost is not None and not job.is_entrypoint and not _is_set_up(file):
            fix = _fix(file, job, lost)
            yield self.at(lost.func, fix=fix, what=job.what, written=file.code(lost.func))


def _fix(file: File, job: Job, lost: cst.Call) -> NodeFix | None:
    level = lost.func.attr.value.upper() if isinstance(lost.func, cst.Attribute) else "INFO"
    setup = configured_logging(file, level, lost)
    edit = first_in(file, job.node, setup.text) if setup is not None else None
    if setup is None or edit is None:
        return None
    return NodeFix("set up logging at the start of the task", (edit, *setup.edits), safe=False)


def _dropped(file: File, job: Job) -> Iterator[cst.Call]:
    """The calls in a task that log, by the logging module or a logger of it, what is not shown by default."""
    for call in file.tree.below(job.node.body, cst.Call, into_functions=False):
        if isinstance(call.func, cst.Attribute) and call.func.attr.value in _DROPPED:
            logger = file.values.value(call.func.value)
            made_by = file.names.qualified(logger.func if isinstance(logger, cst.Call) else logger)
            if made_by == ("logging.getLogger" if isinstance(logger, cst.Call) else "logging"):
                yield call


def _is_set_up(file: File) -> bool:
    """Whether anything that the job executes looks as if it sets up logging."""
    if any(file.imports(package) for package in _OTHERS):
        return True
    for call in file.tree.nodes(cst.Call):
        name = call.func.attr if isinstance(call.func, cst.Attribute) else call.func
        is_setup = isinstance(name, cst.Name) and _SETS_UP.search(name.value.lower()) is not None
        if is_setup and guard_of(file, call) is None:
            return True
    return False
