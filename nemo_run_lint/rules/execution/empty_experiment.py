from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.experiment import Experiment
from nemo_run_lint.nemo.launching import is_test
from nemo_run_lint.project import File
from nemo_run_lint.rule import Phase, Reports, Rule
from nemo_run_lint.syntax.calls import keyword


class EmptyExperiment(Rule):
    """An experiment without tasks runs, and does nothing.

    exp.run launches what was added before, and says nothing when that is nothing at all (run with nemo_run 0.11.1).

    Not reported when the experiment is handed to a function, which may add tasks, and not in tests.

    Bad:

        if __name__ == "__main__":
            with run.Experiment("nightly") as exp:
                exp.run()

    Good:

        def train(): ...

        if __name__ == "__main__":
            with run.Experiment("nightly") as exp:
                exp.add(run.Partial(train), name="train")
                exp.run()
    """

    code = "NRL618"
    severity = Severity.ERROR
    fails = Phase.SILENT
    message = "nothing is added to this experiment before `{call}()`, so nothing will be launched"
    help = "add its tasks first: `exp.add(run.Partial(function), name=...)`"

    def check(self, experiment: Experiment, file: File) -> Reports:
        call = experiment.call
        if call is None or experiment.escapes or is_test(file, call) or any(each.star for each in call.args):
            return
        runs = [each for each in experiment.called("run") if experiment.outside(each) is None]
        if runs and experiment.touched <= {"run", "dryrun", "status"} and keyword(call, "jobs") is None:
            yield self.at(runs[0].func, call=file.code(runs[0].func))
