"""What is open: which documents are Python, where they lie, and what becomes of notebooks."""

from __future__ import annotations

from pathlib import Path

import pytest
from lsprotocol import types

from nemo_run_lint.finding import Edit, Span
from nemo_run_lint.language_server.documents import Documents


def opened(uri: str, text: str = "x = 1\n", language: str = "python") -> Documents:
    documents = Documents("/project")
    documents.open(types.TextDocumentItem(uri, language, 1, text))
    return documents


@pytest.mark.parametrize(
    ("uri", "language", "path"),
    [
        ("file:///project/a.py", "python", "/project/a.py"),
        ("file:///project/a%20b%C3%A9%23.py", "python", "/project/a bé#.py"),
        ("file:///project/a.py", "text", "/project/a.py"),
        ("file:///project/a.pyi", "python-stub", "/project/a.pyi"),
        ("file:///project/script", "python", "/project/script"),
        ("untitled:Untitled-1", "python", "/project/Untitled-1"),
        ("untitled:/project/new.py", "python", "/project/new.py"),
    ],
)
def test_python(uri: str, language: str, path: str) -> None:
    source = opened(uri, language=language).source(uri)
    assert source is not None
    assert (source.path, source.text) == (path, "x = 1\n")


@pytest.mark.parametrize(
    ("uri", "language"),
    [
        ("file:///project/a.toml", "toml"),
        ("file:///project/notebook.ipynb", "json"),
        ("git:/project/a.py?ref", "python"),
        ("vscode-vfs://github/a/b.py", "python"),
        ("file:///project/a%00.py", "python"),
        ("http://[broken", "python"),
        ("", "python"),
        ("nonsense", "python"),
    ],
)
def test_what_is_passed_over(uri: str, language: str) -> None:
    documents = opened(uri, language=language)
    assert documents.source(uri) is None
    assert list(documents.sources()) == []


def test_an_edit_makes_a_new_source() -> None:
    documents = opened("file:///a.py")
    before = documents.source("file:///a.py")
    assert documents.source("file:///a.py") is before
    identifier = types.VersionedTextDocumentIdentifier(2, "file:///a.py")
    place = types.Range(types.Position(0, 4), types.Position(0, 5))
    documents.change(identifier, [types.TextDocumentContentChangePartial(place, "2")])
    after = documents.source("file:///a.py")
    assert after is not None
    assert (after.text, after.parts[0].document.version) == ("x = 2\n", 2)


def test_what_is_not_open_is_neither_edited_nor_closed() -> None:
    documents = Documents("/project")
    documents.change(types.VersionedTextDocumentIdentifier(2, "file:///a.py"), [])
    documents.close("file:///a.py")
    documents.change_notebook("file:///a.ipynb", types.NotebookDocumentChangeEvent())
    assert documents.close_notebook("file:///a.ipynb") == []
    assert documents.source("file:///a.py") is None


NOTEBOOK = "file:///project/n.ipynb"


def item(name: str, text: str, language: str = "python") -> types.TextDocumentItem:
    return types.TextDocumentItem(f"cell:{name}", language, 1, text)


def cell(name: str, kind: types.NotebookCellKind = types.NotebookCellKind.Code) -> types.NotebookCell:
    return types.NotebookCell(kind, f"cell:{name}")


def notebook(**cells: str) -> Documents:
    documents = Documents("/project")
    opened = types.NotebookDocument(NOTEBOOK, "jupyter-notebook", 1, [cell(name) for name in cells])
    documents.open_notebook(opened, [item(name, text) for name, text in cells.items()])
    return documents


def text_of(documents: Documents) -> str:
    source = documents.source(NOTEBOOK)
    assert source is not None
    return source.text


def test_cells_are_joined_in_their_order_without_their_magics() -> None:
    documents = notebook(a="import nemo_run as run", b="%time 1\n!ls\nx = 1", c="")
    source = documents.source("cell:b")
    assert source is not None
    assert source is documents.source(NOTEBOOK)
    assert source.text.split("\n")[:4] == ["import nemo_run as run", " " * 7, " " * 3, "x = 1"]
    assert [part.first for part in source.parts] == [1, 2, 5]
    assert source.path == "/project/n.ipynb"


