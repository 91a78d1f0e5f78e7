"""Calls: what a function is given, what is said of the call itself, and where what happens inside is told."""

from __future__ import annotations

import pytest
from flow.following import TARGETS, followed, problems

from nemo_run_lint.flow.problems import Problem


def only(lines: str) -> Problem:
    """The one problem of these lines; its node counts lines from the first of them."""
    (problem,) = followed(f"{TARGETS}{lines}").problems
    return problem


FIRST = TARGETS.count("\n") + 1


@pytest.mark.parametrize(
    ("parameters", "arguments"),
    [
        ("task", "made"),
        ("task", "task=made"),
        ("task", "*[made]"),
        ("task", "**{'task': made}"),
        ("first, task", "1, made"),
        ("task, /, first", "made, 1"),
        ("*, task", "task=made"),
        ("first, task=None", "*[1, made]"),
        ("first=None, task=made", ""),
        ("*tasks, task=made", "x, x"),
        ("first, *more, task, **others", "1, 2, x=3, task=made"),
    ],
)
def test_what_a_parameter_is_given(parameters: str, arguments: str) -> None:
    lines = f"made = run.Partial(train)\ndef use({parameters}):\n    task.stepz = 1\nuse({arguments})"
    assert problems(lines) == ["unknown_attribute stepz"]


@pytest.mark.parametrize(
    ("parameters", "arguments"),
    [
        ("task=None", ""),
        ("task=None", "*x"),
        ("task=made", "*x"),
        ("task=made", "**x"),
        ("task", "x"),
        ("task=made", "None"),
        ("*task", "made"),
        ("**task", "a=made"),
        ("first, task=made", "*x, made"),
    ],
)
def test_what_a_parameter_may_not_be_given(parameters: str, arguments: str) -> None:
    lines = f"made = run.Partial(train)\ndef use({parameters}):\n    task.stepz = 1\nuse({arguments})"
    assert problems(lines) == []


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("recipe(1)", []),
        ("recipe()", ["missing steps"]),
        ("recipe(1, 2)", ["surplus"]),
        ("recipe(1, stepz=1)", ["unknown_keyword stepz"]),
        ("recipe(1, steps=1)", ["twice steps"]),
        ("recipe('many')", ["literal steps"]),
        ("recipe(*x)", []),
        ("recipe(**x)", []),
        ("nothing(1)", []),
        ("Model(1, 2, 3)", []),
        ("train(stepz=1)", []),
    ],
)
def test_a_call_is_judged_where_it_makes_a_config(call: str, expected: list[str]) -> None:
    lines = f"""
        def recipe(steps: int):
            return run.Partial(train, model=steps)

        def nothing():
            return None

        {call}
    """
    assert problems(lines) == expected


def test_names_that_only_nemo_run_keeps_for_itself() -> None:
    lines = "def target(self, fn_or_cls): ...\n{}.Config(target, self=1, fn_or_cls=2)"
    assert problems(lines.format("run")) == ["reserved fn_or_cls", "reserved self"]
    assert problems(lines.format("fdl")) == []


@pytest.mark.parametrize(
    "callee",
    [
        "takes_one if x else takes_none",
        "takes_none if x else takes_one",
        "[takes_one, takes_none][x]",
        "x or takes_none",
    ],
)
def test_a_call_of_one_of_several_is_not_judged(callee: str) -> None:
    lines = f"""
        def takes_one(steps):
            return run.Partial(train, steps=steps)

        def takes_none():
            return run.Partial(train)

        ({callee})(1)
        ({callee})()
    """
    assert problems(lines) == []


@pytest.mark.parametrize(
    "decorator",
    ["", "@run.cli.factory", "@run.cli.factory(name='a')", "@run.cli.entrypoint(namespace='a')", "@functools.cache",
     "@staticmethod", "@torch.no_grad()"],
)  # fmt: skip
def test_decorators_that_leave_what_is_returned(decorator: str) -> None:
    lines = f"import functools, torch\n{decorator}\ndef recipe():\n    return run.Partial(train)\nrecipe().stepz = 1"
    assert problems(lines) == ["unknown_attribute stepz"]


@pytest.mark.parametrize(
    "decorator", ["@x", "@x.y(1)", "@run.cli.factory\n@x", "@property", "@contextlib.contextmanager"]
)
def test_decorators_that_may_return_anything(decorator: str) -> None:
    lines = f"import contextlib\n{decorator}\ndef recipe():\n    return run.Partial(train)\nrecipe().stepz = 1"
    assert problems(lines) == []


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        ("def recipe() -> run.Config[Model]:\n    return Model(inner=Adam())", "Config"),
        ("def recipe() -> run.Config[Model]:\n    made = Model()\n    made.inner = Adam()\n    return made", "Config"),
    ],
)
def test_calls_under_autoconvert_are_configs(lines: str, kind: str) -> None:
    lines = f"@run.autoconvert\n{lines}\ntask = recipe()\ntask.sise = 1\ntask.inner.rl = 1"
    assert problems(lines) == ["unknown_attribute sise", "unknown_attribute rl"]
    partial = lines.replace("autoconvert", "autoconvert(partial=True)").replace("Config[", "Partial[")
    assert problems(partial) == ["unknown_attribute sise", "unknown_attribute rl"]


def test_a_problem_in_a_called_function_is_told_there_with_the_call() -> None:
    problem = only("def use(task):\n    task.stepz = 1\n\nuse(run.Partial(train))")
    assert problem.node.lineno == FIRST + 1  # type: ignore[attr-defined]
    assert [(step.line, step.text) for step in problem.callers] == [(FIRST + 3, "use(run.Partial(train))")]
    assert not problem.is_conditional


def test_a_problem_behind_a_condition_of_a_called_function_may_not_happen() -> None:
    assert only("def use(task, x):\n    if x:\n        task.stepz = 1\n\nuse(run.Partial(train), y)").is_conditional
    assert not only("def use(task, x):\n    task.stepz = 1\n\nif y:\n    use(run.Partial(train), y)").is_conditional


def test_a_problem_is_told_once() -> None:
    lines = "def use(task):\n    task.stepz = 1\n\n" + "use(run.Partial(train))\n" * 3
    assert problems(lines + "task = run.Partial(needs)\nrun.run(task)\nrun.run(task)\n") == [
        "unknown_attribute stepz",
        "missing model, steps",
    ]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("with run.Experiment('a') as exp:\n    exp.add({})", 1),
        ("exp = run.Experiment('a')\nexp.add(name='a', task={})", 1),
        ("def add(exp: run.Experiment):\n    exp.add({})", 1),
        ("def add(exp):\n    exp.add({})", 0),
        ("run.run({})", 1),
        ("run.run(fn_or_script={})", 1),
        ("fdl.build(run.Config(Model, inner={}))", 0),
        ("x.add({})", 0),
        ("run.run(run.Partial(train, model={}))", 0),
        ("run.run([x, {}])", 1),
    ],
)
def test_what_submits_or_builds(lines: str, expected: int) -> None:
    assert len(problems(lines.format("run.Partial(needs)"))) == expected
    assert problems(lines.format("run.Partial(needs, 1, 2)")) == []
    assert problems(lines.format("run.Partial(needs, *x)")) == []
    assert problems(lines.format("run.Partial(needs, **x)")) == []
