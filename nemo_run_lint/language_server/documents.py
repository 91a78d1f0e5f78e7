"""What a client has open, as it is while it is being typed: Python files, and notebooks with the cells of each.

pygls keeps documents too, but ends lines where the protocol does not: at form feeds, say.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from lsprotocol import types
from pygls.uris import to_fs_path

from nemo_run_lint.language_server.source import Document, Source
from nemo_run_lint.language_server.text import Text
from nemo_run_lint.sources.kinds import MODULES

PYTHON = "python"


@dataclass
class _Notebook:
    """An open notebook: the URIs of its cells in order, and its source once it was asked for."""

    uri: str
    cells: list[str]
    source: Source | None = None


@dataclass
class Documents:
    """The documents that are open.

    root      the directory in which documents lie that are no files yet
    encoding  in what units the client counts columns
    """

    root: str = field(default_factory=os.getcwd)
    encoding: types.PositionEncodingKind | str = types.PositionEncodingKind.Utf16
    _documents: dict[str, Document] = field(default_factory=dict)
    _sources: dict[str, Source] = field(default_factory=dict)
    _notebooks: dict[str, _Notebook] = field(default_factory=dict)
    _notebook_of: dict[str, _Notebook] = field(default_factory=dict)

    # -- what the client tells -------------------------------------------------------------------------------

    def open(self, item: types.TextDocumentItem) -> None:
        """A document was opened."""
        self._documents[item.uri] = Document(item.uri, item.version, Text(item.text, self.encoding), item.language_id)
        self._changed(item.uri)

    def change(
        self, identifier: types.VersionedTextDocumentIdentifier, changes: list[types.TextDocumentContentChangeEvent]
    ) -> None:
        """A document was edited; one that is not open is passed over."""
        before = self._documents.get(identifier.uri)
        if before is None:
            return
        text = before.text
        for change in changes:
            text = text.after(change)
        self._documents[identifier.uri] = replace(before, version=identifier.version, text=text)
        self._changed(identifier.uri)

    def close(self, uri: str) -> None:
        """A document was closed."""
        self._documents.pop(uri, None)
        self._changed(uri)
        self._notebook_of.pop(uri, None)

    def open_notebook(self, notebook: types.NotebookDocument, items: list[types.TextDocumentItem]) -> None:
        """A notebook was opened."""
        for item in items:
            self.open(item)
        opened = self._notebooks[notebook.uri] = _Notebook(notebook.uri, [])
        self._set_cells(opened, [cell.document for cell in notebook.cells])

    def change_notebook(self, uri: str, change: types.NotebookDocumentChangeEvent) -> None:
        """Cells were edited, moved, made or removed; of a notebook that is not open nothing happens."""
        notebook = self._notebooks.get(uri)
        if notebook is None or change.cells is None:
            return
        if structure := change.cells.structure:
            for item in structure.did_open or ():
                self.open(item)
            begin, end = structure.array.start, structure.array.start + structure.array.delete_count
            cells = [*notebook.cells]
            cells[begin:end] = [cell.document for cell in structure.array.cells or ()]
            for closed in structure.did_close or ():
                self.close(closed.uri)
            self._set_cells(notebook, cells)
        for edited in change.cells.text_content or ():
            self.change(edited.document, list(edited.changes))

    def close_notebook(self, uri: str) -> list[str]:
        """A notebook was closed; the URIs of its cells."""
        notebook = self._notebooks.pop(uri, None)
        for cell in notebook.cells if notebook is not None else ():
            self.close(cell)
        return notebook.cells if notebook is not None else []

    # -- what is open ----------------------------------------------------------------------------------------

    def document(self, uri: str) -> Document | None:
        """The open document of this URI."""
        return self._documents.get(uri)

    def is_open(self, uri: str) -> bool:
        """Whether a document, or a notebook, of this URI is open."""
        return uri in self._documents or uri in self._notebooks

    def source(self, uri: str) -> Source | None:
        """The source that an open document is, or the notebook around a cell; None for what is no Python."""
        notebook = self._notebook_of.get(uri) or self._notebooks.get(uri)
        path = self.path(uri if notebook is None else notebook.uri)
        if path is None:
            return None
        if notebook is not None:
            if notebook.source is None:
                notebook.source = Source.of_cells(path, map(self._python, notebook.cells))
            return notebook.source
        document = self._python(uri)
        if document is None:
            return None
        if uri not in self._sources:
            self._sources[uri] = Source.of_document(path, document)
        return self._sources[uri]

    def sources(self) -> Iterator[Source]:
        """Every source that is open."""
        alone = (uri for uri in self._documents if uri not in self._notebook_of)
        for uri in (*alone, *self._notebooks):
            source = self.source(uri)
            if source is not None:
                yield source

    def path(self, uri: str) -> str | None:
        """The absolute path of a file, or one for what is not saved yet; None for what lies nowhere, as git's do."""
        try:
            parts = urlsplit(uri)
            path = to_fs_path(uri) if parts.scheme == "file" else None
        except ValueError:  # no URI
            return None
        if parts.scheme == "untitled":
            return os.path.join(self.root, os.path.basename(parts.path) or "untitled")
        return os.path.abspath(path) if path and "\0" not in path else None

    def _python(self, uri: str) -> Document | None:
        document = self._documents.get(uri)
        if document is None:
            return None
        named_so = uri not in self._notebook_of and uri.endswith(MODULES)
        return document if document.language == PYTHON or named_so else None

    def _changed(self, uri: str) -> None:
        self._sources.pop(uri, None)
        if uri in self._notebook_of:
            self._notebook_of[uri].source = None

    def _set_cells(self, notebook: _Notebook, cells: list[str]) -> None:
        for cell in notebook.cells:
            self._notebook_of.pop(cell, None)
        notebook.cells, notebook.source = cells, None
        self._notebook_of.update(dict.fromkeys(cells, notebook))