def test_a_cell_that_does_not_parse_is_left_out() -> None:
    documents = notebook(a="x = 1", b="y = (\n", c="z = 1")
    source = documents.source(NOTEBOOK)
    assert source is not None
    assert [part.document.uri for part in source.broken] == ["cell:b"]
    part = source.broken[0]
    assert source.with_cell(part) == ("x = 1\ny = (\n\nz = 1\n", 6)
    assert source.part_at(4) is source.parts[2]


def test_cells_of_other_languages() -> None:
    documents = Documents("/project")
    cells = [cell("m", types.NotebookCellKind.Markup), cell("s"), cell("p")]
    opened = types.NotebookDocument(NOTEBOOK, "jupyter-notebook", 1, cells)
    documents.open_notebook(
        opened, [item("m", "# Title", "markdown"), item("s", "select 1", "sql"), item("p", "x = 1")]
    )
    source = documents.source(NOTEBOOK)
    assert source is not None
    assert [part.document.uri for part in source.parts] == ["cell:p"]
    assert source.text.strip() == "x = 1"


def test_cells_move_come_and_go() -> None:
    documents = notebook(a="a = 1", b="b = 1")
    array = types.NotebookCellArrayChange(0, 1, [cell("c"), cell("d")])
    structure = types.NotebookDocumentCellChangeStructure(
        array, did_open=[item("c", "c = 1"), item("d", "d = 1")], did_close=[types.TextDocumentIdentifier("cell:a")]
    )
    documents.change_notebook(
        NOTEBOOK, types.NotebookDocumentChangeEvent(cells=types.NotebookDocumentCellChanges(structure=structure))
    )
    assert text_of(documents) == "c = 1\nd = 1\nb = 1\n"
    assert documents.source("cell:a") is None
    structure = types.NotebookDocumentCellChangeStructure(types.NotebookCellArrayChange(0, 3, [cell("b"), cell("c")]))
    documents.change_notebook(
        NOTEBOOK, types.NotebookDocumentChangeEvent(cells=types.NotebookDocumentCellChanges(structure=structure))
    )
    assert text_of(documents) == "b = 1\nc = 1\n"


def test_a_cell_is_edited() -> None:
    documents = notebook(a="a = 1", b="b = 1")
    place = types.Range(types.Position(0, 0), types.Position(0, 1))
    content = types.NotebookDocumentCellContentChanges(
        types.VersionedTextDocumentIdentifier(2, "cell:b"), [types.TextDocumentContentChangePartial(place, "bb")]
    )
    documents.change_notebook(
        NOTEBOOK, types.NotebookDocumentChangeEvent(cells=types.NotebookDocumentCellChanges(text_content=[content]))
    )
    assert text_of(documents) == "a = 1\nbb = 1\n"


def test_a_closed_notebook_takes_its_cells_along() -> None:
    documents = notebook(a="a = 1", b="b = 1")
    assert documents.close_notebook(NOTEBOOK) == ["cell:a", "cell:b"]
    assert documents.source("cell:a") is None
    assert documents.source(NOTEBOOK) is None


def test_edits_of_several_cells() -> None:
    documents = notebook(a="import os", b="%cd x\ny = 1")
    source = documents.source(NOTEBOOK)
    assert source is not None
    edits = source.edits([Edit(Span(1, 1, 1, 1), "# "), Edit(Span(3, 5, 3, 6), "2")])
    assert edits is not None
    told = [(part.document.uri, edit.range.start.line, edit.new_text) for part, some in edits.items() for edit in some]
    assert told == [("cell:a", 0, "# "), ("cell:b", 1, "2")]
    assert source.edits([Edit(Span(1, 1, 3, 1), "")]) is None
    after = source.after([(0, 0, "# "), (source.text.index("1"), source.text.index("1") + 1, "2")])
    assert [part.document.text.source for part in after.parts] == ["# import os", "%cd x\ny = 2"]


def test_what_is_open_is_listed_once() -> None:
    documents = notebook(a="a = 1")
    documents.open(types.TextDocumentItem(Path("/project/a.py").as_uri(), "python", 1, ""))
    assert [source.path for source in documents.sources()] == ["/project/a.py", "/project/n.ipynb"]
