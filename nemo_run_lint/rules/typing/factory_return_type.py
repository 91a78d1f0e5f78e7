from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.annotation import postpones
from nemo_run_lint.nemo.evident_type import configured_type
from nemo_run_lint.nemo.factory import Factory
from nemo_run_lint.nemo.registration import refused_return, registrations
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit, NodeFix, Phase, Reports, Rule


class FactoryReturnType(Rule):
    """A factory is registered under its return type, and stops the import when that is not a configuration.

    nemo_run 0.11.1 (`cli/api.py`) wants `run.Config[T]` or `run.Partial[T]`. Without a return type it raises
    `TypeError: Missing return type annotation`; with the class itself, a bare run.Config, a list or None,
    `ValueError: ... has a return type which is not a subclass of Config or Partial`; with Optional or Union,
    `TypeError: issubclass() arg 1 must be a class`; with a type in quotes, mostly NameError.

    Silent where the type is not asked: with `target=`; under @run.autoconvert (below the factory) for a plain class;
    under decorators that cannot be seen through; and for imported names that may be aliases of run.Config[...].

    Bad:

        class Model:
            def __init__(self, hidden: int = 8) -> None:
                self.hidden = hidden

        @run.cli.factory
        def tiny() -> Model:
            return run.Config(Model, hidden=2)

    Good:

        class Model:
            def __init__(self, hidden: int = 8) -> None:
                self.hidden = hidden

        @run.cli.factory
        def tiny() -> run.Config[Model]:
            return run.Config(Model, hidden=2)
    """

    code = "NRL207"
    severity = Severity.ERROR
    fails = Phase.IMPORTED
    message = "factory `{name}` cannot be registered: {reason}"
    help = "write `-> run.Config[...]` or `-> run.Partial[...]`, or say what it is for with `target=`"

    def check(self, factory: Factory, file: File) -> Reports:
        returns = factory.node.returns
        for registration in registrations(factory):
            if returns is None:
                fix = _fix(factory, file)
                yield self.at(factory.node.name, fix=fix, name=factory.name, reason="it has no return type")
            elif postpones(file) is None:
                reason = refused_return(file, returns.annotation, registration.converted)
                if reason is not None:
                    fix = _fix(factory, file) if not registration.converted else None
                    yield self.at(returns.annotation, fix=fix, name=factory.name, reason=reason)


def _fix(factory: Factory, file: File) -> NodeFix | None:
    """The type that its returns show: all of them make a run.Config of one class."""
    found, returns = configured_type(file, factory.node), factory.node.returns
    if found is None or any(each.converted for each in registrations(factory)):
        return None
    if returns is None:
        edit = NodeEdit(factory.node, f" -> {found[0]}", "behind the parameters")
    else:
        edit = NodeEdit(returns.annotation, found[0])
    return NodeFix(f"write `-> {found[0]}`", (edit, *found[1].edits))
