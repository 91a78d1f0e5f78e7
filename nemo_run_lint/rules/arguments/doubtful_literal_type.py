from nemo_run_lint.finding import Confidence, Severity
from nemo_run_lint.flow.misfits import Misfit
from nemo_run_lint.flow.problems import Wrong
from nemo_run_lint.project import File
from nemo_run_lint.rule import Reports, Rule


class DoubtfulLiteralType(Rule):
    """A literal that the annotation rules out, in a way that mostly does no harm.

    None for a parameter that is not Optional, a fraction for a whole number, 0 and 1 for a boolean, text for a path or
    an Enum: much code takes these all the same. Where it must not, say so here; contradictions that certainly fail are
    wrong-literal-type's.

    Bad:

        import nemo_run as run

        def train(steps: int = 8): ...

        task = run.Partial(train, steps=0.5)

    Good:

        import nemo_run as run

        def train(steps: int = 8): ...

        task = run.Partial(train, steps=5)
    """

    code = "NRL813"
    severity = Severity.INFO
    confidence = Confidence.MEDIUM
    strict = True
    message = "`{name}` of `{owner}` is `{wanted}`, and is given {given}"
    help = "give what the annotation says, or widen it"

    def check(self, misfit: Misfit, file: File) -> Reports:
        problem, found = misfit.problem, misfit.problem.contradiction
        if problem.wrong is Wrong.LITERAL and found is not None and not found.certain:
            yield self.at(
                misfit.node,
                severity=misfit.severity,
                notes=misfit.notes,
                owner=problem.owner,
                name=problem.name,
                wanted=found.wanted,
                given=found.given,
            )
