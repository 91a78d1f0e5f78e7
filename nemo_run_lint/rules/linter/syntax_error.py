from nemo_run_lint.finding import Severity
from nemo_run_lint.rule import Rule


class SyntaxError(Rule):
    """A file that Python cannot parse cannot be linted, run or imported.

    Bad:

        import nemo_run as run

        with run.Experiment("pretrain") as exp
            exp.run()

    Good:

        import nemo_run as run

        with run.Experiment("pretrain") as exp:
            exp.run()
    """

    code = "NRL001"
    severity = Severity.ERROR
    message = "{problem}"
