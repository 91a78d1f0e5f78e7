"""What was found in a file before, good as long as all is the same: its text, the settings, the modules it depends on.

What comments and settings silence comes afterwards. A hit imports neither LibCST nor a rule.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import Any

from nemo_run_lint import witnesses
from nemo_run_lint.comments import Ran
from nemo_run_lint.file_tree import Project
from nemo_run_lint.finding import Confidence, Edit, Finding, Fix, Note, Severity, Span
from nemo_run_lint.identity import identity
from nemo_run_lint.linter import Examined
from nemo_run_lint.rule_files import plugins
from nemo_run_lint.rules.linter.rule_failed import RuleFailed
from nemo_run_lint.settings import Settings
from nemo_run_lint.signatures.store import Store
from nemo_run_lint.surroundings import Surrounding
from nemo_run_lint.target import Target


def examined(
    path: str,
    text: str,
    settings: Settings,
    versions: tuple[str, ...],
    surrounding: Surrounding,
    examine: Callable[[], Examined],
    project: Project | None = None,
) -> Examined:
    """What `examine` gives, or gave, for this file by these settings and releases of NeMo Run."""
    if not surrounding.store.is_open:
        return examine()
    key = _key(path, text, settings, versions, surrounding, project)
    known = _recalled(key, surrounding, project)
    if known is not None:
        return known
    surrounding.index.consulted = set()
    if project is not None:
        project.asked.clear()
    found = examine()
    if any(finding.code == RuleFailed.code for finding in found.findings):
        witnesses.spoil()
    elif not plugins():
        modules = sorted(surrounding.index.consulted)
        asked = [[*question, answer] for question, answer in project.asked.items()] if project is not None else []
        kept = [modules, surrounding.state(modules).hex(), asked, _plain(found)]
        surrounding.store.put(key, json.dumps(kept, separators=(",", ":")).encode())
    return found


def ran(settings: Settings, store: Store, ask: Callable[[], list[Ran]]) -> list[Ran]:
    """What `ask` says, or said, of the rules that are on by these settings."""
    key = _digest(("ran", identity(), _rules(settings)))
    kept = store.get(key)
    if kept is not None:
        with suppress(ValueError, TypeError):  # the store was changed by something else
            return [Ran(*each) for each in json.loads(kept)]
    found = ask()
    if not plugins():
        store.put(key, json.dumps(found).encode())
    return found


def _key(
    path: str,
    text: str,
    settings: Settings,
    versions: tuple[str, ...],
    surrounding: Surrounding,
    project: Project | None,
) -> bytes:
    """All that decides what is found, the modules and the files of the project that are consulted on the way apart."""
    around = project.identity if project is not None else ()
    place = (os.getcwd(), path, surrounding.environment.module_name(Path(path)), surrounding.identity, around)
    return _digest((identity(), place, text, _rules(settings), versions, settings.explain_unresolved))


def _rules(settings: Settings) -> tuple[object, ...]:
    """What of the settings decides which rules are on, and how."""
    options = sorted((name, sorted(table.items())) for name, table in settings.rules.items())
    return settings.profile, settings.select, settings.extend_select, settings.ignore, options


def _digest(told: object) -> bytes:
    return blake2b(repr(told).encode(errors="surrogatepass"), digest_size=16).digest()


def _recalled(key: bytes, surrounding: Surrounding, project: Project | None) -> Examined | None:
    kept = surrounding.store.get(key)
    if kept is None:
        return None
    try:
        modules, state, asked, found = json.loads(kept)
        is_same = surrounding.state(modules).hex() == state and (project is None or project.answers_still(asked))
        return _read(found) if is_same else None
    except (ValueError, TypeError, AttributeError):  # the store was changed by something else
        return None


# -- as JSON -----------------------------------------------------------------------------------------------------


def _plain(found: Examined) -> list[Any]:
    targets = [[each.path, each.line, each.written, each.reason] for each in found.targets]
    return [[_plain_finding(each) for each in found.findings], targets]


def _plain_finding(finding: Finding) -> list[Any]:
    fix = finding.fix
    edits = [[*_plain_span(edit.span), edit.text] for edit in fix.edits] if fix is not None else []
    return [
        finding.path,
        _plain_span(finding.span),
        finding.code,
        finding.name,
        finding.severity.value,
        finding.message,
        finding.confidence.value,
        finding.help,
        [fix.message, edits, fix.safe] if fix is not None else None,
        [[note.message, note.path, note.line] for note in finding.notes],
    ]


def _plain_span(span: Span) -> list[int]:
    return [span.line, span.column, span.end_line, span.end_column]


def _read(found: Any) -> Examined:
    findings, targets = found
    return Examined(tuple(map(_read_finding, findings)), tuple(Target(*each) for each in targets))


def _read_finding(found: Any) -> Finding:
    path, span, code, name, severity, message, confidence, advice, fix, notes = found
    return Finding(
        path,
        Span(*span),
        code,
        name,
        Severity(severity),
        message,
        Confidence(confidence),
        advice,
        Fix(fix[0], tuple(Edit(Span(*place), text) for *place, text in fix[1]), fix[2]) if fix is not None else None,
        tuple(Note(*note) for note in notes),
    )
