from nemo_run_lint.finding import Severity
from nemo_run_lint.rule import Rule


class UnusedSuppression(Rule):
    """A comment that silences nothing hides the next mistake that is made there.

    `# nemo-run-lint: ignore[...]`, `file-ignore[...]` and `disable[...]`, and the codes of this linter in
    `# noqa: NRL...`, are reported when none of their findings is there to be silenced, and when there is no rule of
    that name. A bare `# noqa` and the codes of other linters are left alone.

    Silent about rules that were not run on the file: those that the settings switch off, and all of them where the file
    could not be linted. Of `ALL` or the beginning of a code, every rule it means must have been run.

    Bad:

        import nemo_run as run
        from training import schedule, train

        task = run.Partial(train, schedule=schedule)  # nemo-run-lint: ignore[lambda-in-config] -- never saved

    Good:

        import nemo_run as run
        from training import schedule, train

        task = run.Partial(train, schedule=schedule)
    """

    code = "NRL005"
    severity = Severity.WARNING
    message = "{problem}"
    help = "remove {what}"
