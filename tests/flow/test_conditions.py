"""Which branch is taken, and what is known in it."""

from __future__ import annotations

import pytest
from flow.following import problems

#: In every test below `task` misses arguments unless the branch in question is not taken, or sets them.
SUBMITTED = "task = run.Partial(needs)\nif {test}:\n    task.model = task.steps = 1\nrun.run(task)\n"


@pytest.mark.parametrize(
    "test",
    [
        *("False", "None", "0", "''", "[]", "{}", "()", "not 1", "not [0]", "1 == 2", "'a' != 'a'", "1 is None"),
        *(
            "task is None",
            "train is None",
            "not task",
            "train is needs",
            "train == needs",
            "False and x",
            "not (1 or x)",
        ),
        *("isinstance(task, str)", "isinstance(1, run.Config)", "isinstance(task, run.Config)", "bool([])"),
    ],
)
def test_a_branch_that_is_never_taken_sets_nothing(test: str) -> None:
    assert problems(SUBMITTED.format(test=test)) == ["missing model, steps"]


@pytest.mark.parametrize(
    "test",
    [
        *("True", "1", "'a'", "[0]", "{'a': 1}", "(0,)", "not 0", "1 == 1", "None is None", "task", "lambda: 0"),
        *(
            "task is not None",
            "train is train",
            "train == train",
            "True or x",
            "x or True",
            "isinstance(task, run.Partial)",
        ),
        *("x", "not x", "x is None", "x == 1", "x > 1", "x in y", "x and y", "f()", "[*x]", "{**x}"),
        *("isinstance(x, str)", "hasattr(x, 'y')", "1 < x < 3", "x is y", "x == task", "sys.argv", "__debug__"),
        *("isinstance(task, object)", "isinstance(1, (int, str))", "1.0 == x", "len([]) == 0", "float('nan') == 1"),
    ],
)
def test_a_branch_that_may_be_taken_may_set_everything(test: str) -> None:
    assert problems(SUBMITTED.format(test=test)) == []


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("task = None if x else run.Config(Model)\nif task is None:\n    task.sise = 1", 0),
        ("task = None if x else run.Config(Model)\nif task is not None:\n    task.sise = 1", 1),
        ("task = None if x else run.Config(Model)\nif task:\n    task.sise = 1", 1),
        ("task = None if x else run.Config(Model)\nif not task:\n    task = run.Config(Adam)\ntask.rl = 1", 1),
        ("task = None if x else run.Config(Model)\nassert task is not None\ntask.sise = 1", 1),
        ("task = None if x else run.Config(Model)\nassert task\ntask.sise = 1", 1),
        ("task = None if x else run.Config(Model)\nif y and task is not None:\n    task.sise = 1", 1),
        (
            "task = None if x else run.Config(Model)\nif task is None or y:\n    task = run.Config(Model)\ntask.sise = 1",
            1,
        ),
        (
            "task = None if x else run.Config(Model)\nif task is None and y:\n    task = run.Config(Model)\ntask.sise = 1",
            0,
        ),
        ("task = None if x else run.Config(Model)\ntask is None or task.sise", 1),
        ("task = None if x else run.Config(Model)\ntask and task.sise", 1),
        ("task = None if x else run.Config(Model)\ntask.sise if task is not None else 0", 1),
        ("task = run.Config(Model)\ntask.inner is None or task.inner.lower()", 0),
        ("task = run.Config(Model)\nif task.inner is not None:\n    task.inner.lr = 1", 0),
        ("task = run.Config(Model)\nif task.inner:\n    task.inner.lr = 1", 0),
        ("task = run.Config(Model)\nif task.inner is None:\n    task.inner.lr = 1", 1),
    ],
)
def test_what_a_condition_says_about_a_variable(lines: str, expected: int) -> None:
    assert len(problems(lines)) == expected


@pytest.mark.parametrize(
    "test",
    [
        "hasattr(task, 'sise')",
        "isinstance(task, other)",
        "callable(task)",
        "'sise' in dir(task)",
        "type(task) is other",
        "getattr(task, 'sise', None) is not None",
    ],
)
@pytest.mark.parametrize("form", ["if {}:\n    task.sise = 1", "known = {}\nif known:\n    task.sise = 1"])
def test_behind_a_question_about_an_object_attributes_are_not_judged(test: str, form: str) -> None:
    assert problems("task = run.Config(Model)\n" + form.format(test)) == []
    assert problems("task = run.Config(Model)\nif x:\n    task.sise = 1") == ["unknown_attribute sise"]


@pytest.mark.parametrize("test", ["sys.version_info >= (3, 8)", "sys.platform != 'none'", "sys.version_info[0] == 3"])
def test_a_condition_on_the_environment_is_decided_by_it(test: str) -> None:
    lines = "import sys\ntask = run.Config(Model)\nif {}:\n    pass\nelse:\n    task = make()\ntask.sise = 1"
    assert problems(lines.format(test)) == ["unknown_attribute sise"]
    assert problems(lines.format(f"not ({test})")) == []
