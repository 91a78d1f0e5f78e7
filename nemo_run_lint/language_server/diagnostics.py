"""Findings as an editor shows them: at their places in the documents, with the proof and the fix."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from hashlib import blake2b
from pathlib import Path
from typing import Any

from lsprotocol import types

from nemo_run_lint.finding import Finding, Fix, Note, Severity
from nemo_run_lint.language_server.source import Part, Source
from nemo_run_lint.page import url
from nemo_run_lint.rules.linter.unused_suppression import UnusedSuppression

#: What a diagnostic names as its origin.
SOURCE = "nemo-run-lint"

_SEVERITY = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFO: types.DiagnosticSeverity.Information,
}

#: The rules of a family about versions say so of what a release of NeMo Run took away.
_ABOUT_VERSIONS = "NRL7"
_TAKEN_AWAY = re.compile(r"\bremoved in \d|\brenamed to `")


def by_document(source: Source, findings: Iterable[Finding]) -> dict[str, list[types.Diagnostic]]:
    """The diagnostics of each document of a source, by its URI; also of those without one."""
    found: dict[str, list[types.Diagnostic]] = {part.document.uri: [] for part in source.parts}
    for finding in findings:
        part = source.part_at(finding.span.line)
        if part is not None:
            found[part.document.uri].append(diagnostic(source, part, finding))
    return found


def diagnostic(source: Source, part: Part, finding: Finding) -> types.Diagnostic:
    """A finding as a diagnostic of the document in which it begins."""
    href = url(finding.name)
    related = [_related(note) for note in finding.notes if note.path and note.line]
    return types.Diagnostic(
        range=part.range(finding.span),
        severity=_SEVERITY[finding.severity],
        code=finding.code,
        code_description=types.CodeDescription(href) if href else None,
        source=SOURCE,
        message=_message(finding),
        tags=_tags(finding),
        related_information=related or None,
        data={"name": finding.name, "fix": _fix(source, finding.fix)},
    )


def digest(diagnostics: Iterable[types.Diagnostic]) -> str:
    """What tells these diagnostics from others."""
    return blake2b(repr(list(diagnostics)).encode(errors="surrogatepass"), digest_size=16).hexdigest()


def uri_of(path: str) -> str:
    """The URI of a file."""
    return Path(os.path.abspath(path)).as_uri()


def _message(finding: Finding) -> str:
    lines = [f"{finding.name}: {finding.message}"]
    lines += [f"help: {finding.help}"] if finding.help else []
    lines += [f"note: {note.message}" for note in finding.notes if not (note.path and note.line)]
    return "\n".join(lines)


def _tags(finding: Finding) -> list[types.DiagnosticTag] | None:
    if finding.name == UnusedSuppression.name():
        return [types.DiagnosticTag.Unnecessary]
    told = f"{finding.message} {finding.help}"
    if finding.code.startswith(_ABOUT_VERSIONS) and _TAKEN_AWAY.search(told):
        return [types.DiagnosticTag.Deprecated]
    return None


def _related(note: Note) -> types.DiagnosticRelatedInformation:
    place = types.Position(note.line - 1, 0)
    return types.DiagnosticRelatedInformation(
        types.Location(uri_of(note.path), types.Range(place, place)), note.message
    )


def _fix(source: Source, fix: Fix | None) -> dict[str, Any] | None:
    """A fix as plain data: of each document the edits."""
    edits = source.edits(fix.edits) if fix is not None else None
    if fix is None or not edits:
        return None
    told = {part.document.uri: [_plain(edit) for edit in some] for part, some in edits.items()}
    return {"title": fix.message, "safe": fix.safe, "changes": told}


def _plain(edit: types.TextEdit) -> dict[str, Any]:
    begin, end = ({"line": place.line, "character": place.character} for place in (edit.range.start, edit.range.end))
    return {"range": {"start": begin, "end": end}, "newText": edit.new_text}
