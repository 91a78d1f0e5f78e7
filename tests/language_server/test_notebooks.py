"""Notebooks in the editor: one source, and what is found told cell by cell."""

from __future__ import annotations

import json
from pathlib import Path

from language_server.driven import driven
from language_server.editor import Editor, edits_of
from language_server.test_server import LAZY, MODELS, PULLING, codes
from lsprotocol import types

SYNCHRONISED = {"notebookDocument": {"synchronization": {"dynamicRegistration": True}}}
CELLS = (
    "import nemo_run as run\nfrom models import Model, train",
    "# Title",
    "%time 1\nx = run.Partial(train, stpes=1)",
)


class Notebook:
    """A notebook that an editor has open."""

    def __init__(self, editor: Editor, *cells: str) -> None:
        self.editor, self.uri, self.version = editor, editor.uri("n.ipynb"), 1
        self.cells = [f"vscode-notebook-cell:{editor.folder}/n.ipynb#W{number}" for number in range(len(cells))]
        kinds = [
            types.NotebookCellKind.Markup if text.startswith("# ") else types.NotebookCellKind.Code for text in cells
        ]
        items = [
            types.TextDocumentItem(uri, "python" if kind is types.NotebookCellKind.Code else "markdown", 1, text)
            for uri, kind, text in zip(self.cells, kinds, cells, strict=True)
        ]
        notebook = types.NotebookDocument(
            self.uri,
            "jupyter-notebook",
            1,
            [types.NotebookCell(kind, uri) for kind, uri in zip(kinds, self.cells, strict=True)],
        )
        editor.client.notebook_document_did_open(types.DidOpenNotebookDocumentParams(notebook, items))

    def edit(self, cell: int, text: str) -> None:
        self.version += 1
        identifier = types.VersionedTextDocumentIdentifier(self.version, self.cells[cell])
        content = types.NotebookDocumentCellContentChanges(
            identifier, [types.TextDocumentContentChangeWholeDocument(text)]
        )
        self.change(types.NotebookDocumentCellChanges(text_content=[content]))

    def change(self, cells: types.NotebookDocumentCellChanges) -> None:
        notebook = types.VersionedNotebookDocumentIdentifier(self.version, self.uri)
        params = types.DidChangeNotebookDocumentParams(notebook, types.NotebookDocumentChangeEvent(cells=cells))
        self.editor.client.notebook_document_did_change(params)


def project(directory: Path) -> Path:
    (directory / "models.py").write_text(MODELS)
    (directory / "pyproject.toml").touch()
    return directory


@driven
async def test_each_cell_is_told_of(tmp_path: Path) -> None:
    async with Editor(project(tmp_path), SYNCHRONISED) as editor:
        [selector] = editor.result.capabilities.notebook_document_sync.notebook_selector
        assert selector.notebook.notebook_type == "jupyter-notebook"
        notebook = Notebook(editor, *CELLS)
        first, _, third = notebook.cells
        await editor.until(lambda: codes(editor.diagnostics.get(third, [])) == ["NRL804"])
        assert editor.diagnostics[third][0].range.start == types.Position(1, 23)
        assert editor.diagnostics[first] == []

        notebook.edit(2, "x = (")
        await editor.until(lambda: codes(editor.diagnostics[third]) == ["NRL001"])
        assert editor.diagnostics[third][0].range.start == types.Position(0, 4)
        notebook.edit(2, "x = run.Partial(train, steps=1)")
        await editor.until(lambda: editor.diagnostics[third] == [])

        params = types.DidCloseNotebookDocumentParams(types.NotebookDocumentIdentifier(notebook.uri), [])
        notebook.edit(2, "x = run.Partial(train, stpes=1)")
        await editor.until(lambda: editor.diagnostics[third] != [])
        editor.client.notebook_document_did_close(params)
        await editor.until(lambda: editor.diagnostics[third] == [])


@driven
async def test_a_cell_is_removed(tmp_path: Path) -> None:
    async with Editor(project(tmp_path), SYNCHRONISED) as editor:
        notebook = Notebook(editor, *CELLS, "lambda: (")
        first, _, third, last = notebook.cells
        await editor.until(lambda: editor.diagnostics.get(third) and editor.diagnostics.get(last))
        for place, uri in ((3, last), (0, first)):
            array = types.NotebookCellArrayChange(place, 1)
            structure = types.NotebookDocumentCellChangeStructure(array, did_close=[types.TextDocumentIdentifier(uri)])
            notebook.change(types.NotebookDocumentCellChanges(structure=structure))
            await editor.until(lambda uri=uri: editor.diagnostics[uri] == [])
        await editor.until(lambda: editor.diagnostics[third] == [])


