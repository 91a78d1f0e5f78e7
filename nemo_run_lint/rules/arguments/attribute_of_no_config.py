from nemo_run_lint.finding import Severity
from nemo_run_lint.flow.misfits import Misfit
from nemo_run_lint.flow.problems import Wrong
from nemo_run_lint.project import File
from nemo_run_lint.rule import Phase, Reports, Rule


class AttributeOfNoConfig(Rule):
    """What a configuration holds is not always another configuration: None and text have no attributes to set.

    A parameter that a recipe leaves alone reads as its default, which often is None: `recipe.optim.config.lr = 3e-4`
    fails with `AttributeError: 'NoneType' object has no attribute 'lr'`. One without a default, or with a dataclass's
    `default_factory`, cannot be read before it is set (`AttributeError: No parameter 'optim' has been set`,
    `ValueError: Can't get default value for dataclass field`; all executed with nemo_run 0.11.1).

    Not reported where it may have been set on some way or by code that cannot be read, behind hasattr and isinstance,
    and in a `try` that expects the exception.

    Bad:

        import nemo_run as run

        def train(optim=None): ...

        recipe = run.Partial(train)
        recipe.optim.lr = 3e-4

    Good:

        import nemo_run as run

        class Adam:
            def __init__(self, lr=1e-3): ...

        def train(optim=None): ...

        recipe = run.Partial(train, optim=run.Config(Adam))
        recipe.optim.lr = 3e-4
    """

    code = "NRL809"
    severity = Severity.ERROR
    fails = Phase.CONFIGURED
    gives_way_to = ("default-appended",)
    message = "{problem}"
    help = "set it first, say to a run.Config"

    def check(self, misfit: Misfit, file: File) -> Reports:
        problem, name = misfit.problem, misfit.problem.name
        reached = "" if misfit.is_here else "this call fails: "
        if problem.wrong is Wrong.ATTRIBUTE_OF_PLAIN:
            told = f"{reached}`{problem.owner}` is {problem.detail} here, which has no attribute `{name}`"
        elif problem.wrong is Wrong.UNSET_ATTRIBUTE:
            why = {
                "factory": "its default is made by a `default_factory`",
                "required": "it has no default",
                "unknown": "there is no such parameter",
            }[problem.detail]
            told = f"{reached}`{name}` of `{problem.owner}` is read before it is set: {why}"
        else:
            return
        yield self.at(misfit.node, severity=misfit.severity, notes=misfit.notes, fails=misfit.fails, problem=told)
