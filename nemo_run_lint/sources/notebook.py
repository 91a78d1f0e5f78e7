"""Notebooks: their code cells in order as one Python text, and the way back from its lines to the cells.

Each cell ends with a line of its own, so a cell that lacks a newline at its end does not run into the next. A cell that
does not parse is left blank in the text, and told. Cells are counted from 1, those without code too.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from nemo_run_lint.finding import Cell
from nemo_run_lint.sources.json_places import Value, places
from nemo_run_lint.sources.magics import blanked
from nemo_run_lint.sources.python import LINE_END, UndecodableError, parsed

#: The oldest format whose cells are a list of their own.
_OLDEST_FORMAT = 4

_PAIR = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")
_ESCAPE = re.compile(r"\\u[0-9a-fA-F]{4}")


class NotebookError(UndecodableError):
    """A notebook that cannot be read. The message says why and what to do; the place is one in the file."""


@dataclass(frozen=True)
class Code:
    """A code cell.

    source  as written
    first   the first line of the notebook's text that it takes up
    last    the last one
    offset  where it begins in the text
    length  how much of the text it takes up: as much as its source, unless it is left blank
    error   why it does not parse, where it is left blank for that
    """

    cell: Cell
    source: str
    first: int
    last: int
    offset: int
    length: int
    error: SyntaxError | None = field(default=None, compare=False)

    @property
    def is_blank(self) -> bool:
        """Whether nothing of it is in the text, since it is no Python."""
        return self.length < len(self.source)


@dataclass(frozen=True)
class Notebook:
    """A notebook as Python.

    text  the code cells one after the other
    code  the cells that make it up
    """

    text: str
    code: tuple[Code, ...] = ()

    @property
    def broken(self) -> tuple[Code, ...]:
        """The cells that do not parse, and stand as blanks in the text."""
        return tuple(code for code in self.code if code.error is not None)

    def at(self, line: int) -> Code | None:
        """The cell that a line of the text is in; of one behind the last, the last."""
        place = bisect_right(self.code, line, key=lambda code: code.first) - 1
        return self.code[max(place, 0)] if self.code else None


def read_notebook(data: bytes) -> Notebook:
    """The notebook in these bytes; one for another language than Python has no code.

    Raises NotebookError.
    """
    found = _loaded(_decoded(data))
    if not _is_python(found):
        return Notebook("")
    parts: list[str] = []
    code: list[Code] = []
    line, offset = 1, 0
    for number, cell in enumerate(found["cells"], 1):
        if cell.get("cell_type") != "code":
            continue
        source = _source(cell)
        python = blanked(source)
        tree = parsed(python) if python is not None else None
        error = tree if isinstance(tree, SyntaxError) else None
        part = _text_of(source, python if error is None else None)
        breaks = len(LINE_END.findall(part))
        named = Cell(number, str(cell.get("id", "")))
        code.append(Code(named, source, line, line + breaks, offset, len(part), error))
        parts.append(part)
        line, offset = line + breaks + 1, offset + len(part) + 1
    return Notebook("".join(f"{part}\n" for part in parts), tuple(code))


def rewritten(data: bytes, sources: Mapping[int, str]) -> bytes:
    """The bytes of the notebook with these sources, by the number of the cell; every other byte stays as it was.

    Raises NotebookError.
    """
    text = _decoded(data)
    found = _loaded(text)
    for number, place in reversed([*enumerate(places(text).members["cells"].elements, 1)]):
        if number in sources and "source" in place.members:  # the format asks for one
            written = place.members["source"]
            as_lines = isinstance(found["cells"][number - 1]["source"], list)
            new = _listed(text, written, sources[number]) if as_lines else _quoted(text, written, sources[number])
            text = text[: written.begin] + new + text[written.end :]
    return text.encode("utf-8-sig" if data.startswith(b"\xef\xbb\xbf") else "utf-8")


class FilePlaces:
    """Where the characters of the cells stand in the file itself."""

    def __init__(self, data: bytes) -> None:
        """`data` are the bytes of the notebook. Raises NotebookError."""
        self._text = _decoded(data)
        _loaded(self._text)
        self._cells = places(self._text).members["cells"].elements
        self._starts = [0, *(end.end() for end in LINE_END.finditer(self._text))]

    def at(self, number: int, offset: int) -> tuple[int, int]:
        """Line and column, from 1, of the character at `offset` in the source of a cell."""
        source = self._cells[number - 1].members["source"]
        for literal in source.elements or [source]:
            written = self._text[literal.begin : literal.end]
            length = len(json.loads(written)) if written.startswith('"') else 0
            if offset < length or literal is (source.elements or [source])[-1]:
                return self._place(literal.begin + _inside(written, min(offset, length)))
            offset -= length
        return self._place(source.begin)

    def _place(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1


def _inside(written: str, offset: int) -> int:
    """Where the character at `offset` of a text begins in its JSON literal."""
    place = 1
    for _ in range(offset):
        step = 6 if written.startswith("\\u", place) else 2 if written[place] == "\\" else 1
        if step == 6 and _PAIR.match(written, place):
            step = 12
        place += step
    return place


def edited(notebook: Notebook, edits: Iterable[tuple[int, int, str]]) -> dict[int, str]:
    """The sources of the cells that these edits change, by number; an edit that reaches out of its cell is left out.

    edits   where each begins and ends in the notebook's text, and the new text; none touches another
    """
    sources: dict[int, str] = {}
    for begin, end, new in sorted(edits, reverse=True):
        place = bisect_right(notebook.code, begin, key=lambda code: code.offset) - 1
        code = notebook.code[max(place, 0)]
        if not code.is_blank and end <= code.offset + code.length:
            source = sources.get(code.cell.number, code.source)
            sources[code.cell.number] = source[: begin - code.offset] + new + source[end - code.offset :]
    return sources


# -- reading -----------------------------------------------------------------------------------------------------


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise NotebookError(
            f"this notebook is not UTF-8: byte 0x{data[error.start]:02x} cannot be read", line
        ) from None


def _loaded(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        what = "an unresolved merge" if re.search(r"^<{7} ", text, re.MULTILINE) else error.msg
        raise NotebookError(f"this notebook is not valid JSON: {what}", error.lineno, error.colno) from None
    except RecursionError:
        raise NotebookError("this notebook is not valid JSON: it is nested too deeply") from None
    if not isinstance(found, dict) or not isinstance(found.get("nbformat", _OLDEST_FORMAT), int):
        raise NotebookError("this is no notebook: a JSON object with `cells` is expected")
    if found.get("nbformat", _OLDEST_FORMAT) < _OLDEST_FORMAT or "worksheets" in found:
        convert = "jupyter nbconvert --to notebook --nbformat 4 --inplace FILE"
        raise NotebookError(
            f"this notebook has format {found.get('nbformat', 3)}, which is not read; convert it: {convert}"
        )
    cells = found.get("cells")
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        raise NotebookError("this is no notebook: `cells` must be a list of objects")
    return found


def _is_python(notebook: Mapping[str, Any]) -> bool:
    """Whether the kernel is for Python, or nothing says what it is for."""
    metadata = notebook.get("metadata")
    if not isinstance(metadata, dict):
        return True
    told = [(metadata.get("kernelspec"), "language"), (metadata.get("language_info"), "name")]
    languages = [str(table[key]).lower() for table, key in told if isinstance(table, dict) and table.get(key)]
    return all(language in ("python", "ipython", "python3") for language in languages)


def _text_of(source: str, python: str | None) -> str:
    """What stands in the text for a cell: its Python, or nothing but as many lines."""
    if python is None:
        return "\n" * len(LINE_END.findall(source))
    return f"{python[:-1]} " if python.endswith("\r") else python  # or it would be one line end with what follows


def _source(cell: Mapping[str, Any]) -> str:
    source = cell.get("source", "")
    lines = source if isinstance(source, list) else [source]
    if not all(isinstance(line, str) for line in lines):
        raise NotebookError("this is no notebook: the `source` of a cell must be text, or a list of texts")
    return "".join(lines)


# -- writing -----------------------------------------------------------------------------------------------------


def _quoted(text: str, written: Value, source: str) -> str:
    return _dumped(source, _escapes(text[written.begin : written.end]))


def _listed(text: str, written: Value, source: str) -> str:
    """The lines of a cell as a list, in the manner of the list that stood there; lines that stay keep their escapes."""
    old = [text[each.begin : each.end] for each in written.elements]
    known = {json.loads(each): each for each in old}
    is_ascii = _escapes("".join(old))
    lines = (line for line in re.split(r"(?<=\n)", source) if line)  # only a newline ends one, unlike in splitlines
    new = [known.get(line) or _dumped(line, is_ascii) for line in lines]
    if not written.elements:
        return f"[{', '.join(new)}]"
    first, last = written.elements[0], written.elements[-1]
    opened, closed = text[written.begin : first.begin], text[last.end : written.end]
    between = text[first.end : written.elements[1].begin] if len(written.elements) > 1 else f",{opened[1:] or ' '}"
    return opened + between.join(new) + closed


def _escapes(written: str) -> bool:
    """Whether characters beyond ASCII are escaped in it."""
    return written.isascii() and _ESCAPE.search(written) is not None


def _dumped(text: str, is_ascii: bool) -> str:
    has_surrogates = any("\ud800" <= character <= "\udfff" for character in text)
    return json.dumps(text, ensure_ascii=is_ascii or has_surrogates)
