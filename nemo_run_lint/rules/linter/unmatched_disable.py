from nemo_run_lint.finding import Severity
from nemo_run_lint.rule import Rule


class UnmatchedDisable(Rule):
    """A `disable[...]` without its `enable[...]` silences also what is written below it later.

    It counts to the end of its block: to the first statement that is indented less, or to the end of the file. Where
    the whole file is meant, `file-ignore[...]` says so.

    Bad:

        import nemo_run as run
        from training import train

        # nemo-run-lint: disable[lambda-in-config] -- these are never saved
        task = run.Partial(train, schedule=lambda step: 0.1)

    Good:

        import nemo_run as run
        from training import train

        # nemo-run-lint: disable[lambda-in-config] -- these are never saved
        task = run.Partial(train, schedule=lambda step: 0.1)
        # nemo-run-lint: enable[lambda-in-config]
    """

    code = "NRL009"
    severity = Severity.WARNING
    strict = True
    message = "{selectors} is not enabled again: what is silenced ends with line {last}"
    help = "add `# nemo-run-lint: enable[{enabled}]` where it should end, indented alike"
