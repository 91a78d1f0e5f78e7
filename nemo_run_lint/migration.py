"""What a step from one NeMo Run to another breaks: what is found with the new release and was not with the old one."""

from __future__ import annotations

import difflib
import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from nemo_run_lint.finding import Finding
from nemo_run_lint.fixer import replace_file, rewritten
from nemo_run_lint.runner import Result, SettingsFor, run
from nemo_run_lint.settings import Settings
from nemo_run_lint.sources.python import decode

#: The rules whose findings depend on the release.
_RULES = (
    "unknown-attribute",
    "unknown-import",
    "unknown-method",
    "unknown-field",
    "missing-field",
    "positional-field",
    "executor-attribute-typo",
)

#: How the codes begin of what says that a file was not judged.
_LINTER = "NRL0"


def breaks(paths: Sequence[str], settings_for: SettingsFor, old: str, new: str) -> Result:
    """The findings about what works in release `old` and not in `new`, and about files that could not be judged.

    Raises DiscoveryError and SettingsError as `runner.run` does.
    """
    before, after = (run(paths, _judging(settings_for, release)) for release in (old, new))
    known = {_place(finding) for finding in before.findings}
    findings = (each for each in after.findings if each.code.startswith(_LINTER) or _place(each) not in known)
    return replace(after, findings=tuple(findings))


def fix(findings: Sequence[Finding]) -> int:
    """Apply the safe fixes in the files that `findings`, sorted, are about; how many were. Raises OSError."""
    count = 0
    for path, _, data, fixed in _rewritten(findings):
        replace_file(path, data)
        count += fixed
    return count


def diff(findings: Sequence[Finding]) -> Iterator[str]:
    """What `fix` would change, as a unified diff, line by line. Raises OSError."""
    for path, before, after, _ in _rewritten(findings):
        for line in difflib.unified_diff(_lines(before), _lines(after), path, path):
            yield line if line.endswith(("\n", "\r")) else f"{line}\n\\ No newline at end of file\n"


def _rewritten(findings: Sequence[Finding]) -> Iterator[tuple[str, bytes, bytes, int]]:
    """Every file that changes: its path, its bytes before and after, and how many findings were fixed."""
    for path, found in groupby(findings, lambda finding: finding.path):
        safe = [finding for finding in found if finding.fix is not None and finding.fix.safe]
        if safe:
            before = Path(path).read_bytes()
            after, fixed = rewritten(before, safe)
            if fixed:
                yield path, before, after, len(fixed)


def _lines(data: bytes) -> list[str]:
    return list(io.StringIO(decode(data).text, newline=""))  # unlike splitlines, at line ends only


def _judging(settings_for: SettingsFor, release: str) -> SettingsFor:
    def settings_of(directory: Path) -> Settings:
        settings = settings_for(directory)
        return replace(settings, select=_RULES, extend_select=(), nemo_run_version=(release,))

    return settings_of


def _place(finding: Finding) -> tuple[object, ...]:
    return finding.path, finding.span, finding.code
