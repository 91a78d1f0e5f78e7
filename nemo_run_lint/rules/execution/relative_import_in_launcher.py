import libcst as cst

from nemo_run_lint.finding import Confidence, Severity
from nemo_run_lint.nemo.launching import LaunchedFunction, guard_of, in_container, is_script
from nemo_run_lint.project import File
from nemo_run_lint.rule import Phase, Reports, Rule


class RelativeImportInLauncher(Rule):
    """A launching script with a relative import cannot be executed again in the job.

    A job executes a copy of the script, outside of its package (nemo_run 0.11.1, `maybe_load_external_main`): `from
    .data import load` raises an ImportError there, which is only logged, "Failed to load external main", and then the
    task that the script defines cannot be found: the job has FAILED. This holds for `python -m package.launch` too.

    It is taken that the file is run as the script. Reported only where it launches functions of its own.

    Bad:

        from .data import load
        import nemo_run as run

        def train():
            load()

        if __name__ == "__main__":
            with run.Experiment("nightly", executor=run.LocalExecutor()) as exp:
                exp.add(run.Partial(train), name="train")
                exp.run()

    Good:

        from team.data import load
        import nemo_run as run

        def train():
            load()

        if __name__ == "__main__":
            with run.Experiment("nightly", executor=run.LocalExecutor()) as exp:
                exp.add(run.Partial(train), name="train")
                exp.run()
    """

    code = "NRL624"
    severity = Severity.WARNING
    confidence = Confidence.MEDIUM
    fails = Phase.JOB
    of_scripts = True
    message = "a job executes this script outside of its package, where this import fails and `{task}` is not found"
    help = "import by the package's full name, or move `{task}` to a module of its own"

    def check(self, statement: cst.ImportFrom, file: File) -> Reports:
        if not statement.relative or not is_script(file) or file.tree.enclosing(statement, cst.FunctionDef, cst.Try):
            return
        if guard_of(file, statement) is not None:
            return
        for launched in file.all(LaunchedFunction):
            if launched.launch.is_reached and in_container(file, launched.submission) is None:
                yield self.at(statement, task=launched.name)
                return
