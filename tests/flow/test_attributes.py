"""Reading, setting and unsetting attributes and items, on whatever a value may be."""

from __future__ import annotations

import pytest
from flow.following import problems


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("task.size = 1", []),
        ("task.size\ntask.inner", []),
        ("task.sise = 1", ["unknown_attribute sise"]),
        ("task.sise", ["unknown_attribute sise"]),
        ("setattr(task, 'sise', 1)", ["unknown_attribute sise"]),
        ("getattr(task, 'sise')", ["unknown_attribute sise"]),
        ("getattr(task, 'sise', 1)", []),
        ("setattr(task, x, 1)\ntask.inner.lr = 1", []),
        ("getattr(task, 'inner').lr = 1", []),
        ("task.inner.lr = 1", ["attribute_of_plain lr"]),
        ("task.size.lr", ["attribute_of_plain lr"]),
        ("task.size.real\ntask.inner.__class__", []),
        ("task.inner = x\ntask.inner.lr = 1", []),
        ("task.inner = run.Config(Adam)\ntask.inner.rl = 1", ["unknown_attribute rl"]),
        ("task.inner = run.Config(Adam)\ndel task.inner\ntask.inner.lr = 1", ["attribute_of_plain lr"]),
        ("task.inner = Model()\ntask.inner.rl = 1", []),
        ("task.inner = [run.Config(Adam)]\ntask.inner[0].rl = 1", ["unknown_attribute rl"]),
        ("task.inner = {'a': run.Config(Adam)}\ntask.inner['a'].rl = 1", ["unknown_attribute rl"]),
        ("task._private = 1\ntask.__dict__\ntask._repr_svg_()\ntask.__fn_or_cls__", []),
        ("task.clone\ntask.walk\ntask.diff\ntask.save_config_img\ntask.visualize\ntask.broadcast", []),
        ("run.Config(takes_any).hiden_size = 1", ["swallowed hiden_size"]),
        ("run.Config(takes_any).whatever = 1", []),
        ("run.Config(takes_any).whatever", ["unset_attribute whatever"]),
        ("run.Config(needs).model", ["unset_attribute model"]),
        ("run.Config(needs, **x).model", []),
        ("run.Config(needs, *x).model", []),
        ("run.Config(needs, 1).model", []),
        ("run.Config(needs).model.size = 1", ["unset_attribute model"]),
        ("task.size = 'large'", ["literal size"]),
        ("task.size = x", []),
        ("task.size += 'large'", []),
        ("run.Config(unknown).sise.lr = 1", []),
        ("run.Config(dict).sise = 1", []),
        ("Adam.sise = 1\ntrain.sise = 1\nrun.sise = 1", []),
        ("text = 'a'\ntext.sise\nnumber = None\nnumber.lr = 1", []),
        ("task.a.b.c = 1", ["unknown_attribute a"]),
    ],
)
def test_attributes(lines: str, expected: list[str]) -> None:
    assert problems(f"task = run.Config(Model)\n{lines}") == expected


def test_a_field_that_is_made_by_a_factory_cannot_be_read() -> None:
    lines = """
        from dataclasses import dataclass, field

        @dataclass
        class Options:
            inner: dict = field(default_factory=dict)
            size: int = 1

        options = run.Config(Options)
        options.size
        options.inner
        options.inner = {}
        options.inner
    """
    assert problems(lines) == ["unset_attribute inner"]


@pytest.mark.parametrize(
    "lines",
    [
        "import enum\nclass Size(enum.Enum):\n    SMALL = 'small'\nSize.SMALL.value.upper()\nSize.SMALL.valu",
        "class Names:\n    FIRST = None\nNames.FIRST.x",
        "def size(task):\n    return task.inner.x\nclass Given:\n    inner = None\nsize(run.Config(Model, inner=x))\nsize(Given)",
        "import os\nos.name.sise\nos.sep.x = 1",
    ],
)
def test_only_what_is_read_from_a_config_was_meant_to_be_one(lines: str) -> None:
    assert problems(lines) == []


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("task.broadcast(size=1)", []),
        ("task.broadcast(lr=1)", []),
        ("task.broadcast(rl=1)", ["broadcast rl"]),
        ("task.walk(rl=lambda it: it)", ["broadcast rl"]),
        ("task.broadcast(**x)", []),
        ("task.inner = x\ntask.broadcast(rl=1)", []),
        ("task.broadcast(inner=run.Config(SGD))\ntask.inner.lr = 1", ["unknown_attribute lr"]),
    ],
)
def test_what_is_set_in_all_configs_below(lines: str, expected: list[str]) -> None:
    assert problems(f"task = run.Config(Model, inner=run.Config(Adam))\n{lines}") == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("other = task.clone()\nother.inner = None\ntask.inner.lr = 1", []),
        ("other = copy.copy(task)\nother.inner = None\ntask.inner.lr = 1", []),
        ("other = copy.deepcopy(task)\nother.inner.lr = 1\nother.inner.rl = 1", ["unknown_attribute rl"]),
        ("inner = task.inner\ninner.own = 1", ["unknown_attribute own"]),
        ("other = copy.copy(task)\ndel other.inner\nother.inner.lr = 1", ["attribute_of_plain lr"]),
        ("task.inner = task\nother = task.clone()\nother.inner.inner.inner.rl = 1", ["unknown_attribute rl"]),
        (
            "pair = [task, task]\nother = copy.deepcopy(pair)\nother[0].inner = None\nother[1].inner.lr = 1",
            ["attribute_of_plain lr"],
        ),
        ("other = copy.deepcopy({'a': (task,)})\nother['a'][0].sise = 1", ["unknown_attribute sise"]),
        ("other = copy.deepcopy(Model(inner=task))\nrun.Partial(train, model=other)", []),
    ],
)
def test_copies_go_their_own_way(lines: str, expected: list[str]) -> None:
    assert problems(f"task = run.Config(Model, inner=run.Config(Adam))\n{lines}") == expected
