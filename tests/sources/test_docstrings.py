"""Examples in docstrings: which text is one, and where its lines stand."""

from __future__ import annotations

import textwrap

import pytest

from nemo_run_lint.sources.docstrings import docstring_parts

KINDS = [
    ("a session", ">>> f(1)\n>>> g(\n...     2)\n3\n", "f(1)\ng(\n    2)"),
    ("a fence", "Text.\n\n```python\nf(1)\n```\n", "f(1)"),
    ("a fence of a session", "```pycon\n>>> f(1)\n1\n```\n", "f(1)"),
    ("a fence in another language", "```yaml\na: 1\n```\n", None),
    ("a fence without a language", "```\nf(1)\n```\n", None),
    ("a fence that is not closed", "```py\nf(1)", "f(1)"),
    ("a directive", "Text.\n\n.. code-block:: python\n   :caption: x\n\n   f(1)\n", "f(1)"),
    ("a directive in another language", ".. code-block:: bash\n\n   f\n", None),
    ("what is announced", "Example::\n\n    f(1)\n\n    g(2)\n\nText.\n", "f(1)\n\ng(2)"),
    ("prose that is announced", "Note::\n\n    this is no code\n", None),
    ("what does not parse", ">>> f(\n", None),
    ("indented text", "Example:\n    f(1)\n", None),
]


@pytest.mark.parametrize(("docstring", "code"), [each[1:] for each in KINDS], ids=[each[0] for each in KINDS])
@pytest.mark.parametrize(
    "around", ['"""{}"""', "class A:\n    def f(self):\n        r'''{}\n        '''", "'''\n{}'''"]
)
def test_examples(docstring: str, code: str | None, around: str) -> None:
    text = around.replace("{}", textwrap.indent(docstring, " " * 8 if "def" in around else "").lstrip())
    found = ["\n".join(line.text for line in part.block.lines).strip() for part in docstring_parts(text)]
    assert found == ([code] if code is not None else [])
    for part in docstring_parts(text):
        for line in part.block.lines:
            assert text.split("\n")[line.number - 1].startswith(f"{line.before}{line.text}")


@pytest.mark.parametrize(
    "text",
    [
        '"\\n>>> f(1)"',
        '">>> f(1)" "more"',
        'x = """>>> f(1)"""',
        'f"""\n>>> f(1)"""',
        'b"""\n>>> f(1)"""',
        'def f():\n    x = 1\n    """>>> f(1)"""',
        "def f(:",
        "",
    ],
)
def test_what_is_no_docstring_or_cannot_be_placed(text: str) -> None:
    assert list(docstring_parts(text)) == []


def test_what_an_example_sees() -> None:
    text = '"""\n>>> import a\n\n>>> f(a)\n"""\nfrom __future__ import annotations\nimport b\nfrom c import d\n'
    first, second = docstring_parts(text)
    assert first.text == "import b; from c import d\nimport a\n"
    assert second.text == "\n\nimport b; from c import d; import a\nf(a)\n"
