"""The readers that take bytes or text as somebody else wrote them, each with what it promises; atheris drives them too.

A reader takes any bytes, and raises nothing: what it may raise by its documentation is caught here.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from nemo_run_lint import baseline
from nemo_run_lint.comment_edits import with_selectors
from nemo_run_lint.directives import Directive, directives
from nemo_run_lint.fingerprint import Fingerprints
from nemo_run_lint.linter import may_import
from nemo_run_lint.settings import SettingsError, load
from nemo_run_lint.signatures.index_file import IndexFile, IndexFileError
from nemo_run_lint.sources import documents, notebook
from nemo_run_lint.sources.json_places import places
from nemo_run_lint.sources.logical_lines import logical_lines
from nemo_run_lint.sources.magics import blanked
from nemo_run_lint.sources.python import LINE_END, UndecodableError, decode, parsed
from nemo_run_lint.suppressions import told

_DIRECTORY = Path(tempfile.mkdtemp(prefix="nemo-run-lint-fuzz-"))


def text(data: bytes) -> None:
    """A text is its bytes again, and looked through for imports and for what makes it no Python."""
    with suppress(UndecodableError):
        decoded = decode(data)
        assert decode(decoded.text.encode(decoded.encoding)) == decoded
        may_import(decoded.text)
        parsed(decoded.text)


def statements(data: bytes) -> None:
    """Statements and comments lie in the text; a directive is read from where it says that it stands."""
    source = data.decode(errors="replace")
    lines = LINE_END.split(source)
    for line in logical_lines(source):
        for row in line.rows:
            assert 1 <= row.first <= row.last <= len(lines)
        for comment in line.comments:
            assert lines[comment.line - 1].startswith(comment.text, comment.column)
    for each in told(source).suppressions:
        assert lines[each.span.line - 1][each.span.column - 1] == "#"
    fingerprints = Fingerprints(source)
    for each in told(source).suppressions:
        fingerprints.of(each.span)


def comment(data: bytes) -> None:
    """A comment that is written again with the same rules means the same."""
    source = data.decode(errors="replace").replace("\n", " ").replace("\r", " ")
    for each in directives(f"# nemo-run-lint: {source}"):
        if isinstance(each, Directive) and each.selectors:
            written = f"# nemo-run-lint: {source}"[each.start : each.end]
            again = next(iter(directives(with_selectors(written, each.selectors))))
            assert isinstance(again, Directive)
            assert (again.selectors, again.reason) == (each.selectors, each.reason)


def magics(data: bytes) -> None:
    """Blanks take up as much as what they stand for."""
    source = data.decode(errors="replace")
    python = blanked(source)
    assert python is None or [*map(len, python.split("\n"))] == [*map(len, source.split("\n"))]


def notebooks(data: bytes) -> None:
    """A notebook whose sources are written again is the same; every character of a cell has a place in the file."""
    try:
        found = notebook.read_notebook(data)
        where = notebook.FilePlaces(data)
    except notebook.NotebookError:
        return
    sources = {code.cell.number: code.source for code in found.code}
    with suppress(UnicodeError):
        assert notebook.read_notebook(notebook.rewritten(data, sources)) == found
    for code in found.code:
        for offset in range(0, len(code.source) + 1, 7):
            assert min(where.at(code.cell.number, offset)) >= 1


def json_places(data: bytes) -> None:
    """Every value stands where it is said to."""
    source = data.decode(errors="replace")
    try:
        found = json.loads(source)
    except (ValueError, RecursionError):
        return
    place = places(source)
    assert repr(json.loads(source[place.begin : place.end])) == repr(found)
    if isinstance(found, dict):
        for name, member in place.members.items():
            assert repr(json.loads(source[member.begin : member.end])) == repr(found[name])


def markdown(data: bytes) -> None:
    """The lines of a block stand in the page."""
    _page("page.md", data)


def restructured(data: bytes) -> None:
    """The lines of a block stand in the page."""
    _page("page.rst", data)


def _page(name: str, data: bytes) -> None:
    source = data.decode(errors="replace")
    lines = LINE_END.split(source)
    for see in ("imports", "page"):
        for part in documents.parts(name, source, see):
            for line in part.block.lines:
                if line.before is not None:
                    assert lines[line.number - 1].endswith(line.before + line.text), (line, lines[line.number - 1])


def settings(data: bytes) -> None:
    """Settings are read, or refused with a sentence."""
    for name in ("nemo-run-lint.toml", "pyproject.toml"):
        (_DIRECTORY / name).write_bytes(data)
        with suppress(SettingsError):
            load(_DIRECTORY)
        os.unlink(_DIRECTORY / name)


def baselines(data: bytes) -> None:
    """A baseline is read, or refused with a sentence; what was read is written and read alike."""
    file = _DIRECTORY / "baseline.json"
    file.write_bytes(data)
    with suppress(baseline.BaselineError):
        found = baseline.read(file)
        baseline.save(file, found.entries)
        assert sorted(baseline.read(file).entries) == sorted(found.entries)


def indexes(data: bytes) -> None:
    """An exported index is read, or refused with a sentence."""
    file = _DIRECTORY / "index.nrlindex"
    file.write_bytes(data)
    with suppress(IndexFileError):
        IndexFile(file)


READERS: Mapping[str, Callable[[bytes], None]] = {
    each.__name__: each
    for each in (
        text,
        statements,
        comment,
        magics,
        notebooks,
        json_places,
        markdown,
        restructured,
        settings,
        baselines,
        indexes,
    )
}
