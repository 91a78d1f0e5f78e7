"""Programs that lead a walk in circles, or that are large: it ends, breaks nowhere, and says nothing that is not so."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from flow.following import TARGETS, followed, linted, problems, told, written

from nemo_run_lint.flow import interpreter

CIRCLES = [
    "def a(x): return b(x)\ndef b(x): return a(x)\nrun.run(a(run.Partial(train)))",
    "def a(): return run.Config(Model, inner=a())\na().inner.inner.inner.sise = 1",
    "def a(n=3): return run.Config(Model, inner=a(n - 1)) if n else None\na().inner.inner",
    "f = lambda g: g(g)\nf(f)",
    "f = lambda n: f(n) + f(n) + f(n)\nf(1)",
    "(lambda f: f(f))(lambda f: f(f))",
    "task = run.Config(Model)\ntask.inner = task\nrun.run(task)\ntask.clone()\ntask.broadcast(size=1)\ntask.inner.inner = [task]",
    "tasks = []\ntasks.append(tasks)\nfor each in tasks:\n    each.append(tasks)\nrun.run(tasks)\ncopy.deepcopy(tasks)",
    "d = {}\nd['d'] = d\nd['d']['d'].update(d)\nf(**d, **d)\ncopy.deepcopy(d)",
    "task = run.Config(task)\ntask = run.Config(task)",
    "model = Model()\nmodel.inner = model\nrun.run(run.Partial(train, model=model))",
    "import functools\nf = functools.partial(f)\nf = functools.partial(f, f)\nf()\nf(f)",
    "@a\ndef a(): ...\n@b\ndef c(): ...\n@c\ndef b(): ...\nrun.Config(a)\nrun.Config(b)\na()\nb()",
    "@run.autoconvert\ndef a(): return a()\na()\nrun.Config(a)",
    "@run.cli.factory(target=a)\ndef a(x=run.Config(a)): return a(x)\na()",
    "class A(A): ...\nclass B(C): ...\nclass C(B): ...\nrun.Config(A, x=1).y\nrun.Config(B).z",
    "def outer():\n    def inner():\n        return outer()\n    return inner\nouter()()()()",
    "def f(*a, **k): return f(*a, *a, **k, **k)\nf(1, *f, **f)",
    "for run in [run]:\n    for run in run:\n        run = run.run(run)",
    "x = [x for x in x for x in x if x]\nx = {x: x for x in x}",
    "while (x := x): x = x(x)",
    "def g():\n    yield from g()\n    x = yield run.Config(Model)\n    x.y = 1\nnext(g()).sise",
    "async def g():\n    async for x in g():\n        async with x as x: await x(g)\n    return [x async for x in g()]",
    "del run\nrun.Config(Model)\ndel train, train.x, train[0], (Model, [Adam])",
    "global x\nnonlocal_ = x\ndef f():\n    global f, run\n    f = run = f\nf()",
    "def f():\n    x = 1\n    def g():\n        nonlocal x\n        x = g\n        del x\n    g()\nf()",
    "class A:\n    x = run.Config(Model)\n    y = x.inner\n    for z in x: z.x = y\n    class B(A): x = x\n    def f(self): return self.f()\n    f(f)",
    "try: pass\nexcept: pass\nelse: raise\nfinally: run.run(run.Partial(needs, 1, 2))",
    "try:\n    try: raise x\n    finally: return_()\nexcept (A, *B) as task: task.x = task\nfinally: task",
    "if x:\n    def f(a): ...\nelse:\n    def f(b): ...\nrun.Config(f, a=1)\nrun.Config(f, b=1)",
    "if x:\n    class F:\n        def __init__(self, a): ...\nelse:\n    class F:\n        def __init__(self, b): ...\nrun.Config(F, a=1).b",
    "match x, *x:\n  case (a, *_, {'b': b, **c}) | [a, [b, c]] if (d := a): run.Config(a, b=b).c\n  case _: x",
    "match x:\n  case run.Config(fn=Model(1, x=[*_])) as a: a.x\n  case -1 | 1 + 2j | 'a' 'b' | None | a.b: pass",
    "(a := (b := [c := 1, *a])).x = (a, b, *c)\nprint(f'{(d := a)!r:{(e := d)}}', e)\n[f := x, lambda: (g := f)]",
    "a = b = c, *d = [e, *f] = a[0] = a.x = run.Config(Model)\na[:, ...].x[lambda: 0] += 1\n*a, = a,",
    "type = match = case = _ = run.Config(Model)\nmatch.size = case.size = _.size = type(type)\ncase(match)[_]",
    "run.Config(**{'fn_or_cls': train}, **{'': 1, '1a': 2, 'class': 3})\nrun.Config(train, **{1: 2})",
    "run.Config(*[train, 1], *[2], model=1)\nrun.Config(*[], **{})\nrun.Config(*[train])\nrun.Config(train, *[], *[], **{})",
    "getattr(run, 'Config')(train)\ngetattr(run, x)(train)\nsetattr(run, 'Config', 1)\ngetattr()\nsetattr(1)\nhasattr()\nisinstance()\nvars()",
    "copy.copy()\ncopy.deepcopy()\nlist(1, 2)\ndict(1)\nset()\nnext()\nzip()\nenumerate()\nmap()\nrange()\nbool()\nint()",
    "run.run()\nrun.Experiment().add()\nrun.Experiment(1).add(*x)\nfdl.build()\nrun.Config(train).clone(1).broadcast(1)",
    "raise run.Config(Model).sise from run.Config(Model)",
    "lambda x=x, *y, z=(yield), **k: (yield x)",
    "x = ...\n...\nx.y = ...\n...[...](...)\nrun.Config(...)\nrun.Config(None)\nrun.Config(b'', u'', 1j)",
    "globals()['task'] = locals()\nglobals()[1] = globals().x = task\nexec('task')\n__import__('x').y(task)",
    "import a.b.c as d, e.f\nfrom . import g\nfrom .... import h\nfrom .i import *\nfrom recipe import *\nimport recipe\nrecipe.task.x",
]  # fmt: skip


#: What is said of some of them, and true; of the others nothing is.
TRUE = {
    "task = run.Config(task)": ["target"],
    "class F": ["unknown_attribute b"],
    "a = b = c": ["unknown_attribute x"],
    "run.Config(**{'fn_or_cls'": ["unknown_keyword", "unknown_keyword 1a", "unknown_keyword class"],
    "run.Config(*[train, 1]": ["twice model"],
    "raise run.Config": ["unknown_attribute sise"],
    "x = ...": ["target", "target"],
}


@pytest.mark.parametrize("lines", CIRCLES)
def test_circles_and_oddities(lines: str) -> None:
    expected = next((said for part, said in TRUE.items() if part in lines), [])
    assert problems(lines) == expected
    inside = "".join(f"    {line}\n" for line in lines.splitlines())
    assert set(problems(f"def whole():\n{inside}")) <= set(expected)  # of local classes less is known


@pytest.mark.skipif(sys.version_info < (3, 12), reason="type parameters are new in Python 3.12")
def test_type_parameters() -> None:
    lines = "type A[T] = list[A]\ndef f[T: A, *U, **V](x: T) -> A: return run.Config[T](C[T], x=x)\nclass C[T](A): ...\nf(1).y"
    assert problems(lines) == []


def test_a_type_that_keeps_its_name() -> None:
    lines = "class Generic(list): ...\nclass Model2(Model, Generic): ...\nrun.Config[Model2](Model2, size=1).size = 2"
    assert problems(lines) == []


@pytest.mark.parametrize(
    "header", ["if x:", "for x in x:", "while x:", "with x as x:", "def f():", "class A:", "async def f(x=x):"]
)
def test_ninety_blocks_in_blocks(header: str) -> None:
    lines = "".join(f"{' ' * level}{header}\n" for level in range(90)) + f"{' ' * 90}task.model = 1\n"
    assert problems(f"task = run.Config(needs)\n{lines}task.stepz = 1") == ["unknown_attribute stepz"]


@pytest.mark.parametrize("depth", [100, 900])
def test_a_chain_of_conditions(depth: int) -> None:
    lines = "if x:\n    task.model = 1\n" + "elif y:\n    task.steps = 1\n" * depth
    assert set(problems(f"task = run.Config(needs)\n{lines}task.stepz = 1")) <= {"unknown_attribute stepz"}


@pytest.mark.parametrize(
    "line",
    [
        "if x{0}: task.size = {0}",
        "if x{0}: task{0} = run.Config(Model)",
        "task{0} = run.Config(Model, inner=task) if x else None",
        "try: task.inner = x{0}()\nexcept KeyError: pass",
        "for x in y: task.size = x",
        "with x as y: y.task = task",
        "match x:\n  case {0}: task.size = {0}",
        "task.inner = [task.inner, {0}]",
        "def f{0}(): return f{0}(run.Config(Model))\nf{0}()",
        "x = x and y or z",
        "task = task.clone()",
    ],
)
def test_two_thousand_statements(line: str) -> None:
    lines = "".join(f"{line.format(number)}\n" for number in range(2_000))
    assert "unknown_attribute sise" in problems(f"task = run.Config(Model)\ntask.sise = 1\n{lines}")


@pytest.mark.parametrize(
    "expression",
    [
        f"[{'run.Config(Model), ' * 5_000}]",
        f"{{{', '.join(f'{number}: {number}' for number in range(20_000))}}}",
        "'" + "a" * 1_000_000 + "'",
        "9" * 4_000,
        " + ".join(["x"] * 150),
        " or ".join(["x"] * 5_000),
        "x if y else " * 150 + "z",
        f"f({', '.join(f'a{number}={number}' for number in range(5_000))})",
        f"run.Config(train, {', '.join(f'a{number}={number}' for number in range(500))})",
        "-" * 150 + "1",
        "x" + ".y" * 150,
        "x" + "()" * 150,
        "(" * 80 + "x" + ",)" * 80,
    ],
)
def test_large_expressions(expression: str) -> None:
    found = problems(f"task = run.Config(Model)\ntask.sise = 1\ntask.inner = {expression}")
    assert "unknown_attribute sise" in found


def test_calls_that_double_at_every_level() -> None:
    lines = "".join(
        f"def f{level}(x): return [f{level + 1}(x), f{level + 1}(x), f{level + 1}(x)]\n" for level in range(30)
    )
    assert (
        problems(f"{lines}def f30(x): x.model = x.steps = 1\ntask = run.Partial(needs)\nf0(task)\nrun.run(task)") == []
    )


@pytest.mark.parametrize("budget", range(1, 60, 3))
def test_what_is_too_much_is_not_half_believed(monkeypatch: pytest.MonkeyPatch, budget: int) -> None:
    monkeypatch.setattr(interpreter, "BUDGET", budget)
    work = "".join(f"    x{number} = other()\n" for number in range(10))
    assert (
        problems(f"""
