from nemo_run_lint.finding import Severity
from nemo_run_lint.flow.command_lines import Argument
from nemo_run_lint.nemo.override import Form
from nemo_run_lint.project import File
from nemo_run_lint.rule import Phase, ProjectRule, Reports


class IgnoredOverride(ProjectRule):
    """Some arguments of a command line are passed over without a word, and the command runs with the defaults.

    nemo_run 0.11.1 passes over whatever begins with `--` and is none of its own options, so `--epochs=3` changes
    nothing. `run.executor.nodes=2` and `run.plugins.x=1` count only beside `run.executor=NAME` and `run.plugins=NAME`:
    they are not for the default executor.

    Bad:

        # launch.sh
        python train.py --epochs=3

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

    code = "NRL817"
    severity = Severity.ERROR
    fails = Phase.SILENT
    message = "nemo_run passes over `{written}`: {why}"
    help = "{instead}"

    def check(self, argument: Argument, file: File) -> Reports:
        override = argument.override
        if override.form is Form.FLAG:
            why, instead = "it is none of its options", f"write `{override.key}=...`"
        elif override.form is Form.RUN and (what := _left_alone(argument)):
            why, instead = f"there is no `run.{what}=` beside it", f"name one: `run.{what}=NAME`"
        else:
            return
        written = override.word.text.replace("\0", "...")
        yield self.at(argument.node, severity=argument.severity, written=written, why=why, instead=instead)


def _left_alone(argument: Argument) -> str | None:
    """Of a part of the executor or the plugins, which of them it is, if that is not given."""
    key = argument.override.key
    what = key.partition(".")[0].partition("[")[0]
    is_part = what in ("executor", "plugins") and key != what
    return what if is_part and not argument.is_beside(what) else None
