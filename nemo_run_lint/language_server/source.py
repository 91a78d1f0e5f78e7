"""What is linted together: a document, or the code cells of a notebook in their order, with the way back to them."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from lsprotocol import types

from nemo_run_lint.finding import Edit, Span
from nemo_run_lint.language_server.text import Text
from nemo_run_lint.sources.magics import blanked
from nemo_run_lint.sources.notebook import Notebook, edited, read_notebook


@dataclass(frozen=True)
class Document:
    """A text that a client has opened: a file, or a cell of a notebook."""

    uri: str
    version: int | None
    text: Text
    language: str = "python"


@dataclass(frozen=True)
class Part:
    """A document as part of a source.

    number    of the cell that it is, from 1
    first     the line of the source in which it begins, from 1
    offset    where it begins in the text of the source
    length    how much of it stands there: nothing of a cell that is no Python
    """

    document: Document
    number: int = 1
    first: int = 1
    offset: int = 0
    length: int = 0

    def own(self, span: Span) -> Span:
        """A span of the source as one of the document."""
        down = self.first - 1
        return Span(span.line - down, span.column, span.end_line - down, span.end_column)

    def range(self, span: Span) -> types.Range:
        """The range in the document of a span of the source."""
        return self.document.text.range(self.own(span))


@dataclass(frozen=True)
class Source:
    """What is linted together.

    path      the absolute path of the file, or one that it might have
    text      the Python that is linted
    parts     what it is made of, in order
    broken    the cells of which nothing is in the text, since they do not parse
    notebook  the notebook whose cells the parts are
    """

    path: str
    text: str
    parts: tuple[Part, ...]
    broken: tuple[Part, ...] = ()
    notebook: Notebook | None = None

    @classmethod
    def of_document(cls, path: str, document: Document) -> Source:
        """That of a file."""
        python = document.text.python
        return cls(path, python, (Part(document, length=len(python)),))

    @classmethod
    def of_cells(cls, path: str, cells: Iterable[Document | None]) -> Source:
        """That of a notebook with these cells; None stands for one without Python code."""
        documents = list(cells)
        notebook = _notebook(["" if each is None else each.text.source for each in documents])
        pairs = [(code, documents[code.cell.number - 1]) for code in notebook.code]
        parts = {
            code.cell: Part(document, code.cell.number, code.first, code.offset, code.length)
            for code, document in pairs
            if document is not None
        }
        broken = tuple(parts[code.cell] for code in notebook.broken if code.cell in parts)
        return cls(path, notebook.text, tuple(parts.values()), broken, notebook)

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the text, without their ends."""
        return Text(self.text).lines

    def part_at(self, line: int) -> Part | None:
        """The part that a line of the text is in."""
        place = bisect_right(self.parts, line, key=lambda part: part.first) - 1
        return self.parts[max(place, 0)] if self.parts else None

    def part_of(self, uri: str) -> Part | None:
        """The part that a document is."""
        return next((part for part in self.parts if part.document.uri == uri), None)

    def edits(self, edits: Sequence[Edit]) -> dict[Part, list[types.TextEdit]] | None:
        """Edits of the text as edits of its documents; None where one reaches from one document into another."""
        found: dict[Part, list[types.TextEdit]] = {}
        for edit in edits:
            part = self.part_at(edit.span.line)
            if part is None or part is not self.part_at(edit.span.end_line):
                return None
            found.setdefault(part, []).append(types.TextEdit(part.range(edit.span), edit.text))
        return found

    def changed(self, sources: dict[str, str]) -> Source:
        """The same with other texts of the documents of these URIs."""
        documents = [
            replace(part.document, text=replace(part.document.text, source=sources[part.document.uri]))
            if part.document.uri in sources
            else part.document
            for part in self.parts
        ]
        if self.notebook is not None:
            return Source.of_cells(self.path, documents)
        return Source.of_document(self.path, documents[0])

    def after(self, changes: Iterable[tuple[int, int, str]]) -> Source:
        """The same after changes of its text, each from one index to another; none may touch the next."""
        if self.notebook is not None:
            cells = edited(self.notebook, changes)
            return self.changed({part.document.uri: cells[part.number] for part in self.parts if part.number in cells})
        text, document = self.text, self.parts[0].document
        for begin, end, new in sorted(changes, reverse=True):
            text = text[:begin] + new + text[end:]
        return self.changed({document.uri: document.text.mark + text})

    def with_cell(self, part: Part) -> tuple[str, int]:
        """The text with a cell in it even if it is broken, and where the cell begins there."""
        if part not in self.broken:
            return self.text, part.offset
        python = blanked(part.document.text.source) or ""
        return self.text[: part.offset] + python + self.text[part.offset + part.length :], part.offset


def _notebook(sources: Sequence[str]) -> Notebook:
    """The notebook that has code cells with these sources."""
    cells = [{"cell_type": "code", "source": source} for source in sources]
    return read_notebook(json.dumps({"nbformat": 4, "nbformat_minor": 5, "cells": cells}).encode())
