"""A finding in one sentence, for formats that have room for one text."""

from __future__ import annotations

from nemo_run_lint.finding import Finding


def sentence(finding: Finding) -> str:
    """What was written, what is wrong with it, and what to write instead."""
    return f"{finding.message}; {finding.help}" if finding.help else finding.message
