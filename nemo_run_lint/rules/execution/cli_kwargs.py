import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.entrypoint import Entrypoint
from nemo_run_lint.project import File
from nemo_run_lint.rule import Phase, Reports, Rule


class CliKwargs(Rule):
    """An entrypoint with `**kwargs` takes every misspelt option.

    Without it the command line refuses an option that it does not know. With it `lrr=3` is put into `kwargs`, `lr`
    keeps its default, and nobody is told (nemo_run 0.11.1, run). Where the function passes `kwargs` on, what it is
    passed to may still refuse it: that is only an information.

    Bad:

        @run.cli.entrypoint
        def train(lr: float = 0.1, **kwargs):
            print(lr)

    Good:

        @run.cli.entrypoint
        def train(lr: float = 0.1, steps: int = 10):
            print(lr)
    """

    code = "NRL646"
    severity = Severity.WARNING
    fails = Phase.SILENT
    message = "the entrypoint `{name}` takes `**{parameter}`: {effect}"
    help = "name the options that there are"

    def check(self, entrypoint: Entrypoint, file: File) -> Reports:
        parameter = entrypoint.node.params.star_kwarg
        if parameter is None:
            return
        names = file.tree.below(entrypoint.node.body, cst.Name)
        is_used = any(name.value == parameter.name.value for name in names)
        yield self.at(
            parameter.name,
            name=entrypoint.name,
            parameter=parameter.name.value,
            effect="the command line accepts a misspelt option" if is_used else "a misspelt option has no effect",
            severity=Severity.INFO if is_used else None,
        )
