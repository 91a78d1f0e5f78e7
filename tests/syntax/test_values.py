"""Where values come from, as source text."""

from __future__ import annotations

import ast

import libcst as cst
import pytest

from nemo_run_lint.project import File
from nemo_run_lint.syntax.tree import Tree

COMPONENT = """
class Component:
    limit = 3
    def __init__(self, name, function=None):
        self.name = name
        self.function = function
    def task(self):
        use({what})
    def run(self): ...
"""


def sources(source: str) -> list[str]:
    """What the argument of the last `use(...)` may be, in one line each."""
    file = File("x.py", source, Tree(source, ast.parse(source)))
    calls = [call for call in file.tree.nodes(cst.Call) if isinstance(call.func, cst.Name) and call.func.value == "use"]
    return [file.code(node).strip().split("\n")[0] for node in file.values.sources(calls[-1].args[0].value)]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("use(3)", ["3"]),
        ("x = 3\ny = x\nuse(y)", ["3"]),
        ("use(a if c else b)", ["a", "b"]),
        ("use(a or 3)", ["a", "3"]),
        ("import m\nuse(m.f)", ["m.f"]),
        ("def f(): ...\nuse(f)", ["def f(): ..."]),
        ("def f(x=1):\n    use(x)", ["1"]),
        ("def f(x):\n    use(x)", ["x"]),
        ("def f(x):\n    use(x)\nf(5)\nf(x=6)", ["5", "6"]),
        ("def f(a, x):\n    use(x)\nf(*y, 6)", ["x"]),
        ("def f(a, x):\n    use(x)\nf(1, *y)\nf(1, **z)", ["x"]),
        ("x = 1\ndef f():\n    use(x)\nx = 2", ["1", "2"]),
        ("x = y\ny = x\nuse(x)", []),
        (COMPONENT.format(what="self.limit"), ["3"]),
        (COMPONENT.format(what="self.run"), ["def run(self): ..."]),
        (COMPONENT.format(what="self.unknown"), ["self.unknown"]),
        (COMPONENT.format(what="self.function"), ["None"]),
        (COMPONENT.format(what="self.function") + 'Component("a", f)\nComponent("b", function=g)', ["None", "f", "g"]),
        (COMPONENT.format(what="self.name") + 'Component("a").start()', ['"a"']),
        ("class K:\n    @staticmethod\n    def f(self): use(self.x)", ["self.x"]),
        ("class K:\n    def g(x): ...\nuse(K.g)", ["def g(x): ..."]),
    ],
)
def test_sources(source: str, expected: list[str]) -> None:
    assert sources(source) == expected


def test_a_chain_of_assignments_that_never_ends_is_cut() -> None:
    chain = "".join(f"x{number} = x{number - 1}\n" for number in range(1, 50))
    assert sources(f"x0 = 1\n{chain}use(x49)") == ["x41"]
