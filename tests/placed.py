"""A fix in terms of nodes, put into the text."""

from __future__ import annotations

from rule_cases import apply_fix

from nemo_run_lint.finding import Finding, Severity, Span
from nemo_run_lint.placing import placed
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeFix


def substituted(file: File, fix: NodeFix) -> str | None:
    """The text of `file` after `fix`; None where the fix is given up."""
    found = placed(file, fix)
    if found is None:
        return None
    return apply_fix(file.text, Finding("x.py", Span(1, 1, 1, 1), "NRL999", "sample", Severity.ERROR, "", fix=found))
