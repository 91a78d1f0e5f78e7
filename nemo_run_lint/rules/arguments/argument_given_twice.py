from nemo_run_lint.finding import Severity
from nemo_run_lint.flow.misfits import Misfit
from nemo_run_lint.flow.problems import Wrong
from nemo_run_lint.flow.words import fails
from nemo_run_lint.project import File
from nemo_run_lint.rule import Phase, Reports, Rule


class ArgumentGivenTwice(Rule):
    """An argument that is given by place and by keyword raises TypeError.

    As in a plain call, but no type checker sees it: run.Config and run.Partial take `**kwargs`. The names `fn_or_cls`
    and `self` belong to them and cannot be given to a target at all (executed with nemo_run 0.11.1: `TypeError:
    multiple values for argument`).

    Not reported where the target cannot be read, and in a `try` that expects TypeError.

    Bad:

        import nemo_run as run

        def train(model, steps=10): ...

        task = run.Partial(train, "tiny", model="small")

    Good:

        import nemo_run as run

        def train(model, steps=10): ...

        task = run.Partial(train, "small")
    """

    code = "NRL807"
    severity = Severity.ERROR
    fails = Phase.CONFIGURED
    message = "`{name}` of `{owner}` is given {twice}: this fails {when}"
    help = "{instead}"

    def check(self, misfit: Misfit, file: File) -> Reports:
        problem = misfit.problem
        if problem.wrong not in (Wrong.TWICE, Wrong.RESERVED):
            return
        reserved = problem.wrong is Wrong.RESERVED
        yield self.at(
            misfit.node,
            severity=misfit.severity,
            notes=misfit.notes,
            fails=misfit.fails,
            owner=problem.owner,
            name=problem.name,
            twice="twice" if not reserved else "to the target, and is its own",
            when=fails(misfit),
            instead="rename the parameter of the target" if reserved else "leave one of them out",
        )
