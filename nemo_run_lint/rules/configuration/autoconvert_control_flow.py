import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.autoconvert import Autoconverted
from nemo_run_lint.project import File
from nemo_run_lint.rule import Phase, Reports, Rule

_REFUSED: dict[type[cst.CSTNode], str] = {
    cst.If: "an `if`",
    cst.IfExp: "`... if ... else ...`",
    cst.For: "a `for` loop",
    cst.While: "a `while` loop",
    cst.ListComp: "a list comprehension",
    cst.SetComp: "a set comprehension",
    cst.DictComp: "a dict comprehension",
    cst.GeneratorExp: "a generator expression",
    cst.Try: "a `try`",
    cst.TryStar: "a `try`",
    cst.With: "a `with`",
    cst.Raise: "a `raise`",
    cst.Yield: "a `yield`",
}


class AutoconvertControlFlow(Rule):
    """The body of a function under @run.autoconvert is rewritten, and branches, loops and comprehensions cannot be.

    nemo_run 0.11.1 stops when the function is called: `UnsupportedLanguageConstructError: Control flow (If) is
    unsupported by auto_config`. `match`, `assert`, `and`, `or` are allowed. A plain function that returns
    run.Config(...) itself may do anything.

    Bad:

        class Model:
            def __init__(self, hidden): ...

        @run.autoconvert
        def model(large: bool = False) -> Model:
            if large:
                return Model(hidden=4096)
            return Model(hidden=64)

        model()

    Good:

        class Model:
            def __init__(self, hidden): ...

        def model(large: bool = False) -> run.Config[Model]:
            if large:
                return run.Config(Model, hidden=4096)
            return run.Config(Model, hidden=64)

        model()
    """

    code = "NRL420"
    severity = Severity.ERROR
    fails = Phase.CONFIGURED
    message = "{construct} cannot be used under @run.autoconvert: `{function}` fails when it is called"
    help = "leave @run.autoconvert out and return run.Config(...) yourself"

    def check(self, function: Autoconverted, file: File) -> Reports:
        for node in file.tree.below(function.node.body, *_REFUSED, into_functions=False):
            inside = next(each for each in file.tree.ancestors(node) if isinstance(each, (*_REFUSED, cst.FunctionDef)))
            if inside is function.node:  # one in another is the same mistake
                yield self.at(node, construct=_REFUSED[type(node)], function=function.node.name.value)
