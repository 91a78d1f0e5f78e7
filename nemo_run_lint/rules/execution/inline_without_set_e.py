import re

import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.script import Script, commands
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit, NodeFix, Phase, Reports, Rule

_SET = re.compile(r"^(?:set|bash|#!).*(?:\s-\w*e|errexit)")
_PIPE = re.compile(r"(?<!\|)\|(?!\|)")


class InlineWithoutSetE(Rule):
    r"""A shell script goes on after a command that failed, and the job is SUCCEEDED if only the last one worked.

    bash, which runs `inline=` of run.Script (nemo_run 0.11.1), stops at a failure only after `set -e`; and a pipeline
    fails only by its last command unless `set -o pipefail` is set as well. A script that says `set -e` and then has a
    pipeline is reported as a warning: it wants failures to count.

    Not reported for a single command, for commands joined by `&&`, or before `|| true`; texts with heredocs or
    functions are left alone. The fix is unsafe: a command that may fail, or a variable that is not set, ends the
    script.

    Bad:

        import nemo_run as run

        script = run.Script(inline="ls no-such-file\nls /")

        with run.Experiment("nightly", executor=run.LocalExecutor()) as exp:
            exp.add(script, name="script")
            exp.run()

    Good:

        import nemo_run as run

        script = run.Script(inline="set -euo pipefail\nls no-such-file\nls /")

        with run.Experiment("nightly", executor=run.LocalExecutor()) as exp:
            exp.add(script, name="script")
            exp.run()
    """

    code = "NRL682"
    severity = Severity.INFO
    fails = Phase.SILENT
    message = "{problem}, and the job is SUCCEEDED"
    help = "begin the text with `set -euo pipefail`"

    def check(self, script: Script, file: File) -> Reports:
        written = script.text("inline")
        if written is None or script.runs_in != "shell":
            return
        lines = commands(written)
        steps = [line for line in lines if not re.match(r"(?:set|export|echo|cd|env|source|\.|#)\b", line)]
        given = script.given["inline"].value
        if any(_SET.search(line) for line in lines):
            piped = [line for line in steps if _PIPE.search(_unquoted(line)) and "|| true" not in line]
            if piped and "pipefail" not in written:
                problem = f"`set -e` does not see a failure before the last `|` of `{piped[0]}`"
                fix = _fix(given, "set -o pipefail")
                yield self.at(given, fix=fix, severity=Severity.WARNING, problem=problem)
        elif len(steps) > 1 and not any(re.match(r"(?:if|for|while|case)\b", line) for line in steps):
            problem = f"a failure of `{steps[0]}` does not stop this script"
            yield self.at(given, fix=_fix(given, "set -euo pipefail"), problem=problem)


def _unquoted(line: str) -> str:
    return re.sub(r"'[^']*'|\"[^\"]*\"", "", line)


def _fix(given: cst.BaseExpression, line: str) -> NodeFix | None:
    """The line at the beginning of the text, behind its first line if that names the shell."""
    if not isinstance(given, cst.SimpleString) or given.raw_value.lstrip().startswith("#!"):
        return None
    if len(given.quote) == 3:
        margin = re.match(r"\s*?\n([ \t]*)", given.raw_value)
        begins = f"\n{margin[1]}{line}" if margin is not None else f"{line}\n"
    elif "r" in given.prefix.lower():
        return None
    else:
        begins = f"{line}\\n"
    text = f"{given.prefix}{given.quote}{begins}{given.raw_value}{given.quote}"
    return NodeFix(f"begin with `{line}`", (NodeEdit(given, text),), safe=False)
