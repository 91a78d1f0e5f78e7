from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.experiment import Experiment
from nemo_run_lint.nemo.order import surely_before
from nemo_run_lint.project import File
from nemo_run_lint.rule import Phase, Reports, Rule


class AddAfterRun(Rule):
    """A task that is added after exp.run is never launched.

    exp.run launches what was added until then, and only once: exp.add after it notes down a task that nobody will run,
    and the script ends well (nemo_run 0.11.1, `nemo_run/run/experiment.py`).

    Not reported where a condition decides whether the experiment has been run.

    Bad:

        def train(): ...

        if __name__ == "__main__":
            with run.Experiment("nightly") as exp:
                exp.add(run.Partial(train), name="first")
                exp.run()
                exp.add(run.Partial(train), name="second")

    Good:

        def train(): ...

        if __name__ == "__main__":
            with run.Experiment("nightly") as exp:
                exp.add(run.Partial(train), name="first")
                exp.add(run.Partial(train), name="second")
                exp.run()
    """

    code = "NRL604"
    severity = Severity.ERROR
    fails = Phase.SILENT
    message = "this task is added after `{run}()` (line {line}), and is never launched"
    help = "add it before the experiment is run, or to another experiment"

    def check(self, experiment: Experiment, file: File) -> Reports:
        runs = experiment.called("run")
        for call in experiment.called("add"):
            before = next((each for each in runs if surely_before(file, each, call)), None)
            if before is not None:
                yield self.at(call.func, run=file.code(before.func), line=file.span(before).line)
