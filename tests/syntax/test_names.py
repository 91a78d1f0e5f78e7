"""What names mean: imports however they are written, scopes, what is overwritten, what can't be told."""

from __future__ import annotations

import ast
import time

import libcst as cst
import pytest

from nemo_run_lint.syntax.names import Names
from nemo_run_lint.syntax.tree import Tree


def last_use(source: str) -> tuple[Names, cst.BaseExpression]:
    """The names of `source`, and the argument of its last call of `use(...)`."""
    tree = Tree(source, ast.parse(source))
    uses = [call for call in tree.nodes(cst.Call) if isinstance(call.func, cst.Name) and call.func.value == "use"]
    return Names(tree), uses[-1].args[0].value


def qualified(source: str) -> str | None:
    names, node = last_use(source)
    return names.qualified(node)


@pytest.mark.parametrize(
    ("source", "path"),
    [
        ("import nemo_run as run\nuse(run.Partial)", "nemo_run.Partial"),
        ("import nemo_run\nuse(nemo_run.cli.factory)", "nemo_run.cli.factory"),
        ("import nemo_run.config as c\nuse(c.Partial)", "nemo_run.config.Partial"),
        (
            "import nemo_run.run.experiment\nuse(nemo_run.run.experiment.Experiment)",
            "nemo_run.run.experiment.Experiment",
        ),
        ("from nemo_run import Partial as P\nuse(P)", "nemo_run.Partial"),
        ("from nemo_run.config import Partial\nuse(Partial)", "nemo_run.config.Partial"),
        ("from nemo_run import *\nuse(Partial)", "nemo_run.Partial"),
        ("from . import run\nuse(run)", ".run"),
        ("from ..configs import model\nuse(model.base)", "..configs.model.base"),
        ("import nemo_run as run\nPartial = run.Partial\nuse(Partial)", "nemo_run.Partial"),
        ("def main():\n    import nemo_run as run\n    use(run.Config)", "nemo_run.Config"),
        ("import nemo_run as run\ndef main():\n    use(run.Config)", "nemo_run.Config"),
        (
            "try:\n    from nemo_run import Partial\nexcept ImportError:\n    Partial = object\nuse(Partial)",
            "nemo_run.Partial",
        ),
        (
            "try:\n    import nemo_run as run\nexcept (ImportError, OSError):\n    run = None\nuse(run.Partial)",
            "nemo_run.Partial",
        ),
        ("if TYPE_CHECKING:\n    import nemo_run as run\nuse(run.Partial)", "nemo_run.Partial"),
        ("import nemo_run as run\nclass A:\n    def run(self):\n        use(run.Config)", "nemo_run.Config"),
        ("import nemo_run as run\n[use(run.Config) for x in y]", "nemo_run.Config"),
        ("import other as run\nimport nemo_run as run\nuse(run.Config)", "nemo_run.Config"),
        ("import nemo_run as run\nuse(run.Config)\nrun = None", "nemo_run.Config"),
        ("def f():\n    global run\n    import nemo_run as run\nuse(run.Config)", "nemo_run.Config"),
    ],
)
def test_resolves(source: str, path: str) -> None:
    assert qualified(source) == path


@pytest.mark.parametrize(
    "source",
    [
        "use(run.Partial)",
        "from nemo_run import *\nfrom other import *\nuse(Partial)",
        "from nemo_run import *\nuse(print)",
        "from nemo_run import *\nPartial = make()\nuse(Partial)",
        "import nemo_run as run\ndef build(run):\n    use(run.Partial)",
        "import nemo_run as run\ndef build():\n    run = make()\n    use(run.Partial)",
        "import nemo_run as run\nrun = wrap(run)\nuse(run.Partial)",
        "import nemo_run as run\nif x:\n    run = None\nuse(run.Partial)",
        "import nemo_run as run\ndef run(): ...\ndef main():\n    use(run.Partial)",
        "import nemo_run as run\nfor run in runs:\n    use(run.Partial)",
        "import nemo_run as run\n[use(run.Partial) for run in runs]",
        "import nemo_run as run\nf = lambda run: use(run.Partial)",
        "import nemo_run as run\nwith open(x) as run:\n    use(run.Partial)",
        "import nemo_run as run\nmatch x:\n    case [run]:\n        use(run.Partial)",
        "import nemo_run as run\ndel run\nuse(run.Partial)",
        "import nemo_run as run\ndef f():\n    use(run.Partial)\n    run += 1",
        "if x:\n    import nemo_run as run\nelse:\n    import other as run\nuse(run.Partial)",
        "class A:\n    import nemo_run as run\n    def f(self):\n        use(run.Partial)",
        "P = Q\nQ = P\nuse(P)",
        "import nemo_run as run\nuse(run[0].Partial)",
        "import nemo_run as run\nuse(run().Partial)",
    ],
)
def test_resolves_to_nothing_rather_than_to_a_guess(source: str) -> None:
    assert qualified(source) is None


@pytest.mark.parametrize(
    ("source", "values"),
    [
        ("x = 1\nx = 2\nuse(x)", ["2"]),
        ("x = 1\nif c:\n    x = 2\nuse(x)", ["1", "2"]),
        ("if c:\n    x = 1\nelse:\n    x = 2\nuse(x)", ["1", "2"]),
        ("if c:\n    x = 1\nelse:\n    x = 2\n    use(x)", ["2"]),
        ("x = 1\ndef f():\n    use(x)\nx = 2", ["1", "2"]),
        ("x = 1\nuse(x)\nx = 2", ["1"]),
        ("x = 1\nfor i in y:\n    use(x)\n    x = 2", ["1", "2"]),
        ("x = 1\nwhile c:\n    x = 2\nuse(x)", ["1", "2"]),
        ("x = 1\ntry:\n    x = 2\nfinally:\n    pass\nuse(x)", ["1", "2"]),
        ("a, b = 1, 2\nuse(b)", ["2"]),
        ("(a, b), c = f(), 2\nuse(c)", ["2"]),
        ("x = 1\nx = g(use(x))", ["1"]),
        ("if (x := 1):\n    use(x)", ["1"]),
        ("x = y = 3\nuse(y)", ["3"]),
    ],
)
def test_what_reaches_a_use(source: str, values: list[str]) -> None:
    names, node = last_use(source)
    assert isinstance(node, cst.Name)
    found = [binding.value for binding in names.lookup(node)]
    assert [value.value if isinstance(value, cst.Integer) else value for value in found] == values


def test_unpacking_what_cannot_be_seen_has_no_value() -> None:
    names, node = last_use("a, *b = f()\nuse(b)")
    assert isinstance(node, cst.Name)
    assert [binding.value for binding in names.lookup(node)] == [None]


def test_names_that_are_aliases_of_each_other_in_many_ways() -> None:
    aliases = "    if c: a = b\n    if c: b = a\n" * 30  # there are 30 to the power of 8 ways to follow them
    before = time.process_time()
    assert qualified(f"import nemo_run as run\na = b = run\nwhile c:\n{aliases}    use(a.Config)\n") is None
    assert time.process_time() - before < 2
