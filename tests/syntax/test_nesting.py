"""What LibCST would choke on is seen beforehand, and at once; what it reads is let through."""

from __future__ import annotations

import ast
import time

import pytest

from nemo_run_lint.linter import lint
from nemo_run_lint.rule import Profile
from nemo_run_lint.selection import instances, selected
from nemo_run_lint.syntax.nesting import EXPRESSION_LIMIT, NODE_LIMIT, is_shallow, too_deep


def reason(text: str) -> str:
    found = too_deep(text, ast.parse(text))
    return found[1] if found is not None else ""


DEEP = f"an expression is nested more than {EXPRESSION_LIMIT} levels deep"

#: What is flat to `ast`, and a chain to LibCST: some of it, and what joins the parts.
CHAINS = [
    ("import {}", ".", "a"),
    ("from {} import b", ".", "a"),
    ("x = {}", " and ", "a"),
    ("x = [a {}]", " ", "for a in b"),
    ("async def f():\n    return {{a: a {}}}", " ", "async for a in b"),
]


@pytest.mark.parametrize(("around", "joint", "part"), CHAINS)
def test_chains(around: str, joint: str, part: str) -> None:
    assert reason(around.format(joint.join([part] * (EXPRESSION_LIMIT // 2)))) == ""
    for length in (2 * EXPRESSION_LIMIT, 30_000):
        assert reason(around.format(joint.join([part] * length))) == DEEP


def test_too_much_of_all() -> None:
    assert reason("x = 1\n" * (NODE_LIMIT // 5)) == ""
    assert reason("x = 1\n" * (NODE_LIMIT // 4)) == f"its syntax tree has more than {NODE_LIMIT:,} nodes"
    assert reason("#\n" * NODE_LIMIT) == "", "comments are no nodes"


def test_many_statements_on_a_line_take_no_longer_than_on_many() -> None:
    began = time.process_time()
    assert reason("x = -1; " * 30_000) == ""
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("list[int]", True),
        ("list[" * 20 + "int" + "]" * 20, True),
        ("list[" * 180 + "int" + "]" * 180, False),
        ("list[" * 3_000 + "int" + "]" * 3_000, False),
        ("(" * 3_000, False),
        ("not " * 9_000 + "int", False),
        ("a" + ".b" * 10_000, False),
        ("list[", False),
        ("a; b", False),
        ("a\0", False),
        ("", False),
    ],
)
def test_expressions_in_strings(text: str, expected: bool) -> None:
    assert is_shallow(text) is expected


@pytest.mark.parametrize("shape", ["list[{}]", "({})", "not {}", "-{}", "{}.b", "{}()"])
def test_a_type_in_a_string_is_no_way_around_it(shape: str) -> None:
    before, after = shape.split("{}")
    written = before * 3_000 + "int" + after * 3_000
    source = f"import nemo_run as run\n\n@run.cli.entrypoint\ndef f(x: '{written}' = 1): ...\n"
    began = time.process_time()
    found = lint("a.py", source, instances(selected(Profile.STRICT), {}))
    assert time.process_time() - began < 5
    assert not {finding.name for finding in found} & {"rule-failed", "syntax-error", "file-skipped"}
