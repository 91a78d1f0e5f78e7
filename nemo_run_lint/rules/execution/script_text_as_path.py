import re

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.script import Script
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit, NodeFix, Phase, Reports, Rule

#: What commands begin with, so that a path behind it is an argument.
_PROGRAMS = "bash sh zsh source . python python3 torchrun srun mpirun accelerate uv exec sudo cat cp mv rm ls".split()


class ScriptTextAsPath(Rule):
    """The first argument of run.Script is the path of a file, not a command.

    `run.Script("python train.py --lr=3e-4")` makes the job run `bash "python train.py --lr=3e-4"`: no such file, and
    the job FAILS (nemo_run 0.11.1; the line is in NeMo Run's own documentation). A command is given as `inline=`, a
    file with arguments as `path=`, `args=` and `entrypoint=`.

    Reported for literal paths with a blank, a line break, or a sign of the shell. What may be one path with a blank in
    it (`"/my data/run.sh"`) is left alone. `inline=` is an unsafe fix: the file may be there under such a name.

    Bad:

        import nemo_run as run

        script = run.Script("echo hello")

        with run.Experiment("nightly", executor=run.LocalExecutor()) as exp:
            exp.add(script, name="script")
            exp.run()

    Good:

        import nemo_run as run

        script = run.Script(inline="echo hello")

        with run.Experiment("nightly", executor=run.LocalExecutor()) as exp:
            exp.add(script, name="script")
            exp.run()
    """

    code = "NRL674"
    severity = Severity.ERROR
    fails = Phase.JOB
    message = "run.Script takes `{text}` as the path of a file, which the job will not find"
    help = "write `inline=` for a command, or path, `args=[...]` and `entrypoint=` for a file with arguments"

    def check(self, script: Script, file: File) -> Reports:
        path = script.text("path")
        if path is None or script.has_inline or not _is_command(path):
            return
        given = script.given["path"]
        fix = None
        if script.runs_in == "shell" and all(each is given or each.keyword is not None for each in script.node.args):
            edit = (
                NodeEdit(given.keyword, "inline")
                if given.keyword is not None
                else NodeEdit(given.value, "inline=", "before")
            )
            fix = NodeFix("write inline=", (edit,), safe=False)
        yield self.at(given.value, fix=fix, text=path.strip().splitlines()[0])


def _is_command(path: str) -> bool:
    written = re.sub(r"<[\w -]+>", "x", path.strip())  # a placeholder
    if re.search(r"[\n;|&<>]", written):
        return True
    words = written.split()
    is_one_path = "/" in written and words[-1:] and re.search(r"\w\.\w+$", words[-1]) and words[0] not in _PROGRAMS
    return len(words) > 1 and (not is_one_path or any(word.startswith("-") for word in words))
