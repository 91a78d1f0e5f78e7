import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.autoconvert import Autoconverted
from nemo_run_lint.project import File
from nemo_run_lint.rule import Phase, Reports, Rule


class AutoconvertDefinition(Rule):
    """A function under @run.autoconvert cannot define functions, classes or lambdas, nor be async itself.

    nemo_run 0.11.1 stops when the function is called: `UnsupportedLanguageConstructError: Lambda definitions are not
    supported by auto_config`, and likewise for nested functions, classes and async functions.

    Bad:

        class Model:
            def __init__(self, schedule): ...

        @run.autoconvert
        def model() -> Model:
            return Model(schedule=lambda step: 0.1)

        model()

    Good:

        class Model:
            def __init__(self, schedule): ...

        def constant(step):
            return 0.1

        @run.autoconvert
        def model() -> Model:
            return Model(schedule=constant)

        model()
    """

    code = "NRL421"
    severity = Severity.ERROR
    fails = Phase.CONFIGURED
    message = "{construct} cannot stand under @run.autoconvert: `{function}` fails when it is called"
    help = "define it at module level"

    def check(self, function: Autoconverted, file: File) -> Reports:
        name = function.node.name.value
        if function.node.asynchronous:
            yield self.at(function.node.name, construct="an async function", function=name)
        body = function.node.body
        for node in file.tree.below(body, cst.Lambda, into_functions=False):
            yield self.at(node, construct="a lambda", function=name)
        for inner in file.tree.below(body, cst.FunctionDef, into_functions=False):
            yield self.at(inner.name, construct=f"a nested function (`{inner.name.value}`)", function=name)
        for local in file.tree.below(body, cst.ClassDef, into_functions=False):
            yield self.at(local.name, construct=f"a class (`{local.name.value}`)", function=name)
