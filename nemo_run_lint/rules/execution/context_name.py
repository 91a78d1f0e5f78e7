from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.annotation import type_path
from nemo_run_lint.nemo.api import public
from nemo_run_lint.nemo.entrypoint import Entrypoint
from nemo_run_lint.project import File
from nemo_run_lint.rule import Phase, Reports, Rule
from nemo_run_lint.syntax.values import parameters, text


class ContextName(Rule):
    """NeMo Run hands its context to the parameter `ctx` of an experiment's entrypoint, and to no other.

    By any other name it stays unset: every command ends with "Unexpected error: No parameter 'context' has been set"
    and status 0, or, where it has a default, the function gets that (nemo_run 0.11.1, run).

    Bad:

        @run.cli.entrypoint(type="experiment")
        def sweep(context: run.cli.RunContext, steps: int = 10):
            print(steps)

    Good:

        @run.cli.entrypoint(type="experiment")
        def sweep(ctx: run.cli.RunContext, steps: int = 10):
            print(steps)
    """

    code = "NRL687"
    severity = Severity.ERROR
    fails = Phase.SILENT
    message = "`{name}` never gets the run context, which NeMo Run hands to the parameter `ctx`: {effect}"
    help = "call it `ctx`"

    def check(self, entrypoint: Entrypoint, file: File) -> Reports:
        value = (entrypoint.settings or {}).get("type")
        if value is None or text(file.values.value(value)) != "experiment":
            return
        for each in parameters(entrypoint.node):
            annotation = each.annotation.annotation if each.annotation is not None else None
            path = type_path(file, annotation) if annotation is not None else None
            if each.name.value != "ctx" and public(path) == "cli.RunContext":
                effect = "every command fails, with status 0" if each.default is None else "it stays what it is"
                yield self.at(each.name, name=each.name.value, effect=effect)
