"""Edits that rules share, on code as people lay it out: what is not spoken of stays, comments above all."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable

import libcst as cst
import pytest
from placed import substituted

from nemo_run_lint.nemo import edits
from nemo_run_lint.nemo.guarding import guarded
from nemo_run_lint.nemo.importing import Spelling
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit, NodeFix
from nemo_run_lint.syntax.tree import Tree

Made = NodeEdit | Iterable[NodeEdit] | None


def parsed(source: str) -> File:
    return File("x.py", source, Tree(source, ast.parse(source)))


def edited(source: str, make: Callable[[File, cst.Call], Made]) -> str | None:
    """The source after the edits that `make` returns for its first call."""
    file = parsed(source)
    made = make(file, file.tree.nodes(cst.Call)[0])
    if made is None:
        return None
    fixed = substituted(file, NodeFix("edit", (made,) if isinstance(made, NodeEdit) else tuple(made)))
    if fixed is not None:
        ast.parse(fixed)
    return fixed


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("f()", "f(x=1)"),
        ("f(  )", "f(  x=1)"),
        ("f(\n    # none\n)", "f(\n    # none\nx=1)"),
        ("f(a)", "f(a, x=1)"),
        ("f(a,)", "f(a, x=1,)"),
        ("f(\n    a,  # first\n)", "f(\n    a, x=1,  # first\n)"),
        ("f(*a, **b)", "f(*a, **b, x=1)"),
        ("f((y for y in z))", "f((y for y in z), x=1)"),
        ("f(y for y in z)", None),
        ("f(a \\\n  )", "f(a, x=1 \\\n  )"),
    ],
)
def test_an_argument_is_added(source: str, expected: str | None) -> None:
    assert edited(source, lambda _, call: edits.added_argument(call, "x=1")) == expected


@pytest.mark.parametrize(
    ("source", "names", "expected"),
    [
        ("f(a=1)", "a", "f()"),
        ("f(a=1,)", "a", "f()"),
        ("f( a=(1), )", "a", "f( )"),
        ("f(a=1, b=2)", "a", "f(b=2)"),
        ("f(a=1, b=2)", "b", "f(a=1)"),
        ("f(a=1, b=2, c=3)", "b", "f(a=1, c=3)"),
        ("f(a=1, b=2, c=3)", "ac", "f(b=2)"),
        ("f(a=1, b=2, c=3,)", "bc", "f(a=1,)"),
        ("f(a=1, b=2, c=3)", "abc", "f()"),
        ("f(\n    a=1,\n    b=2,\n)", "b", "f(\n    a=1,\n)"),
        ("f(\n    a=1,  # why\n    b=2,\n)", "a", None),
        ("f(\n    a=1,\n    b=2,  # why\n)", "b", "f(\n    a=1,  # why\n)"),
        ("f(\n    a=1,\n    # why\n    b=2,\n)", "b", None),
    ],
)
def test_arguments_are_removed(source: str, names: str, expected: str | None) -> None:
    def remove(_: File, call: cst.Call) -> Made:
        return edits.removed_arguments(
            call, [each for each in call.args if each.keyword and each.keyword.value in names]
        )

    assert edited(source, remove) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("M()", "run.Config(M)"),
        ("M(a, b=2)", "run.Config(M, a, b=2)"),
        ("(M(a))", "(run.Config(M, a))"),
        ("M(\n    a=1,  # one\n)", "run.Config(M,\n    a=1,  # one\n)"),
        ("M(  # what\n    a=1,\n)", "run.Config(M,  # what\n    a=1,\n)"),
        ("m.M(*a, **b)", "run.Config(m.M, *a, **b)"),
        ("M(\n    # nothing\n)", None),
    ],
)
def test_a_call_is_configured(source: str, expected: str | None) -> None:
    assert edited(source, lambda file, call: edits.configured(file, call, Spelling("run.Config"))) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("C(M)", "M()"),
        ("C(M,)", "M()"),
        ("C(M, 1, a=2)", "M(1, a=2)"),
        ("C(\n    M,\n    a=2,\n)", "M(\n    a=2,\n)"),
        ("C(M, # model\n  a=2)", "M( # model\n  a=2)"),
    ],
)
def test_a_config_is_unwrapped(source: str, expected: str | None) -> None:
    assert edited(source, lambda file, call: edits.unwrapped(file, call)) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("f()\n", ""),
        ("f()", ""),
        ("a = 1\nf()\nb = 2\n", "a = 1\nb = 2\n"),
        ("f(\n    1,\n)\nb = 2\n", "b = 2\n"),
        ("f(); b = 2\n", "pass; b = 2\n"),
        ("if a:\n    f()\n", "if a:\n    pass\n"),
        ("if a:\n\tf()\n\tb = 2\n", "if a:\n\tb = 2\n"),
        ("if a: f()\n", "if a: pass\n"),
        ("f()  # why\n", None),
        ("# why\nf()\nb = 2\n", "# why\nb = 2\n"),
    ],
)
def test_a_statement_is_removed(source: str, expected: str | None) -> None:
    assert edited(source, lambda file, call: edits.removed_statement(file, call)) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("def f():\n    g()\n", "def f():\n    x\n    g()\n"),
        ('def f():\n    """Doc."""\n    g()\n', 'def f():\n    """Doc."""\n    x\n    g()\n'),
        ("def f():\n\t# first\n\tg()\n", "def f():\n\t# first\n\tx\n\tg()\n"),
        ("def f():\n    @g()\n    def h(): ...\n", "def f():\n    x\n    @g()\n    def h(): ...\n"),
        ("def f(): g()\n", None),
    ],
)
def test_a_line_begins_a_function(source: str, expected: str | None) -> None:
    assert edited(source, lambda file, _: edits.first_in(file, file.tree.nodes(cst.FunctionDef)[0], "x")) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("with a:\n    g()\nb = 1\n", "with a:\n    g()\n    x\nb = 1\n"),
        ("with a:\n    g()  # last\n", "with a:\n    g()  # last\n    x\n"),
        ("with a:\n    g()", "with a:\n    g()\n    x"),
        ("with a: g()\n", "with a: g(); x\n"),
        ("with a:\n    if b:\n        g()\n", "with a:\n    if b:\n        g()\n    x\n"),
        ("with a:\r\n\tg()\r\n", "with a:\r\n\tg()\r\n\tx\r\n"),
    ],
)
def test_a_statement_ends_a_block(source: str, expected: str) -> None:
    assert edited(source, lambda file, _: edits.last_in(file, file.tree.nodes(cst.With)[0].body, "x")) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("f(((1, 2)))", "f([(1, 2)])"),
        ("f((\n    1,  # one\n    2,\n))", "f([\n    1,  # one\n    2,\n])"),
        ("f(x=( 1, 2 ))", "f(x=[ 1, 2 ])"),
        ("f((y for y in (1, 2)))", "f([y for y in (1, 2)])"),
    ],
)
def test_a_tuple_becomes_a_list(source: str, expected: str) -> None:
    assert edited(source, lambda _, call: edits.as_list(call.args[0].value)) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "like", "expected"),
    [
        ("a", None, '"a"'),
        ("a", "'b'", "'a'"),
        ("it's", None, '"it\'s"'),
        ('say "hi"', None, "'say \"hi\"'"),
        ("a\nb", None, '"a\\nb"'),
    ],
)
def test_a_text_is_written(value: str, like: str | None, expected: str) -> None:
    node = cst.parse_expression(like) if like is not None else None
    assert edits.literal(value, node) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import a\na.f()\n", 'import a\nif __name__ == "__main__":\n    a.f()\n'),
        ("with f() as x:\n    # why\n\n    x()\n", 'if __name__ == "__main__":\n    with f() as x:\n        # why\n\n        x()\n'),
        ("x = f()\nprint(x)\ny = 1\n", 'if __name__ == "__main__":\n    x = f()\n    print(x)\ny = 1\n'),
        ("f('''a\nb''')\n", "if __name__ == \"__main__\":\n    f('''a\nb''')\n"),
        ("x = f()\ndef g(): return x\n", None),
        ("x = f()\ndef g(): ...\nprint(x)\n", None),
        ("def g():\n    f()\n", None),
    ],
)  # fmt: skip
def test_a_statement_is_put_under_the_guard_with_what_reads_it(source: str, expected: str | None) -> None:
    file = parsed(source)
    fix = guarded(file, file.tree.nodes(cst.Call)[0])
    assert (substituted(file, fix) if fix is not None else None) == expected
