import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.api import public
from nemo_run_lint.nemo.guarding import guarded
from nemo_run_lint.nemo.handed_over import is_none
from nemo_run_lint.nemo.launching import Answer, Launch, is_conditional, is_script, is_test
from nemo_run_lint.project import File
from nemo_run_lint.rule import Phase, Report, Reports, Rule
from nemo_run_lint.syntax.calls import keyword


class MissingMainGuard(Rule):
    """A script that launches a function must do so under `if __name__ == "__main__":`, or every job launches it again.

    Before a job calls its function, it executes a copy of the launching script, under another name (nemo_run 0.11.1,
    `maybe_load_external_main` in `nemo_run/run/experiment.py`). Without the guard the experiment is launched a second
    time inside of every job: a function of another module is run twice, or more often, and nothing tells; a function of
    the script itself cannot be imported, and the job fails.

    It is a warning where the text does not show what is launched or where. Not reported for notebooks and pages, where
    no copy is made; for run.Script; for `direct=True` and run.run without an executor; in containers, whose jobs do not
    find the copy; and for calls that a condition of the program's own decides about.

    The fix puts the statement under the guard, with those behind it that read what it binds, unless functions do. It is
    unsafe: who imports the file to launch the experiment does not any more.

    Bad:

        def train(): ...

        with run.Experiment("nightly", executor=run.LocalExecutor()) as exp:
            exp.add(run.Partial(train), name="train")
            exp.run()

    Good:

        def train(): ...

        if __name__ == "__main__":
            with run.Experiment("nightly", executor=run.LocalExecutor()) as exp:
                exp.add(run.Partial(train), name="train")
                exp.run()
    """

    code = "NRL620"
    severity = Severity.ERROR
    fails = Phase.JOB
    of_scripts = True
    message = '{what} is not under `if __name__ == "__main__":`, so every job launches the experiment again'
    help = 'put it under `if __name__ == "__main__":`'

    def check(self, thing: Launch | cst.Call, file: File) -> Reports:
        if not is_script(file):
            return
        if isinstance(thing, cst.Call):
            yield from self._command(thing, file)
        elif thing.reloads_script is not Answer.NO and not is_test(file, thing.node):
            severity = Severity.ERROR if thing.reloads_script is Answer.YES else Severity.WARNING
            for node in thing.at_import:
                called = node.func if isinstance(node, cst.Call) else node
                what = f"`{' '.join(file.code(called).split())}()`"
                if node is not thing.node:
                    what += f", which leads to {thing.shown},"
                yield self.at(called, fix=guarded(file, node), severity=severity, what=what)

    def _command(self, call: cst.Call, file: File) -> list[Report]:
        """run.cli.main, which launches a job when it is given an executor."""
        if public(file.names.qualified(call.func)) != "cli.main" or file.tree.enclosing(call, cst.FunctionDef):
            return []
        if is_conditional(file, call) or is_test(file, call):
            return []
        executor = keyword(call, "default_executor")
        severity = Severity.WARNING if executor is None or is_none(file, executor) else Severity.ERROR
        what = f"`{file.code(call.func)}()`"
        return [self.at(call.func, fix=guarded(file, call), severity=severity, what=what)]
