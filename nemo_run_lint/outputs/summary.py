"""The last line of the formats for people: how much was found, and where."""

from __future__ import annotations

from nemo_run_lint.finding import Severity
from nemo_run_lint.outputs.ansi import GREEN, SEVERITY, paint
from nemo_run_lint.outputs.format import Outcome


def summary(outcome: Outcome) -> str:
    """`Found 3 errors and 2 warnings in 2 of 14 files.`, or that nothing was found; with a newline."""
    if outcome.quiet:
        return ""
    silenced = f" ({outcome.suppressed} suppressed)" if outcome.suppressed else ""
    if not outcome.findings:
        return paint("All checks passed!", GREEN, outcome.color) + f"{silenced}\n"
    counts = [
        paint(counted(outcome.count(severity), word, plural), SEVERITY[severity], outcome.color)
        for severity, word, plural in (
            (Severity.ERROR, "error", "errors"),
            (Severity.WARNING, "warning", "warnings"),
            (Severity.INFO, "info", "infos"),
        )
        if outcome.count(severity)
    ]
    found = " and ".join(filter(None, [", ".join(counts[:-1]), counts[-1]]))
    affected = len({finding.path for finding in outcome.findings})
    files = counted(max(outcome.files, affected), "file", "files")
    where = files if affected >= outcome.files else f"{affected} of {files}"
    return f"Found {found} in {where}{silenced}.\n"


def counted(number: int, word: str, plural: str) -> str:
    """`1 file`, `2 files`."""
    return f"{number} {word if number == 1 else plural}"
