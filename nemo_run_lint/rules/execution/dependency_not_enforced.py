from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.experiment import Experiment
from nemo_run_lint.nemo.handed_over import argument_node, dependencies, has_dependencies, is_true, kinds
from nemo_run_lint.project import File
from nemo_run_lint.rule import Phase, Reports, Rule
from nemo_run_lint.syntax.calls import keyword, positional


class DependencyNotEnforced(Rule):
    """Only on Slurm does a task stay back when the one it waits for has failed.

    Elsewhere exp.run waits until the first task has ended, well or not, and starts the next one all the same: with
    `sequential=True` and with `dependencies=[...]` (nemo_run 0.11.1, run with a LocalExecutor; only SlurmExecutor hands
    the dependency on to its scheduler). A training then goes on with half of its data.

    Reported once for an experiment, where its executors can be seen.

    Bad:

        def prepare():
            raise SystemExit("no data")
        def train(): ...

        if __name__ == "__main__":
            with run.Experiment("nightly", executor=run.LocalExecutor()) as exp:
                exp.add(run.Partial(prepare), name="prepare")
                exp.add(run.Partial(train), name="train")
                exp.run(sequential=True)

    Good:

        def prepare():
            raise SystemExit("no data")
        def train(): ...
        def both():
            prepare()
            train()

        if __name__ == "__main__":
            with run.Experiment("nightly", executor=run.LocalExecutor()) as exp:
                exp.add(run.Partial(both), name="prepare-and-train")
                exp.run()
    """

    code = "NRL617"
    severity = Severity.INFO
    fails = Phase.SILENT
    message = "on {executor} a task is started also when the one before it has failed"
    help = "let the task look for what it needs and fail without it, or run on Slurm"

    def check(self, experiment: Experiment, file: File) -> Reports:
        tasks = experiment.tasks
        found = {kind for task in tasks for kind in kinds(file, task)}
        if not found or None in found or "SlurmExecutor" in found or len(tasks) < 2:
            return
        runs = experiment.called("run")
        if any(is_true(file, keyword(call, "direct") or positional(call, 3)) for call in runs):
            return
        executor = sorted(str(kind) for kind in found)[0]
        for task in tasks:
            written = dependencies(task)
            if written is not None and has_dependencies(task):
                yield self.at(written, executor=executor)
                return
        for call in runs:
            given = argument_node(call, "sequential", 0)
            if given is not None and is_true(file, given.value):
                yield self.at(given, executor=executor)
