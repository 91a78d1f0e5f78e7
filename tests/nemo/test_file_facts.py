"""What a file tells the others: imports, words, tests, and configurations that are written out."""

from __future__ import annotations

import json

import pytest

from nemo_run_lint.nemo.file_facts import FileFacts, facts, facts_of_text

SOURCE = '''
"""A docstring with hidden words."""
import a.b as c, d
from e.f import g
from . import h
from ..i import j, k as l
from m import *

def test_it(n):
    """More hidden words."""
    return c.o("p/q.py", r=s), 12
'''


def keys(source: str) -> list[str]:
    found = facts(source)
    assert found is not None
    return [each.key for each in found.written_out]


def test_imports_words_and_tests() -> None:
    found = facts(SOURCE)
    assert found is not None
    assert found.imported == ("a.b", "d", "e.f", "e.f.g", ".", ".h", "..i", "..i.j", "..i.k", "m")
    assert {"p", "q", "py"} == set(found.said)
    assert {"c", "o", "r", "s", "n", "g", "k", "p"} <= found.words
    assert not {"hidden", "words"} & found.words
    assert (found.has_tests, found.written_out) == (True, ())
    assert facts_of_text("_target_: team.tiny").words == {"_target_", "team", "tiny"}


def test_the_same_configuration_however_it_is_written() -> None:
    first, second = keys(
        "import nemo_run as run\nfrom t import M\nrun.Config(M, a=1, b='x')\n"
        'import nemo_run.config\nimport t\nnemo_run.config.Config(t.M, b="x", a=0x1)\n'
    )
    assert first == second
    one, other = keys(
        "from t import AConfig as C, AConfig as D\nC(a=[1, -2], b={'x': None})\nD(b={'x': None}, a=[1,-2])\n"
    )[:2]
    assert one == other


@pytest.mark.parametrize(
    "other",
    ["M(1, b=2)", "M(a=1, b=3)", "M(a=1, b=2.0)", "M(a=True, b=2)", "M(a=1)", "N(a=1, b=2)", "M(a=1, b=-2)"],
)
def test_different_configurations(other: str) -> None:
    start = "import nemo_run as run\nfrom t import M, N\nrun.Config("
    assert keys(f"{start}M, a=1, b=2)\n") != keys(f"{start}{other.replace('(', ', ', 1)}\n")


@pytest.mark.parametrize("value", ["x", "x + 1", "f'{x}'", "f()", "[y for y in z]", "*x", "**x", "lambda: 1", "x.y"])
def test_what_a_variable_decides_is_not_written_out(value: str) -> None:
    assert keys(f"import nemo_run as run\nfrom t import M\nrun.Config(M, {value})\n") == []


@pytest.mark.parametrize("source", ["def (", "x = \0", "(" * 500 + ")" * 500, "x = " + "[" * 150 + "]" * 150])
def test_hard_input(source: str) -> None:
    found = facts(source)
    assert found is None or found.written_out == ()


def test_it_can_be_kept() -> None:
    found = facts(SOURCE + "x = {'a': 1}\n")
    assert found is not None
    assert FileFacts.of_plain(json.loads(json.dumps(found.plain()))) == found
