import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.edits import wrapped
from nemo_run_lint.nemo.environment import EnvironmentVariable, as_shell_reads
from nemo_run_lint.nemo.importing import spelling
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit, NodeFix, Phase, Reports, Rule
from nemo_run_lint.syntax.values import text

#: What writes `export NAME=value` into a shell script without quotes (nemo_run 0.11.1).
_SHELL = ("SlurmExecutor", "KubeflowExecutor")


class EnvNeedsQuoting(Rule):
    """SlurmExecutor and KubeflowExecutor write environment variables into a shell script without quotes.

    The script of nemo_run 0.11.1 says `export NAME=value`, with the value as it is. A blank ends the value, `;` and `&`
    run what follows as a command on the cluster, a parenthesis makes the whole script a syntax error, and the quotes
    of JSON are taken away. `$NAME` and `$(command)` are read by the shell, which may be meant.

    Values that hold their own quotes, such as `"'a b'"`, are fine. Only literal values are judged. The fix is unsafe:
    what the shell makes of it may be meant.

    Bad:

        import nemo_run as run

        env_vars = {"NOTE": "first try; see wiki"}
        executor = run.SlurmExecutor(account="team", packager=run.Packager(), env_vars=env_vars)

        with run.Experiment("nightly", executor=executor) as exp:
            exp.add(run.Script(inline="echo note: $NOTE"), name="note")
            exp.run()

    Good:

        import nemo_run as run

        env_vars = {"NOTE": "'first try; see wiki'"}
        executor = run.SlurmExecutor(account="team", packager=run.Packager(), env_vars=env_vars)

        with run.Experiment("nightly", executor=executor) as exp:
            exp.add(run.Script(inline="echo note: $NOTE"), name="note")
            exp.run()
    """

    code = "NRL652"
    severity = Severity.ERROR
    fails = Phase.SILENT
    message = "{owner} writes {variable} into a shell script without quotes: {effect}"
    help = "put quotes into the value: `{instead}`"

    def check(self, variable: EnvironmentVariable, file: File) -> Reports:
        value = text(file.values.value(variable.value)) if variable.owner in _SHELL else None
        effect = as_shell_reads(value) if value is not None else None
        if effect is None or value is None:
            return
        can_quote = text(variable.value) is not None and "'" not in value and "\n" not in value
        instead = (
            f"\"'{value}'\"" if '"' not in value and "\\" not in value else f"shlex.quote({file.code(variable.value)})"
        )
        fix = _fix(file, variable.value, instead if can_quote and "(" not in instead else None)
        at = variable.value
        yield self.at(at, fix=fix, owner=variable.owner, variable=variable.shown, effect=effect, instead=instead)


def _fix(file: File, value: cst.BaseExpression, quoted: str | None) -> NodeFix | None:
    """The text in quotes of its own, or shlex.quote around it."""
    if quoted is not None:
        return NodeFix("quote it", (NodeEdit(value, quoted),), safe=False)
    quote = spelling(file, "shlex.quote", value, by_module=True)
    if quote is None:
        return None
    return NodeFix(f"wrap it in {quote.text}", (*wrapped(value, f"{quote.text}("), *quote.edits), safe=False)
