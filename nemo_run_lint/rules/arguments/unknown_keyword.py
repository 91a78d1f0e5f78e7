from nemo_run_lint.finding import Severity
from nemo_run_lint.flow.misfits import Misfit
from nemo_run_lint.flow.problems import When, Wrong
from nemo_run_lint.flow.words import fails, instead, renamed
from nemo_run_lint.project import File
from nemo_run_lint.rule import Phase, Reports, Rule


class UnknownKeyword(Rule):
    """An argument that the configured function or class does not take raises TypeError.

    `run.Config(Model, ...)` and `run.Partial(train, ...)` take `**kwargs`, so that no type checker looks at them. What
    they are given is bound to the signature of the target when the script runs; where the target hides its real
    signature (an inherited `__new__(cls, *args, **kwargs)`, a `**kwargs` that is handed on to a function without one),
    only when the job builds it (executed with nemo_run 0.11.1: `TypeError: got an unexpected keyword argument`).

    The signature is read from the source of the target, wherever that is: in the file, the project or the environment.
    Calls of functions that return configurations are looked at as well. NeMo Run's own classes: see unknown-field. Not
    reported where the target cannot be read, where one of several targets takes the argument, and in a `try` that
    expects TypeError.

    Bad:

        import nemo_run as run

        def train(max_steps=100): ...

        task = run.Partial(train, max_step=10)

    Good:

        import nemo_run as run

        def train(max_steps=100): ...

        task = run.Partial(train, max_steps=10)
    """

    code = "NRL804"
    severity = Severity.ERROR
    fails = Phase.CONFIGURED
    message = "`{owner}` has no parameter `{name}`{when}"
    help = "{instead}"

    def check(self, misfit: Misfit, file: File) -> Reports:
        problem = misfit.problem
        if problem.wrong is Wrong.UNKNOWN_KEYWORD:
            yield self.at(
                misfit.node,
                fix=renamed(misfit),
                severity=misfit.severity,
                notes=misfit.notes,
                fails=misfit.fails,
                owner=problem.owner,
                name=problem.name,
                when="" if problem.when is When.CONFIGURED else f": this fails {fails(misfit)}",
                instead=instead(problem),
            )
