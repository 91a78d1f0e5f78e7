"""`--output-format json`: one object, a line for each finding, everything beyond ASCII escaped.

json.schema.json says the same to programs. A file name that is no text keeps its bytes as halves of surrogate pairs.

version      1; it grows when a key changes its meaning or goes away, not when one is added
findings     sorted by path, place and code; each with
    path         what the user called the file
    cell         null, or of a notebook's cell: number, from 1 with all cells counted, and id or null; lines count in it
    line, column, end_line, end_column
                 counted from 1, columns in code points; the end is one past the last character
    code, name   NRL401, lambda-in-config
    severity     error, warning, info
    confidence   high, medium
    message      what was written, and what is wrong with it
    help         what to write instead, or null
    url          the rule's page, or null for a rule of another package
    notes        what the finding rests on: each a message, and the path and line of a place in a file, or null
    fix          null, or message, safe (true: the program keeps its meaning), and edits: each the four
                 numbers of the stretch to replace, and the new text
silenced     only if asked for: findings as above, each also with
    by           what silences it: comment, baseline
    reason       why, as somebody wrote it, or null
summary      files looked at; errors, warnings, infos found; suppressed: how many findings something silences;
             skipped: how many files were not linted, since that would take too long or too much memory
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from nemo_run_lint.finding import Edit, Finding, Fix, Note, Severity, Silenced, Span
from nemo_run_lint.outputs.format import Outcome
from nemo_run_lint.page import url

VERSION = 1


def render(outcome: Outcome) -> Iterator[str]:
    """The object described above, in pieces."""
    yield f'{{"version": {VERSION}, "findings": ['
    yield from _array(as_dict(finding) for finding in outcome.findings)
    if outcome.show_silenced:
        yield '], "silenced": ['
        yield from _array(_silenced(each) for each in outcome.silenced)
    yield f'], "summary": {json.dumps(_summary(outcome))}}}\n'


def _array(items: Iterable[dict[str, Any]]) -> Iterator[str]:
    """The inside of an array, an item a line."""
    before, end = "\n", ""
    for item in items:
        yield before + json.dumps(item)
        before, end = ",\n", "\n"
    yield end


def as_dict(finding: Finding) -> dict[str, Any]:
    """One finding, ready for JSON."""
    return {
        "path": finding.path,
        "cell": {"number": finding.cell.number, "id": finding.cell.id or None} if finding.cell is not None else None,
        **_span(finding.span),
        "code": finding.code,
        "name": finding.name,
        "severity": finding.severity.value,
        "confidence": finding.confidence.value,
        "message": finding.message,
        "help": finding.help or None,
        "url": url(finding.name) or None,
        "notes": [_note(note) for note in finding.notes],
        "fix": _fix(finding.fix) if finding.fix else None,
    }


def _silenced(silenced: Silenced) -> dict[str, Any]:
    return {**as_dict(silenced.finding), "by": silenced.by, "reason": silenced.reason or None}


def _note(note: Note) -> dict[str, Any]:
    return {"message": note.message, "path": note.path or None, "line": note.line or None}


def _span(span: Span) -> dict[str, int]:
    return {"line": span.line, "column": span.column, "end_line": span.end_line, "end_column": span.end_column}


def _fix(fix: Fix) -> dict[str, Any]:
    return {"message": fix.message, "safe": fix.safe, "edits": [_edit(edit) for edit in fix.edits]}


def _edit(edit: Edit) -> dict[str, Any]:
    return {**_span(edit.span), "text": edit.text}


def _summary(outcome: Outcome) -> dict[str, int]:
    return {
        "files": outcome.files,
        "errors": outcome.count(Severity.ERROR),
        "warnings": outcome.count(Severity.WARNING),
        "infos": outcome.count(Severity.INFO),
        "suppressed": outcome.suppressed,
        "skipped": outcome.skipped,
    }
