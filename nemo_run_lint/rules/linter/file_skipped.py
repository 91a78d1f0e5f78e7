from nemo_run_lint.finding import Severity
from nemo_run_lint.rule import Rule


class FileSkipped(Rule):
    """A file that uses nemo_run was not linted, because it would take too long or too much memory.

    It is larger than `maximum-file-size` in `[tool.nemo-run-lint]` (1,000,000 bytes unless set), takes longer than
    `time-limit` (60 seconds unless set), or is nested so deeply that parsing it takes minutes or ends the process. All
    this is usual for generated code, and for nothing else. How many files were skipped is told at the end.
    """

    code = "NRL003"
    severity = Severity.WARNING
    message = "this file was skipped: {reason}"
    help = "leave it out with `exclude`, or raise `maximum-file-size` or `time-limit` if it is only large"
