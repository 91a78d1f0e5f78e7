from nemo_run_lint.finding import Severity
from nemo_run_lint.rule import Rule


class MalformedSuppression(Rule):
    """A comment that was to silence something is not understood, so it silences nothing, or other than it says.

    The linter reads `# nemo-run-lint:` with one of four words, rules in brackets, and what is known about it:
    `ignore[short-name] until=2030-01-31 owner=@team -- why`. `ignore` at the end of a line speaks of that line, on a
    line of its own of the next statement; `file-ignore` of the file. `disable` stands on a line of its own and counts
    to the `enable` of the same rules in its block that is indented as it is, or else to the end of the block.

    Reported: another word, brackets that are missing, text behind them that is not read, a `disable` or `enable` behind
    code, an `enable` of what is not disabled.

    Bad:

        import nemo_run as run
        from training import train

        task = run.Partial(train, schedule=lambda step: 0.1)  # nemo-run-lint: ingore[lambda-in-config] -- never saved

    Good:

        import nemo_run as run
        from training import train

        task = run.Partial(train, schedule=lambda step: 0.1)  # nemo-run-lint: ignore[lambda-in-config] -- never saved
    """

    code = "NRL008"
    severity = Severity.WARNING
    message = "this comment is not understood: {problem}"
    help = "write `# nemo-run-lint: ignore[short-name] -- why` (or `file-ignore`, `disable`, `enable`)"
