from nemo_run_lint.finding import Severity
from nemo_run_lint.flow.misfits import Misfit
from nemo_run_lint.flow.problems import When, Wrong
from nemo_run_lint.flow.words import fails
from nemo_run_lint.project import File
from nemo_run_lint.rule import Phase, Reports, Rule


class MissingArgument(Rule):
    """A required argument that is never set makes the job fail when it builds its configuration.

    run.Config and run.Partial accept incomplete arguments, since the rest may be set later. Nothing checks what is
    missing before the job calls the target: after the queue, on the node (executed with nemo_run 0.11.1: `TypeError:
    missing 1 required positional argument`, the script itself ends with 0).

    Reported where a configuration is submitted (exp.add, run.run) or built (fdl.build), and only if everything that
    happened to it until then could be followed; and at calls of functions that return configurations. A run.Partial
    inside another configuration may be completed by whoever gets it.

    Bad:

        import nemo_run as run

        def train(model, steps): ...

        if __name__ == "__main__":
            task = run.Partial(train, steps=10)
            with run.Experiment("nightly", executor=run.LocalExecutor()) as exp:
                exp.add(task, name="train")
                exp.run()

    Good:

        import nemo_run as run

        def train(model, steps): ...

        if __name__ == "__main__":
            task = run.Partial(train, model="tiny", steps=10)
            with run.Experiment("nightly", executor=run.LocalExecutor()) as exp:
                exp.add(task, name="train")
                exp.run()
    """

    code = "NRL805"
    severity = Severity.ERROR
    fails = Phase.JOB
    message = "{where}`{owner}` is not given {names}: this fails {when}"
    help = "set {names}{place}"

    def check(self, misfit: Misfit, file: File) -> Reports:
        problem = misfit.problem
        if problem.wrong is not Wrong.MISSING:
            return
        path, _, line = problem.detail.partition("|")
        names = ", ".join(f"`{name}`" for name in problem.name.split(", "))
        yield self.at(
            misfit.node,
            severity=misfit.severity,
            notes=misfit.notes,
            fails=misfit.fails,
            owner=problem.owner,
            names=names,
            where=f"`{path}` of it: " if path else "",
            when=fails(misfit),
            place=f" in line {line}, or before it is submitted" if line and problem.when is When.BUILT else "",
        )
