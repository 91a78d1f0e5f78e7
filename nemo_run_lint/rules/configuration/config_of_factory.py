import libcst as cst

from nemo_run_lint.nemo.api import public
from nemo_run_lint.nemo.buildable import Buildable
from nemo_run_lint.nemo.edits import unwrapped
from nemo_run_lint.nemo.unbuilt import returned_kind
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeFix, Phase, Reports, Rule
from nemo_run_lint.syntax.values import parameters


class ConfigOfFactory(Rule):
    """A run.Config of a function that returns a run.Config is built only once: what comes out is a run.Config.

    Building `run.Config(tiny)` calls `tiny()`, and what that returns is handed on as it is. Where a model is expected
    arrives a run.Config of one, and nothing fails before it is used (executed with nemo_run 0.11.1, also with functions
    under @run.cli.factory and @run.autoconvert). Call the function: it returns the configuration that is wanted.

    Not reported where the config is handed to a parameter that says it takes a run.Config or run.Partial. Calling it is
    an unsafe fix: whoever gets the config may build it, and then build what comes out.

    Bad:

        class Model: ...

        def tiny():
            return run.Config(Model)

        def train(model):
            print(type(model).__name__)

        task = run.Partial(train, model=run.Config(tiny))

    Good:

        class Model: ...

        def tiny():
            return run.Config(Model)

        def train(model):
            print(type(model).__name__)

        task = run.Partial(train, model=tiny())
    """

    code = "NRL429"
    fails = Phase.SILENT
    message = "`{factory}` returns a run.{kind}: this run.Config builds a run.{kind}, not the object"
    help = "call it: `{factory}(...)`"

    def check(self, config: Buildable, file: File) -> Reports:
        if config.kind != "Config" or config.target is None or _is_wanted(file, config):
            return
        factory = file.values.definition(config.target)
        if isinstance(factory, cst.FunctionDef):
            kind = _made(file, factory)
            if kind is not None:
                yield self.at(config.target, fix=_fix(config, file), factory=factory.name.value, kind=kind)


def _made(file: File, factory: cst.FunctionDef) -> str | None:
    """`Config` or `Partial`, if that is certainly what calling a function gives, decorated or not."""
    is_generator = next(file.tree.below(factory.body, cst.Yield, into_functions=False), None) is not None
    if factory.asynchronous or is_generator or file.values.enclosing_class(factory) is not None:
        return None
    kind = returned_kind(file, factory)
    for each in factory.decorators:
        written = each.decorator
        path = public(file.names.qualified(written.func if isinstance(written, cst.Call) else written))
        if path == "autoconvert":
            if isinstance(written, cst.Call) and written.args:  # partial=True, or a conversion of its own
                return None
            kind = "Config"
        elif path != "cli.factory":
            return None
    return kind


def _is_wanted(file: File, config: Buildable) -> bool:
    """Whether it is handed to a parameter of the file whose annotation speaks of configurations."""
    given = file.tree.parent(config.node)
    above = file.tree.parent(given)
    outer = file.at(Buildable, above)
    if not isinstance(given, cst.Arg) or given.keyword is None or outer is None or outer.target is None:
        return False
    called = file.values.definition(outer.target)
    named = parameters(called) if isinstance(called, cst.FunctionDef) else []
    said = [each.annotation for each in named if each.name.value == given.keyword.value and each.annotation is not None]
    words = [name for each in said for name in file.tree.below(each, cst.Name)]
    return any(name.value in ("Config", "Partial", "Buildable") for name in words)


def _fix(config: Buildable, file: File) -> NodeFix | None:
    """`run.Config(tiny, layers=2)` becomes `tiny(layers=2)`."""
    first = config.node.args[0]
    if first.value is not config.target or first.keyword is not None:
        return None
    return NodeFix("call it", unwrapped(file, config.node), safe=False)
