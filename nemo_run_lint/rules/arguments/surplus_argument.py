from nemo_run_lint.finding import Severity
from nemo_run_lint.flow.misfits import Misfit
from nemo_run_lint.flow.problems import Wrong
from nemo_run_lint.flow.words import fails
from nemo_run_lint.project import File
from nemo_run_lint.rule import Phase, Reports, Rule


class SurplusArgument(Rule):
    """More positional arguments than the configured function or class has places for raise TypeError.

    `run.Config(Model, 8, 16)` binds them to the signature of `Model` when the script runs (nemo_run 0.11.1: `TypeError:
    too many positional arguments`); keyword-only parameters, as of dataclasses with `kw_only=True`, have no place.

    Not reported where arguments come from a `*` that cannot be followed, where the target cannot be read, and in a
    `try` that expects TypeError. NeMo Run's own classes: see positional-field.

    Bad:

        import nemo_run as run

        def train(model, *, steps=10): ...

        task = run.Partial(train, "tiny", 20)

    Good:

        import nemo_run as run

        def train(model, *, steps=10): ...

        task = run.Partial(train, "tiny", steps=20)
    """

    code = "NRL806"
    severity = Severity.ERROR
    fails = Phase.CONFIGURED
    message = "`{owner}` takes {most} by place, and is given {given}: this fails {when}"
    help = "name the arguments: it takes {names}"

    def check(self, misfit: Misfit, file: File) -> Reports:
        problem = misfit.problem
        if problem.wrong is Wrong.SURPLUS:
            places, given = map(int, problem.detail.split(", "))
            yield self.at(
                misfit.node,
                severity=misfit.severity,
                notes=misfit.notes,
                fails=misfit.fails,
                owner=problem.owner,
                most="no argument" if not places else f"{places} argument{'s' * (places > 1)}",
                given=given,
                when=fails(misfit),
                names=", ".join(f"`{name}`" for name in problem.available[:8]) or "no arguments",
            )
