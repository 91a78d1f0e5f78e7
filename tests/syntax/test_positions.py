"""Spans equal LibCST's PositionProvider; the corpus test asks the same of real files."""

from __future__ import annotations

import ast
import sys
import textwrap

import libcst as cst
import pytest
from libcst.metadata import MetadataWrapper, PositionProvider

from nemo_run_lint.finding import Span
from nemo_run_lint.syntax.positions import Positions
from nemo_run_lint.syntax.tree import Tree

#: Syntax that the oldest supported Python does not know.
NEWER = {"exception groups": ((3, 11), "try: a\nexcept* B as c:\n    d\nelse: e\nfinally: f\n")}

SOURCES = {
    "nested": """
        class A(B, metaclass=C):
            # a comment
            @decorated(
                x, y)

            async def method(self, x: int = 3, *args, **kwargs) -> None:
                '''A docstring
                of two lines.'''
                if x: return (yield)
                elif (y :=
                      z): a; b = c; d
                else:
                    with open(a) as b, \\
                            c: pass
                for i in range(3):
                    call(i,
                         [j for j in k if j])
                else:
                    raise E from None
        """,
    "clauses": """
        try:
            a
        except (B, C) as d:
            e
        except:
            f
        else:
            g
        finally:
            h
        while i:
            match j:
                case [k, *l] if m:
                    n
                case {"o": P(q=r), **s}:
                    t
        """,
    "tabs": "if a:\n\tif b:\n\t\tc(d,\n\t\t  e)\n\telse:\n\t\tf\n",
    "crlf": "if a:\r\n    b(c,\r\n      d)\r\n\r\nx = '''y\r\nz''' + w\r\n",
    "form feed": "a\n\x0c\ndef f():\n    \x0c\n    return b\n",
    "several on a line": "a = 1; b = (2,\n 3); c = 4\n",
    "wide characters": 'x = "\N{GREEK SMALL LETTER ALPHA}\N{PARTY POPPER}" + y; z\n',
    "continued lines": "x = a + \\\n    b\nassert c, \\\n  d\n",
    "no newline at the end": "def f():\n    return a",
    "only a comment": "# nothing\n",
    "empty": "",
}


SOURCES |= {name: source for name, (since, source) in NEWER.items() if sys.version_info >= since}


@pytest.mark.parametrize("name", SOURCES)
def test_spans_equal_the_position_providers(name: str) -> None:
    source = textwrap.dedent(SOURCES[name])
    tree = Tree(source, ast.parse(source))
    positions = Positions(tree)
    expected = MetadataWrapper(tree.module, unsafe_skip_copy=True).resolve(PositionProvider)
    for node in tree.walked:
        start, end = expected[node].start, expected[node].end
        assert positions.span(node) == Span(start.line, start.column + 1, end.line, end.column + 1), type(node)


def test_a_node_of_another_file_is_refused() -> None:
    tree = Tree("a\n", ast.parse("a\n"))
    with pytest.raises(KeyError):
        Positions(tree).span(cst.parse_statement("b"))


@pytest.mark.parametrize(
    ("source", "node_class", "header"),
    [
        ("try:\n    a\nexcept ValueError as error:  # why\n    b\n", cst.ExceptHandler, "except ValueError as error"),
        ("try:\n    a\nexcept  :\n    b\n", cst.ExceptHandler, "except"),
        ("def f(a,  b) -> int:\n    pass\n", cst.FunctionDef, "def f(a,  b) -> int"),
        ("with a as b:\n    pass\n", cst.With, "with a as b"),
        ("for a in b:\n    pass\nelse:\n    c\n", cst.For, "for a in b"),
        ("if a:\n    pass\nelif b:\n    c\n", cst.If, "if a"),
        ("class A(B):\n    x = 1\n", cst.ClassDef, "class A(B"),
        ("try:\n    a\nfinally:\n    b\n", cst.Finally, "finally"),
    ],
)
def test_the_header_of_a_statement(source: str, node_class: type[cst.CSTNode], header: str) -> None:
    tree = Tree(source, ast.parse(source))
    span = Positions(tree).header(tree.nodes(node_class)[0])
    line = source.splitlines()[span.line - 1]
    assert span.line == span.end_line
    assert line[span.column - 1 : span.end_column - 1] == header
