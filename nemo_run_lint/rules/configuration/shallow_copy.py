import libcst as cst

from nemo_run_lint.nemo.unbuilt import buildable_of, executor_of
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit, NodeFix, Phase, Reports, Rule
from nemo_run_lint.syntax.calls import keyword, positional


class ShallowCopy(Rule):
    """A shallow copy shares what the original holds: nested configs, the executor's env_vars.

    copy.copy of a run.Partial is a new task with the same run.Config objects in it, so `copied.model.hidden = 8`
    changes the original as well; copy.copy and dataclasses.replace of an executor share its env_vars. Nothing fails
    (executed with nemo_run 0.11.1). `.clone()` copies all of it; the fix is unsafe, as sharing may have been meant.

    Bad:

        import copy

        def train(model): ...

        def model(hidden): ...

        small = run.Partial(train, model=run.Config(model, hidden=4))
        large = copy.copy(small)
        large.model.hidden = 8

    Good:

        def train(model): ...

        def model(hidden): ...

        small = run.Partial(train, model=run.Config(model, hidden=4))
        large = small.clone()
        large.model.hidden = 8
    """

    code = "NRL417"
    fails = Phase.SILENT
    message = "{function}() of `{name}` shares {shared} with the original"
    help = "use {name}.clone()"

    def check(self, call: cst.Call, file: File) -> Reports:
        function = file.names.qualified(call.func)
        original = positional(call, 0)
        if function not in ("copy.copy", "dataclasses.replace") or original is None:
            return
        name, shared = file.code(original), None
        if function == "copy.copy":
            config = buildable_of(file, original)
            nested = [each.name for each in config.arguments if buildable_of(file, each.value)] if config else []
            shared = f"its `{nested[0]}`" if nested and nested[0] else None
        if executor_of(file, original) is not None and keyword(call, "env_vars") is None:
            shared = "its env_vars"
        if shared is not None:
            edit = (NodeEdit(call, f"{name}.clone()"),) if len(call.args) == 1 else ()
            fix = NodeFix("clone it", edit, safe=False) if edit else None
            yield self.at(call, fix=fix, function=function, name=name, shared=shared)
