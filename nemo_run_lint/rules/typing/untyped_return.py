from nemo_run_lint.nemo.evident_type import returned_type
from nemo_run_lint.nemo.factory import Factory
from nemo_run_lint.nemo.registration import registrations
from nemo_run_lint.nemo.roles import AnyFunction
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit, NodeFix, Reports, Rule


class UntypedReturn(Rule):
    """Every task, factory, entrypoint and experiment builder says what it returns, `-> None` included.

    Tests are not asked. A factory that cannot even be registered without a return type is reported by
    factory-return-type instead.

    `-> None` where nothing is returned is a safe fix. Another type is read from what is returned, if that is a literal
    or a run.Config of a class, and is unsafe: more may be meant than is seen.

    Bad:

        def train(steps: int):
            print(steps)

        task = run.Partial(train, steps=100)

    Good:

        def train(steps: int) -> None:
            print(steps)

        task = run.Partial(train, steps=100)
    """

    code = "NRL202"
    message = "{role} `{name}` does not say what it returns"
    help = "write the return type: `-> None`, `-> dict[str, float]`, `-> run.Config[Model]`"

    def check(self, function: AnyFunction, file: File) -> Reports:
        if function.node.returns is not None or function.is_test:
            return
        if not (isinstance(function, Factory) and any(registrations(function))):
            yield self.at(function.node.name, role=function.role, name=function.name, fix=_fix(function, file))


def _fix(function: AnyFunction, file: File) -> NodeFix | None:
    """The type that all its returns have; safe where it returns nothing, since that cannot be read in another way."""
    kind = returned_type(file, function.node)
    if kind is None:
        return None
    edit = NodeEdit(function.node, f" -> {kind}", "behind the parameters")
    return NodeFix(f"write `-> {kind}`", (edit,), safe=kind == "None")
