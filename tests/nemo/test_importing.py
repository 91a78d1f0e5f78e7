"""How a thing is written at a place, and the import that it needs: the place is the name `here`."""

from __future__ import annotations

import ast

import libcst as cst
import pytest
from placed import substituted

from nemo_run_lint.nemo.importing import spelling
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit, NodeFix
from nemo_run_lint.syntax.tree import Tree


def written(source: str, path: str, by_module: bool = False) -> str | None:
    """The source with `path` in the place of the name `here`; None where it cannot be written there."""
    file = File("x.py", source, Tree(source, ast.parse(source)))
    use = next(name for name in file.tree.nodes(cst.Name) if name.value == "here")
    found = spelling(file, path, use, by_module)
    if found is None:
        return None
    fixed = substituted(file, NodeFix("write it", (NodeEdit(use, found.text), *found.edits)))
    assert fixed is not None
    ast.parse(fixed)
    return fixed


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x = here\n", "from typing import Optional\nx = Optional\n"),
        ("x = here", "from typing import Optional\nx = Optional"),
        ('"""Doc."""\nx = here\n', '"""Doc."""\nfrom typing import Optional\nx = Optional\n'),
        (
            '"""Doc."""\nfrom __future__ import annotations\n\nimport os\nx = here\n',
            '"""Doc."""\nfrom __future__ import annotations\n\nfrom typing import Optional\nimport os\nx = Optional\n',
        ),
        ("# licence\n\nimport os\nx = here\n", "# licence\n\nfrom typing import Optional\nimport os\nx = Optional\n"),
        ("import os; x = here\n", "from typing import Optional\nimport os; x = Optional\n"),
        ("x = here\nimport os\n", "from typing import Optional\nx = Optional\nimport os\n"),
        ("def f(): return here\nimport os\n", "def f(): return Optional\nfrom typing import Optional\nimport os\n"),
        ("@here\ndef f(): ...\n", "from typing import Optional\n@Optional\ndef f(): ...\n"),
        ("from typing import List\nx = here\n", "from typing import List, Optional\nx = Optional\n"),
        (
            "from typing import (\n    List,  # lists\n)\nx = here\n",
            "from typing import (\n    List, Optional,  # lists\n)\nx = Optional\n",
        ),
        ("from typing import \\\n    List\nx = here\n", "from typing import \\\n    List, Optional\nx = Optional\n"),
        ("from typing import Optional\nx = here\n", "from typing import Optional\nx = Optional\n"),
        ("from typing import Optional as O\nx = here\n", "from typing import Optional as O\nx = O\n"),
        ("import typing\nx = here\n", "import typing\nx = typing.Optional\n"),
        ("import typing as t\nx = here\n", "import typing as t\nx = t.Optional\n"),
        ("from typing import *\nx = here\n", "from typing import *\nx = Optional\n"),
        ("def f():\n    import typing\n    return here\n", "from typing import Optional\ndef f():\n    import typing\n    return Optional\n"),
        ("if x:\n    import typing\ny = here\n", "from typing import Optional\nif x:\n    import typing\ny = Optional\n"),
        ("x = here\nfrom typing import List\n", "from typing import Optional\nx = Optional\nfrom typing import List\n"),
        ("import os\r\nx = here\r\n", "from typing import Optional\r\nimport os\r\nx = Optional\r\n"),
        ("import os\rx = here\r", "from typing import Optional\rimport os\rx = Optional\r"),
    ],
)  # fmt: skip
def test_a_name_is_imported_where_it_has_to_be(source: str, expected: str) -> None:
    assert written(source, "typing.Optional") == expected


@pytest.mark.parametrize(
    "source",
    [
        "Optional = 1\nx = here\n",
        "from other import Optional\nx = here\n",
        "def f(Optional):\n    return here\n",
        "def f():\n    Optional = 1\n    return here\n",
        "x = [here for Optional in y]\n",
        "def Optional(): ...\nx = here\n",
        "for Optional in y:\n    x = here\n",
        "try:\n    from typing import Optional\nexcept ImportError:\n    Optional = None\nx = here\n",
        "if TYPE_CHECKING:\n    from typing import Optional\nx = here\n",
    ],
)
def test_a_name_with_another_meaning_is_not_given_a_second_one(source: str) -> None:
    assert written(source, "typing.Optional") is None


@pytest.mark.parametrize(
    ("source", "path", "expected"),
    [
        ("x = here\n", "textwrap.dedent", "import textwrap\nx = textwrap.dedent\n"),
        ("from textwrap import dedent\nx = here\n", "textwrap.dedent", "from textwrap import dedent\nx = dedent\n"),
        ("import os\nx = here\n", "os.path.expanduser", "import os\nx = os.path.expanduser\n"),
        ("import os.path\nx = here\n", "os.path.expanduser", "import os.path\nx = os.path.expanduser\n"),
        ("import os.path as p\nx = here\n", "os.path.expanduser", "import os.path as p\nx = p.expanduser\n"),
        ("x = here\n", "os.path.expanduser", "import os\nx = os.path.expanduser\n"),
        ("import nemo_run as run\nx = here\n", "nemo_run.Config", "import nemo_run as run\nx = run.Config\n"),
        ("textwrap = 1\nx = here\n", "textwrap.dedent", None),
        ("def f(textwrap): return here\n", "textwrap.dedent", None),
    ],
)
def test_a_module_is_imported_for_what_is_written_with_it(source: str, path: str, expected: str | None) -> None:
    assert written(source, path, by_module=True) == expected
