from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.entrypoint import Entrypoint
from nemo_run_lint.project import File
from nemo_run_lint.rule import Phase, Reports, Rule
from nemo_run_lint.syntax.values import text


class CliParameterExecutor(Rule):
    """A command cannot have a parameter called `executor`.

    NeMo Run's command line takes `executor` for itself: @run.cli.entrypoint raises when the file is imported
    (nemo_run 0.11.1: `ValueError: The function cannot have an argument named `executor` as it is a reserved keyword.`).

    Not reported for `type="experiment"`, where it is allowed.

    Bad:

        @run.cli.entrypoint
        def train(executor: str = "local"):
            print(executor)

    Good:

        @run.cli.entrypoint
        def train(cluster: str = "local"):
            print(cluster)
    """

    code = "NRL309"
    severity = Severity.ERROR
    fails = Phase.IMPORTED
    message = "the parameter `executor` of the entrypoint `{name}` is reserved: importing this file raises a ValueError"
    help = 'give it another name, or make the entrypoint one of `type="experiment"`'

    def check(self, entrypoint: Entrypoint, file: File) -> Reports:
        given = entrypoint.settings
        if given is None or "entrypoint_cls" in given or ("type" in given and text(given["type"]) != "task"):
            return
        for parameter in entrypoint.parameters:
            if parameter.name.value == "executor":
                yield self.at(parameter.name, name=entrypoint.name)
