from nemo_run_lint.finding import Confidence, Severity
from nemo_run_lint.nemo.experiment import Submission
from nemo_run_lint.nemo.handed_over import group, is_true, kinds, length
from nemo_run_lint.project import File
from nemo_run_lint.rule import Phase, Reports, Rule
from nemo_run_lint.syntax.calls import keyword, positional


class LocalGroupKills(Rule):
    """On a LocalExecutor a group of tasks is killed as soon as its first task ends.

    exp.add of a list makes one group. With the LocalExecutor of nemo_run 0.11.1 the first task that ends, well or not,
    ends the group, and the others are killed and FAILED. That is meant for a server beside its client; tasks that are
    to be finished must be added one by one.

    It is taken that the tasks do not all end at the same moment. Reported only where the executor is visible, and the
    experiment is run.

    Bad:

        if __name__ == "__main__":
            with run.Experiment("nightly", executor=run.LocalExecutor()) as exp:
                exp.add([run.Script(inline="true"), run.Script(inline="sleep 12")], name="steps")
                exp.run()

    Good:

        if __name__ == "__main__":
            with run.Experiment("nightly", executor=run.LocalExecutor()) as exp:
                exp.add(run.Script(inline="true"), name="short")
                exp.add(run.Script(inline="sleep 2"), name="long")
                exp.run()
    """

    code = "NRL609"
    severity = Severity.WARNING
    confidence = Confidence.MEDIUM
    fails = Phase.JOB
    message = "on LocalExecutor the tasks of a list are killed as soon as the first of them ends"
    help = "add the tasks one by one, each with its own name"

    def check(self, submission: Submission, file: File) -> Reports:
        tasks, experiment = group(file, submission), submission.experiment
        if tasks is None or submission.task is None or experiment is None or length(file, tasks) in (0, 1):
            return
        runs = experiment.called("run")
        launched = [call for call in runs if not is_true(file, keyword(call, "direct") or positional(call, 3))]
        if kinds(file, submission) == {"LocalExecutor"} and (launched or (experiment.escapes and not runs)):
            yield self.at(submission.task)
