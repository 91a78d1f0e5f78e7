import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.experiment import Experiment
from nemo_run_lint.project import File
from nemo_run_lint.rule import Phase, Reports, Rule
from nemo_run_lint.syntax.calls import keyword, positional

_NOT_TEXT = {cst.List: "a list", cst.ListComp: "a list", cst.Tuple: "a tuple", cst.Integer: "a number"}


class ExperimentWithoutTitle(Rule):
    """An experiment needs a title: run.Experiment without one raises a TypeError.

    The title names the directory of the experiment, and is what you look it up by afterwards. `run.Experiment()` stops
    where it is written (nemo_run 0.11.1: `TypeError: Experiment.__init__() missing 1 required positional argument:
    'title'`). A list, None or a number in the title's place, as in `run.Experiment([task])`, stops there too
    (`TypeError: join() argument must be str`): tasks are handed to `exp.add`.

    Not reported when arguments come from `*args` or `**kwargs`, and where the name is given as `name=`, as the team
    guide does (nemo_run has no such argument, which is another rule's finding).

    Bad:

        experiment = run.Experiment(executor=run.LocalExecutor())

    Good:

        experiment = run.Experiment("llama-pretraining", executor=run.LocalExecutor())
    """

    code = "NRL301"
    severity = Severity.ERROR
    fails = Phase.CONFIGURED
    message = "run.Experiment gets {given}: this raises a TypeError"
    help = 'give a title first, run.Experiment("..."), and the tasks to exp.add'

    def check(self, experiment: Experiment, file: File) -> Reports:
        call = experiment.call
        if call is None or any(given.star for given in call.args) or keyword(call, "name") is not None:
            return
        title = keyword(call, "title") or positional(call, 0)
        if title is None:
            yield self.at(call.func, given="no title")
            return
        value = file.values.value(title)
        what = "None" if file.names.is_builtin(value, "None") else _NOT_TEXT.get(type(value))
        if what is not None:
            yield self.at(
                title if title is value and what in ("None", "a number") else call.func, given=f"{what} as its title"
            )
