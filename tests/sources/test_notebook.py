"""Notebooks as Python text and back: every place can be found again, and every byte that nobody changed stays."""

from __future__ import annotations

import ast
import json
import random
from typing import Any

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nemo_run_lint.sources.json_places import places
from nemo_run_lint.sources.magics import blanked
from nemo_run_lint.sources.notebook import NotebookError, edited, read_notebook, rewritten


def notebook(*cells: Any, **more: Any) -> dict[str, Any]:
    """A notebook of code cells; a tuple is the kind of a cell and its source."""
    made = []
    for number, cell in enumerate(cells):
        kind, source = cell if isinstance(cell, tuple) else ("code", cell)
        code = {"execution_count": None, "outputs": []} if kind == "code" else {}
        made.append({"cell_type": kind, "id": f"id-{number}", "metadata": {}, "source": source, **code})
    return {"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **more}


def read(*cells: Any, **more: Any) -> str:
    return read_notebook(json.dumps(notebook(*cells, **more)).encode()).text


# -- what is Python in it ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "python"),
    [
        ("x = 1\ny = x % 2", "x = 1\ny = x % 2"),
        ("%pip install x\nx = 1", "              \nx = 1"),
        ("  %matplotlib inline", " " * 20),
        ("!ls -l", "      "),
        ("!ls \\\n  -l \\\n  x\ny = 1", "     \n      \n   \ny = 1"),
        ("?train\ntrain?\nrun.Partial??\ntrain.__doc__?\nnp.*load*?", None),
        ("if x:\n    !ls\nelse:  # :\n    %time y\n    !z", "if x:\n    0  \nelse:  # :\n    pass   \n      "),
        ("files = !ls", "files = _  "),
        ("a, b = %time f()", "a, b = _        "),
        ("%%time\nx = 1", "      \nx = 1"),
        ("%%bash\nls", ""),
        ("%%writefile train.py\nimport nemo_run", ""),
        ('text = """\n%time\n!ls\n"""\n!ls', 'text = """\n%time\n!ls\n"""\n   '),
        ("x = (5\n%2)\n!ls", "x = (5\n%2)\n   "),
        ("x = 5 \\\n%2\n!ls", "x = 5 \\\n%2\n   "),
        ("s = '!ls'  # (\n!ls", "s = '!ls'  # (\n   "),
        ("await run()", "await run()"),
    ],
)
def test_magics(cell: str, python: str | None) -> None:
    found = blanked(cell)
    if found is None:
        assert python == ""
        return
    assert list(map(len, found.split("\n"))) == list(map(len, cell.split("\n")))
    ast.parse(found)
    if python is not None:
        assert found == python


LINES = st.lists(
    st.sampled_from(
        [
            "x = 1",
            "%time",
            "!ls \\",
            "  !ls",
            "train?",
            "%%bash",
            "'''",
            '"""',
            "x = (",
            ")",
            "# '",
            "é = !x",
            "",
            "if x:",
            "  y",
        ]
    )
    | st.text(alphabet="ab%!?='\"([\\#\n\r\t\f é𝒳", max_size=8)
)


@given(LINES)
def test_what_is_blanked_keeps_every_place(lines: list[str]) -> None:
    cell = "\n".join(lines)
    found = blanked(cell)
    if found is not None:
        assert [len(line) for line in found.split("\n")] == [len(line) for line in cell.split("\n")]


def test_cells_in_order_with_their_lines() -> None:
    data = json.dumps(
        notebook("import nemo_run as run\n", ("markdown", "# T"), ["x = 1\n", "y = 2"], "", "def f(:\n  ")
    ).encode()
    found = read_notebook(data)
    assert found.text == "import nemo_run as run\n\nx = 1\ny = 2\n\n\n\n"
    assert [(each.cell.number, each.cell.id, each.first, each.last) for each in found.code] == [
        (1, "id-0", 1, 2),
        (3, "id-2", 3, 4),
        (4, "id-3", 5, 5),
        (5, "id-4", 6, 7),
    ]
    assert [each.cell.number for each in found.broken] == [5]
    numbers = [found.at(line) for line in range(1, 9)]
    assert [each.cell.number for each in numbers if each is not None] == [1, 1, 3, 3, 4, 5, 5, 5]


def test_without_code() -> None:
    assert read() == read(("markdown", "import nemo_run"), ("raw", "x")) == ""
    found = read_notebook(json.dumps(notebook()).encode())
    assert found.at(1) is None


@pytest.mark.parametrize(
    ("metadata", "is_python"),
    [
        ({}, True),
        ({"kernelspec": {"language": "python", "name": "python3"}}, True),
        ({"language_info": {"name": "ipython"}}, True),
        ({"kernelspec": {"language": "R"}}, False),
        ({"language_info": {"name": "julia"}}, False),
        ({"kernelspec": "odd", "language_info": 3}, True),
    ],
)
def test_other_languages(metadata: dict[str, Any], is_python: bool) -> None:
    assert (read("x = 1", metadata=metadata) == "x = 1\n") is is_python


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "this notebook is not valid JSON: Expecting value"),
        (b"{", "this notebook is not valid JSON: Expecting property name"),
        (b'{"cells": [\n<<<<<<< HEAD\n', "an unresolved merge"),
        (b"\xff\xfe{}", "this notebook is not UTF-8: byte 0xff cannot be read"),
        (b"[" * 100_000, "it is nested too deeply"),
        (b"[]", "this is no notebook: a JSON object with `cells` is expected"),
        (b"{}", "this is no notebook: `cells` must be a list of objects"),
        (b'{"cells": [1]}', "this is no notebook: `cells` must be a list of objects"),
        (b'{"cells": [{"cell_type": "code", "source": 3}]}', "the `source` of a cell must be text"),
        (b'{"cells": [{"cell_type": "code", "source": ["x", 3]}]}', "the `source` of a cell must be text"),
        (b'{"nbformat": 3, "worksheets": []}', "this notebook has format 3, which is not read; convert it"),
    ],
)
def test_what_is_no_notebook(data: bytes, problem: str) -> None:
    with pytest.raises(NotebookError) as error:
        read_notebook(data)
    assert problem in error.value.problem


