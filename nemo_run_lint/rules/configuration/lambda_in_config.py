import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.buildable import Buildable
from nemo_run_lint.nemo.experiment import Submission
from nemo_run_lint.project import File
from nemo_run_lint.rule import Phase, Report, Reports, Rule


class LambdaInConfig(Rule):
    """A task is saved before it is launched, and a lambda cannot be saved.

    `exp.add` writes the configuration down by the import path of every function in it. A lambda has none, so
    nemo_run 0.11.1 stops with `AttributeError: module '__main__' has no attribute '<lambda>'`. The lambda is found
    wherever it is written: in the call, a variable, a list or dict, functools.partial, a default argument, or handed
    to a class that keeps it in `self.function`.

    Not reported where the configuration is visibly never saved: run.run without an executor, fdl.build. Nor in tests,
    which make configurations to look at them.

    Bad:

        def train(schedule): ...

        task = run.Partial(train, schedule=lambda step: 0.1)

    Good:

        def train(schedule): ...

        def constant_schedule(step):
            return 0.1

        task = run.Partial(train, schedule=constant_schedule)
    """

    code = "NRL401"
    severity = Severity.ERROR
    fails = Phase.ADDED
    message = "{what} is a lambda, which cannot be saved{where}"
    help = "define a function at module level and pass its name"

    def check(self, wrapper: Buildable | Submission, file: File) -> Reports:
        if isinstance(wrapper, Submission):
            if wrapper.how == "run.Task" and wrapper.task is not None:
                for source in file.values.sources(wrapper.task):
                    if isinstance(source, cst.Lambda):
                        yield self._at(source, "the target of run.Task", wrapper.node, file)
        elif not wrapper.is_direct and not file.in_test(wrapper.node):
            for what, source in wrapper.saved():
                if isinstance(source, cst.Lambda):
                    yield self._at(source, what, wrapper.node, file)

    def _at(self, source: cst.Lambda, what: str, used: cst.Call, file: File) -> Report:
        where = "" if file.tree.inside(source, used) else f" (used in line {file.span(used).line})"
        return self.at(source, what=what, where=where)
