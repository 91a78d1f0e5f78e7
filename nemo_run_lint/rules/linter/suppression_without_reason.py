from nemo_run_lint.finding import Severity
from nemo_run_lint.rule import Rule


class SuppressionWithoutReason(Rule):
    """A comment that silences a finding says why, or nobody will dare to remove it.

    The reason follows two hyphens: `# nemo-run-lint: ignore[lambda-in-config] -- the task is never saved`. It may be
    preceded by a date after which the comment no longer counts and by who looks after it:
    `# nemo-run-lint: ignore[lambda-in-config] until=2030-01-31 owner=@team -- waits for release 3`. Nothing is asked of
    `# noqa`, which has no place for a reason. `require-reason = true` in the settings asks for reasons whatever the
    profile.

    Bad:

        import nemo_run as run
        from training import train

        task = run.Partial(train, schedule=lambda step: 0.1)  # nemo-run-lint: ignore[lambda-in-config]

    Good:

        import nemo_run as run
        from training import train

        task = run.Partial(train, schedule=lambda step: 0.1)  # nemo-run-lint: ignore[lambda-in-config] -- never saved
    """

    code = "NRL006"
    severity = Severity.WARNING
    strict = True
    message = "this comment does not say why `{selectors}` is silenced"
    help = "add the reason behind it: `-- why`"
