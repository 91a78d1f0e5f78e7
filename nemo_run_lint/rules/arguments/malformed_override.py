from nemo_run_lint.finding import Severity
from nemo_run_lint.flow.command_lines import Argument
from nemo_run_lint.nemo.override import OPERATORS, Form, Override
from nemo_run_lint.project import File
from nemo_run_lint.rule import Phase, ProjectRule, Reports


class MalformedOverride(ProjectRule):
    """An argument of a command line is `name=value`, or has one of the operators `+=`, `-=`, `*=`, `/=`, `|=`, `&=`.

    Anything else stops nemo_run 0.11.1 with `Invalid overwrite format` or `Invalid argument format`, before anything
    runs, and the exit status of a script is 0 all the same: a word without `=`, blanks around it, a name with a hyphen,
    no value, an operator such as `**=`. What begins with `run` is taken for a setting of the run, and has to go on with
    a dot.

    Bad:

        # launch.sh
        python train.py epochs = 3

        # train.py
        import nemo_run as run

        def train(epochs: int = 1):
            print("epochs:", epochs)

        if __name__ == "__main__":
            run.cli.main(train)

    Good:

        # launch.sh
        python train.py epochs=3

        # train.py
        import nemo_run as run

        def train(epochs: int = 1):
            print("epochs:", epochs)

        if __name__ == "__main__":
            run.cli.main(train)
    """

    code = "NRL816"
    severity = Severity.ERROR
    fails = Phase.SILENT
    message = "nemo_run cannot read `{written}`: {why}"
    help = "{instead}"

    def check(self, argument: Argument, file: File) -> Reports:
        override = argument.override
        said = _said(override) if argument.misfit is None else None
        if said is not None:
            why, instead = said
            yield self.at(
                argument.node,
                severity=argument.severity,
                written=override.word.text,
                why=why,
                instead=instead,
            )


def _said(override: Override) -> tuple[str, str] | None:
    """Why it cannot be read, and what to write instead."""
    if override.form is Form.PLACED:
        return "it has no `=`", "write `name=value`, without blanks around the `=`"
    if override.form is Form.KEY:
        better = override.key.replace("-", "_")
        return f"`{override.key}` is no name", f"write `{better}`" if better.isidentifier() else "write `name=value`"
    if override.form is Form.OPERATOR:
        known = ", ".join(f"`{each}=`" for each in OPERATORS)
        return f"there is no operator `{override.operator}=`", f"available are {known}"
    if override.form is Form.EMPTY:
        return "there is no value", "leave it out, or write `None` or a pair of quotes inside quotes: `name=\"''\"`"
    if override.form is Form.RUN_PREFIX:
        return "what begins with `run` has to go on with a dot, as in `run.detach=True`", "rename the parameter"
    return None
