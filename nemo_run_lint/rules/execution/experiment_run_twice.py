import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.experiment import Experiment
from nemo_run_lint.nemo.order import round_and_round, surely_before
from nemo_run_lint.project import File
from nemo_run_lint.rule import Phase, Reports, Rule


class ExperimentRunTwice(Rule):
    """An experiment runs once: a second exp.run launches nothing.

    nemo_run 0.11.1 prints "Experiment already running..." and returns (`nemo_run/run/experiment.py`); tasks that were
    added in between are dropped. The same happens in a loop that adds a task and runs the experiment on every round:
    only the first round's task is launched.

    Not reported where only one of the calls may run, and where a condition decides whether the first one does.

    Bad:

        def train(rate): ...

        if __name__ == "__main__":
            with run.Experiment("sweep") as exp:
                for rate in (1, 2):
                    exp.add(run.Partial(train, rate=rate), name=f"train-{rate}")
                    exp.run()

    Good:

        def train(rate): ...

        if __name__ == "__main__":
            with run.Experiment("sweep") as exp:
                for rate in (1, 2):
                    exp.add(run.Partial(train, rate=rate), name=f"train-{rate}")
                exp.run()
    """

    code = "NRL603"
    severity = Severity.ERROR
    fails = Phase.SILENT
    message = "{what}: an experiment runs once, and nothing more is launched"
    help = "add all tasks first and run them with one exp.run(), or make another experiment"

    def check(self, experiment: Experiment, file: File) -> Reports:
        calls = experiment.called("run")
        for place, call in enumerate(calls):
            before = next((each for each in calls[:place] if surely_before(file, each, call)), None)
            loop = round_and_round(file, call, experiment.node)
            if before is not None:
                line = file.span(before).line
                yield self.at(call.func, what=f"`{file.code(call.func)}()` is called again after line {line}")
            elif loop is not None and not isinstance(experiment.node, cst.Param):
                yield self.at(call.func, what=f"`{file.code(call.func)}()` is called on every round of the loop")
