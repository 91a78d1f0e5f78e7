import shlex

import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.edits import as_list, literal, wrapped
from nemo_run_lint.nemo.script import Script
from nemo_run_lint.nemo.unsaveable import is_path
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit, NodeFix, Phase, Reports, Rule
from nemo_run_lint.syntax.values import text


class ScriptArgsNotStr(Rule):
    """`args=` of run.Script is a list of texts; numbers in it, or one text, stop exp.run.

    nemo_run 0.11.1 finds it out when the launch is prepared: `TypeError: expected string or bytes-like object, got
    'int'` for a number, `TypeError: can only concatenate list (not "str") to list` for a text in the place of the
    list. One text is taken apart at its blanks, as a shell does, which is an unsafe fix.

    Bad:

        from pathlib import Path

        import nemo_run as run

        Path("train.sh").write_text("echo $1 $2")
        script = run.Script("train.sh", args=["--steps", 100])

        with run.Experiment("nightly", executor=run.LocalExecutor()) as exp:
            exp.add(script, name="script")
            exp.run()

    Good:

        from pathlib import Path

        import nemo_run as run

        Path("train.sh").write_text("echo $1 $2")
        script = run.Script("train.sh", args=["--steps", "100"])

        with run.Experiment("nightly", executor=run.LocalExecutor()) as exp:
            exp.add(script, name="script")
            exp.run()
    """

    code = "NRL678"
    severity = Severity.ERROR
    fails = Phase.LAUNCHED
    message = "`args` of run.Script {problem}: exp.run raises {error}"
    help = "{instead}"

    def check(self, script: Script, file: File) -> Reports:
        given = script.given.get("args")
        if given is None or script.has_inline:
            return
        value = file.values.value(given.value)
        if isinstance(value, (cst.FormattedString, cst.Tuple)) or text(value) is not None:
            what = "a tuple" if isinstance(value, cst.Tuple) else "one text"
            yield self.at(
                given.value,
                problem=f"is {what}, not a list",
                error="TypeError",
                instead='write a list of texts: `["--lr", "1"]`',
                fix=_listed(given.value),
            )
        for element in value.elements if isinstance(value, (cst.List, cst.Tuple)) else ():
            kind = _kind(file, element.value) if isinstance(element, cst.Element) else None
            if kind is not None:
                number = isinstance(element.value, (cst.Integer, cst.Float))
                instead = f'"{file.code(element.value)}"' if number else f"str({file.code(element.value)})"
                fix = _as_text(element.value, kind)
                error = "UnserializableValueError" if kind == "a pathlib.Path" else "TypeError"
                yield self.at(
                    element.value, fix=fix, problem=f"holds {kind}", error=error, instead=f"write `{instead}`"
                )


def _kind(file: File, node: cst.CSTNode) -> str | None:
    """Words for a value that certainly is no text."""
    value = file.values.value(node)
    if isinstance(value, cst.UnaryOperation):
        value = value.expression
    if isinstance(value, (cst.Integer, cst.Float)):
        return "a number"
    if file.names.is_builtin(value, "True", "False"):
        return "a bool"
    if file.names.is_builtin(value, "None"):
        return "None"
    return "a pathlib.Path" if is_path(file, value) else None


def _listed(given: cst.BaseExpression) -> NodeFix | None:
    """The words of a text as a list, and a tuple as one."""
    if isinstance(given, cst.Tuple) and given.elements:
        return NodeFix("make it a list", as_list(given))
    written = text(given)
    if written is None:
        return None
    try:
        words = shlex.split(written)
    except ValueError:  # a quote that is not closed
        return None
    listed = f"[{', '.join(map(literal, words))}]"
    return NodeFix(f"write {listed}", (NodeEdit(given, listed),), safe=len(words) == 1) if words else None


def _as_text(node: cst.BaseExpression, kind: str) -> NodeFix | None:
    """A number in quotes, str(...) around anything else but None."""
    number = node.expression if isinstance(node, cst.UnaryOperation) else node
    if isinstance(number, (cst.Integer, cst.Float)):
        return NodeFix("write text", wrapped(node, '"', '"'))
    return NodeFix("write str(...)", wrapped(node, "str("), safe=kind != "a bool") if kind != "None" else None
