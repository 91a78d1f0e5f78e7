from nemo_run_lint.finding import Severity
from nemo_run_lint.flow.misfits import Misfit
from nemo_run_lint.flow.problems import When, Wrong
from nemo_run_lint.flow.words import fails, instead, renamed
from nemo_run_lint.project import File
from nemo_run_lint.rule import Phase, Reports, Rule


class UnknownConfigAttribute(Rule):
    """A configuration has the attributes that its target has parameters: setting or reading another one fails.

    `recipe.trainer.max_step = 100` is checked against the signature of the trainer when the script runs (nemo_run
    0.11.1: `AttributeError: No parameter named 'max_step' exists`); where the target hides its real signature, only
    when the job builds it.

    What `recipe.trainer` is, is followed through variables, branches, the file's own functions, and the factories and
    recipes of the project and the environment. Not reported where one of several possible targets has the parameter,
    behind hasattr and isinstance, in a `try` that expects AttributeError, and for names that begin with `_`.

    Bad:

        import nemo_run as run

        class Trainer:
            def __init__(self, max_steps=100): ...

        def train(trainer): ...

        recipe = run.Partial(train, trainer=run.Config(Trainer))
        recipe.trainer.max_step = 10

    Good:

        import nemo_run as run

        class Trainer:
            def __init__(self, max_steps=100): ...

        def train(trainer): ...

        recipe = run.Partial(train, trainer=run.Config(Trainer))
        recipe.trainer.max_steps = 10
    """

    code = "NRL808"
    severity = Severity.ERROR
    fails = Phase.CONFIGURED
    gives_way_to = ("unknown-method", "config-called", "autoconvert-object-use")
    message = "{reached}`{owner}` has no parameter `{name}`{when}"
    help = "{instead}"

    def check(self, misfit: Misfit, file: File) -> Reports:
        problem = misfit.problem
        if problem.wrong is Wrong.UNKNOWN_ATTRIBUTE:
            late = problem.when is When.BUILT
            yield self.at(
                misfit.node,
                fix=renamed(misfit),
                severity=misfit.severity,
                notes=misfit.notes,
                fails=misfit.fails,
                reached="" if misfit.is_here else "this call fails: ",
                owner=problem.owner,
                name=problem.name,
                when=f": this fails {fails(misfit)}" if late else "",
                instead=instead(problem),
            )
