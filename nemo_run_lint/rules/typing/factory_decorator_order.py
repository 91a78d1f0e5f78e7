from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.factory import Factory
from nemo_run_lint.nemo.registration import decorator, is_converted_too_late
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit, NodeFix, Phase, Reports, Rule


class FactoryDecoratorOrder(Rule):
    """@run.autoconvert has to stand below @run.cli.factory; above it, the import of the module stops.

    Decorators work from the bottom up. A factory wants what autoconvert makes; the other way round nemo_run 0.11.1
    raises `ValueError: ... has a return type which is not a subclass of Config or Partial`, or, where the type is
    right or `target=` is given, `ValueError: ... requires closure of length 1, not 2`.

    Bad:

        class Model:
            def __init__(self, hidden: int = 8) -> None:
                self.hidden = hidden

        @run.autoconvert
        @run.cli.factory
        def tiny() -> Model:
            return Model(hidden=2)

    Good:

        class Model:
            def __init__(self, hidden: int = 8) -> None:
                self.hidden = hidden

        @run.cli.factory
        @run.autoconvert
        def tiny() -> Model:
            return Model(hidden=2)
    """

    code = "NRL208"
    severity = Severity.ERROR
    fails = Phase.IMPORTED
    message = "`{autoconvert}` stands above `{factory}`, so factory `{name}` cannot be made"
    help = "put `@{autoconvert}` below `@{factory}`"

    def check(self, factory: Factory, file: File) -> Reports:
        above, below = decorator(factory, "autoconvert"), decorator(factory, "cli.factory")
        if above is None or below is None or not is_converted_too_late(factory):
            return
        first, second = file.code(above.decorator), file.code(below.decorator)
        edits = (NodeEdit(above.decorator, second), NodeEdit(below.decorator, first))
        fix = NodeFix("swap the decorators", edits)
        yield self.at(above.decorator, autoconvert=_name(first), factory=_name(second), name=factory.name, fix=fix)


def _name(decorator: str) -> str:
    return decorator.partition("(")[0]
