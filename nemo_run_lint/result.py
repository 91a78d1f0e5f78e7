"""What was found in a file, or in many."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from nemo_run_lint.finding import Finding, Silenced
from nemo_run_lint.target import Target


@dataclass(frozen=True)
class Result:
    """What a run found.

    findings    sorted, without those that settings or comments silence
    files       how many files were looked at, in vain or not
    silenced    the findings that comments silence, sorted
    targets     what the configurations call, if the settings asked for that
    unchanged   how many findings were left out because they are about nothing that has changed
    looked_at   the files that were looked at, in vain or not
    looked_through  the paths that the run was given; a file that was in one of these directories would have been found
    """

    findings: tuple[Finding, ...] = ()
    files: int = 0
    silenced: tuple[Silenced, ...] = ()
    targets: tuple[Target, ...] = ()
    unchanged: int = 0
    looked_at: tuple[str, ...] = field(default=(), compare=False)
    looked_through: tuple[str, ...] = field(default=(), compare=False)

    @property
    def suppressed(self) -> int:
        """How many findings are silenced."""
        return len(self.silenced)


def together(results: Iterable[Result]) -> Result:
    """What several checks found, in the order of files and lines."""
    findings: list[Finding] = []
    silenced: list[Silenced] = []
    targets: list[Target] = []
    files = 0
    for result in results:
        findings += result.findings
        targets += result.targets
        files += result.files
        silenced += result.silenced
    ordered = sorted(findings, key=lambda finding: finding.sort_key)
    silenced.sort(key=lambda each: each.finding.sort_key)
    return Result(tuple(_told_once(ordered)), files, tuple(silenced), tuple(targets))


def _told_once(findings: Sequence[Finding]) -> Iterator[Finding]:
    """Of findings at calls that reach one mistake in a function only the first; none if it is told where it stands."""
    told = {(finding.code, finding.path, finding.span.line) for finding in findings if finding.cause is None}
    for finding in findings:
        if finding.cause is None:
            yield finding
        elif (finding.code, *finding.cause) not in told:
            told.add((finding.code, *finding.cause))
            yield finding
