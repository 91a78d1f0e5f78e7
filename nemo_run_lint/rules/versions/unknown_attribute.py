from functools import partial

import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.known import apis, is_asked_for, is_assigned, is_evaluated, is_guarded, known
from nemo_run_lint.nemo.lack import Lack, lacking
from nemo_run_lint.nemo.replacements import replacement, same_under
from nemo_run_lint.nemo.versions import Api, Known, Missing
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit, NodeFix, Phase, Reports, Rule


class UnknownAttribute(Rule):
    """A name that NeMo Run does not have raises AttributeError where it is written.

    `run.Task`, `run.submit` and `run.get_logs` are in tutorials and generated code, and in no release of NeMo Run.
    As an annotation such a name fails too, when the function is defined. A submodule is read as an attribute of what
    `nemo_run` exports: `nemo_run.run` is the function, so `nemo_run.run.experiment` does not exist, although
    `from nemo_run.run.experiment import Experiment` works.

    The names are those of every release of nemo_run that the project uses, or of 0.11.1. Not reported in a `try` that
    catches AttributeError or ImportError, behind hasattr or a check of the version, where the file assigns the name
    itself, and in annotations that are never evaluated (in quotes, under `from __future__ import annotations`, of local
    variables). What a release has renamed is a safe fix, a name that is nearly the same an unsafe one.

    Bad:

        import nemo_run as run

        def train(): ...

        task = run.Task("train", run.Partial(train))

    Good:

        import nemo_run as run

        def train(): ...

        with run.Experiment("nightly") as exp:
            exp.add(run.Partial(train), name="train")
    """

    code = "NRL701"
    severity = Severity.ERROR
    fails = Phase.CONFIGURED
    message = "`{owner}.{name}` does not exist in nemo_run {version}"
    help = "{instead}"

    def check(self, attribute: cst.Attribute, file: File) -> Reports:
        lack = lacking(file, partial(_missing, file, attribute))
        name = attribute.attr.value
        if lack is None or is_assigned(file, name):
            return
        if file.tree.enclosing(attribute, cst.Import, cst.ImportFrom) is not None:
            return
        if is_evaluated(file, attribute) and not is_guarded(file, attribute) and not is_asked_for(file, name):
            shown, instead = file.code(attribute.value), lack.advice(replacement(lack.missing, apis(file)[-1]))
            fix = lack.fix(attribute.attr) or _corrected(attribute, lack, apis(file))
            yield self.at(attribute.attr, fix=fix, owner=shown, name=name, version=lack.where, instead=instead)


def _missing(file: File, attribute: cst.Attribute, version: Api) -> Missing | None:
    owner = known(file, attribute.value, version)
    if not isinstance(owner, Known) or owner.kind not in ("module", "class", "function"):
        return None
    found = version.attribute(owner, attribute.attr.value)
    return found if isinstance(found, Missing) else None


def _corrected(attribute: cst.Attribute, lack: Lack, versions: tuple[Api, ...]) -> NodeFix | None:
    """What all versions that count call it."""
    names = {same_under(lack.missing, version) for version in versions}
    name = names.pop() if len(names) == 1 else None
    return NodeFix(f"write {name}", (NodeEdit(attribute.attr, name),), safe=False) if name is not None else None
