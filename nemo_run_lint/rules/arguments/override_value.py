from nemo_run_lint.finding import Severity
from nemo_run_lint.flow.command_lines import Argument, refused
from nemo_run_lint.flow.problems import Wrong
from nemo_run_lint.project import File
from nemo_run_lint.rule import Phase, ProjectRule, Reports


class OverrideValue(ProjectRule):
    """The value of an argument on a command line has to read as what its parameter is annotated with.

    nemo_run makes an `int` with int(...), a `float` with float(...), a `bool` of true, yes, 1, on, false, no, 0 or off,
    and takes for a `Literal` only one of its texts. With `epochs=1.5` for an `int` nemo_run 0.11.1 stops with `Invalid
    integer literal`, before anything runs, and the exit status of a script is 0 all the same.

    Not reported where the value may be the name of a factory, or of something in the script.

    Bad:

        # launch.sh
        python train.py epochs=1.5

        # train.py
        import nemo_run as run

        def train(epochs: int = 3):
            print("epochs:", epochs)

        if __name__ == "__main__":
            run.cli.main(train)

    Good:

        # launch.sh
        python train.py epochs=2

        # train.py
        import nemo_run as run

        def train(epochs: int = 3):
            print("epochs:", epochs)

        if __name__ == "__main__":
            run.cli.main(train)
    """

    code = "NRL815"
    severity = Severity.ERROR
    fails = Phase.SILENT
    message = "`{value}` cannot be read as `{wanted}`, which `{name}` of `{owner}` is annotated with"

    def check(self, argument: Argument, file: File) -> Reports:
        value, misfit = argument.override.value, argument.misfit
        if misfit is None or misfit.wrong is not Wrong.LITERAL or value is None or not argument.given.is_value:
            return
        found = misfit.problem.contradiction
        if found is not None and refused(value, found.wanted):
            yield self.at(
                argument.node,
                severity=argument.severity,
                notes=misfit.notes,
                value=value,
                wanted=found.wanted,
                name=misfit.problem.name,
                owner=misfit.problem.owner,
            )