@driven
async def test_cells_are_asked_about(tmp_path: Path) -> None:
    async with Editor(project(tmp_path), {**SYNCHRONISED, **PULLING}) as editor:
        notebook = Notebook(editor, *CELLS, "model = run.Config(Model, hid")
        third, broken = notebook.cells[2:]
        report = await editor.pulled(third)
        assert codes(report.items) == ["NRL804"]
        assert (await editor.pulled(third, report.result_id)).kind == "unchanged"
        assert codes((await editor.pulled(broken)).items) == ["NRL001"]
        assert (await editor.pulled(notebook.cells[1])).items == ()
        hover = await editor.hover(third, 1, 18)
        assert hover is not None
        assert "train(model, steps: int = 1)" in hover
        assert [each.label for each in await editor.completed(broken, 0, 29)] == ["hidden=", "layers="]
        assert await editor.definition(third, 1, 18) == [(editor.uri("models.py"), 4)]


@driven
async def test_cells_are_fixed_and_silenced(tmp_path: Path) -> None:
    async with Editor(project(tmp_path), {**SYNCHRONISED, **LAZY}) as editor:
        notebook = Notebook(editor, *CELLS)
        third = notebook.cells[2]
        fix, disable, everything = await editor.actions(third, 1)
        assert edits_of(fix)[third][0].new_text == "steps"
        for action in (disable, everything):
            whole = await editor.answered(editor.client.code_action_resolve_async(action))
            [edit] = edits_of(whole)[third]
            assert edit.range.start.line == 1
        assert edit.new_text == "ep"


def on_disk(directory: Path) -> str:
    """Write the notebook to a file, and another one that git ignores; the text of the file."""
    cells = [{"cell_type": "code", "metadata": {}, "outputs": [], "source": cell} for cell in (CELLS[0], CELLS[2])]
    text = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}, indent=1)
    for name in ("n.ipynb", "ignored.ipynb"):
        (directory / name).write_text(text)
    (directory / ".git").mkdir()
    (directory / ".gitignore").write_text("ignored.ipynb\n")
    return text


@driven
async def test_notebooks_that_nobody_has_open_are_pushed(tmp_path: Path) -> None:
    text = on_disk(project(tmp_path))
    async with Editor(tmp_path, SYNCHRONISED, {"diagnosticMode": "workspace"}) as editor:
        uri = editor.uri("n.ipynb")
        await editor.until(lambda: editor.diagnostics.get(uri))
        [found] = editor.diagnostics[uri]
        place = found.range.start
        assert (found.code, text.splitlines()[place.line][place.character :][:5]) == ("NRL804", "stpes")
        notebook = Notebook(editor, *CELLS)
        await editor.until(lambda: codes(editor.diagnostics.get(notebook.cells[2], [])) == ["NRL804"])
        assert editor.diagnostics[uri] == []
        closed = types.DidCloseNotebookDocumentParams(
            types.NotebookDocumentIdentifier(uri), [types.TextDocumentIdentifier(each) for each in notebook.cells]
        )
        editor.client.notebook_document_did_close(closed)
        await editor.until(lambda: codes(editor.diagnostics[uri]) == ["NRL804"])
        assert editor.uri("ignored.ipynb") not in editor.diagnostics


@driven
async def test_notebooks_that_nobody_has_open_are_pulled(tmp_path: Path) -> None:
    on_disk(project(tmp_path))
    async with Editor(tmp_path, {**SYNCHRONISED, **PULLING}, {"diagnosticMode": "workspace"}) as editor:
        params = types.WorkspaceDiagnosticParams([])
        reports = (await editor.answered(editor.client.workspace_diagnostic_async(params))).items
        assert [(each.uri, codes(each.items)) for each in reports] == [(editor.uri("n.ipynb"), ["NRL804"])]
        assert codes((await editor.pulled(editor.uri("n.ipynb"))).items) == ["NRL804"]
        Notebook(editor, *CELLS)
        assert (await editor.answered(editor.client.workspace_diagnostic_async(params))).items == ()
