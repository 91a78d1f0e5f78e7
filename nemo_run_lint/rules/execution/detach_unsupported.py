from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.edits import without
from nemo_run_lint.nemo.experiment import Experiment, Submission
from nemo_run_lint.nemo.handed_over import argument_node, is_true, kinds
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeFix, Phase, Reports, Rule

_DETACH = frozenset("SlurmExecutor SkypilotExecutor SkypilotJobsExecutor DGXCloudExecutor LeptonExecutor".split())


class DetachUnsupported(Rule):
    """`detach=True` does nothing on an executor that cannot detach, such as LocalExecutor.

    exp.run prints "Cannot detach from this experiment. Please keep it running until completion." and the script waits
    until every job has ended; who closes the terminal ends the jobs. One such executor is enough for the whole
    experiment (nemo_run 0.11.1, `nemo_run/run/experiment.py`; Slurm, Skypilot, DGX Cloud and Lepton can detach).

    Reported only where the executor can be seen.

    Bad:

        def train(): ...

        if __name__ == "__main__":
            with run.Experiment("nightly", executor=run.LocalExecutor()) as exp:
                exp.add(run.Partial(train), name="train")
                exp.run(detach=True)

    Good:

        def train(): ...

        if __name__ == "__main__":
            with run.Experiment("nightly", executor=run.LocalExecutor()) as exp:
                exp.add(run.Partial(train), name="train")
                exp.run()
    """

    code = "NRL616"
    severity = Severity.WARNING
    fails = Phase.SILENT
    message = "{executor} cannot detach: `detach=True` is ignored, and the script waits for its jobs"
    help = "leave out `detach=True`, or run on an executor that can detach, such as SlurmExecutor"

    def check(self, thing: Experiment | Submission, file: File) -> Reports:
        if isinstance(thing, Experiment):
            tasks = list(thing.tasks)
            calls, place = thing.called("run"), 1
        else:
            tasks, calls, place = [thing], [thing.node] if thing.how == "run.run" and thing.executor else [], 6
        for call in calls:
            given = argument_node(call, "detach", place)
            unable = {kind for task in tasks for kind in kinds(file, task) if kind is not None} - _DETACH
            if given is not None and is_true(file, given.value) and unable:
                edits = without(file, given)
                fix = NodeFix("leave it out", edits) if edits else None
                yield self.at(given, fix=fix, executor=sorted(unable)[0])
