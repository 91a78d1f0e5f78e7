from nemo_run_lint.nemo.experiment import Submission
from nemo_run_lint.nemo.given_name import TaskList, both_run, repeated
from nemo_run_lint.project import File
from nemo_run_lint.rule import Phase, Reports, Rule


class DuplicateTaskName(Rule):
    """Two tasks of one experiment must not have the same name.

    The second `train` silently becomes `train_1` or `train_2`, depending on how many tasks came before; a dependency on
    `train` means the first one, so that a task may start before the work it waits for; and all of them share one
    directory, where they overwrite each other's files (nemo_run 0.11.1, `run/experiment.py`). The same happens to a
    task that is added in a loop under a constant name.

    Not reported for the branches of an `if`, of which only one runs, and for different experiments. On Slurm some
    people repeat a name on purpose, so that the packaged code is shared; say so with `# noqa: NRL305`.

    Bad:

        def train(rate):
            print(rate)

        if __name__ == "__main__":
            with run.Experiment("llama-pretraining", executor=run.LocalExecutor()) as exp:
                for rate in (0.1, 0.2):
                    exp.add(run.Partial(train, rate=rate), name="train")
                exp.run()

    Good:

        def train(rate):
            print(rate)

        if __name__ == "__main__":
            with run.Experiment("llama-pretraining", executor=run.LocalExecutor()) as exp:
                for number, rate in enumerate((0.1, 0.2)):
                    exp.add(run.Partial(train, rate=rate), name=f"train-{number}")
                exp.run()
    """

    code = "NRL305"
    fails = Phase.SILENT
    message = "the task name `{name}` is {how}: nemo_run makes it `{name}_<n>` and lets them share one directory"
    help = "give every task its own name, and use the ids that exp.add returns as dependencies"

    def check(self, tasks: TaskList, file: File) -> Reports:
        earlier: dict[str, list[Submission]] = {}
        for name, task, written in tasks.named:
            other = next((each for each in earlier.get(name, ()) if both_run(each, task)), None)
            earlier.setdefault(name, []).append(task)
            if other is not None:
                line = file.span(other.name or other.node).line
                yield self.at(written, name=name, how=f"taken already (line {line})")
            elif repeated(task, tasks.holder):
                yield self.at(written, name=name, how="the same on every round of the loop")