def test_the_place_of_a_json_error() -> None:
    with pytest.raises(NotebookError) as error:
        read_notebook(b'{\n "cells": [}')
    assert (error.value.line, error.value.column) == (2, 12)


# -- and back ----------------------------------------------------------------------------------------------------

STYLES: list[dict[str, Any]] = [{"indent": 1, "ensure_ascii": False}, {"indent": 2}, {}, {"separators": (",", ":")}]


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("is_listed", [True, False])
def test_only_the_source_of_a_changed_cell_changes(style: dict[str, Any], is_listed: bool) -> None:
    lines = ["é = 1\n", "%time\n", "x = 'a'"]
    cells = [("markdown", ["# é\n", "\\u00e9"]), lines if is_listed else "".join(lines), ["y = 1"]]
    made = notebook(*cells, metadata={"é": ["ü", 1.0, -1e3, None, True, {}]})
    made["cells"][2]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["</script>\\ \n"]}]
    data = (json.dumps(made, **style) + "\n").encode()
    found = read_notebook(data)
    begin = found.text.index("'a'")
    after = rewritten(data, edited(found, [(begin, begin + 3, "'b'\nz = 'é'")]))
    expected = json.loads(data)
    source = "é = 1\n%time\nx = 'b'\nz = 'é'"
    expected["cells"][1]["source"] = source.splitlines(keepends=True) if is_listed else source
    assert json.loads(after) == expected
    assert after == (json.dumps(expected, **style) + "\n").encode()
    assert nbformat.reads(after.decode(), 4).cells[1].source == source


@given(st.data())
def test_nothing_changes_where_nothing_is_edited(data: st.DataObject) -> None:
    text = st.text(alphabet='ab"\\\n\r\t é𝒳{}[]:,\x7f', max_size=12)
    values = st.recursive(
        st.none() | st.booleans() | st.floats(allow_nan=False) | text,
        lambda inner: st.lists(inner) | st.dictionaries(text, inner),
        max_leaves=8,
    )
    made = notebook(*data.draw(st.lists(text | st.lists(text), max_size=4)), metadata={"x": data.draw(values)})
    raw = json.dumps(made, **data.draw(st.sampled_from(STYLES))).encode()
    found = read_notebook(raw)
    assert rewritten(raw, {}) == raw
    assert len(places(raw.decode()).members["cells"].elements) == len(made["cells"])
    for code in found.code:
        source = rewritten(raw, {code.cell.number: code.source + "\nz = 1"})
        changed = json.loads(source)["cells"]
        assert "".join(changed.pop(code.cell.number - 1)["source"]) == code.source + "\nz = 1"
        rest = made["cells"][: code.cell.number - 1] + made["cells"][code.cell.number :]
        assert changed == rest


def test_what_an_edit_may_not_do() -> None:
    data = json.dumps(notebook("x = 1", "%%bash\nls", "y = 1")).encode()
    found = read_notebook(data)
    second, third = found.code[1].offset, found.code[2].offset
    assert edited(found, [(0, third + 1, "z")]) == {}
    assert edited(found, [(second, second, "z")]) == {}
    assert edited(found, [(third, third + 1, "z"), (third + 4, third + 5, "2")]) == {3: "z = 2"}


def test_marks_line_ends_and_escapes_stay() -> None:
    data = b"\xef\xbb\xbf" + json.dumps(notebook(["x = 1\r\n", "y = '\u00e9'\r\n"])).replace(", ", ",\r\n").encode()
    found = read_notebook(data)
    assert found.text.startswith("x = 1\r\ny")
    after = rewritten(data, edited(found, [(4, 5, "2")]))
    assert after == data.replace(b"x = 1", b"x = 2")


def test_a_name_that_is_given_twice() -> None:
    data = b'{"cells": [], "cells": [{"cell_type": "code", "source": "x", "source": ["y"]}]}'
    found = read_notebook(data)
    assert found.text == "y\n"
    assert rewritten(data, {1: "z"}) == data.replace(b'["y"]', b'["z"]')


def test_large_outputs_are_quick_to_pass_over() -> None:
    made = notebook("x = 1")
    made["cells"][0]["outputs"] = [{"data": "".join(random.Random(1).choices('ab"\\\n', k=1_000_000))}] * 5
    data = json.dumps(made).encode()
    assert rewritten(data, {1: "x = 2"}) == data.replace(b'"x = 1"', b'"x = 2"')


def test_a_cell_without_a_source_cannot_be_written() -> None:
    made = notebook("", "x = 1")
    del made["cells"][0]["source"]
    data = json.dumps(made).encode()
    assert rewritten(data, {1: "import os\n", 2: "x = 2"}) == data.replace(b"x = 1", b"x = 2")
