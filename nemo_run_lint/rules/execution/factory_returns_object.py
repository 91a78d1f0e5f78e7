import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.api import public
from nemo_run_lint.nemo.edits import configured
from nemo_run_lint.nemo.factory import Factory
from nemo_run_lint.nemo.handed_over import certain
from nemo_run_lint.nemo.importing import Spelling
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeFix, Phase, Reports, Rule
from nemo_run_lint.syntax.values import decorated_as


class FactoryReturnsObject(Rule):
    """A factory returns a run.Config of a class, not an object of it.

    NeMo Run does not look at what a factory returns (nemo_run 0.11.1, run). The object is handed to the entrypoint as
    it is: `model=base model.layers=3` ends with "'Model' object has no attribute '__fn_or_cls__'" and status 0, and
    with an executor it may not be saved. Under `@run.autoconvert` the same body is right: there `Model()` becomes a
    run.Config. The fix is unsafe: other callers of the function may want the object.

    Bad:

        class Model:
            def __init__(self, layers=12):
                self.layers = layers

        @run.cli.factory
        def base() -> run.Config[Model]:
            return Model()

    Good:

        class Model:
            def __init__(self, layers=12):
                self.layers = layers

        @run.cli.factory
        def base() -> run.Config[Model]:
            return run.Config(Model)
    """

    code = "NRL647"
    severity = Severity.WARNING
    fails = Phase.SILENT
    message = "the factory `{name}` returns an object of `{model}`, not a run.{kind} of it"
    help = "write `run.{kind}({model}, ...)`, or put `@run.autoconvert` below `@run.cli.factory`"

    def check(self, factory: Factory, file: File) -> Reports:
        returns = factory.node.returns
        promised = returns.annotation if returns is not None else None
        kind = public(file.names.qualified(promised.value)) if isinstance(promised, cst.Subscript) else None
        if not isinstance(promised, cst.Subscript) or kind not in ("Config", "Partial") or _is_converted(file, factory):
            return
        model = file.code(promised.slice[0].slice)
        for statement in file.tree.below(factory.node.body, cst.Return, into_functions=False):
            made = certain(file, statement.value) if statement.value is not None else None
            if isinstance(made, cst.Call) and file.code(made.func) == model and statement.value is not None:
                fix = _fix(file, statement.value, promised)
                yield self.at(statement.value, fix=fix, name=factory.name, model=model, kind=kind)


def _is_converted(file: File, factory: Factory) -> bool:
    """Whether another decorator, such as @run.autoconvert, may change what is returned."""
    paths = [file.names.qualified(getattr(each.decorator, "func", each.decorator)) for each in factory.node.decorators]
    return any(public(path) != "cli.factory" for path in paths) or decorated_as(factory.node, "autoconvert")


def _fix(file: File, value: cst.BaseExpression, promised: cst.Subscript) -> NodeFix | None:
    """`Model(layers=3)` becomes `run.Config(Model, layers=3)`, written as in the return type."""
    if not isinstance(value, cst.Call):
        return None
    kind = Spelling(file.code(promised.value))
    return NodeFix(f"wrap it in {kind.text}", configured(file, value, kind), safe=False)
