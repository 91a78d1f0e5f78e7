from functools import partial

import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.buildable import Buildable
from nemo_run_lint.nemo.known import apis, is_asked_for, is_assigned, is_guarded, known
from nemo_run_lint.nemo.lack import Lack, lacking
from nemo_run_lint.nemo.replacements import OF_CONFIG, replacement, same_under
from nemo_run_lint.nemo.versions import Api, Known, Missing
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit, NodeFix, Phase, Reports, Rule
from nemo_run_lint.syntax.values import parameters

#: The classes whose attributes are the parameters of their target.
_CONFIGS = frozenset({"Config", "Partial"})


class UnknownMethod(Rule):
    """A method or attribute that an experiment, an executor or a config does not have raises AttributeError.

    `exp.add_task`, `exp.launch` and `exp.submit` exist in no release of NeMo Run. The attributes of a run.Config are
    the parameters of its target, so `config.build()` asks for a parameter `build`: nemo_run 0.11.1 answers `No
    parameter 'build' has been set on <Config[...]>`.

    Of a config whose target cannot be seen, an attribute that is read and not called is a warning: the target may have
    a parameter of that name.

    Reported where the object is certainly one of nemo_run's: made in this file, through variables, functions and
    `with ... as exp`, or annotated so. Of configs only names that other libraries use for such methods are reported,
    and not when the target, if it can be seen, has a parameter of that name. Not reported behind hasattr or in a `try`
    that catches AttributeError, and where the file assigns the attribute. The method that does the same, or is nearly
    called the same, is an unsafe fix: it may want other arguments.

    Bad:

        import nemo_run as run

        def train(): ...

        with run.Experiment("nightly") as exp:
            exp.add_task(run.Partial(train), name="train")

    Good:

        import nemo_run as run

        def train(): ...

        with run.Experiment("nightly") as exp:
            exp.add(run.Partial(train), name="train")
    """

    code = "NRL703"
    severity = Severity.ERROR
    fails = Phase.ADDED
    message = "{owner} has no `{name}` in nemo_run {version}"
    help = "{instead}"

    def check(self, attribute: cst.Attribute, file: File) -> Reports:
        if isinstance(file.tree.parent(attribute), (cst.AssignTarget, cst.AnnAssign, cst.Del)):
            return
        name = attribute.attr.value
        lack = lacking(file, partial(_missing, file, attribute))
        if lack is None or is_guarded(file, attribute) or is_asked_for(file, name) or is_assigned(file, name):
            return
        owner = lack.missing.owner
        is_config = owner.name in _CONFIGS
        yield self.at(
            attribute.attr,
            fix=lack.fix(attribute.attr) or (None if is_config else _corrected(attribute, lack, apis(file))),
            severity=Severity.WARNING if is_config and _may_be_one(file, attribute) else None,
            owner=f"a run.{owner.name}" if owner.kind == "object" else f"the method `{owner.name}`",
            name=name,
            version=lack.where,
            instead=OF_CONFIG.get(name, "") if is_config else lack.advice(replacement(lack.missing, apis(file)[-1])),
        )


def _missing(file: File, attribute: cst.Attribute, version: Api) -> Missing | None:
    owner = known(file, attribute.value, version)
    if not isinstance(owner, Known) or owner.kind not in ("object", "method"):
        return None
    if owner.name in _CONFIGS:
        is_missing = owner.kind == "object" and _is_no_parameter(file, attribute)
        return Missing(owner, attribute.attr.value) if is_missing else None
    found = version.attribute(owner, attribute.attr.value)
    return found if isinstance(found, Missing) else None


def _is_no_parameter(file: File, attribute: cst.Attribute) -> bool:
    """Whether a config's target certainly, or most likely, has no parameter that is called like this."""
    name = attribute.attr.value
    if name not in OF_CONFIG:
        return False
    calls = list(file.values.sources(attribute.value))
    configs = [each for each in file.all(Buildable) if each.node in calls]
    if any(given.name == name for config in configs for given in config.arguments):
        return False
    for config in configs:
        target = file.values.definition(config.target) if config.target is not None else None
        if isinstance(target, cst.ClassDef):
            made = file.values.attribute(target, "__init__")
            target = made[0] if len(made) == 1 and isinstance(made[0], cst.FunctionDef) else None
            if target is None:
                return False
        if isinstance(target, cst.FunctionDef) and _takes(target, name):
            return False
    return bool(configs)


def _may_be_one(file: File, attribute: cst.Attribute) -> bool:
    """Whether the target of a config cannot be seen, and may have a parameter that is called like this."""
    made = [file.at(Buildable, source) for source in file.values.sources(attribute.value)]
    found = [each for each in made if each is not None]
    if all(each.target is not None and file.values.definition(each.target) is not None for each in found):
        return False
    call = file.tree.parent(attribute)
    return not (isinstance(call, cst.Call) and call.func is attribute)


def _takes(function: cst.FunctionDef, name: str) -> bool:
    return function.params.star_kwarg is not None or name in {each.name.value for each in parameters(function)}


def _corrected(attribute: cst.Attribute, lack: Lack, versions: tuple[Api, ...]) -> NodeFix | None:
    """What all versions that count call it."""
    names = {same_under(lack.missing, version) for version in versions}
    name = names.pop() if len(names) == 1 else None
    return NodeFix(f"write {name}", (NodeEdit(attribute.attr, name),), safe=False) if name is not None else None
