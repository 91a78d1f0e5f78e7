import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.buildable import Buildable
from nemo_run_lint.project import File
from nemo_run_lint.rule import Phase, Reports, Rule


class BuildInsideBuild(Rule):
    """What a run.Config calls is called while a config is built, and must not build another one.

    fiddle, which NeMo Run builds configs with, forbids it: `ValueError: It is forbidden to call fdl.build inside
    another fdl.build call`, in the job, or where fdl.build is called. The configs in a config's arguments are built
    already when its target is called.

    Reported for functions, and for `__init__` and `__post_init__` of classes, that this file gives to run.Config. The
    function of a run.Partial runs after the building and may build.

    Bad:

        import fiddle as fdl
        import nemo_run as run

        class Model: ...

        class Trainer:
            def __init__(self):
                self.model = fdl.build(run.Config(Model))

        fdl.build(run.Config(Trainer))

    Good:

        import fiddle as fdl
        import nemo_run as run

        class Model: ...

        class Trainer:
            def __init__(self, model):
                self.model = model

        fdl.build(run.Config(Trainer, model=run.Config(Model)))
    """

    code = "NRL686"
    severity = Severity.ERROR
    fails = Phase.CONFIGURED
    message = (
        "`{name}` is called while a run.Config is built (line {line}), and fdl.build inside of that raises ValueError"
    )
    help = "give it the config as an argument: it is built already when `{name}` is called"

    def check(self, config: Buildable, file: File) -> Reports:
        if config.kind != "Config" or config.target is None:
            return
        target = file.values.definition(config.target)
        functions = [target]
        if isinstance(target, cst.ClassDef):
            functions = [*file.values.attribute(target, "__init__"), *file.values.attribute(target, "__post_init__")]  # type: ignore[list-item]
        for function in functions:
            if not isinstance(function, cst.FunctionDef) or target is None:
                continue
            for call in file.tree.below(function.body, cst.Call, into_functions=False):
                if file.names.qualified(call.func) == "fiddle.build":
                    yield self.at(call.func, name=target.name.value, line=file.span(config.node).line)
