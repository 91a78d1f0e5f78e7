from nemo_run_lint.finding import Severity
from nemo_run_lint.rule import Rule


class RuleFailed(Rule):
    """A rule ended with an exception, so what it would have said of this file is not known.

    This is a mistake in the linter. The other rules went on.
    """

    code = "NRL004"
    severity = Severity.WARNING
    message = "rule `{rule}` failed on this file: {error}"
    help = "please report it with the file, and add `{rule}` to `ignore` until it is mended"
