import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.edits import literal
from nemo_run_lint.nemo.factory import Factory
from nemo_run_lint.nemo.versions import meant
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit, NodeFix, Phase, Reports, Rule
from nemo_run_lint.syntax.calls import keyword, positional
from nemo_run_lint.syntax.values import Definition, parameters, text


class FactoryTargetArgument(Rule):
    """`target_arg` names a parameter of `target`, so that the factory can be chosen for it.

    Without `target` run.cli.factory stops where it is written: `ValueError: `target_arg` cannot be used without
    specifying a `target`.` (nemo_run 0.11.1). With the name of a parameter that the target does not have, the factory
    is registered in a place where nobody looks.

    The parameters are known only of functions and classes of the same file. The one that was probably meant is an
    unsafe fix.

    Bad:

        class Model: ...

        @run.cli.factory(target_arg="model")
        def base() -> run.Config[Model]:
            return run.Config(Model)

    Good:

        class Model: ...

        def train(model: Model): ...

        @run.cli.factory(target=train, target_arg="model")
        def base() -> run.Config[Model]:
            return run.Config(Model)
    """

    code = "NRL644"
    severity = Severity.ERROR
    fails = Phase.IMPORTED
    message = "`target_arg` {problem}"
    help = "give the function as `target=`, and one of its parameters as `target_arg=`"

    def check(self, factory: Factory, file: File) -> Reports:
        for made in factory.made:
            call = made.decorator if isinstance(made, cst.Decorator) else made
            argument = keyword(call, "target_arg") if isinstance(call, cst.Call) else None
            if not isinstance(call, cst.Call) or argument is None or any(given.star for given in call.args):
                continue
            target = keyword(call, "target") or positional(call, 1)
            if target is None:
                if text(argument) != "" and not file.names.is_builtin(argument, "None"):
                    yield self.at(argument, problem="is given without `target`, which raises a ValueError")
                continue
            name, definition = text(argument), file.values.definition(target)
            known = _parameters(definition) if definition is not None else None
            if name and known is not None and name not in known:
                problem = f"is `{name}`, and `{file.code(target)}` has no such parameter: the factory is never found"
                close = meant(name, known)
                is_literal = isinstance(argument, cst.SimpleString)
                edit = NodeEdit(argument, literal(close or "", argument))
                fix = NodeFix(f"write {close}", (edit,), safe=False) if close and is_literal else None
                yield self.at(argument, fix=fix, problem=problem)


def _parameters(definition: Definition) -> set[str] | None:
    """The parameters' names; None where there may be others."""
    function: cst.CSTNode | None = definition
    if isinstance(definition, cst.ClassDef):
        methods = [each for each in definition.body.body if isinstance(each, cst.FunctionDef)]
        function = next((each for each in methods if each.name.value == "__init__"), None)
    if not isinstance(function, cst.FunctionDef) or function.params.star_kwarg is not None:
        return None
    if any(not isinstance(each.decorator, (cst.Attribute, cst.Call)) for each in function.decorators):
        return None
    return {each.name.value for each in parameters(function)}
