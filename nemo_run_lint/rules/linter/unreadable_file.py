from nemo_run_lint.finding import Severity
from nemo_run_lint.rule import Rule


class UnreadableFile(Rule):
    """A file that cannot be read was not linted: nobody knows what is in it.

    It is not permitted, the disk failed, or it is a pipe, a socket or a device, which the linter never opens. A
    directory that cannot be listed is reported alike, since the files in it were not looked at.
    """

    code = "NRL002"
    severity = Severity.ERROR
    message = "this {what} {problem}"
    help = "make it readable, or leave it out with `exclude`"
