from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.launching import LaunchedFunction, guard_of, in_container, only_under_guard
from nemo_run_lint.project import File
from nemo_run_lint.rule import Phase, Reports, Rule


class GuardOnlyName(Rule):
    """What is defined under `if __name__ == "__main__":` does not exist in the job.

    A job executes a copy of the launching script under another name (nemo_run 0.11.1, `maybe_load_external_main`), so
    that nothing under the guard is run there. A task that reads a variable, an import or a function from there stops
    with a NameError, and the job has FAILED; a task that is itself defined there cannot be found (`AttributeError:
    module '__main__' has no attribute 'train'`).

    Reported for the tasks that the file launches, and for the functions of the file that they call.

    Bad:

        def train():
            print(RATE)

        if __name__ == "__main__":
            RATE = 0.1
            with run.Experiment("nightly", executor=run.LocalExecutor()) as exp:
                exp.add(run.Partial(train), name="train")
                exp.run()

    Good:

        def train(rate):
            print(rate)

        if __name__ == "__main__":
            with run.Experiment("nightly", executor=run.LocalExecutor()) as exp:
                exp.add(run.Partial(train, rate=0.1), name="train")
                exp.run()
    """

    code = "NRL623"
    severity = Severity.ERROR
    fails = Phase.JOB
    of_scripts = True
    message = '{what} under `if __name__ == "__main__":` (line {line}), which the job does not run'
    help = "define it at module level, or hand it to the task as an argument"

    def check(self, launched: LaunchedFunction, file: File) -> Reports:
        if in_container(file, launched.submission):
            return  # task-in-launch-script says so
        guard = guard_of(file, launched.node)
        if guard is not None:
            what = f"the task `{launched.name}` is defined only"
            yield self.at(launched.node.name, what=what, line=file.span(guard).line)
            return
        seen: set[str] = set()
        for name in launched.globals_read():
            guard = only_under_guard(file, name)
            if guard is not None and name.value not in seen:
                seen.add(name.value)
                what = f"the task `{launched.name}` needs `{name.value}`, which is defined only"
                yield self.at(name, what=what, line=file.span(guard).line)
