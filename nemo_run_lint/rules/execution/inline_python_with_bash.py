from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.script import Script, looks_like_python, with_entrypoint
from nemo_run_lint.project import File
from nemo_run_lint.rule import Phase, Reports, Rule


class InlinePythonWithBash(Rule):
    """The text of `inline=` is run by bash unless `entrypoint=` says otherwise; a `#!` line does not help.

    nemo_run 0.11.1 writes the text into a file that begins with `#!/usr/bin/bash`, and calls bash with it: `import`
    is no command there, and the job FAILS.

    Reported for literal texts that are Python, and import, define or call something, or whose first line asks for
    Python. What could be a shell script as well is left alone. The fix is unsafe: the text may be both.

    Bad:

        import nemo_run as run

        script = run.Script(inline="import sys; print(sys.version)")

        with run.Experiment("nightly", executor=run.LocalExecutor()) as exp:
            exp.add(script, name="script")
            exp.run()

    Good:

        import nemo_run as run

        script = run.Script(inline="import sys; print(sys.version)", entrypoint="python")

        with run.Experiment("nightly", executor=run.LocalExecutor()) as exp:
            exp.add(script, name="script")
            exp.run()
    """

    code = "NRL676"
    severity = Severity.ERROR
    fails = Phase.JOB
    message = "this text is Python, but is run by bash"
    help = 'add `entrypoint="python"`'

    def check(self, script: Script, file: File) -> Reports:
        written = script.text("inline")
        if written and script.runs_in == "shell" and looks_like_python(written):
            fix = with_entrypoint(script, safe=False)
            yield self.at(script.given["inline"].value, fix=fix)