def complete(task):
    task.model = other()
{work}
    task.steps = other()

def other():
    return [Model(), Adam()]

def make():
    task = run.Partial(needs)
    complete(task)
    return task

def main():
    run.run(make())
    tasks = {{"a": make()}}
    if tasks["a"].model is None:
        tasks["a"] = run.Partial(needs)
    run.run(tasks["a"])
""")
        == []
    )


# -- other files -------------------------------------------------------------------------------------------------


def test_files_that_import_each_other(tmp_path: Path) -> None:
    half = """
        import nemo_run as run
        from {other} import recipe as other_recipe, Model as Base
        import {other}

        class Model(Base):
            def __init__(self, size=1, **others):
                super().__init__(**others)

        def recipe(n=2):
            return run.Config({other}.Model, inner=other_recipe(n), size=n)

        task = recipe()
        task.inner.size = {other}.task
        task.sise = 1
    """
    index = written(tmp_path, {"a.py": half.format(other="b"), "b.py": half.format(other="a")})
    assert [linted(index, tmp_path, name) for name in ("a.py", "b.py", "a.py")] == [[], [], []]


@pytest.mark.parametrize(
    "text",
    [
        b"print 'two'\nexec 'x'\nraise E, 1\n",
        b"def target(a, (b, c)): pass\n",
        b"\xff\xfe\x00",
        b"",
        b"\0" * 100,
        b"def target(" + b"(" * 10_000,
        b"# -*- coding: nothing -*-\ndef target(a): ...\n",
        b"from helper import target\n",
        b"from recipe import target\n",
        b"def __getattr__(name): return target\n",
    ],
)
def test_a_module_that_cannot_be_read_or_does_not_say(tmp_path: Path, text: bytes) -> None:
    recipe = "import nemo_run as run\nfrom helper import target\ntask = run.Config(target, x=1)\ntask.y = target(task).z\nrun.run(task)\n"
    index = written(tmp_path, {"recipe.py": recipe})
    (tmp_path / "helper.py").write_bytes(text)
    assert linted(index, tmp_path, "recipe.py") == []


def test_a_compiled_module(tmp_path: Path) -> None:
    recipe = "import nemo_run as run\nfrom fast import target\nimport _json, math\nrun.Config(target, x=1).y\nrun.Config(math.sqrt, 1).x\n"
    index = written(tmp_path, {"recipe.py": recipe})
    (tmp_path / f"fast{'.pyd' if os.name == 'nt' else '.abi3.so'}").write_bytes(b"\x7fELF")
    assert linted(index, tmp_path, "recipe.py") == []


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_project_that_is_linked(tmp_path: Path) -> None:
    files = {
        "real/targets.py": "def train(steps=1): ...\n",
        "real/recipe.py": "import nemo_run as run\nfrom targets import train\nrun.Config(train, stepz=1)\n",
    }
    written(tmp_path, files)
    (tmp_path / "link").symlink_to(tmp_path / "real", target_is_directory=True)
    (tmp_path / "real/loop").symlink_to(tmp_path / "real", target_is_directory=True)
    for directory in ("real", "link", "real/loop/loop"):
        assert linted(written(tmp_path / directory, {}), tmp_path / directory, "recipe.py") == ["unknown_keyword stepz"]


@pytest.mark.parametrize("path", ["recipe.py", "", ".", "no/such/place.py", "a b.py", "class.py", "recipe.ipynb", "-"])
def test_any_path_that_a_user_may_give(path: str) -> None:
    assert told(followed(f"{TARGETS}run.Config(train, stepz=1)", path=path)) == ["unknown_keyword stepz"]
