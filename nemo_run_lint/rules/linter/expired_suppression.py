from nemo_run_lint.finding import Severity
from nemo_run_lint.rule import Rule


class ExpiredSuppression(Rule):
    """A comment that was to silence a finding until a date no longer does after that date.

    `# nemo-run-lint: ignore[lambda-in-config] until=2030-01-31 owner=@team -- waits for release 3` counts to the end of
    that day (a date is written year-month-day); then what it silenced is reported again, and so is the comment. With a
    date that is none it never counts.

    Bad:

        import nemo_run as run
        from training import train

        # nemo-run-lint: ignore[lambda-in-config] until=2024-01-31 -- waits for release 3
        task = run.Partial(train, schedule=lambda step: 0.1)

    Good:

        import nemo_run as run
        from training import schedule, train

        task = run.Partial(train, schedule=schedule)
    """

    code = "NRL007"
    severity = Severity.WARNING
    message = "this comment silences nothing any more: {problem}"
    help = "mend what it silenced, or set another date{owner}"
