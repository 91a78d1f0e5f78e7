import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.edits import literal
from nemo_run_lint.nemo.executor import Settings
from nemo_run_lint.nemo.versions import api
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit, NodeFix, Phase, Reports, Rule
from nemo_run_lint.syntax.values import text

_CONTAINERS = (cst.List, cst.Tuple, cst.Set, cst.ListComp)


class ListForStr(Rule):
    """A list where SlurmExecutor wants text is refused, or written into the batch script as it looks in Python.

    `partition=["a", "b"]` stops exp.run and exp.dryrun with `AssertionError: partition must be str`, `account=[...]`
    with `AttributeError: 'list' object has no attribute 'split'`, and others become `--nodelist='["a", "b"]'`
    (nemo_run 0.11.1). Slurm takes several of them in one text, with commas between.

    Bad:

        import nemo_run as run

        executor = run.SlurmExecutor(account="team", partition=["batch", "backfill"], packager=run.Packager())

        with run.Experiment("nightly", executor=executor) as exp:
            exp.add(run.Script(inline="hostname"), name="hosts")
            exp.dryrun()

    Good:

        import nemo_run as run

        executor = run.SlurmExecutor(account="team", partition="batch,backfill", packager=run.Packager())

        with run.Experiment("nightly", executor=executor) as exp:
            exp.add(run.Script(inline="hostname"), name="hosts")
            exp.dryrun()
    """

    code = "NRL656"
    severity = Severity.ERROR
    fails = Phase.LAUNCHED
    message = "`{field}` of {kind} is given a list, but wants text"
    help = 'write text, with commas if there are several: `{field}="a,b"`'

    def check(self, settings: Settings, file: File) -> Reports:
        if settings.kind != "SlurmExecutor":
            return
        fields = api().fields(settings.kind)
        for setting in settings.given:
            field = fields.get(setting.name)
            wants_text = field is not None and field.annotation in ("str", "Optional[str]")
            if wants_text and isinstance(file.values.value(setting.value), _CONTAINERS):
                fix = _fix(setting.value)
                yield self.at(setting.value, fix=fix, field=setting.name, kind=settings.kind)


def _fix(value: cst.BaseExpression) -> NodeFix | None:
    """The texts of a list that is written here, with commas between."""
    parts = [text(each.value) for each in value.elements] if isinstance(value, (cst.List, cst.Tuple)) else []
    if not parts or any(part is None or "," in part for part in parts):
        return None
    joined = literal(",".join(map(str, parts)))
    return NodeFix(f"write {joined}", (NodeEdit(value, joined, "whole"),))
