import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.flow.misfits import Misfit
from nemo_run_lint.flow.problems import Wrong
from nemo_run_lint.nemo.buildable import Buildable
from nemo_run_lint.nemo.edits import bare_arguments, spread
from nemo_run_lint.nemo.objects import class_kind, object_of
from nemo_run_lint.nemo.saving import bases_in_file, is_narrowed, is_plain, local_to
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeFix, Phase, Reports, Rule

_LITERALS = (cst.SimpleString, cst.ConcatenatedString, cst.FormattedString, cst.Integer, cst.Float, cst.List, cst.Tuple)


class ConfigTarget(Rule):
    """The first argument of run.Config and run.Partial is a function or a class, nothing else.

    Text, numbers, None, objects that cannot be called and the result of calling a function that returns nothing stop
    nemo_run 0.11.1 right where it is written with `TypeError: ... is not a callable object`; another run.Config or
    run.Partial with `ValueError: Using the Buildable constructor to convert a buildable to a new type or to override
    arguments is forbidden`; a missing one with `TypeError: ... missing 1 required positional argument: 'fn_or_cls'`.

    Not reported in tests, which may want the exception. The fix, for what was called before, is unsafe: what it does
    happens when the configuration is built.

    Bad:

        def train(steps=10):
            print(steps)

        task = run.Partial(train(steps=20))

    Good:

        def train(steps=10):
            print(steps)

        task = run.Partial(train, steps=20)
    """

    code = "NRL412"
    severity = Severity.ERROR
    fails = Phase.CONFIGURED
    message = "the target of run.{kind} is {problem}, not a function or class"
    help = "pass the function or class itself, and its arguments after it"

    def check(self, buildable: Buildable | Misfit, file: File) -> Reports:
        if file.in_test(buildable.node):
            return
        if isinstance(buildable, Misfit):
            if buildable.wrong is Wrong.TARGET:
                kind, problem = buildable.problem.owner.removeprefix("run."), buildable.problem.detail
                yield self.at(buildable.node, notes=buildable.notes, kind=kind, problem=problem)
        elif not buildable.node.args:
            yield self.at(buildable.node, kind=buildable.kind, problem="missing")
        elif buildable.target is not None and not is_narrowed(file, buildable.target):
            sources = list(file.values.sources(buildable.target))
            wrong = _problem(file, buildable, sources[0]) if len(sources) == 1 else None
            if wrong is not None:
                yield self.at(buildable.target, fix=_fix(file, buildable), kind=buildable.kind, problem=wrong)


def _problem(file: File, buildable: Buildable, target: cst.CSTNode) -> str | None:
    """What the target is, if it certainly cannot be one."""
    if isinstance(target, _LITERALS):
        return f"`{file.code(target)}`"
    if isinstance(target, cst.Dict) and (target.elements or buildable.kind == "Partial"):
        return "a dict"
    if isinstance(target, cst.Name) and target.value in ("None", "True", "False"):
        return target.value
    if not isinstance(target, cst.Call):
        return None
    made = file.at(Buildable, target)
    inner = made.kind if made is not None else None
    if inner is not None:
        return f"a run.{inner}"
    owner = object_of(file, target)
    if owner is not None:
        classes = (owner, *bases_in_file(file, owner))
        callable_ = any("__call__" in file.names.scope(each).bindings for each in classes)
        return f"an object of `{owner.name.value}`" if class_kind(file, owner) and not callable_ else None
    function = file.values.definition(target.func)
    if isinstance(function, cst.FunctionDef) and _returns_nothing(file, function):
        return f"the result of calling `{function.name.value}`, which returns nothing"
    return None


def _returns_nothing(file: File, function: cst.FunctionDef) -> bool:
    returns = file.tree.below(function.body, cst.Return, into_functions=False)
    yields = file.tree.below(function.body, cst.Yield, into_functions=False)
    given = any(each.value is not None for each in returns) or any(yields)
    return not given and not function.asynchronous and is_plain(file, function)


def _fix(file: File, buildable: Buildable) -> NodeFix | None:
    """`run.Partial(train(steps=20))` becomes `run.Partial(train, steps=20)`; of a config in a config one is left."""
    target, outer = buildable.target, buildable.node
    if not isinstance(target, cst.Call) or outer.args[0].value is not target or target.lpar:
        return None
    definition = file.values.definition(target.func)
    if definition is not None and local_to(file, definition) is not None:
        return None  # local-function-target would say so
    others = outer.args[1:]
    clashes = {given.keyword.value for given in target.args if given.keyword is not None} & {
        given.keyword.value for given in others if given.keyword is not None
    }
    ends_open = any(given.star or given.keyword is not None for given in target.args)
    if clashes or (ends_open and any(given.keyword is None for given in others)):
        return None
    is_config = file.at(Buildable, target) is not None
    if is_config:
        return NodeFix("leave one of them", bare_arguments(target), safe=False) if target.args else None
    return NodeFix("pass it and its arguments", spread(file, target), safe=False)
