from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.edits import without
from nemo_run_lint.nemo.script import Script, with_entrypoint
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeFix, Phase, Reports, Rule


class ScriptIncomplete(Rule):
    """run.Script needs a path or a text, an entrypoint, and Python for `m=True`.

    nemo_run 0.11.1 raises AssertionError where the script is made: without `path` and `inline` (or both empty), with an
    empty `entrypoint`, and with `m=True` under an entrypoint that is not Python. An entrypoint with arguments
    (`"python -u"`) is taken for one program with a blank in its name, which the job does not find.

    Bad:

        import nemo_run as run

        script = run.Script("train", m=True)

    Good:

        import nemo_run as run

        script = run.Script("train", m=True, entrypoint="python")
    """

    code = "NRL679"
    severity = Severity.ERROR
    fails = Phase.CONFIGURED
    message = "run.Script {problem}"
    help = "{instead}"

    def check(self, script: Script, file: File) -> Reports:
        entrypoint = script.text("entrypoint") if "entrypoint" in script.given else "bash"
        if all(name not in script.given or script.text(name) == "" for name in ("path", "inline")):
            problem = "has neither a path nor a text: AssertionError"
            yield self.at(script.node.func, problem=problem, instead="give the path of a file, or `inline=`")
        if entrypoint == "":
            problem = "has an empty entrypoint: AssertionError"
            edits = without(file, script.given["entrypoint"])
            fix = NodeFix("leave it out", edits, safe=False) if edits else None
            yield self.at(script.given["entrypoint"].value, fix=fix, problem=problem, instead="leave it out for bash")
        elif entrypoint is not None and len(entrypoint.split()) > 1:
            problem = f"takes `{entrypoint}` as the name of one program, which the job does not find"
            instead = "put the arguments into `args=`, or the whole command into `inline=`"
            yield self.at(script.given["entrypoint"].value, problem=problem, instead=instead)
        if entrypoint and "python" not in entrypoint and self._is_module(script, file):
            problem = f"with `m=True` needs Python, and its entrypoint is {entrypoint}: AssertionError"
            fix = with_entrypoint(script)
            yield self.at(script.given["m"], fix=fix, problem=problem, instead='add `entrypoint="python"`')

    def _is_module(self, script: Script, file: File) -> bool:
        return "m" in script.given and file.names.is_builtin(file.values.value(script.given["m"].value), "True")
