from nemo_run_lint.flow.misfits import Misfit
from nemo_run_lint.flow.problems import Wrong
from nemo_run_lint.project import File
from nemo_run_lint.rule import Phase, Reports, Rule


class SharedList(Rule):
    """A list or dict that two configurations hold is changed in both, although only one of them is named.

    run.Config and run.Partial keep the very list that they are given; `exp.add` and `.clone()` make copies, nothing
    else does. `first.callbacks.append(...)` changes the second task too, and nothing tells (executed with nemo_run
    0.11.1).

    Not reported where both configurations are parts of one, which may want to share.

    Bad:

        def train(model, callbacks): ...

        callbacks = ["timer"]
        first = run.Partial(train, model="small", callbacks=callbacks)
        second = run.Partial(train, model="large", callbacks=callbacks)
        first.callbacks.append("profiler")

    Good:

        def train(model, callbacks): ...

        callbacks = ["timer"]
        first = run.Partial(train, model="small", callbacks=list(callbacks))
        second = run.Partial(train, model="large", callbacks=list(callbacks))
        first.callbacks.append("profiler")
    """

    code = "NRL430"
    fails = Phase.SILENT
    message = "`{written}` also changes {other}, which holds the same object"
    help = "give each configuration its own: `list(...)`, `dict(...)` or .clone()"

    def check(self, misfit: Misfit, file: File) -> Reports:
        problem = misfit.problem
        if problem.wrong is Wrong.SHARED:
            yield self.at(misfit.node, notes=misfit.notes, written=problem.owner, other=problem.detail)
