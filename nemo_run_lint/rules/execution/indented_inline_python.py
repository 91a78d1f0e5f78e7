import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.edits import wrapped
from nemo_run_lint.nemo.importing import spelling
from nemo_run_lint.nemo.script import Script, is_indented_python
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeFix, Phase, Reports, Rule


class IndentedInlinePython(Rule):
    """Python does not run a text whose first line is indented, as a text between triple quotes often is.

    nemo_run 0.11.1 hands `inline=` on as it is: the job FAILS with `IndentationError: unexpected indent`. bash does not
    mind.

    Bad:

        import nemo_run as run

        script = run.Script(
            inline='''
                import sys
                print(sys.version)
            ''',
            entrypoint="python",
        )

        with run.Experiment("nightly", executor=run.LocalExecutor()) as exp:
            exp.add(script, name="script")
            exp.run()

    Good:

        import textwrap

        import nemo_run as run

        script = run.Script(
            inline=textwrap.dedent('''
                import sys
                print(sys.version)
            '''),
            entrypoint="python",
        )

        with run.Experiment("nightly", executor=run.LocalExecutor()) as exp:
            exp.add(script, name="script")
            exp.run()
    """

    code = "NRL681"
    severity = Severity.ERROR
    fails = Phase.JOB
    message = "this Python text is indented: the job fails with IndentationError"
    help = "write it at the left margin, or wrap it in textwrap.dedent(...)"

    def check(self, script: Script, file: File) -> Reports:
        written = script.text("inline")
        if written is not None and script.runs_in == "python" and is_indented_python(written):
            given = script.given["inline"].value
            yield self.at(given, fix=_fix(file, given))


def _fix(file: File, given: cst.BaseExpression) -> NodeFix | None:
    dedent = spelling(file, "textwrap.dedent", given, by_module=True)
    if dedent is None:
        return None
    return NodeFix(f"wrap it in {dedent.text}", (*wrapped(given, f"{dedent.text}("), *dedent.edits))
