"""`--output-format gitlab`: a code quality report, which GitLab compares with that of the target branch.

It tells old from new by `fingerprint` alone, and takes two of the same for one: a finding keeps its own when lines
around it come and go, and a second one on the same text gets another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from hashlib import sha256
from typing import Any

from nemo_run_lint.finding import Finding, Severity
from nemo_run_lint.outputs.cells import escaped
from nemo_run_lint.outputs.excerpt import split_lines
from nemo_run_lint.outputs.format import Outcome
from nemo_run_lint.outputs.interchange import dumps
from nemo_run_lint.outputs.paths import root

_SEVERITY = {Severity.ERROR: "critical", Severity.WARNING: "minor", Severity.INFO: "info"}


def render(outcome: Outcome) -> Iterator[str]:
    """An array, a line for each finding."""
    report = _Report(outcome)
    yield "["
    for place, finding in enumerate(outcome.findings):
        yield ("," if place else "") + "\n" + dumps(report.as_dict(finding))
    yield ("\n" if outcome.findings else "") + "]\n"


class _Report:
    """The findings of one run, in their order: it counts those that would be taken for one."""

    def __init__(self, outcome: Outcome) -> None:
        self.name = lru_cache(maxsize=1024)(root().name)
        self.lines = lru_cache(maxsize=1)(lambda path: split_lines(outcome.source(path) or ""))
        self.seen = Counter[tuple[str, ...]]()

    def as_dict(self, finding: Finding) -> dict[str, Any]:
        """One finding, ready for JSON."""
        path = self.name(finding.path)
        return {
            "description": escaped(f"{finding.code}: {finding.message}"),
            "check_name": finding.name,
            "fingerprint": self._fingerprint(finding, path),
            "severity": _SEVERITY[finding.severity],
            "location": {"path": path, "lines": {"begin": finding.span.line, "end": finding.span.end_line}},
        }

    def _fingerprint(self, finding: Finding, path: str) -> str:
        lines = self.lines(finding.path)
        line = lines[finding.span.line - 1] if finding.span.line <= len(lines) else finding.message
        told = (finding.name, path, " ".join(line.split()))
        self.seen[told] += 1
        return sha256("\0".join([*told, str(self.seen[told])]).encode("utf-8", "surrogatepass")).hexdigest()
