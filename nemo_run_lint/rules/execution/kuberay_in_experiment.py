from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.executor import executors_of
from nemo_run_lint.nemo.experiment import Submission
from nemo_run_lint.project import File
from nemo_run_lint.rule import Phase, Reports, Rule


class KuberayInExperiment(Rule):
    """A KubeRayExecutor runs a RayCluster or RayJob, not the tasks of an experiment.

    exp.add of nemo_run 0.11.1 stops with `NotImplementedError`: the executor cannot be assigned to a task.

    Bad:

        import nemo_run as run
        from nemo_run.core.execution.kuberay import KubeRayExecutor

        with run.Experiment("nightly", executor=KubeRayExecutor()) as exp:
            exp.add(run.Script(inline="hostname"), name="hosts")

    Good:

        import nemo_run as run

        with run.Experiment("nightly", executor=run.LocalExecutor()) as exp:
            exp.add(run.Script(inline="hostname"), name="hosts")
    """

    code = "NRL664"
    severity = Severity.ERROR
    fails = Phase.ADDED
    message = "{how} with a KubeRayExecutor raises NotImplementedError"
    help = "use nemo_run.run.ray.job.RayJob with it, or another executor for the task"

    def check(self, submission: Submission, file: File) -> Reports:
        if submission.task is not None and executors_of(file, submission.executor) == {"KubeRayExecutor"}:
            yield self.at(submission.task, how=submission.how)
