import re

import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.experiment import Experiment, Submission
from nemo_run_lint.nemo.given_name import GivenName
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit, NodeFix, Option, Phase, Reports, Rule
from nemo_run_lint.syntax.calls import keyword

_STYLES = {
    "any": (r"[^A-Za-z0-9_-]", "letters, digits, `_` and `-`"),
    "snake": (r"[^a-z0-9_]", "small letters, digits and `_`"),
    "kebab": (r"[^a-z0-9-]", "small letters, digits and `-`"),
}

#: What the shell reads as something else where SlurmExecutor writes a name into a command without quotes.
_SHELL = re.compile(r"[\s'\"`;()&|<>\\]|\$(?=[\w{(*@#?!$-])")
_SPOKEN = {
    " ": "a space",
    "\t": "a tab",
    "\n": "a line break",
    "`": "a backtick",
    ".": "a dot",
    "/": "a slash",
    ",": "a comma",
}


class NameCharacters(Rule):
    """Names of experiments and tasks are made of letters, digits, `_` and `-`.

    A name becomes a directory, a job id and a part of commands. Other characters are against the team's standard, and
    some of them break the launch (nemo_run 0.11.1). These are errors:

    - On SlurmExecutor a name is written into `mkdir`, `sbatch` and `srun` commands without quotes: at exp.run a space,
      a quote, `$` or a parenthesis breaks them (`UnexpectedExit: Encountered a bad command exit code`), and what
      stands behind a `;` is executed.
    - A slash in the name of a task puts its files where they are not looked for: the state of the job is lost
      (`UNKNOWN`, while it still runs), or on Slurm the script is not found.
    - `[/x]` is taken for markup by the console: `MarkupError` at exp.run.

    Everything else is a warning; a dot, which works and is common in versions, is only pointed out (info). Nothing is
    an error where the experiment is run with `direct=`, or by run.run without an executor: that makes no job.

    Of an f-string, of `"a" + x`, `"%s" % x` and `.format` the literal parts are judged. The setting `style` asks for
    snake_case or kebab-case instead. The fix is unsafe: directories and dependencies may go by the old name.

    Bad:

        def train():
            print("training")

        if __name__ == "__main__":
            with run.Experiment("llama pretraining", executor=run.LocalExecutor()) as exp:
                exp.add(run.Partial(train), name="train/llama")
                exp.run()

    Good:

        def train():
            print("training")

        if __name__ == "__main__":
            with run.Experiment("llama-pretraining", executor=run.LocalExecutor()) as exp:
                exp.add(run.Partial(train), name="train-llama")
                exp.run()
    """

    code = "NRL303"
    fails = Phase.SILENT
    worst = Severity.ERROR
    message = "{what} `{name}` holds {characters}: {why}"
    help = "write only {allowed}"

    style = Option("any", "how names are written", choices=("any", "snake", "kebab"))

    def check(self, name: GivenName, file: File) -> Reports:
        pattern, allowed = _STYLES[self.style]
        bad = list(dict.fromkeys(re.findall(pattern, "".join(name.literals))))
        if not bad:
            return
        breaks = _breaks(name)
        yield self.at(
            name.node,
            fix=_fix(name, pattern, "_" if self.style == "snake" else "-"),
            severity=Severity.ERROR if breaks else Severity.INFO if bad == ["."] else None,
            what=name.what,
            name=name.shown,
            characters=" and ".join(filter(None, [", ".join(map(_spoken, bad[:-1])), _spoken(bad[-1])])),
            why=breaks or f"the team's names are made of {allowed}",
            allowed=allowed,
        )


def _breaks(name: GivenName) -> str | None:
    """What certainly goes wrong with a name when it is launched, or None."""
    launched = [use for use in name.uses if _is_launched(use)]
    if not launched:
        return None
    if any("[/" in part for part in name.literals):
        return "the console takes it for markup and exp.run raises a MarkupError"
    if any("/" in part for part in name.literals) and any(isinstance(use, Submission) for use in launched):
        return "a slash puts the job's files where they are not looked for, and its state is lost"
    if "SlurmExecutor" in name.executors and any(_SHELL.search(part) for part in name.literals):
        return "SlurmExecutor writes it into shell commands without quotes, which breaks the launch"
    return None


def _is_launched(use: Submission | Experiment) -> bool:
    """Whether a job may be made of it, rather than a call in this process, which needs no name."""
    if isinstance(use, Submission) and use.how != "exp.add":
        return use.how == "run.run" and use.executor is not None and keyword(use.node, "direct") is None
    experiment = use.experiment if isinstance(use, Submission) else use
    runs = [call for method, call in experiment.calls if method == "run"] if experiment is not None else []
    return all(keyword(call, "direct") is None for call in runs)


def _fix(name: GivenName, pattern: str, joiner: str) -> NodeFix | None:
    """Another name, which is for a person to accept: directories and dependencies may go by the old one."""
    if isinstance(name.node, cst.FormattedString):
        return _fix_between(name.node, pattern, joiner)
    if not isinstance(name.node, cst.SimpleString) or name.node.prefix or "\\" in name.node.value:
        return None
    joiner = "_" if "_" in name.shown and "-" not in name.shown and joiner == "-" and "_" in pattern[4:] else joiner
    better = re.sub(f"(?:{pattern})+", joiner, name.shown.lower() if "A-Z" not in pattern else name.shown).strip("-_")
    quote = name.node.quote
    return (
        NodeFix(f"name it `{better}`", (NodeEdit(name.node, f"{quote}{better}{quote}"),), safe=False)
        if better
        else None
    )


def _fix_between(node: cst.FormattedString, pattern: str, joiner: str) -> NodeFix | None:
    """An f-string with other characters between what is filled in."""
    parts = [each for each in node.parts if isinstance(each, cst.FormattedStringText)]
    if any("\\" in each.value or "{" in each.value or "}" in each.value for each in parts):
        return None
    edits = []
    for part in parts:
        lower = part.value.lower() if "A-Z" not in pattern else part.value
        better = re.sub(f"(?:{pattern})+", joiner, lower)
        better = better.lstrip("-_") if part is node.parts[0] else better
        better = better.rstrip("-_") if part is node.parts[-1] else better
        edits += [NodeEdit(part, better)] if better != part.value else []
    return NodeFix("write only what is allowed", tuple(edits), safe=False) if edits else None


def _spoken(character: str) -> str:
    return _SPOKEN.get(character) or f"`{character}`"
