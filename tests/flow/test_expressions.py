"""What expressions are worth, by what is reported of the attributes of their values."""

from __future__ import annotations

import pytest
from flow.following import problems


@pytest.mark.parametrize(
    "expression",
    [
        "run.Config(Adam)",
        "(task := run.Config(Adam))",
        "run.Config(Adam) if x else run.Config(Adam)",
        "run.Config(Adam) if True else x",
        "run.Config(Adam) or x",
        "None or run.Config(Adam)",
        "x and 0 or run.Config(Adam) if False else run.Config(Adam)",
        "1 and run.Config(Adam)",
        "[x, run.Config(Adam)][1]",
        "[run.Config(Adam), x][-2]",
        "(run.Config(Adam),)[0]",
        "[*[x], *(run.Config(Adam),)][1]",
        "{'a': run.Config(Adam)}['a']",
        "{**{'a': x}, 'a': run.Config(Adam)}['a']",
        "{**{'a': run.Config(Adam)}}['a']",
        "{'a': run.Config(Adam)}.get('a')",
        "{'a': run.Config(Adam)}.get('b', run.Config(Adam))",
        "dict(a=run.Config(Adam))['a']",
        "list((run.Config(Adam),))[0]",
        "copy.deepcopy(run.Config(Adam))",
        "copy.copy(run.Config(Adam))",
        "run.Config(Adam).clone()",
        "run.Config(Adam).broadcast(lr=1)",
        "run.Config(Model, inner=run.Config(Adam)).inner",
        "getattr(run.Config(Model, inner=run.Config(Adam)), 'inner')",
        "next(iter([run.Config(Adam)]))",
        "(lambda: run.Config(Adam))()",
        "(lambda lr, *rest, inner=run.Config(Adam), **more: inner)(1, 2, z=3)",
        "(lambda *tasks: tasks)(run.Config(Adam))[0]",
        "(lambda **tasks: tasks)(a=run.Config(Adam))['a']",
        "(lambda task: task)(*[run.Config(Adam)])",
        "(lambda task: task)(**{'task': run.Config(Adam)})",
        "functools.partial(run.Config, Adam)()",
        "functools.partial(lambda task, lr: task, run.Config(Adam))(lr=1)",
        "typing.cast(str, run.Config(Adam))",
        "run.Config[Adam](Adam)",
        "run.Config(fn_or_cls=Adam)",
        "run.Config(Adam, bind_args=False)",
        "run.Partial(Adam, lr=2)",
        "fdl.Config(Adam)",
        "made()",
        "made_by_decorated()",
        "converted()",
    ],
)
def test_expressions_whose_value_is_followed(expression: str) -> None:
    lines = f"""
        import functools, typing

        def made():
            return run.Config(Adam)

        @run.cli.factory
        @functools.lru_cache
        def made_by_decorated():
            return made()

        @run.autoconvert
        def converted() -> run.Config[Adam]:
            return Adam(lr=2)

        task = {expression}
        task.lr = 1
        task.momentum = 1
    """
    assert problems(lines) == ["unknown_attribute momentum"]


@pytest.mark.parametrize(
    "expression",
    [
        *("x", "x()", "x.y", "x[0]", "x or run.Config(Adam)", "x and run.Config(Adam)", "run.Config(Adam) and x"),
        *("[x][x]", "[run.Config(Adam), x][x]", "[*x, run.Config(Adam)][0]", "{**x, 'a': run.Config(Adam)}['b']"),
        *("{x: run.Config(Adam)}['a']", "{x: run.Config(Adam)}[x]", "await_()"),
        *("[run.Config(Adam) for _ in x][0]", "{a: run.Config(Adam) for a in x}['a']", "(a for a in [x])"),
        *("run.Config(Adam) + x", "run.Config(Adam) if x else x", "run.Config(x)", "run.Config(type(x))"),
        *("run.Config(*x)", "run.Config(**x)", "run.Config()", "x(run.Config(Adam))", "run.Config(Model, **x).inner"),
        *("run.Config(Model, *x).inner", "run.Config(lambda lr: 0)", "decorated()", "many()", "tasks[0]", "Group.task"),
        *("Group().task", "super().task", "globals()['task']", "locals()", "[run.Config(Adam)][5]", "{}['a']"),
        *("getattr(x, 'y')", "getattr(run.Config(Adam), x)", "getattr(run.Config(Adam), 'y', x)", "eval('x')", "..."),
        *(
            "b''",
            "1j",
            "-1",
            "'%s' % x",
            "f'{x}'",
            "{1, 2}",
            "x < 1 < 2",
            "lambda: 0",
            "not x",
            "~x",
            "x @ x",
            "x[1:2, ...]",
        ),
    ],
)
def test_expressions_of_which_nothing_is_said(expression: str) -> None:
    lines = f"""
        @x
        def decorated():
            return run.Config(Adam)

        async def await_():
            return run.Config(Adam)

        def many():
            yield run.Config(Adam)

        class Group:
            task = run.Config(Adam)

        tasks = [run.Config(Adam)]
        tasks.insert(0, x)

        task = {expression}
        task.momentum = 1
        task.sise.y = 1
    """
    assert problems(lines) == []


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("f(task.sise)", 1),
        ("f(*task.sise, **task.seis)", 2),
        ("[task.sise, (task.seis, {task.zise: 1})]", 3),
        ("{task.sise: 1, 'a': task.seis}", 2),
        ("[task.sise for each in task.seis if task.zise]", 3),
        ("{task.sise: task.seis for each in y}", 2),
        ("f'{task.sise!r:{task.seis}}'", 2),
        ("x[task.sise:task.seis]", 2),
        ("x[task.sise] = task.seis", 2),
        ("x if task.sise else task.seis", 2),
        ("task.sise or task.seis", 2),
        ("task.sise < task.seis", 2),
        ("-task.sise + task.seis", 2),
        ("(y := task.sise)", 1),
        ("task.sise += 1", 1),
        ("del task.x.sise, y[task.seis]", 1),
        ("assert task.sise, task.seis", 1),
        ("raise x(task.sise) from task.seis", 2),
        ("return_ = yield_(task.sise)", 1),
        ("with task.sise as y: pass", 1),
        ("for y in task.sise: pass", 1),
        ("while task.sise: pass", 1),
        ("match task.sise:\n    case _ if task.seis: pass", 2),
        ("@task.sise\ndef f(y=task.seis): ...", 2),
        ("@task.sise\nclass f(task.seis): ...", 2),
        ("lambda y=task.sise, *, z=task.seis: 0", 2),
        ("import x\nx.y = task.sise", 1),
        ("global x\nx = task.sise", 1),
        ("class Group:\n    size = task.sise\n    def f(self, y=task.seis): ...", 2),
        ("def f(y: task.sise = 1) -> task.seis: ...", 0),
    ],
)
def test_every_part_of_the_syntax_is_looked_at(lines: str, expected: int) -> None:
    assert len(problems(f"task = run.Config(Model)\n{lines}")) == expected
