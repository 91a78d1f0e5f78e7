from nemo_run_lint.finding import Severity
from nemo_run_lint.rule import Rule


class FileSkipped(Rule):
    """A file that uses nemo_run was not linted, because it would take too long or too much memory.

    It is larger than `maximum-file-size` in `[tool.nemo-run-lint]` (1,000,000 bytes unless set), or its expressions are
    nested so deeply that parsing them takes minutes. Both are usual for generated code, and for nothing else.
    """

    code = "NRL003"
    severity = Severity.WARNING
    message = "this file was skipped: {reason}"
    help = "leave it out with `exclude`, or raise `maximum-file-size` if it is only large"
