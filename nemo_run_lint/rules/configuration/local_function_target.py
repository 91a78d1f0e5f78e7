import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.saving import SavedValue, bound_to, is_plain, keeps_its_name, local_to, returned_function
from nemo_run_lint.project import File
from nemo_run_lint.rule import Phase, Reports, Rule


class LocalFunctionTarget(Rule):
    """A function or class that is defined inside a function cannot be saved with a task.

    A task is saved as the import paths of its functions and classes, and a job imports them again. What is defined
    inside a function has no import path: `exp.add` stops with nemo_run 0.11.1 and
    `AttributeError: 'function' object has no attribute '<locals>'`. That holds for the target and for every argument,
    for closures that a function of the file returns, and for objects of a local dataclass or enum.

    Not reported where the configuration is visibly never saved (run.run without an executor, fdl.build), in tests, and
    for functions with decorators that may replace them.

    Bad:

        def build(name):
            def train():
                print(name)

            return run.Partial(train)

        with run.Experiment("nightly", executor=run.LocalExecutor()) as exp:
            exp.add(build("base"), name="train")

    Good:

        def train(name):
            print(name)

        def build(name):
            return run.Partial(train, name=name)

        with run.Experiment("nightly", executor=run.LocalExecutor()) as exp:
            exp.add(build("base"), name="train")
    """

    code = "NRL402"
    severity = Severity.ERROR
    fails = Phase.ADDED
    message = "{what} is `{name}`, which is defined inside `{outer}` (line {line}): the job cannot import it"
    help = "define `{name}` at module level and pass what it needs as arguments"

    def check(self, value: SavedValue, file: File) -> Reports:
        definition = value.definition
        if isinstance(value.source, cst.Call):
            definition = returned_function(file, file.values.definition(value.source.func))
            if definition is not None and keeps_its_name(file, definition) is not False:
                return  # a decorator's work
            definition = definition or self._class(value, file)
        elif definition is not None and bound_to(file, value.written):
            return  # method-target says so
        elif isinstance(value.source, cst.Attribute):
            return
        outer = local_to(file, definition) if definition is not None else None
        if definition is not None and outer is not None and self._stays(file, definition):
            name, line = definition.name.value, file.span(definition).line
            yield self.at(value.written, what=value.what, name=name, outer=outer.name.value, line=line)

    def _class(self, value: SavedValue, file: File) -> cst.ClassDef | None:
        """The local dataclass whose object is handed over by keyword, and so is converted to a run.Config of it."""
        made = file.values.definition(value.source.func) if isinstance(value.source, cst.Call) else None
        return made if value.is_keyword and isinstance(made, cst.ClassDef) and made.decorators else None

    def _stays(self, file: File, definition: cst.FunctionDef | cst.ClassDef) -> bool:
        """Whether what the name stands for is the very function or class: NeMo Run's decorators keep its path."""
        return is_plain(file, definition) or all(
            (file.names.qualified(_called(each)) or "").startswith("nemo_run.") for each in definition.decorators
        )


def _called(decorator: cst.Decorator) -> cst.BaseExpression:
    written = decorator.decorator
    return written.func if isinstance(written, cst.Call) else written
