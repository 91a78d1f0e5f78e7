import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.entrypoint import Entrypoint
from nemo_run_lint.project import File
from nemo_run_lint.rule import Phase, Reports, Rule


class CliParameterKind(Rule):
    """A positional-only parameter or `*args` of an entrypoint cannot be set from the command line.

    NeMo Run's command line sets parameters by name. `x=3` for a parameter before the `/` ends with "Cannot access
    POSITIONAL_ONLY parameter 'x'", `args=[1]` for `*args` with "Failed to parse '[1]'", and the command exits with
    status 0 without having done anything (nemo_run 0.11.1, run).

    Bad:

        @run.cli.entrypoint
        def train(rate: float = 0.1, /, *layers: int):
            print(rate)

    Good:

        @run.cli.entrypoint
        def train(rate: float = 0.1, layers: list[int] = [1]):
            print(rate)
    """

    code = "NRL640"
    severity = Severity.ERROR
    fails = Phase.SILENT
    message = "{parameters} of the entrypoint `{name}` cannot be set from the command line, which goes by name"
    help = "make them ordinary parameters; for `*args`, one that is a list"

    def check(self, entrypoint: Entrypoint, file: File) -> Reports:
        given = entrypoint.node.params
        unset = list(given.posonly_params)
        if isinstance(given.star_arg, cst.Param):
            unset.append(given.star_arg)
        if unset:
            listed = " and ".join(f"`{each.star or ''}{each.name.value}`" for each in unset)
            yield self.at(unset[0].name, parameters=listed, name=entrypoint.name)
