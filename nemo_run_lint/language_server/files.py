"""The files of a workspace that nobody has open, as they are on disk. All of this belongs to the linter's thread."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from lsprotocol import types

from nemo_run_lint import runner
from nemo_run_lint.language_server.diagnostics import by_document, digest, uri_of
from nemo_run_lint.language_server.linting import Linter
from nemo_run_lint.language_server.source import Document, Source
from nemo_run_lint.language_server.text import Text
from nemo_run_lint.outputs.format import Outcome
from nemo_run_lint.outputs.notebooks import seen_by
from nemo_run_lint.sources.kinds import is_notebook


@dataclass(frozen=True)
class Report:
    """What is to be told of a document; `id` is what tells it from any other report."""

    uri: str
    diagnostics: Sequence[types.Diagnostic]
    id: str

    @classmethod
    def of(cls, uri: str, diagnostics: Sequence[types.Diagnostic]) -> Report:
        """That of these diagnostics."""
        return cls(uri, diagnostics, digest(diagnostics))


class _Known(NamedTuple):
    epoch: int
    state: tuple[int, int, int]
    report: Report


class Files:
    """The files, each linted anew only if it has changed."""

    def __init__(self, linter: Linter) -> None:
        self._linter = linter
        self._known: dict[str, _Known] = {}

    def report(self, path: str, encoding: types.PositionEncodingKind | str) -> Report:
        """What is to be told of a file; nothing if it is gone. Raises SettingsError."""
        try:
            status = os.stat(path)
            state = status.st_mtime_ns, status.st_size, status.st_ino
        except (OSError, ValueError):
            self._known.pop(path, None)
            return Report.of(uri_of(path), [])
        known = self._known.get(path)
        if known is None or known.state != state or known.epoch != self._linter.epoch:
            report = self._reported(path, encoding)
            known = self._known[path] = _Known(self._linter.epoch, state, report)
        return known.report

    def _reported(self, path: str, encoding: types.PositionEncodingKind | str) -> Report:
        uri = uri_of(path)
        findings = self._linter.file(path)
        if not findings:
            return Report.of(uri, [])
        if is_notebook(path):  # nobody shows its cells: it is a file like any other
            outcome = seen_by("", Outcome(findings))
            findings, text = tuple(outcome.findings), outcome.source(path) or ""
        else:
            text = runner.source(path, lambda directory: self._linter.settings(path)) or ""
        source = Source.of_document(path, Document(uri, None, Text(text, encoding)))
        return Report.of(uri, by_document(source, findings)[uri])
