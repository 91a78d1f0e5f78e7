"""`--output-format sarif`: SARIF 2.1.0, as GitHub's code scanning reads it and as the standard's schema asks.

Paths begin at the repository's root, which nothing names: the same file comes out wherever the repository lies.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from nemo_run_lint._version import HOMEPAGE, __version__
from nemo_run_lint.finding import Edit, Finding, Fix, Note, Silenced, Span
from nemo_run_lint.outputs.cells import escaped
from nemo_run_lint.outputs.format import Outcome
from nemo_run_lint.outputs.interchange import dumps
from nemo_run_lint.outputs.line_hashes import file_hashes
from nemo_run_lint.outputs.paths import root

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"

#: The name of the place that relative paths begin at.
ROOT = "%SRCROOT%"

#: How SARIF calls what silences a finding.
_KINDS = {"comment": "inSource"}


def render(outcome: Outcome) -> Iterator[str]:
    """One log with one run; a line for each result."""
    told = _told(outcome)
    rules = sorted({(finding.code, finding.name) for finding, _ in told})
    yield f'{{"$schema": {dumps(SCHEMA)}, "version": "2.1.0", "runs": [{{\n'
    yield f'"tool": {dumps(_tool([name for _, name in rules]))},\n'
    yield f'"originalUriBaseIds": {dumps({ROOT: {"description": {"text": "The root of the repository."}}})},\n'
    yield '"columnKind": "unicodeCodePoints",\n"results": ['
    results = _Results(outcome, rules)
    for place, (finding, silenced) in enumerate(told):
        yield ("," if place else "") + "\n" + dumps(results.as_dict(finding, silenced))
    yield ("\n" if told else "") + "]}]}\n"


def _told(outcome: Outcome) -> list[tuple[Finding, Silenced | None]]:
    """What becomes a result, sorted, with what silences it.

    On GitHub's own machines silenced findings are left out unless they are asked for: code scanning takes no notice of
    `suppressions`, and would show them as open alerts.
    """
    on_github = os.environ.get("GITHUB_ACTIONS") == "true"
    silenced = outcome.told_silenced if on_github else outcome.silenced
    told = [*((each, None) for each in outcome.findings), *((each.finding, each) for each in silenced)]
    return sorted(told, key=lambda pair: pair[0].sort_key)


def _tool(rules: Sequence[str]) -> dict[str, Any]:
    """The linter, and the rules of these names."""
    described: list[dict[str, Any]] = []
    if rules:  # LibCST is not imported where nothing was found
        from nemo_run_lint.outputs import sarif_rules
        from nemo_run_lint.selection import rule_called

        described = [sarif_rules.as_dict(rule_called(name)) for name in rules]
    return {
        "driver": {
            "name": "nemo-run-lint",
            "semanticVersion": __version__,
            "informationUri": HOMEPAGE,
            "rules": described,
        }
    }


class _Results:
    """The findings of one run as SARIF's results; `rules` are the codes and names of the rules in their order."""

    def __init__(self, outcome: Outcome, rules: Sequence[tuple[str, str]]) -> None:
        self.places = {rule: place for place, rule in enumerate(rules)}
        self.uri = lru_cache(maxsize=1024)(root().uri)
        self.hashes = lru_cache(maxsize=1)(lambda path: file_hashes(path, outcome.source(path)))

    def as_dict(self, finding: Finding, silenced: Silenced | None) -> dict[str, Any]:
        """One finding; `silenced` if it is."""
        from nemo_run_lint.outputs.sarif_rules import LEVEL

        linked = [note for note in finding.notes if note.path and note.line]
        result: dict[str, Any] = {
            "ruleId": finding.code,
            "ruleIndex": self.places[finding.code, finding.name],
            "level": LEVEL[finding.severity],
            "message": {"text": _message(finding, linked)},
            "locations": [{"physicalLocation": self._place(finding.path, _region(finding.span))}],
        }
        if finding.cell is not None:
            name = f"cell {finding.cell.number}"
            result["locations"][0]["logicalLocations"] = [{"name": name, "kind": "element"}]
            result["properties"] = {"cell": finding.cell.number, "cellId": finding.cell.id}
        if linked:
            result["relatedLocations"] = [self._related(number, note) for number, note in enumerate(linked, 1)]
        if finding.span.line <= len(hashes := self.hashes(finding.path)):
            result["partialFingerprints"] = {"primaryLocationLineHash": hashes[finding.span.line - 1]}
        if finding.fix is not None and finding.fix.edits:
            result["fixes"] = [self._fix(finding.path, finding.fix)]
        if silenced is not None:
            result["suppressions"] = [_suppression(silenced)]
        return result

    def _place(self, path: str, region: Mapping[str, int]) -> dict[str, Any]:
        return {"artifactLocation": self._artifact(path), "region": region}

    def _artifact(self, path: str) -> dict[str, str]:
        uri = self.uri(path)
        return {"uri": uri} if uri.startswith("file:") else {"uri": uri, "uriBaseId": ROOT}

    def _related(self, number: int, note: Note) -> dict[str, Any]:
        place = self._place(note.path, {"startLine": note.line})
        return {"id": number, "physicalLocation": place, "message": {"text": _unlinked(note.message)}}

    def _fix(self, path: str, fix: Fix) -> dict[str, Any]:
        doubt = "" if fix.safe else " (the program may do something else then)"
        changes = {"artifactLocation": self._artifact(path), "replacements": [*map(_replacement, fix.edits)]}
        return {"description": {"text": escaped(fix.message) + doubt}, "artifactChanges": [changes]}


def _message(finding: Finding, linked: Sequence[Note]) -> str:
    """The message as a sentence, since GitHub shows the first one where there is little room; help; notes as links."""
    lines = [f"{_unlinked(finding.message)}."]
    if finding.help:
        lines.append(f"help: {_unlinked(finding.help)}")
    for note in finding.notes:
        if note in linked:
            lines.append(f"note: [{_backslashed(escaped(note.message))}]({linked.index(note) + 1})")
        else:
            lines.append(f"note: {_unlinked(note.message)}")
    return "\n".join(lines)


def _unlinked(text: str) -> str:
    """`text` on one line, in which no reader finds a link."""
    return _backslashed(escaped(text)) if "](" in text else escaped(text)


def _backslashed(text: str) -> str:
    return re.sub(r"([\\\[\]])", r"\\\1", text)


def _region(span: Span) -> dict[str, int]:
    return {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }


def _replacement(edit: Edit) -> dict[str, Any]:
    return {"deletedRegion": _region(edit.span), "insertedContent": {"text": edit.text}}


def _suppression(silenced: Silenced) -> dict[str, str]:
    kind = {"kind": _KINDS.get(silenced.by, "external")}
    return {**kind, "justification": silenced.reason} if silenced.reason else kind
