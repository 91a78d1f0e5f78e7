from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.job import Job
from nemo_run_lint.project import File
from nemo_run_lint.rule import Phase, Reports, Rule


class AsyncTask(Rule):
    """A task that is `async def` never runs, and is reported as SUCCEEDED.

    NeMo Run calls the function, which only makes a coroutine that nobody awaits (nemo_run 0.11.1,
    `core/runners/fdl_runner.py`; Python warns `coroutine 'work' was never awaited` in the job's log). It is the same
    for a command and for run.run without an executor.

    Reported for entrypoints and for what is handed to exp.add, run.run or run.Task in this file; not under decorators
    of others, which may run it.

    Bad:

        async def work():
            print("working")

        if __name__ == "__main__":
            with run.Experiment("llama-pretraining", executor=run.LocalExecutor()) as exp:
                exp.add(run.Partial(work), name="fetch-data")
                exp.run()

    Good:

        import asyncio

        async def fetch():
            print("working")

        def work():
            asyncio.run(fetch())

        if __name__ == "__main__":
            with run.Experiment("llama-pretraining", executor=run.LocalExecutor()) as exp:
                exp.add(run.Partial(work), name="fetch-data")
                exp.run()
    """

    code = "NRL507"
    severity = Severity.ERROR
    fails = Phase.SILENT
    message = "{what} is `async def`: nothing awaits it, its body never runs and the job is reported as SUCCEEDED"
    help = "make it a plain function that calls asyncio.run(...)"

    def check(self, job: Job, file: File) -> Reports:
        if job.node.asynchronous is not None and job.is_submitted and job.is_plain:
            yield self.at(job.node.name, what=job.what)
