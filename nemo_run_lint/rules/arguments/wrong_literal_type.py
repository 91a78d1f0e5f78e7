from nemo_run_lint.finding import Severity
from nemo_run_lint.flow.misfits import Misfit
from nemo_run_lint.flow.problems import Wrong
from nemo_run_lint.project import File
from nemo_run_lint.rule import Phase, Reports, Rule


class WrongLiteralType(Rule):
    """A literal of another kind than the parameter's annotation is passed on as it is, and fails where it is used.

    run.Config and run.Partial check names and never types (executed with nemo_run 0.11.1): `devices="8"` reaches the
    trainer as text, on the node. Reported are contradictions that no conversion makes good: text for a number and a
    number for text, one value for a list, a list for a dict, a value that is not among those of a `Literal[...]`.

    Accepted are whole numbers for floats, booleans for whole numbers, lists, tuples and sets for each other, and None
    where the default is None. Not reported where a part of the annotation cannot be resolved, or is a class, an Enum, a
    Protocol or a type variable.

    Bad:

        import nemo_run as run

        def train(devices: int = 8): ...

        task = run.Partial(train, devices="8")

    Good:

        import nemo_run as run

        def train(devices: int = 8): ...

        task = run.Partial(train, devices=8)
    """

    code = "NRL810"
    severity = Severity.ERROR
    fails = Phase.SILENT
    message = "`{name}` of `{owner}` is `{wanted}`, and is given {given}"
    help = "give what the annotation says; nothing converts it before the job uses it"

    def check(self, misfit: Misfit, file: File) -> Reports:
        problem, found = misfit.problem, misfit.problem.contradiction
        if problem.wrong is Wrong.LITERAL and found is not None and found.certain:
            yield self.at(
                misfit.node,
                notes=misfit.notes,
                owner=problem.owner,
                name=problem.name,
                wanted=found.wanted,
                given=found.given,
            )
