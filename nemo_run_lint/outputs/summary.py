"""The last lines of the formats for people: how much was found, and where, and what of it can be fixed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from nemo_run_lint.finding import Finding, Severity
from nemo_run_lint.outputs.ansi import CYAN, GREEN, SEVERITY, paint
from nemo_run_lint.outputs.fixes import MARK, is_fixable
from nemo_run_lint.outputs.format import Outcome


def summary(outcome: Outcome) -> str:
    """`Found 3 errors and 2 warnings in 2 of 14 files.`, or that nothing was found; then what can be fixed."""
    if outcome.quiet:
        return ""
    found = [*outcome.fixed, *outcome.findings]
    told = [f"{len(outcome.fixed)} fixed", f"{len(outcome.findings)} remaining"] if outcome.fixed else []
    told += [f"{outcome.suppressed} suppressed"] if outcome.suppressed else []
    told += [f"{outcome.unchanged} on unchanged lines"] if outcome.unchanged else []
    told += [f"{counted(outcome.skipped, 'file', 'files')} skipped"] if outcome.skipped else []
    more = f" ({', '.join(told)})" if told else ""
    if not found:
        return paint("All checks passed!", GREEN, outcome.color) + f"{more}\n"
    affected = len({finding.file for finding in found})
    files = counted(max(outcome.files, affected), "file", "files")
    where = files if affected >= outcome.files else f"{affected} of {files}"
    return f"Found {by_severity(found, outcome.color)} in {where}{more}.\n{_fixable(outcome)}"


def by_severity(findings: Sequence[Finding], color: bool = False) -> str:
    """`3 errors and 2 warnings`; there is at least one finding."""
    numbers = Counter(finding.severity for finding in findings)
    counts = [
        paint(counted(numbers[severity], word, plural), SEVERITY[severity], color)
        for severity, word, plural in (
            (Severity.ERROR, "error", "errors"),
            (Severity.WARNING, "warning", "warnings"),
            (Severity.INFO, "info", "infos"),
        )
        if numbers[severity]
    ]
    return " and ".join(filter(None, [", ".join(counts[:-1]), counts[-1]]))


def _fixable(outcome: Outcome) -> str:
    """How many findings have a fix, and what to ask for; empty if none has one."""
    safe = sum(is_fixable(finding) for finding in outcome.findings)
    unsafe = sum(is_fixable(finding, safe=False) for finding in outcome.findings)
    if not safe and not unsafe:
        return ""
    mark = paint(MARK, CYAN, outcome.color)
    if not unsafe:
        return f"{mark} {safe} fixable with `--fix`.\n"
    if not safe:
        return f"{unsafe} fixable with `--fix --unsafe-fixes`.\n"
    return f"{mark} {safe} fixable with `--fix`, {unsafe} more with `--fix --unsafe-fixes`.\n"


def counted(number: int, word: str, plural: str) -> str:
    """`1 file`, `2 files`."""
    return f"{number} {word if number == 1 else plural}"
