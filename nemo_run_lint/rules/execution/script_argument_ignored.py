import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.edits import without
from nemo_run_lint.nemo.script import Script
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeFix, Phase, Reports, Rule


class ScriptArgumentIgnored(Rule):
    """With `inline=`, run.Script ignores `path=`, `args=` and `m=`.

    nemo_run 0.11.1 runs the text alone (`Script.to_command` in `config.py`), without a word about the rest: `$1` and
    `$@` are empty in it. To leave them out is an unsafe fix: they were meant to do something.

    Bad:

        import nemo_run as run

        script = run.Script(inline="echo Hello $1", args=["Ada"])

        with run.Experiment("nightly", executor=run.LocalExecutor()) as exp:
            exp.add(script, name="script")
            exp.run()

    Good:

        import nemo_run as run

        script = run.Script(inline="echo Hello $NAME", env={"NAME": "Ada"})

        with run.Experiment("nightly", executor=run.LocalExecutor()) as exp:
            exp.add(script, name="script")
            exp.run()
    """

    code = "NRL677"
    severity = Severity.ERROR
    fails = Phase.SILENT
    message = "`{argument}` is ignored, since `inline` is given"
    help = "leave it out, or put it into the text"

    def check(self, script: Script, file: File) -> Reports:
        if "inline" not in script.given or script.text("inline") == "" or _is_empty(file, script.given["inline"].value):
            return
        for argument in ("path", "args", "m"):
            given = script.given.get(argument)
            if given is not None and not _is_empty(file, given.value) and _is_certain(file, script, argument):
                edits = without(file, given)
                fix = NodeFix("leave it out", edits, safe=False) if edits else None
                yield self.at(given.keyword or given.value, fix=fix, argument=argument)


def _is_certain(file: File, script: Script, argument: str) -> bool:
    """Whether both are given for sure: text that is not known may be empty, when one of the two is meant."""
    known = (cst.SimpleString, cst.ConcatenatedString, cst.FormattedString, cst.List)
    values = (file.values.value(script.given[each].value) for each in ("inline", argument))
    inline, value = values
    return isinstance(inline, known) and (isinstance(value, known) or file.names.is_builtin(value, "True"))


def _is_empty(file: File, node: cst.CSTNode) -> bool:
    return file.code(file.values.value(node)) in ('""', "''", "[]", "None", "False")
