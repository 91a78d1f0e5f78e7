import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.edits import wrapped
from nemo_run_lint.nemo.executor import Settings
from nemo_run_lint.nemo.versions import api
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeFix, Phase, Reports, Rule
from nemo_run_lint.syntax.values import text


class StrForList(Rule):
    """Text where an executor wants a list is taken apart into its characters.

    Nothing checks it: `srun_args="--mpi=pmix"` reaches srun as `- - m p i = p m i x`, `container_env="FOO"` as
    `F,O,O` (nemo_run 0.11.1), and `container_mounts="/a:/b"` as nine mounts. What wants a list is read from the fields
    of nemo_run's own classes. The fix is unsafe for a text with blanks, which may hold several elements.

    Bad:

        import nemo_run as run

        executor = run.SlurmExecutor(account="team", packager=run.Packager(), srun_args="--mpi=pmix")

        with run.Experiment("nightly", executor=executor) as exp:
            exp.add(run.Script(inline="hostname"), name="hosts")
            exp.dryrun()

    Good:

        import nemo_run as run

        executor = run.SlurmExecutor(account="team", packager=run.Packager(), srun_args=["--mpi=pmix"])

        with run.Experiment("nightly", executor=executor) as exp:
            exp.add(run.Script(inline="hostname"), name="hosts")
            exp.dryrun()
    """

    code = "NRL655"
    severity = Severity.ERROR
    fails = Phase.SILENT
    message = "`{field}` of {kind} is given text, which is taken apart into characters"
    help = "write a list: `{instead}`"

    def check(self, settings: Settings, file: File) -> Reports:
        fields = api().fields(settings.kind)
        for setting in settings.given:
            field = fields.get(setting.name)
            if field is None or field.annotation.removeprefix("Optional[").partition("[")[0] != "list":
                continue
            if "|" in field.annotation or not _is_text(file, setting.value):
                continue
            written = file.code(setting.value)
            has_blank = " " in (text(file.values.value(setting.value)) or "")
            fix = NodeFix("write a list", wrapped(setting.value, "[", "]"), safe=not has_blank)
            yield self.at(setting.value, fix=fix, field=setting.name, kind=settings.kind, instead=f"[{written}]")


def _is_text(file: File, node: cst.CSTNode) -> bool:
    value = file.values.value(node)
    return isinstance(value, cst.FormattedString) or bool(text(value))
