import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.flow.misfits import Misfit
from nemo_run_lint.flow.problems import Wrong
from nemo_run_lint.nemo.buildable import Argument
from nemo_run_lint.nemo.edits import configured
from nemo_run_lint.nemo.importing import spelt_like
from nemo_run_lint.nemo.objects import class_kind, not_converted, object_of
from nemo_run_lint.nemo.saving import SavedValue, local_to, method_of
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeFix, Phase, Reports, Rule


class InstanceArgument(Rule):
    """An object of a class of yours cannot be saved with a task; its run.Config can.

    `exp.add` writes down numbers, text, containers and configs. An object stops it with nemo_run 0.11.1 and
    `UnserializableValueError: Unserializable value ... of type ...`. Only an object of a dataclass is converted to a
    run.Config, and only as a keyword argument of the call of run.Config or run.Partial: not in a list or dict, not by
    position, not assigned later, not for a `**` parameter, and not while another required parameter is missing
    (`nemo_run/config.py`, `_bind_args`).

    Of a class that another module defines, it is a warning, and told only where its bases are all known and none of
    their modules calls `register_node_traverser`. Not reported for classes with bases, decorators or metaclasses that
    cannot be read (NeMo's own objects can be saved), and where the configuration is visibly never saved: run.run
    without an executor, fdl.build.

    The fix is unsafe: the object is made in the job instead of here.

    Bad:

        class Model:
            def __init__(self, hidden=4):
                self.hidden = hidden

        def train(model):
            print(model.hidden)

        with run.Experiment("nightly", executor=run.LocalExecutor()) as exp:
            exp.add(run.Partial(train, model=Model(hidden=8)), name="train")

    Good:

        class Model:
            def __init__(self, hidden=4):
                self.hidden = hidden

        def train(model):
            print(model.hidden)

        with run.Experiment("nightly", executor=run.LocalExecutor()) as exp:
            exp.add(run.Partial(train, model=run.Config(Model, hidden=8)), name="train")
    """

    code = "NRL409"
    severity = Severity.ERROR
    fails = Phase.ADDED
    message = "{what} is an object of `{owner}`, which cannot be saved{why}"
    help = "let the job make it: run.Config({owner}, ...)"

    def check(self, value: SavedValue | Misfit, file: File) -> Reports:
        if isinstance(value, Misfit):
            yield from self._imported(value)
            return
        owner = object_of(file, value.source)
        kind = class_kind(file, owner) if owner is not None else None
        if owner is None or kind is None or (value.is_target and method_of(file, owner, "__call__") is None):
            return
        why: str | None = ""
        if kind == "dataclass" and not value.is_target:
            why = self._why_not_converted(value, file)
        if why is not None:
            fix = _fix(value, file)
            yield self.at(value.written, fix=fix, what=value.what, owner=owner.name.value, why=why)

    def _imported(self, misfit: Misfit) -> Reports:
        """An object of a class of another module: only a warning, since that it can be saved may be said anywhere."""
        problem = misfit.problem
        if problem.wrong is Wrong.INSTANCE:
            what = f"`{problem.name}` of `{problem.detail}`" if problem.name else "what is added"
            yield self.at(
                misfit.node, severity=Severity.WARNING, notes=misfit.notes, what=what, owner=problem.owner, why=""
            )

    def _why_not_converted(self, value: SavedValue, file: File) -> str | None:
        """What keeps a dataclass from being converted to a run.Config; None when it is, or that cannot be told."""
        if value.is_inside:
            return ": a dataclass in a container is not converted"
        argument = next(
            (each for each in value.buildable.arguments if file.tree.inside(value.written, each.node)), None
        )
        if argument is None or not isinstance(argument.node, cst.Arg):
            return ": a dataclass assigned later is not converted"
        if argument.name is None:
            return ": a dataclass given by position is not converted"
        why = not_converted(file, value.buildable, argument.name) or self._beside_class(value, argument, file)
        return f": a dataclass is not converted while {why}" if why else None

    def _beside_class(self, value: SavedValue, argument: Argument, file: File) -> str | None:
        """A dataclass itself, not an object of it, among the keywords: converting it fails, and then nothing is."""
        for other in value.buildable.arguments:
            if other is not argument and other.name is not None and isinstance(other.node, cst.Arg):
                given = file.values.definition(other.value)
                if isinstance(given, cst.ClassDef) and class_kind(file, given) == "dataclass":
                    return f"`{other.name}` is a dataclass itself"
        return None


def _fix(value: SavedValue, file: File) -> NodeFix | None:
    """`Model(hidden=8)` becomes `run.Config(Model, hidden=8)`."""
    made = value.source
    if not isinstance(made, cst.Call) or made is not value.written or value.is_target:
        return None
    definition = file.values.definition(made.func)
    if definition is not None and local_to(file, definition) is not None:
        return None  # local-function-target would say so
    config = spelt_like(file, "Config", value.buildable.node.func)
    if config is None:
        return None
    return NodeFix(f"wrap it in {config.text}", configured(file, made, config), safe=False)
