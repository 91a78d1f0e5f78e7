from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.entrypoint import Entrypoint
from nemo_run_lint.project import File
from nemo_run_lint.rule import Phase, Reports, Rule


class CliKwargs(Rule):
    """An entrypoint with `**kwargs` takes every misspelt option.

    Without it the command line refuses an option that it does not know. With it `lrr=3` is put into `kwargs`, `lr`
    keeps its default, and nobody is told (nemo_run 0.11.1, run).

    Bad:

        @run.cli.entrypoint
        def train(lr: float = 0.1, **kwargs): ...

    Good:

        @run.cli.entrypoint
        def train(lr: float = 0.1, steps: int = 10): ...
    """

    code = "NRL646"
    severity = Severity.WARNING
    fails = Phase.SILENT
    message = "the entrypoint `{name}` takes `**{parameter}`: a misspelt option is accepted and has no effect"
    help = "name the options that there are"

    def check(self, entrypoint: Entrypoint, file: File) -> Reports:
        parameter = entrypoint.node.params.star_kwarg
        if parameter is not None:
            yield self.at(parameter.name, name=entrypoint.name, parameter=parameter.name.value)
