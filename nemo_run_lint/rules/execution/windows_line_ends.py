import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.script import Script
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit, NodeFix, Phase, Reports, Rule


class WindowsLineEnds(Rule):
    r"""A shell takes the carriage return of a Windows line end for a part of the command.

    nemo_run 0.11.1 writes `inline=` into a file as it is; bash then looks for commands that end in an invisible sign
    (`$'exit\r': command not found`), and the job FAILS.

    A file that is itself saved with Windows line ends is fine: Python reads them as plain ones.

    Bad:

        import nemo_run as run

        script = run.Script(inline="echo start\r\nexit 0\r\n")

        with run.Experiment("nightly", executor=run.LocalExecutor()) as exp:
            exp.add(script, name="script")
            exp.run()

    Good:

        import nemo_run as run

        script = run.Script(inline="echo start\nexit 0\n")

        with run.Experiment("nightly", executor=run.LocalExecutor()) as exp:
            exp.add(script, name="script")
            exp.run()
    """

    code = "NRL683"
    severity = Severity.ERROR
    fails = Phase.JOB
    message = "this script has Windows line ends (`\\r\\n`), which bash takes for a part of the commands"
    help = "write `\\n`"

    def check(self, script: Script, file: File) -> Reports:
        written = script.text("inline")
        if written is not None and script.runs_in == "shell" and "\r\n" in written:
            yield self.at(script.given["inline"].value, fix=_fix(script.given["inline"].value))


def _fix(given: cst.BaseExpression) -> NodeFix | None:
    """The literal with plain line ends, where they are written out."""
    if not isinstance(given, cst.SimpleString) or "r" in given.prefix.lower() or "\\\\r" in given.value:
        return None
    written = given.value.replace("\\r\\n", "\\n").replace("\\r\n", "\n")
    return NodeFix("write plain line ends", (NodeEdit(given, written),)) if written != given.value else None
