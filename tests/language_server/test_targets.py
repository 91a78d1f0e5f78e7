"""What is known at a place of a text that somebody is typing."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nemo_run_lint.language_server.documents import Document
from nemo_run_lint.language_server.linting import Linter
from nemo_run_lint.language_server.repair import CURSOR, argument_at, mended, with_cursor
from nemo_run_lint.language_server.source import Source
from nemo_run_lint.language_server.targets import Named, Offered, named_at, offered_at
from nemo_run_lint.language_server.text import Text
from nemo_run_lint.signatures.index import Index
from nemo_run_lint.signatures.signature import Unknown

MODELS = """
from dataclasses import dataclass, field
from functools import wraps


class Model:
    def __init__(self, hidden: int = 8, layers=2, *, name: str): ...


class Wide(Model):
    width = 3


def train(model, steps: int = 1, **more): ...


def strict(first, /, second, *rest, third=3): ...


def wrapped(init):
    @wraps(init)
    def around(self, *args, **kwargs):
        return init(self, *args, **kwargs)

    return around


class Wrapped:
    @wrapped
    def __init__(self, *, speed: int = 1): ...


@dataclass
class Data:
    path: str
    sizes: list = field(default_factory=list)
"""
HEAD = "import nemo_run as run\nfrom models import Data, Model, Wide, Wrapped, strict, train\n\n"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("project")
    (directory / "pyproject.toml").touch()
    (directory / "models.py").write_text(MODELS)
    return directory


@pytest.fixture(scope="module")
def index(project: Path) -> Index:
    text = Text(HEAD)
    found = Linter().index(Source.of_document(str(project / "typed.py"), Document("", 1, text)))
    assert found is not None
    return found


def offered(index: Index, project: Path, written: str) -> Offered | None:
    text = HEAD + textwrap.dedent(written)
    offset = text.index("|")
    return offered_at(index, str(project / "typed.py"), text.replace("|", "", 1), offset)


def names(found: Offered | None) -> list[str] | None:
    return [parameter.name for parameter, _ in found.parameters] if found is not None else None


def named(index: Index, project: Path, written: str) -> Named | None:
    text = HEAD + textwrap.dedent(written)
    before = text[: text.index("|")].split("\n")
    return named_at(index, str(project / "typed.py"), text.replace("|", "", 1), len(before), len(before[-1]) + 1)


WHOLE = ["name", "hidden", "layers"]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("run.Config(Model, |)", WHOLE),
        ("run.Config(Model,|)", WHOLE),
        ("run.Config(Model, hid|)", WHOLE),
        ("run.Config(Model, hi|dden)", WHOLE),
        ("run.Config(Model, hid|=3, name='x')", ["hidden", "layers"]),
        ("run.Config(Model, hidden=3, |)", ["name", "layers"]),
        ("run.Config(Model, 3, |)", ["name", "layers"]),
        ("run.Config(Model, *sizes, |)", WHOLE),
        ("run.Config(Model, **sizes, |)", WHOLE),
        ("run.Config(Model, | hidden=3)", ["name", "layers"]),
        ("run.Config(Model, |, hidden=3)", ["name", "layers"]),
        ("run.Config(Wide, |)", WHOLE),
        ("run.Partial(train, |)", ["model", "steps"]),
        ("run.Config(strict, |)", ["second", "third"]),
        ("run.Config(Data, |)", ["path", "sizes"]),
        ("run.Config(Wrapped, |)", ["speed"]),
        ("from nemo_run import Config as C\nC(Model, |)", WHOLE),
        ("run.Config(fn_or_cls=Model, |)", WHOLE),
        ("def recipe():\n    return run.Partial(train, model=run.Config(Model, |), steps=2)", WHOLE),
        ("def recipe():\n    return run.Partial(train, model=run.Config(Model), |)", ["steps"]),
        ("cls = Model\nrun.Config(cls, |)", WHOLE),
        # what does not parse yet
        ("run.Config(Model, |", WHOLE),
        ("run.Config(Model, hid|", WHOLE),
        ("run.Config(Model,\n    hidden=3,\n    |\n", ["name", "layers"]),
        ("run.Config(\n    Model,\n    hidden=3,\n    la|\n    name='x',\n)", ["layers"]),
        ("run.Config(\n    Model,\n    hidden=,\n    |\n)\n", ["name", "layers"]),
        ("run.Config(\n    Model,  # here, there\n    |\n)", WHOLE),
        ("def one():\n    run.Config(Model, |\n\ndef two():\n    return 1\n", WHOLE),
        ("def one():\n    a = run.Partial(train, run.Config(Model, |\n    b = 2\n    return a\n", WHOLE),
        ("def broken(:\n    pass\n\nrun.Config(Model, |)", WHOLE),
        ("x = (1,\n\ndef one():\n    return run.Config(Model, |)", WHOLE),
        ("s = 'never closed\nrun.Config(Model, |)", WHOLE),
        ("def one():\n\nrun.Config(Model, |)", WHOLE),
        ("for x in y\n    run.Config(Model, |)", WHOLE),
        ("run.Config(Model, |)\nclass A:\n  def f(self):\n   return (\n", WHOLE),
    ],
)
def test_arguments_are_offered(index: Index, project: Path, written: str, expected: list[str]) -> None:
    assert names(offered(index, project, written)) == expected


@pytest.mark.parametrize(
    "written",
    [
        "run.Config(|)",
        "run.Config(Mod|)",
        "run.Config(Model, hidden=|)",
        "run.Config(Model, hidden=3|)",
        "run.Config(Model, hidden=[1, |])",
        "run.Config(Model, name='a, |')",
        "run.Config(Model, name='''a, |''')",
        "run.Config(Model, # a, |\n)",
        "run.Config(Model, *|)",
        "run.Config(Model, **|)",
        "run.Config(Model, 3|)",
        "run.Config(Model, a.|)",
        "run.Config(Model), |",
        "print(Model, |)",
        "run.Config(nobody, |)",
        "run.Config(run, |)",
        "x, |",
        "|",
        "''' run.Config(Model, |",
    ],
)
def test_nothing_is_offered(index: Index, project: Path, written: str) -> None:
    assert names(offered(index, project, written)) is None


def test_what_is_replaced(index: Index, project: Path) -> None:
    found = offered(index, project, "run.Config(Model, hi|dden = 3)")
    assert found is not None
    assert (found.end - found.begin, found.is_named) == (len("hidden"), True)


@pytest.mark.parametrize(
    ("written", "target", "keyword"),
    [
        ("run.Config(Mo|del, hidden=1)", "Model", ""),
        ("run.Config(|Model)", "Model", ""),
        ("run.Config(Model|)", "Model", ""),
        ("run.Config(Model, hid|den=1)", "Model", "hidden"),
        ("run.Config(Model, hidden|=1)", "Model", "hidden"),
        ("run.Config(fn_or_cls=Mo|del)", "Model", ""),
        ("é = '😀'; run.Config(Mo|del)", "Model", ""),
        ("run.Partial(train, model=run.Config(Mo|del))", "Model", ""),
        ("run.Partial(train, mo|del=run.Config(Model))", "train", "model"),
        ("run.Partial(tr|ain, steps=)\n", "train", ""),
        ("run.Partial(train, ste|ps=)\nrun.Config(Model)\n", "train", "steps"),
        ("x = run.Partial(tr|ain, model=\ny = 1\n", "train", ""),
        ("run.Partial(\n    train,\n    model=run.Config(Model, hid|den=, layers=[1\n\ny = 1\n", "Model", "hidden"),
        ("def f():\n    return run.Config(Mo|del, name='x' layers=2)\n\ndef g(): ...\n", "Model", ""),
        ("def broken(:\nx = run.Config(Mo|del)", "Model", ""),
    ],
)
def test_what_is_written_there(index: Index, project: Path, written: str, target: str, keyword: str) -> None:
    found = named(index, project, written)
    assert found is not None
    assert not isinstance(found.accepted, Unknown)
    assert (found.accepted[0].name, found.keyword) == (target, keyword)


@pytest.mark.parametrize(
    "written",
    ["ru|n.Config(Model)", "run.Config(Model, hidden=1|0)", "print(Mo|del)", "x = 1|", "run.Config(Model, print(a|))"],
)
def test_what_is_no_part_of_a_config(index: Index, project: Path, written: str) -> None:
    assert named(index, project, written) is None


def test_a_target_that_is_not_known(index: Index, project: Path) -> None:
    found = named(index, project, "from elsewhere import Thing\nrun.Config(Th|ing)")
    assert found is not None
    assert isinstance(found.accepted, Unknown)


@given(st.text(st.sampled_from("(){}[],'\"#\\ab= \n\t:"), max_size=60), st.integers(0, 60))
def test_any_text_is_read(text: str, offset: int) -> None:
    offset = min(offset, len(text))
    argument = argument_at(text, offset)
    if argument is not None:
        assert argument.begin <= offset <= argument.end
        assert "(" in text[:offset]
        for tree in with_cursor(text, argument):
            assert tree is not None
    mended(text)


@given(st.lists(st.sampled_from(["def f():", "    x = (1", "    return 2", "y = [", "]", "class A:", "if x", "z = 1"])))
def test_what_is_mended_keeps_its_lines(lines: list[str]) -> None:
    tree = mended("\n".join(lines))
    for statement in tree.body if tree is not None else ():
        assert lines[statement.lineno - 1].strip()


def test_the_name_at_the_cursor_is_nobodys() -> None:
    assert CURSOR.isidentifier()
    assert CURSOR not in MODELS
