"""What an editor offers to do about findings: fix one, silence one, or fix all that is safe.

Everything is worked out from the text as it is now, not from what a client still remembers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lsprotocol import types

from nemo_run_lint.finding import Finding
from nemo_run_lint.fixer import apply
from nemo_run_lint.language_server.diagnostics import diagnostic
from nemo_run_lint.language_server.differences import differences
from nemo_run_lint.language_server.source import Part, Source
from nemo_run_lint.silencing import silenced_by_comments
from nemo_run_lint.sources.magics import blanked
from nemo_run_lint.sources.python import parses

FIX_ALL = "source.fixAll.nemoRunLint"

#: What stands as the reason in a comment until somebody writes one.
REASON = "TODO: say why"

#: How the codes begin of what the linter says about itself, which no comment silences.
_LINTER = "NRL0"

#: After so many rounds the fixes are taken to undo each other.
_ROUNDS = 10

Found = Callable[[Source], Sequence[Finding]]


@dataclass(frozen=True)
class Edits:
    """How a client takes edits.

    versioned  whether it understands to which version of a document they belong
    lazy       whether it asks for them only when they are wanted
    """

    versioned: bool = True
    lazy: bool = True

    def made(self, edits: dict[Part, list[types.TextEdit]]) -> types.WorkspaceEdit:
        """Edits of documents."""
        if not self.versioned:
            return types.WorkspaceEdit(changes={part.document.uri: some for part, some in edits.items()})
        changes: list[types.TextDocumentEdit | types.CreateFile | types.RenameFile | types.DeleteFile] = []
        for part, some in edits.items():
            document = types.OptionalVersionedTextDocumentIdentifier(part.document.uri, part.document.version)
            changes.append(types.TextDocumentEdit(document, [*some]))
        return types.WorkspaceEdit(document_changes=changes)


def actions(
    source: Source, part: Part, params: types.CodeActionParams, found: Found, edits: Edits
) -> list[types.CodeAction]:
    """What can be done about the findings in a range of a document."""
    only = params.context.only
    findings = found(source)
    offered: list[types.CodeAction] = []
    if _is_asked_for(types.CodeActionKind.QuickFix, only):
        for finding in _within(source, part, findings, params.range):
            shown = diagnostic(source, part, finding)
            offered += _fixes(source, finding, shown, edits)
            offered += _silences(source, finding, shown, edits)
    if _is_asked_for(FIX_ALL, only) and any(finding.fix is not None and finding.fix.safe for finding in findings):
        action = types.CodeAction("Fix all that nemo-run-lint can fix safely", FIX_ALL)
        action.data = {"uri": part.document.uri}
        offered.append(action if edits.lazy else resolved(action, source, found, edits))
    return offered


def resolved(action: types.CodeAction, source: Source, found: Found, edits: Edits) -> types.CodeAction:
    """An action with its edits, worked out for what `source` is now; without them where nothing is to be done."""
    data = action.data if isinstance(action.data, dict) else {}
    if action.kind == FIX_ALL:
        changes = _differences(source, fixed(source, found))
    else:
        meant = [finding for finding in found(source) if _name(finding) == data.get("finding")]
        changes = _silencing(source, meant[:1])
    action.edit = edits.made(changes) if changes else None
    return action


def fixed(source: Source, found: Found) -> Source:
    """The source after all safe fixes, until none is left; rules whose fixes undo each other are left out."""
    left_out: set[str] = set()
    while True:
        now, names = source, set[str]()
        for _ in range(_ROUNDS):
            safe = [each for each in found(now) if each.fix and each.fix.safe and each.name not in left_out]
            applied = apply(now.text, safe, lambda text, changes: parses(text))
            if not applied.changes:
                return now
            names = {finding.name for finding in applied.fixed}
            now = now.after(applied.changes)
        left_out |= names


# -- fixing ------------------------------------------------------------------------------------------------------


def _fixes(source: Source, finding: Finding, shown: types.Diagnostic, edits: Edits) -> Iterator[types.CodeAction]:
    changes = source.edits(finding.fix.edits) if finding.fix is not None else None
    if finding.fix is None or not changes:
        return
    title = f"{finding.fix.message[:1].upper()}{finding.fix.message[1:]}"
    title += "" if finding.fix.safe else " (may change what the program does)"
    yield types.CodeAction(
        title,
        types.CodeActionKind.QuickFix,
        [shown],
        is_preferred=finding.fix.safe or None,
        edit=edits.made(changes),
    )


def _differences(before: Source, after: Source) -> dict[Part, list[types.TextEdit]]:
    """The edits that make one source the other, line by line."""
    found = {}
    for part in before.parts:
        now = after.part_of(part.document.uri)
        text = part.document.text
        if now is not None and (edits := differences(text, text.source, now.document.text.source)):
            found[part] = edits
    return found


# -- silencing ---------------------------------------------------------------------------------------------------


def _silences(source: Source, finding: Finding, shown: types.Diagnostic, edits: Edits) -> Iterator[types.CodeAction]:
    if finding.code.startswith(_LINTER):
        return
    action = types.CodeAction(f"Disable {finding.name} for this line", types.CodeActionKind.QuickFix, [shown])
    part = source.part_at(finding.span.line)
    action.data = {"uri": part.document.uri if part is not None else "", "finding": _name(finding)}
    if not edits.lazy:
        changes = _silencing(source, [finding])
        action.edit = edits.made(changes) if changes else None
    if edits.lazy or action.edit is not None:
        yield action


def _silencing(source: Source, findings: Sequence[Finding]) -> dict[Part, list[types.TextEdit]]:
    """The edits that write a comment for a finding."""
    part = source.part_at(findings[0].span.line) if findings else None
    if part is None:
        return {}
    text = part.document.text
    python = text.python if source.notebook is None else blanked(text.source) or ""
    own = [replace(finding, span=part.own(finding.span)) for finding in findings]
    after, silenced = silenced_by_comments(python.encode("utf-8", "surrogatepass"), own, REASON)
    if not silenced:
        return {}
    edits = differences(text, python, after.decode("utf-8", "surrogatepass"), len(text.mark))
    return {part: edits} if edits else {}


# -- findings ----------------------------------------------------------------------------------------------------


def _within(source: Source, part: Part, findings: Iterable[Finding], range: types.Range) -> Iterator[Finding]:
    """The findings of a document on lines that a range touches."""
    for finding in findings:
        if source.part_at(finding.span.line) is part:
            own = part.range(finding.span)
            if own.start.line <= range.end.line and range.start.line <= own.end.line:
                yield finding


def _is_asked_for(kind: str, only: Sequence[types.CodeActionKind | str] | None) -> bool:
    return only is None or any(kind == each or kind.startswith(f"{_text(each)}.") or not _text(each) for each in only)


def _text(kind: types.CodeActionKind | str) -> str:
    return kind.value if isinstance(kind, types.CodeActionKind) else kind


def _name(finding: Finding) -> list[Any]:
    """What tells a finding from the others of its source, as JSON keeps it."""
    span = finding.span
    return [finding.code, span.line, span.column, span.end_line, span.end_column, finding.message]
