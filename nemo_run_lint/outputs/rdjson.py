"""`--output-format rdjson`: reviewdog's format, whose suggestions become suggested changes of a review.

Its columns count bytes of UTF-8. Where the text cannot be had, or has not the line, there are lines only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from nemo_run_lint._version import HOMEPAGE
from nemo_run_lint.finding import Finding, Fix, Note, Severity, Span
from nemo_run_lint.outputs.excerpt import lines_of
from nemo_run_lint.outputs.fixes import as_one_edit
from nemo_run_lint.outputs.format import Outcome
from nemo_run_lint.outputs.interchange import dumps
from nemo_run_lint.outputs.sentence import sentence
from nemo_run_lint.page import url

_SEVERITIES = {Severity.ERROR: "ERROR", Severity.WARNING: "WARNING", Severity.INFO: "INFO"}

_SOURCE = {"name": "nemo-run-lint", "url": HOMEPAGE}


def render(outcome: Outcome) -> Iterator[str]:
    """One object, a line for each diagnostic."""
    lines = lines_of(outcome)
    yield f'{{"source": {dumps(_SOURCE)}, "diagnostics": ['
    for place, finding in enumerate(outcome.findings):
        yield ("," if place else "") + "\n" + dumps(_diagnostic(finding, lines(finding.path)))
    yield "\n]}\n" if outcome.findings else "]}\n"


def _diagnostic(finding: Finding, lines: Sequence[str]) -> dict[str, Any]:
    address = url(finding.name)
    related = [_related(note) for note in finding.notes if note.path and note.line]
    suggestions = _suggestions(finding.fix, lines) if finding.fix else []
    return {
        "message": f"{finding.name}: {sentence(finding)}",
        "location": {"path": finding.path, "range": _range(finding.span, lines)},
        "severity": _SEVERITIES[finding.severity],
        "code": {"value": finding.code} | ({"url": address} if address else {}),
        **({"suggestions": suggestions} if suggestions else {}),
        **({"related_locations": related} if related else {}),
    }


def _suggestions(fix: Fix, lines: Sequence[str]) -> list[dict[str, Any]]:
    """Several suggestions would be alternatives: a fix is one, or none if it reaches too far for a review."""
    edit = as_one_edit(lines, fix)
    return [{"range": _range(edit.span, lines), "text": edit.text}] if edit else []


def _related(note: Note) -> dict[str, Any]:
    return {"message": note.message, "location": {"path": note.path, "range": {"start": {"line": note.line}}}}


def _range(span: Span, lines: Sequence[str]) -> dict[str, Any]:
    """Without columns both lines are meant as a whole."""
    start, end = {"line": span.line}, {"line": span.end_line}
    if 1 <= span.line <= span.end_line <= len(lines):
        start["column"] = _bytes(lines[span.line - 1], span.column)
        end["column"] = _bytes(lines[span.end_line - 1], span.end_column)
    return {"start": start, "end": end}


def _bytes(line: str, column: int) -> int:
    """A column by bytes; behind the line's last character for one that lies further on."""
    if line.isascii():
        return min(column, len(line) + 1)
    return len(line[: column - 1].encode("utf-8", "replace")) + 1
