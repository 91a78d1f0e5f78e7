from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.script import Script, with_entrypoint
from nemo_run_lint.project import File
from nemo_run_lint.rule import Phase, Reports, Rule


class PythonFileWithBash(Rule):
    """run.Script runs its file with bash unless `entrypoint=` says otherwise, whatever the file is called.

    `run.Script("train.py")` makes the job run `bash train.py`, which FAILS at the first line that is no shell command
    (nemo_run 0.11.1). A `#!` line does not help: bash is called with the file.

    Bad:

        from pathlib import Path

        import nemo_run as run

        Path("train.py").write_text("print('training')")
        script = run.Script("train.py")

        with run.Experiment("nightly", executor=run.LocalExecutor()) as exp:
            exp.add(script, name="script")
            exp.run()

    Good:

        from pathlib import Path

        import nemo_run as run

        Path("train.py").write_text("print('training')")
        script = run.Script("train.py", entrypoint="python")

        with run.Experiment("nightly", executor=run.LocalExecutor()) as exp:
            exp.add(script, name="script")
            exp.run()
    """

    code = "NRL675"
    severity = Severity.ERROR
    fails = Phase.JOB
    message = "`{path}` is run by bash, not by Python"
    help = 'add `entrypoint="python"`'

    def check(self, script: Script, file: File) -> Reports:
        path = script.text("path")
        if path is None or script.has_inline or script.runs_in != "shell":
            return
        if path.endswith(".py") and len(path.split()) == 1:
            given = script.given["path"]
            fix = with_entrypoint(script)
            yield self.at(given.value, fix=fix, path=path)
