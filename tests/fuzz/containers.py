"""Programs inside other files: cells of notebooks, blocks of Markdown and reStructuredText."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from fuzz.mutations import mutated
from hypothesis import strategies as st

_FENCES = (
    "```python",
    "```python",
    "```python",
    "```py",
    "~~~python",
    "````{code-cell} ipython3",
    "``` {.python .numberLines}",
    "```pycon",
    "```",
)
_BEFORE = (
    "",
    "# Title\n",
    "- item\n\n",
    "> quote\n",
    "!!! note\n\n",
    "<!-- nemo-run-lint: ignore[ALL] -- bad -->\n",
    "a\n===\n",
)
_INDENTS = ("", "", "  ", "    ", "> ", "   > ", "\t")
_CELLS = (
    "%pip install nemo_run",
    "!ls {x}",
    "%%bash\nls",
    "%%time\n",
    "files = !ls",
    "train?",
    "def broken(:",
    "",
    "x = '''",
)


@st.composite
def notebooks(draw: st.DrawFn, texts: st.SearchStrategy[str]) -> bytes:
    """Notebooks whose code is one of `texts`, and more; some are no longer valid JSON."""
    cells = [cell for text in [draw(texts)] for cell in re.split(r"\n\n(?=\S)", text)]
    for _ in range(draw(st.integers(0, 3))):
        cells.insert(draw(st.integers(0, len(cells))), draw(st.sampled_from(_CELLS)))
    made: dict[str, Any] = {
        "cells": [_cell(draw, number, source) for number, source in enumerate(cells)],
        "metadata": draw(
            st.sampled_from([{}, {}, {}, {"language_info": {"name": "python"}}, {"kernelspec": {"language": "julia"}}])
        ),
        "nbformat": draw(st.sampled_from([4] * 12 + [3])),
        "nbformat_minor": 5,
    }
    style = draw(st.sampled_from([{"indent": 1, "ensure_ascii": False}, {"indent": 1}, {}, {"separators": (",", ":")}]))
    text = json.dumps(made, **style) + draw(st.sampled_from(["\n", ""]))
    if draw(st.integers(0, 7)) == 7:
        text = draw(mutated(st.just(text), lambda _: True))
    return text.encode(draw(st.sampled_from(["utf-8", "utf-8", "utf-8-sig"])), "surrogatepass")


def _cell(draw: st.DrawFn, number: int, source: str) -> dict[str, Any]:
    listed = draw(st.booleans())
    written = source.splitlines(keepends=True) if listed else source
    kind = draw(st.sampled_from(["code", "code", "code", "code", "markdown"]))
    named = {"id": f"cell-{number}"} if draw(st.booleans()) else {}
    outputs: dict[str, Any] = {"outputs": [], "execution_count": None} if kind == "code" else {}
    return {"cell_type": kind, **named, "metadata": {}, "source": written, **outputs}


@st.composite
def pages(draw: st.DrawFn, texts: st.SearchStrategy[str], is_markdown: bool) -> str:
    """Pages with blocks of `texts`, of which some were mutated as pages."""
    blocks = [block for text in [draw(texts)] for block in re.split(r"\n\n(?=\S)", text)]
    shown = _markdown if is_markdown else _restructured
    text = "\n\n".join(shown(draw, block) for block in blocks)
    return draw(mutated(st.just(text), lambda _: True)) if draw(st.integers(0, 3)) == 3 else text


def _markdown(draw: st.DrawFn, code: str) -> str:
    fence, indent = draw(st.sampled_from(_FENCES)), draw(st.sampled_from(_INDENTS))
    closing = re.match(r"[`~]+", fence)
    body = _session(code) if draw(st.integers(0, 5)) == 5 else code.split("\n")
    ending = [closing[0]] if closing is not None and draw(st.integers(0, 9)) < 9 else []
    return draw(st.sampled_from(_BEFORE)) + "\n".join(indent + line for line in [fence, *body, *ending])


def _restructured(draw: st.DrawFn, code: str) -> str:
    header = draw(
        st.sampled_from([".. code-block:: python", ".. code::", ".. testcode::\n   :hide:", ".. doctest::", "", "::"])
    )
    body = _session(code) if draw(st.integers(0, 3)) == 3 else code.split("\n")
    indent = draw(st.sampled_from(["   ", "\t", " ", ""]))
    return f"{header}\n\n" + "\n".join(indent + line for line in body)


def _session(code: str) -> Sequence[str]:
    lines = code.split("\n")
    return [f"{'...' if line[:1].isspace() else '>>>'} {line}" for line in lines]


#: Small files of all kinds, which a reader that is driven by coverage begins with.
SEEDS = (
    '{"cells": [{"cell_type": "code", "source": ["%time x\\n", "\\u00e9\\ud83d\\ude00 = 1"]}], "nbformat": 4, "metadata": {}}',
    "# Title\n\n- item\n\n  ```python\n  import nemo_run\n  ```\n\n!!! note\n\n    ```{code-block} python\n    :linenos:\n    x\n    ```\n",
    ".. code-block:: python\n   :linenos:\n\n   import nemo_run\n\n>>> x = 1\n>>> def f():\n...     pass\n",
    "x = 1  # nemo-run-lint: ignore[a, NRL4] until=2030-01-31 owner=@a -- why  # noqa: NRL401\n# nemo-run-lint: disable[NRL4]\n",
    '[tool.nemo-run-lint]\nprofile = "strict"\nselect = ["NRL4"]\nper-file-ignores = { "a/*.py" = ["NRL1"] }\n[tool.nemo-run-lint.rules.short-name]\nminimum-length = 3\n',
    '{"version": 1, "entries": [\n{"path": "a.py", "rule": "short-name", "symbol": "f", "code": "x", "count": 2}\n]}\n',
    "%%time\nx = !ls \\\n  -l\nif x:\n    %cd\ny = '''\n%x\n'''\ntrain?\n",
)
