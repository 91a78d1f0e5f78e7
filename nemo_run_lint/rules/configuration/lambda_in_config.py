import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.buildable import Buildable
from nemo_run_lint.project import File
from nemo_run_lint.rule import Reports, Rule


class LambdaInConfig(Rule):
    """A task is saved before it is launched, and a lambda cannot be saved."""

    code = "NRL401"
    severity = Severity.ERROR
    message = "{argument} is a lambda, which cannot be saved with `{target}`"
    help = "define a function at module level and pass its name"

    def check(self, config: Buildable, file: File) -> Reports:
        for argument in config.arguments:
            if isinstance(argument.value, cst.Lambda):
                yield self.at(argument.value, argument=argument.shown, target=config.name)
