"""Which ways statements take, and what is known at the end of them."""

from __future__ import annotations

import sys

import pytest
from flow.following import problems

COMPLETE = "task.model = task.steps = 1"


def indented(lines: str, by: int = 4) -> str:
    return "".join(f"{' ' * by}{line}\n" for line in lines.splitlines())


def submitted(lines: str) -> list[str]:
    """What is reported of a function in which these lines stand between a config and what submits it."""
    return problems(
        f"import contextlib\ndef main(x=None):\n    task = run.Partial(needs)\n{indented(lines)}    run.run(task)\n"
    )


@pytest.mark.parametrize(
    "lines",
    [
        COMPLETE,
        "task.model, task.steps = 1, 2",
        "task.model, *rest = 1, 2\n[task.steps] = [1]",
        "for task.model in x:\n    pass\ntask.steps = 1",
        "with x as task.model, x as task.steps:\n    pass",
        "other = task\nother.model = other.steps = 1",
        "setattr(task, 'model', 1)\nsetattr(task, 'steps', 1)",
        "for name in x:\n    setattr(task, name, 1)",
        "task.model: int = 1\ntask.steps: int = 2",
        "task.model = 1\ntask.steps = 1\ntask.steps += 1",
        "tasks = [task]\nfor each in tasks:\n    each.model = each.steps = 1",
        "tasks = {'a': task}\ntasks['a'].model = tasks['a'].steps = 1",
        "[f(each) for each in [task]]",
        "[setattr(task, name, 1) for name in x]",
        "x(task)",
        "task.__arguments__.update(x)",
        "task.__dict__.update(x)",
        "task.__setattr__('model', 1)",
        "object.__setattr__(task, 'model', 1)",
        "list.append(x, task)\nx()",
        "vars(task).update(x)",
        "list(map(x, [task]))",
        "x(tasks=[task])",
        "x(**{'task': task})",
        "x.append({'task': (task,)})",
        "x['task'] = task\nx.complete()",
        "x[task] = 1\nx.complete()",
        "with contextlib.suppress(KeyError):\n    task.model = task.steps = 1\n    return x()",
        "for x in x:\n    break\nelse:\n    task.model = task.steps = 1",
        "while True:\n    task.model = task.steps = 1\n    if x:\n        continue\n    break",
        "x.task = task\nx.complete()",
        "def later():\n    task.model = task.steps = 1\nlater()",
        "def later():\n    task.model = task.steps = 1\nx(later)",
        "def later():\n    nonlocal task\n    task = run.Partial(needs, 1, 2)\nlater()",
        "x(lambda: setattr(task, 'model', 1))",
        "del task.model\nx(task)",
        "task = x",
        "task = task if x else x",
        "del task",
        "if x:\n    task.model = 1\n    task.steps = 1",
        "while x:\n    task.model = task.steps = 1",
        "while True:\n    task.model = task.steps = 1\n    if x:\n        break",
        "while True:\n    if x:\n        break\n    task.model = task.steps = 1",
        "for x in x:\n    task.model = task.steps = 1\n    continue",
        "for x in x:\n    pass\nelse:\n    task.model = task.steps = 1",
        "try:\n    task.model = task.steps = 1\n    x()\nexcept KeyError:\n    pass",
        "try:\n    task.model = task.steps = 1\n    return x()\nexcept KeyError:\n    pass",
        "try:\n    task.model = task.steps = 1\n    raise KeyError\nexcept KeyError:\n    pass",
        "try:\n    if x:\n        task.model = task.steps = 1\n        raise KeyError\nexcept KeyError:\n    pass",
        "for x in x:\n    try:\n        task.model = task.steps = 1\n        break\n    except KeyError:\n        pass",
        "try:\n    x()\nexcept KeyError:\n    task.model = task.steps = 1",
        "try:\n    x()\nexcept KeyError:\n    pass\nelse:\n    task.model = task.steps = 1",
        "try:\n    x()\nfinally:\n    task.model = task.steps = 1",
        "with x:\n    task.model = task.steps = 1",
        "match x:\n    case 1:\n        task.model = task.steps = 1",
        "match x:\n    case task:\n        pass",
        "match x:\n    case 1 | 2:\n        pass\n    case _:\n        task.model = task.steps = 1",
        "match x:\n    case {'a': 1, **task}:\n        pass",
        "match x:\n    case [1, *task]:\n        pass",
        "match task:\n    case run.Partial() as other:\n        other.model = other.steps = 1",
        "match [task]:\n    case [other]:\n        other.model = other.steps = 1",
        "match {'a': task}:\n    case {'a': run.Partial(), **more}:\n        pass\n    case other:\n        x(other)",
        "import task",
        "from x import task",
        "from x import y as task",
        "def task(): ...",
        "class task: ...",
        "(task := x)",
        "[(task := each) for each in x]",
        "exec('task.model = 1')\nx(task)",
        "return",
        "raise x",
        "if x:\n    return\nelse:\n    raise x",
        "while True:\n    pass",
    ],
)
def test_what_may_complete_a_config(lines: str) -> None:
    assert submitted(lines) == []


