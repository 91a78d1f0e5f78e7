from dataclasses import replace

from nemo_run_lint.flow.misfits import Misfit
from nemo_run_lint.flow.problems import Wrong
from nemo_run_lint.flow.words import renamed
from nemo_run_lint.project import File
from nemo_run_lint.rule import Phase, Reports, Rule


class BroadcastUnknownName(Rule):
    """`config.broadcast(name=...)` and `config.walk(name=...)` pass over a name that no configuration in it has.

    They set the parameter wherever one of the configurations inside has it set or by default, and do nothing where none
    has: no error, no value (executed with nemo_run 0.11.1, `_try_set_all` in `nemo_run/config.py`).

    Reported only if everything that the configuration holds is known. Lists and dicts are not entered, by broadcast
    either. The name that was probably meant is an unsafe fix: it sets what is not set now.

    Bad:

        import nemo_run as run

        class Trainer:
            def __init__(self, max_steps=100): ...

        def train(trainer): ...

        recipe = run.Partial(train, trainer=run.Config(Trainer))
        recipe.broadcast(max_step=10)

    Good:

        import nemo_run as run

        class Trainer:
            def __init__(self, max_steps=100): ...

        def train(trainer): ...

        recipe = run.Partial(train, trainer=run.Config(Trainer))
        recipe.broadcast(max_steps=10)
    """

    code = "NRL812"
    fails = Phase.SILENT
    message = "`{method}({name}=...)` sets nothing: no configuration in `{owner}` has a parameter `{name}`"
    help = "{instead}"

    def check(self, misfit: Misfit, file: File) -> Reports:
        problem = misfit.problem
        if problem.wrong is Wrong.BROADCAST:
            fix = renamed(misfit)
            yield self.at(
                misfit.node,
                fix=replace(fix, safe=False) if fix is not None else None,
                severity=misfit.severity,
                notes=misfit.notes,
                method=problem.detail,
                owner=problem.owner,
                name=problem.name,
                instead=f"did you mean `{problem.near}`?" if problem.near else "set it where it belongs",
            )
