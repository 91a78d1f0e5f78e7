import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.saving import SavedValue, bound_to
from nemo_run_lint.project import File
from nemo_run_lint.rule import Phase, Reports, Rule


class MethodTarget(Rule):
    """A method of an object cannot be saved with a task, because the object is not saved with it.

    `self._execute` and `trainer.fit` carry the object they belong to. A task is saved as import paths, and importing
    `Trainer.fit` gives the plain function without the object: `exp.add` stops with nemo_run 0.11.1 and
    `UnserializableValueError: Couldn't create a pyref for <bound method ...>`.

    Class methods and static methods are fine (`Model.create`), and so is the method of the class itself with a
    configured object as its first argument. Not reported where the configuration is visibly never saved.

    Bad:

        class Nightly:
            def _execute(self, config):
                print(config)

            def build(self):
                return run.Partial(self._execute, config={"steps": 10})

        with run.Experiment("nightly", executor=run.LocalExecutor()) as exp:
            exp.add(Nightly().build(), name="execute")

    Good:

        def execute(config):
            print(config)

        class Nightly:
            def build(self):
                return run.Partial(execute, config={"steps": 10})

        with run.Experiment("nightly", executor=run.LocalExecutor()) as exp:
            exp.add(Nightly().build(), name="execute")
    """

    code = "NRL403"
    severity = Severity.ERROR
    fails = Phase.ADDED
    message = "{what} is `{written}`, a method bound to an object of `{owner}`, which cannot be saved"
    help = "use a function, a class method or a static method: run.Partial({owner}.{method}, run.Config({owner}), ...)"

    def check(self, value: SavedValue, file: File) -> Reports:
        if isinstance(value.source, (cst.FunctionDef, cst.Attribute)):
            bound = bound_to(file, value.written)
            if bound is not None:
                owner, method = (each.name.value for each in bound)
                yield self.at(value.written, what=value.what, written=value.shown, owner=owner, method=method)