@pytest.mark.parametrize(
    "lines",
    [
        "",
        "pass",
        "task = task",
        "x = task",
        "for x in x:\n    if x:\n        break\nelse:\n    return",
        "if x:\n    return",
        "for x in x:\n    task.model = 1",
        "other = run.Partial(needs)\nother.model = other.steps = 1",
        "if False:\n    task.model = task.steps = 1",
        "while False:\n    task.model = task.steps = 1",
        "def later():\n    task.model = task.steps = 1",
        "def later():\n    task = run.Partial(needs, 1, 2)\nlater()",
        "lambda: setattr(task, 'model', 1)",
        "copy.deepcopy(task).model = 1",
        "task.clone().model = 1",
        "print(task)",
        "try:\n    x()\nfinally:\n    pass",
        "with x as y:\n    pass",
        "match x:\n    case 1:\n        return",
        "class Inner:\n    task = 1",
        "[task for task in x]",
        "tasks = [task]\ntasks = []",
    ],
)
def test_what_does_not_complete_it(lines: str) -> None:
    assert [each.split()[0] for each in submitted(lines)] == ["missing"]


@pytest.mark.skipif(sys.version_info < (3, 11), reason="except* is new in Python 3.11")
def test_a_group_of_exceptions() -> None:
    assert submitted("try:\n    task.model = task.steps = 1\n    x()\nexcept* KeyError:\n    pass") == []
    assert submitted("try:\n    x()\nexcept* KeyError:\n    pass") == ["missing model, steps"]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("try:\n    task.sise = 1\nexcept AttributeError:\n    pass", 0),
        ("try:\n    task.sise = 1\nexcept (KeyError, TypeError):\n    pass", 0),
        ("try:\n    task.sise = 1\nexcept:\n    pass", 0),
        ("try:\n    task.sise = 1\nexcept Exception as error:\n    raise error", 0),
        ("try:\n    task.sise = 1\nexcept KeyError:\n    pass", 1),
        ("try:\n    task.sise = 1\nexcept ImportError:\n    pass", 1),
        ("try:\n    task.sise = 1\nfinally:\n    pass", 1),
        ("try:\n    task.size = 1\nexcept AttributeError:\n    task.sise = 1", 0),
        ("try:\n    x()\nexcept KeyError:\n    task.sise = 1", 0),
        ("try:\n    x()\nexcept KeyError:\n    pass\nelse:\n    task.sise = 1", 1),
        ("try:\n    x()\nfinally:\n    task.sise = 1", 1),
        ("import pytest\nwith pytest.raises(AttributeError):\n    task.sise = 1", 0),
        ("import contextlib\nwith contextlib.suppress(AttributeError):\n    task.sise = 1", 0),
        ("from contextlib import suppress\nwith x, suppress(AttributeError):\n    task.sise = 1", 0),
        ("with x:\n    task.sise = 1", 1),
        ("def wrong():\n    task.sise = 1\nimport pytest\nwith pytest.raises(AttributeError):\n    wrong()", 0),
        ("raise x\ntask.sise = 1", 0),
        ("while True:\n    pass\ntask.sise = 1", 0),
        ("for x in x:\n    break\n    task.sise = 1", 0),
        ("if x:\n    task.sise = 1", 1),
        ("match x:\n    case 1 if y:\n        task.sise = 1", 1),
        ("for x in x:\n    task.sise = 1", 1),
        ("async def wait():\n    async with x as y:\n        async for z in x:\n            task.sise = 1", 1),
        ("def many():\n    yield task\n    task.sise = 1", 1),
        ("class Group:\n    def one(self):\n        task.sise = 1", 1),
        ("def outer():\n    def inner():\n        task.sise = 1\n    inner()", 1),
        ("def outer():\n    def inner():\n        task.sise = 1\n    return inner", 0),
    ],
)
def test_where_a_wrong_name_is_reported(lines: str, expected: int) -> None:
    assert len(problems(f"task = run.Config(Model)\n{lines}")) == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("task = run.Partial(needs)\ndef main():\n    run.run(task)", 0),
        ("task = run.Partial(needs)\ndef main():\n    task.stepz = 1", 1),
        ("task = run.Config(Model)\ndef main():\n    task.inner.lr = 1", 0),
        ("task = run.Config(Model, inner=None)\ndef main():\n    task.inner.lr = 1", 0),
        ("task = run.Config(Model, inner=run.Config(Adam))\ndef main():\n    task.inner.rl = 1", 1),
        (
            "task = run.Config(Model, inner=run.Config(Adam))\ndef other():\n    task.inner = 1\ndef main():\n    task.inner.rl = 1",
            0,
        ),
        (
            "task = run.Config(Model, inner=run.Config(Adam))\ndef other(n):\n    setattr(task, n, 1)\ndef main():\n    task.inner.rl = 1",
            0,
        ),
        ("task = None\ndef other():\n    global task\n    task = run.Config(Adam)\ndef main():\n    task.size = 1", 0),
        (
            "task = run.Config(Model)\ndef other():\n    global task\n    task = run.Config(Adam)\ndef main():\n    task.lr = 1",
            0,
        ),
        (
            "task = run.Config(Model)\ndef other():\n    global task\n    task = run.Config(Adam)\nother()\ntask.size = 1",
            1,
        ),
        ("tasks = [run.Config(Model)]\ndef main():\n    tasks[0].lr = 1", 0),
    ],
)
def test_what_a_function_knows_of_the_variables_of_its_file(lines: str, expected: int) -> None:
    assert len(problems(lines)) == expected


def test_what_a_loop_changes_is_not_known_behind_it() -> None:
    lines = """
        count = 0
        task, inner = run.Config(Model), run.Partial(needs)
        {loop}:
            task.size = count
            count += 1
            if x():
                break
        if task.size == 0 and count:
            pass
        else:
            inner.model = inner.steps = 1
        if count == 0:
            pass
        else:
            run.run(inner)
    """
    assert problems(lines.format(loop="while True")) == []
    assert problems(lines.format(loop="for each in x")) == []
