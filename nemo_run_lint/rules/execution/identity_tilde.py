import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.edits import wrapped
from nemo_run_lint.nemo.executor import Settings
from nemo_run_lint.nemo.importing import spelling
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeFix, Reports, Rule
from nemo_run_lint.syntax.values import text


class IdentityTilde(Rule):
    """SSHTunnel does not know `~`: a key under `identity="~/.ssh/..."` is not found.

    nemo_run 0.11.1 hands the path to paramiko as it is, which looks for a directory called `~`: `FileNotFoundError`
    when the tunnel connects, at exp.run. In `job_dir` the shell on the cluster reads `~`, but copying files does not;
    it is reported as a warning.

    Bad:

        import nemo_run as run

        tunnel = run.SSHTunnel(host="login", user="ada", job_dir="/scratch/ada", identity="~/.ssh/id_ed25519")

    Good:

        import os

        import nemo_run as run

        identity = os.path.expanduser("~/.ssh/id_ed25519")
        tunnel = run.SSHTunnel(host="login", user="ada", job_dir="/scratch/ada", identity=identity)
    """

    code = "NRL670"
    severity = Severity.ERROR
    message = "SSHTunnel does not expand the `~` in `{field}`"
    help = "{instead}"

    def check(self, settings: Settings, file: File) -> Reports:
        for setting in settings.given if settings.kind == "SSHTunnel" else ():
            written = text(file.values.value(setting.value)) or ""
            if setting.name == "identity" and written.startswith("~"):
                code = file.code(setting.value)
                fix = _fix(file, setting.value)
                yield self.at(setting.value, fix=fix, field="identity", instead=f"write `os.path.expanduser({code})`")
            elif setting.name == "job_dir" and written.startswith("~"):
                instead = "write the whole path on the cluster"
                yield self.at(setting.value, severity=Severity.WARNING, field="job_dir", instead=instead)


def _fix(file: File, identity: cst.BaseExpression) -> NodeFix | None:
    expand = spelling(file, "os.path.expanduser", identity, by_module=True)
    if expand is None:
        return None
    return NodeFix(f"wrap it in {expand.text}", (*wrapped(identity, f"{expand.text}("), *expand.edits))
