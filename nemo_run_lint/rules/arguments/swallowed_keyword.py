from nemo_run_lint.finding import Confidence
from nemo_run_lint.flow.misfits import Misfit
from nemo_run_lint.flow.problems import Wrong
from nemo_run_lint.flow.words import renamed
from nemo_run_lint.project import File
from nemo_run_lint.rule import Phase, Reports, Rule


class SwallowedKeyword(Rule):
    """An argument that is nearly a parameter's name disappears in `**kwargs`, and the parameter keeps its default.

    A target with `**kwargs` takes every name, when it is configured and when it is built (executed with nemo_run
    0.11.1): `run.Config(Strategy, tensor_model_paralel_size=4)` runs on one device, and nothing tells.

    Assumes that a name which differs by a slip of the finger from a parameter's was meant to be that parameter. Of a
    few classes it is known where their `**kwargs` end, and so which names are read at all: NeMo's MegatronStrategy and
    Lightning's DDPStrategy hand them to torch's DistributedDataParallel. Reported for arguments and for attributes that
    are set; only where the `**kwargs` are not known to be refused later (that is unknown-keyword).

    Bad:

        import nemo_run as run

        def train(learning_rate=1e-3, **options): ...

        task = run.Partial(train, learning_rat=3e-4)

    Good:

        import nemo_run as run

        def train(learning_rate=1e-3, **options): ...

        task = run.Partial(train, learning_rate=3e-4)
    """

    code = "NRL811"
    confidence = Confidence.MEDIUM
    fails = Phase.SILENT
    message = "`{name}` is taken by `**kwargs` of `{owner}`, {problem}"
    help = "{instead}"

    def check(self, misfit: Misfit, file: File) -> Reports:
        problem = misfit.problem
        if problem.wrong is Wrong.SWALLOWED:
            unread = problem.detail == "unread"
            yield self.at(
                misfit.node,
                fix=renamed(misfit),
                severity=misfit.severity,
                notes=misfit.notes,
                owner=problem.owner,
                name=problem.name,
                problem="and nothing reads it" if unread else f"and its parameter `{problem.near}` is not set",
                instead=f"did you mean `{problem.near}`?" if problem.near else "leave it out",
            )
