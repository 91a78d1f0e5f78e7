import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.experiment import Experiment
from nemo_run_lint.project import File
from nemo_run_lint.rule import Phase, Reports, Rule


class ExperimentOutsideWith(Rule):
    """Tasks are added to an experiment, and the experiment is run, inside of its `with`.

    Anywhere else exp.add and exp.run stop with nemo_run 0.11.1 and `AssertionError: Using Experiment without it's
    context manager is not permitted.` That goes for a call after the `with` has ended, and for a call inside the
    `with` of another experiment. exp.dryrun, exp.status, exp.logs and exp.cancel may be called outside.

    Not reported where the experiment is made in another function, or was handed to something that may have entered it.

    Bad:

        def train(): ...

        exp = run.Experiment("nightly")
        exp.add(run.Partial(train), name="train")

    Good:

        def train(): ...

        with run.Experiment("nightly") as exp:
            exp.add(run.Partial(train), name="train")
    """

    code = "NRL601"
    severity = Severity.ERROR
    fails = Phase.ADDED
    message = "`{call}()` stands {where}, where nemo_run raises an AssertionError"
    help = "enter the experiment, `with run.Experiment(...) as exp:`, and add and run its tasks in there"

    def check(self, experiment: Experiment, file: File) -> Reports:
        for call in experiment.called("add", "run"):
            where = experiment.outside(call)
            if where is not None:
                yield self.at(call.func, call=_shown(file, call), where=where)
                return


def _shown(file: File, call: cst.Call) -> str:
    method = call.func.attr.value if isinstance(call.func, cst.Attribute) else ""
    owner = call.func.value if isinstance(call.func, cst.Attribute) else call.func
    return file.code(call.func) if not isinstance(owner, cst.Call) else f"exp.{method}"
