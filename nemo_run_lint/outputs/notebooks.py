"""Findings in notebooks, told where their reader looks: in the cell for people, in the file for programs.

Everywhere else they count lines in the text that all code cells make.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

from nemo_run_lint.finding import Edit, Finding, Fix, Note, Silenced, Span
from nemo_run_lint.outputs.format import Outcome
from nemo_run_lint.sources.kinds import is_notebook
from nemo_run_lint.sources.notebook import Code, FilePlaces, Notebook, NotebookError, read_notebook
from nemo_run_lint.sources.python import LINE_END

#: Formats that know of cells, and have a place for them.
_WITH_CELLS = frozenset({"json", "jsonl"})

#: Formats that people read.
_FOR_PEOPLE = frozenset({"full", "concise", "grouped", "markdown", "step_summary"})


Move = Callable[[Finding], Finding]


def seen_by(format: str, outcome: Outcome) -> Outcome:
    """The same for the readers of a format."""
    notebooks = _Notebooks(outcome)
    if format in _WITH_CELLS:
        return _moved(outcome, notebooks.in_cell)
    if format in _FOR_PEOPLE:
        return replace(_moved(outcome, notebooks.named), source=notebooks.text)
    return replace(_moved(outcome, notebooks.in_file), source=notebooks.file_text)


def _moved(outcome: Outcome, move: Move) -> Outcome:
    def each(finding: Finding) -> Finding:
        return move(finding) if is_notebook(finding.path) else finding

    return replace(
        outcome,
        findings=[each(finding) for finding in outcome.findings],
        silenced=[Silenced(each(silenced.finding), silenced.by, silenced.reason) for silenced in outcome.silenced],
    )


class _Notebooks:
    """The notebooks of a run, read again."""

    def __init__(self, outcome: Outcome) -> None:
        self._source = outcome.source
        self._data = cache(outcome.data)
        self._read = cache(self._read_one)
        self._places = cache(self._places_of)

    def _read_one(self, path: str) -> Notebook | None:
        data = self._data(path)
        try:
            return read_notebook(data) if data is not None else None
        except NotebookError:
            return None

    def _places_of(self, path: str) -> FilePlaces | None:
        data = self._data(path)
        try:
            return FilePlaces(data) if data is not None else None
        except NotebookError:
            return None

    def _code(self, path: str, line: int) -> Code | None:
        notebook = self._read(path)
        return notebook.at(line) if notebook is not None else None

    # -- in the cell -----------------------------------------------------------------------------------------

    def in_cell(self, finding: Finding) -> Finding:
        """The finding as one in its cell."""
        code = self._code(finding.path, finding.span.line)
        if code is None:
            return finding
        fix = _shifted_fix(finding.fix, code) if finding.fix is not None else None
        notes = tuple(self._note(note) for note in finding.notes)
        return replace(finding, span=_shifted(finding.span, code), fix=fix, notes=notes, cell=code.cell)

    def named(self, finding: Finding) -> Finding:
        """The finding in its cell, which its path names: `train.ipynb:cell 3`."""
        found = self.in_cell(finding)
        return replace(found, path=_named(found.path, found.cell.number)) if found.cell is not None else found

    def _note(self, note: Note) -> Note:
        code = self._code(note.path, note.line) if is_notebook(note.path) else None
        if code is None:
            return note
        return Note(note.message, _named(note.path, code.cell.number), note.line - code.first + 1)

    def text(self, path: str) -> str | None:
        """The source of a cell, by the path that names it; of a file that is no notebook, its text."""
        file, _, number = path.rpartition(":cell ")
        notebook = self._read(file) if is_notebook(file) and number.isdigit() else None
        if notebook is None:
            return self._source(path)
        return next((code.source for code in notebook.code if code.cell.number == int(number)), None)

    # -- in the file -----------------------------------------------------------------------------------------

    def in_file(self, finding: Finding) -> Finding:
        """The finding at its place in the file; without the fix, which speaks of Python and not of JSON."""
        code, places = self._code(finding.path, finding.span.line), self._places(finding.path)
        if code is None or places is None:
            return finding
        starts = [0, *(end.end() for end in LINE_END.finditer(code.source))]

        def at(line: int, column: int) -> tuple[int, int]:
            place = min(max(line - code.first, 0), len(starts) - 1)
            return places.at(code.cell.number, min(starts[place] + column - 1, len(code.source)))

        span = finding.span
        first, last = at(span.line, span.column), at(span.end_line, span.end_column)
        return replace(finding, span=Span(*first, *max(first, last)), fix=None, cell=code.cell)

    def file_text(self, path: str) -> str | None:
        """The text of the file itself."""
        data = self._data(path) if is_notebook(path) else None
        return data.decode("utf-8-sig", "replace") if data is not None else self._source(path)


def _named(path: str, number: int) -> str:
    return f"{path}:cell {number}"


def _shifted(span: Span, code: Code) -> Span:
    before = code.first - 1
    return Span(span.line - before, span.column, span.end_line - before, span.end_column)


def _shifted_fix(fix: Fix, code: Code) -> Fix | None:
    """The fix in its cell; None for one that also changes others, say where the imports are."""
    if not all(code.first <= edit.span.line and edit.span.end_line <= code.last for edit in fix.edits):
        return None
    edits = tuple(Edit(_shifted(edit.span, code), edit.text) for edit in fix.edits)
    return Fix(fix.message, edits, fix.safe)
