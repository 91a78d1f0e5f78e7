from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.entrypoint import Entrypoint
from nemo_run_lint.project import File
from nemo_run_lint.rule import Phase, Reports, Rule


class CliParameterRunPrefix(Rule):
    """A command's parameter whose name starts with `run` cannot be set from the command line.

    NeMo Run keeps arguments that start with `run` for itself (`run.executor=...`). `run_name=x` ends with `Unexpected
    error: Run overwrites must start with 'run.'`, the task is not run, and the exit status is 0; `run=x` is silently
    dropped and the default is used (nemo_run 0.11.1, `cli/api.py`).

    Not reported with `enable_executor=False`, where the command line is read in another way.

    Bad:

        @run.cli.entrypoint
        def train(run_name: str = "llama"):
            print(run_name)

        if __name__ == "__main__":
            run.cli.main(train)

    Good:

        @run.cli.entrypoint
        def train(name: str = "llama"):
            print(name)

        if __name__ == "__main__":
            run.cli.main(train)
    """

    code = "NRL310"
    severity = Severity.ERROR
    fails = Phase.SILENT
    message = "`{parameter}` cannot be set from the command line of `{name}`: nemo_run takes `run...` for itself"
    help = "give the parameter a name that does not start with `run`"

    def check(self, entrypoint: Entrypoint, file: File) -> Reports:
        given = entrypoint.settings
        if given is None or not {"entrypoint_cls", "enable_executor"}.isdisjoint(given):
            return
        stars = (entrypoint.node.params.star_arg, entrypoint.node.params.star_kwarg)
        for parameter in entrypoint.parameters:
            if parameter.name.value.startswith("run") and parameter not in stars:
                yield self.at(parameter.name, parameter=parameter.name.value, name=entrypoint.name)
