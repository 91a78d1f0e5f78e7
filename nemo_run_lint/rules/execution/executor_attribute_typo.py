from functools import partial

import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.api import EXECUTORS
from nemo_run_lint.nemo.executor import Settings
from nemo_run_lint.nemo.known import known
from nemo_run_lint.nemo.lack import lacking
from nemo_run_lint.nemo.versions import Api, Known, Missing, api, meant
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit, NodeFix, Phase, Reports, Rule


class ExecutorAttributeTypo(Rule):
    """Assigning an attribute that an executor does not have changes nothing, and nothing is said about it.

    Executors are plain dataclasses, so `executor.walltime = "04:00:00"` is accepted; exp.add then copies the fields and
    drops the rest (`Executor.clone` of nemo_run 0.11.1). The job runs without it.

    Reported where the class of the object is certain: made in this file, through variables and functions, or a
    parameter that is annotated with the executor's class. Tunnels, packagers and launchers are judged alike. Names that
    begin with `_`, and attributes that the file reads again somewhere, are left alone.

    Bad:

        import nemo_run as run

        executor = run.SlurmExecutor(account="team", packager=run.Packager())
        executor.walltime = "04:00:00"

        with run.Experiment("nightly", executor=executor) as exp:
            exp.add(run.Script(inline="hostname"), name="hosts")
            exp.dryrun()

    Good:

        import nemo_run as run

        executor = run.SlurmExecutor(account="team", packager=run.Packager())
        executor.time = "04:00:00"

        with run.Experiment("nightly", executor=executor) as exp:
            exp.add(run.Script(inline="hostname"), name="hosts")
            exp.dryrun()
    """

    code = "NRL673"
    severity = Severity.ERROR
    fails = Phase.SILENT
    message = "`{name}` is no field of {kind}{where}: the assignment has no effect on the job"
    help = "{instead}"

    def check(self, target: cst.AssignTarget, file: File) -> Reports:
        attribute = target.target
        if not isinstance(attribute, cst.Attribute) or attribute.attr.value.startswith("_"):
            return
        name = attribute.attr.value
        lack = lacking(file, partial(_missing, file, attribute))
        if lack is None or _is_read(file, name):
            return
        kind = lack.missing.owner.name
        close = meant(name, api(lack.versions[-1]).fields(kind))
        instead = lack.advice(f"did you mean `{close}`?" if close else f"see the fields of run.{kind}")
        corrected = NodeFix(f"write {close}", (NodeEdit(attribute.attr, close),), safe=False) if close else None
        where = f" in nemo_run {lack.where}" if lack.counting else ""
        fix = lack.fix(attribute.attr) or corrected
        yield self.at(attribute.attr, fix=fix, name=name, kind=kind, where=where, instead=instead)


def _missing(file: File, attribute: cst.Attribute, version: Api) -> Missing | None:
    owner = known(file, attribute.value, version)
    if not isinstance(owner, Known) or owner.kind != "object" or not _is_judged(file, owner):
        return None
    found = version.attribute(owner, attribute.attr.value)
    return found if isinstance(found, Missing) else None


def _is_judged(file: File, owner: Known) -> bool:
    return owner.name in EXECUTORS or owner.name in {each.kind for each in file.all(Settings)}


def _is_read(file: File, name: str) -> bool:
    """Whether an attribute of this name is read anywhere: then the assignment has a use, if not for NeMo Run."""
    return any(
        each.attr.value == name and not isinstance(file.tree.parent(each), cst.AssignTarget)
        for each in file.tree.nodes(cst.Attribute)
    )
