"""Pages of documentation: what is Python in them, where it stands, and how a fix comes back into the page."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nemo_run_lint.finding import Edit, Finding, Fix, Severity, Span
from nemo_run_lint.fixer import apply
from nemo_run_lint.sources import markdown, restructured
from nemo_run_lint.sources.code_block import CodeBlock
from nemo_run_lint.sources.documents import parts
from nemo_run_lint.sources.kinds import is_document

FENCE = "```python\n{}\n```\n"


def code(blocks: Iterator[CodeBlock]) -> list[str]:
    """The code of each block, with the number of its first line."""
    return [f"{block.lines[0].number}: " + "\n".join(line.text for line in block.lines) for block in blocks]


@pytest.mark.parametrize(
    ("page", "blocks"),
    [
        ("# T\n\n```python\nx = 1\n\ny = 2\n```\n", ["4: x = 1\n\ny = 2"]),
        ("~~~ py\nx\n~~~", ["2: x"]),
        ("```{.python .numberLines}\nx\n```", ["2: x"]),
        ('```python title="a.py" hl_lines="1"\nx\n```', ["2: x"]),
        ("```Python3\nx\n```", ["2: x"]),
        ("```{python}\n#| echo: false\nx\n```", ["2: #| echo: false\nx"]),
        ("```{code-cell} ipython3\n:tags: [a]\n\nx\n```", ["4: x"]),
        ("```{code-cell}\n---\ntags: [a]\n---\nx\n```", ["5: x"]),
        ("```{code-block} bash\nx\n```", []),
        ("```bash\nx\n```\n```\nx\n```\n```json\n{}\n```\n`python`", []),
        ("- a\n\n  ```python\n  x\n    y\n  ```", ["4: x\n  y"]),
        ("1. a\n   - b\n\n     ```python\n     x\n     ```", ["5: x"]),
        ("> > ```python\n> > x\n> > ```", ["2: x"]),
        ("````{note}\n```python\nx\n```\n````", ["3: x"]),
        (":::{note}\n```python\nx\n```\n:::", ["3: x"]),
        ("!!! note\n\n    ```python\n    x\n    ```", ["4: x"]),
        ('=== "Tab"\n\ntext\n\n    ```python\n    x\n    ```', []),  # indented text is code, and shows a fence
        ("<details>\n\n```python\nx\n```\n\n</details>", ["4: x"]),
        ("```python\nx", ["2: x"]),
        ("```python\n```", []),
        ("```pycon\n>>> x\n1\n>>> if y:\n...     z\n```", ["2: x\nif y:\n    z"]),
        ("```python\n>>> x\n1\n```", ["2: x"]),
        ("```pycon\n>>>x\n```", []),
        ("```pycon\n>>> \x0c\n>>> x\x0cy\n```", ["2: \x0c\nx\x0cy"]),
        ("```python\r\nx\r\ny\r\n```\r\n", ["2: x\ny"]),
        ("", []),
    ],
)
def test_markdown(page: str, blocks: list[str]) -> None:
    assert code(markdown.code_blocks(page)) == blocks


@pytest.mark.parametrize(
    ("page", "blocks"),
    [
        ("T\n\n.. code-block:: python\n   :linenos:\n\n   x\n\n     y\n\nText", ["5: \nx\n\n  y\n"]),
        (".. code:: python\n\n\tx\n", ["2: \nx\n"]),
        (".. note::\n\n   .. code-block:: python\n\n      x\n   Text", ["4: \nx"]),
        (".. code-block:: bash\n\n   x\n", []),
        (".. code-block:: python", []),
        ("a\n\n>>> x\n1\n\n>>> y\n", ["3: x", "6: y"]),
    ],
)
def test_restructured_text(page: str, blocks: list[str]) -> None:
    assert code(restructured.code_blocks(page)) == blocks


WORDS = [
    "```python",
    "```",
    "> ",
    "- ",
    "1. ",
    "    ",
    "\t",
    "  ",
    "x = 1",
    "if x:",
    "!!! note",
    "~~~",
    ">>> ",
    "{note}",
    ":::",
    ".. code:: python",
    "é",
    "\r",
    "\x0c",
]


@given(
    st.lists(st.lists(st.sampled_from(WORDS), max_size=4).map("".join), max_size=14), st.sampled_from(["\n", "\r\n"])
)
def test_every_line_of_code_stands_where_it_says(lines: list[str], newline: str) -> None:
    page = newline.join(lines)
    around = re.split(r"\r\n?|\n", page)
    for blocks in (markdown.code_blocks(page), restructured.code_blocks(page)):
        for block in blocks:
            for line in block.lines:
                if line.before is not None:
                    assert around[line.number - 1] == line.before + line.text
                    assert line.shift == len(line.before)


def test_a_block_sees_the_imports_of_those_before_and_nothing_else() -> None:
    page = (
        FENCE.format("import nemo_run as run\nfrom a import (\n  b,\n)\ndef train(): ...")
        + "\ntext\n\n"
        + FENCE.format("x = run")
    )
    first, second = parts("a.md", page)
    assert first.text == "\nimport nemo_run as run\nfrom a import (\n  b,\n)\ndef train(): ...\n"
    assert second.text == "\nimport nemo_run as run\nfrom a import (\n  b,\n)\n\n\n\n\n\n\nx = run\n"


def test_what_does_not_parse_is_told() -> None:
    broken, fine = parts("a.md", FENCE.format("run.Partial(...").replace("py", "py") + FENCE.format("x"))
    assert (broken.error is not None, fine.error) == (True, None)


def finding(line: int, column: int, end_column: int, *edits: Edit) -> Finding:
    fix = Fix("Change it", edits) if edits else None
    return Finding(
        "a.md", Span(line, column, line, end_column), "NRL401", "lambda-in-config", Severity.ERROR, "x", fix=fix
    )


@pytest.mark.parametrize(
    ("page", "fixed"),
    [
        ("```python\nx = 1\n```\n", "```python\nx = 23\ny\n```\n"),
        ("- a\r\n\r\n  ```python\r\n  x = 1\r\n  ```\r\n", "- a\r\n\r\n  ```python\r\n  x = 23\r\n  y\r\n  ```\r\n"),
        ("> ```python\n> x = 1\n> ```\n", "> ```python\n> x = 23\n> y\n> ```\n"),
        (".. code:: python\n\n   x = 1\n", ".. code:: python\n\n   x = 23\n   y\n"),
        ("```pycon\n>>> x = 1\n```\n", None),  # a line more would need a prompt
        ("- ```python\n\tx = 1\n  ```\n", None),  # half of the tab belongs to the list
    ],
)
def test_a_fix_keeps_what_stands_around_the_code(page: str, fixed: str | None) -> None:
    path = "a.rst" if page.startswith("..") else "a.md"
    (part,) = parts(path, page)
    number = next(iter(part.lines)) if path == "a.md" else 3
    column = part.lines[number].text.index("1") + 1
    placed = part.placed(finding(number, column, column + 1, Edit(Span(number, column, number, column + 1), "23\ny")))
    assert placed is not None
    if fixed is None:
        assert placed.fix is None
        return
    assert page.splitlines()[number - 1][placed.span.column - 1 : placed.span.end_column - 1] == "1"
    assert apply(page, [placed])[0] == fixed


def test_a_fix_within_a_line_of_a_session() -> None:
    page = "```pycon\n>>> x = 1\n```\n"
    (part,) = parts("a.md", page)
    placed = part.placed(finding(2, 5, 6, Edit(Span(2, 5, 2, 6), "2")))
    assert placed is not None
    assert apply(page, [placed])[0] == page.replace("1", "2")


def test_findings_in_other_blocks_are_not_placed() -> None:
    first, second = parts("a.md", FENCE.format("import a") + FENCE.format("x = 1"))
    assert second.placed(finding(2, 1, 2)) is None
    assert first.placed(finding(2, 1, 2)) is not None


@pytest.mark.parametrize(
    ("page", "silenced"),
    [
        ("<!-- nemo-run-lint: ignore[NRL401] -- bad example -->\n```python\nx\n```", True),
        ("<!-- nemo-run-lint: ignore[NRL401] -- bad example -->\n\n```python\nx\n```", True),
        ("<!-- nemo-run-lint: ignore[NRL401] -->\n\ntext\n\n```python\nx\n```", False),
        ("```python\nx\n```\n<!-- nemo-run-lint: ignore[NRL401] -->", False),
        ("```python\nx\n```\n<!-- nemo-run-lint: file-ignore[NRL401] -- why -->", True),
        ("<!-- nemo-run-lint: file-ignore[NRL401] -- why -->\n# T\n\n```python\nx\n```", True),
    ],
)
def test_comments_of_the_page(page: str, silenced: bool) -> None:
    (part,) = parts("a.md", page)
    assert ("# nemo-run-lint: file-ignore[NRL401]" in part.text) is silenced
    assert part.text.splitlines()[next(iter(part.lines)) - 1] == "x"


def test_names_of_pages() -> None:
    assert [name for name in ("a.md", "b.MDX", "c.rst", "d.qmd", "e.py", "md", "f.txt") if is_document(name)] == [
        "a.md",
        "b.MDX",
        "c.rst",
        "d.qmd",
    ]
