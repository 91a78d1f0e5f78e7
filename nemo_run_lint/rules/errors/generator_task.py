import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.job import Job
from nemo_run_lint.project import File
from nemo_run_lint.rule import Phase, Reports, Rule


class GeneratorTask(Rule):
    """A task with a `yield` never runs, and is reported as SUCCEEDED.

    NeMo Run calls the function, which only makes a generator that nobody goes through: not even its first line is run
    (nemo_run 0.11.1, `core/runners/fdl_runner.py`). It is the same for a command and for run.run without an executor.

    Reported for entrypoints and for what is handed to exp.add, run.run or run.Task in this file; not for a generator
    that a task gets as an argument, and not under decorators of others.

    Bad:

        def work():
            for step in range(3):
                print(step)
                yield step

        if __name__ == "__main__":
            with run.Experiment("llama-pretraining", executor=run.LocalExecutor()) as exp:
                exp.add(run.Partial(work), name="count-steps")
                exp.run()

    Good:

        def steps():
            for step in range(3):
                yield step

        def work():
            for step in steps():
                print(step)

        if __name__ == "__main__":
            with run.Experiment("llama-pretraining", executor=run.LocalExecutor()) as exp:
                exp.add(run.Partial(work), name="count-steps")
                exp.run()
    """

    code = "NRL508"
    severity = Severity.ERROR
    fails = Phase.SILENT
    message = "{what} has a `yield`: nothing goes through it, its body never runs and the job is reported as SUCCEEDED"
    help = "go through the generator in a function of its own, and make that the task"

    def check(self, job: Job, file: File) -> Reports:
        yields = any(True for _ in file.tree.below(job.node.body, cst.Yield, into_functions=False))
        if yields and job.node.asynchronous is None and job.is_submitted and job.is_plain:
            yield self.at(job.node.name, what=job.what)
