import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.job import Job
from nemo_run_lint.project import File
from nemo_run_lint.rule import Reports, Rule


class PrintInTask(Rule):
    """A task reports by logging, not by print: the log then says when, where and how bad.

    What is printed reaches the log of the job as well, so that nothing is lost. (Logging must be set up in the task,
    `logging.basicConfig(level=logging.INFO)`: the runner of nemo_run 0.11.1 does not do it, and `logger.info` is
    dropped until then.)

    Reported once for each task of the file.

    Bad:

        def train():
            print("step 1")

        task = run.Partial(train)

    Good:

        import logging
        import nemo_run as run

        def train():
            logging.basicConfig(level=logging.INFO)
            logging.getLogger(__name__).info("step 1")

        task = run.Partial(train)
    """

    code = "NRL628"
    severity = Severity.INFO
    strict = True
    message = "{what} prints{times}; the team's tasks log"
    help = "use a logger, and set logging up at the start of the task"

    def check(self, job: Job, file: File) -> Reports:
        calls = file.tree.below(job.node.body, cst.Call, into_functions=False)
        prints = [call for call in calls if file.names.is_builtin(call.func, "print")]
        if prints:
            times = f" ({len(prints)} times)" if len(prints) > 1 else ""
            yield self.at(prints[0].func, what=job.what, times=times)
