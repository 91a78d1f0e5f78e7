import libcst as cst

from nemo_run_lint.nemo.autoconvert import Autoconverted, is_statement
from nemo_run_lint.nemo.unbuilt import returned_kind
from nemo_run_lint.project import File
from nemo_run_lint.rule import Phase, Reports, Rule


class AutoconvertHelper(Rule):
    """A helper that returns a run.Config is configured once more when it is called under @run.autoconvert.

    Calls in the body are configured instead of made: `Trainer(model=tiny())` becomes a config whose model is a config
    of `tiny` itself, and the trainer is given a run.Config instead of a model when it is built. Nothing fails before
    (executed with nemo_run 0.11.1). Helpers under @run.autoconvert are called.

    Bad:

        class Model: ...

        class Trainer:
            def __init__(self, model):
                self.model = model

        def tiny() -> run.Config[Model]:
            return run.Config(Model)

        @run.autoconvert
        def trainer() -> Trainer:
            return Trainer(model=tiny())

    Good:

        class Model: ...

        class Trainer:
            def __init__(self, model):
                self.model = model

        @run.autoconvert
        def tiny() -> Model:
            return Model()

        @run.autoconvert
        def trainer() -> Trainer:
            return Trainer(model=tiny())
    """

    code = "NRL426"
    fails = Phase.SILENT
    message = "`{helper}` returns a run.{kind}, but is not called under @run.autoconvert: it is configured once more"
    help = "put `{helper}` under @run.autoconvert and let it return the object, or leave @run.autoconvert out here"

    def check(self, function: Autoconverted, file: File) -> Reports:
        for call in function.calls():
            helper = file.values.definition(call.func)
            if isinstance(helper, cst.FunctionDef) and not helper.decorators and not is_statement(file, call):
                kind = returned_kind(file, helper)
                if kind is not None:
                    yield self.at(call.func, helper=helper.name.value, kind=kind)
