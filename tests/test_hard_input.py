"""Source that leads an analysis in circles: no rule fails, nothing is guessed, and it ends."""

from __future__ import annotations

import time
from functools import cache

import pytest

from nemo_run_lint.linter import lint
from nemo_run_lint.rule import Profile, Rule
from nemo_run_lint.selection import instances, selected

IMPORT = "import nemo_run as run\n"


@cache
def rules() -> list[Rule]:
    return instances(selected(Profile.STRICT), {})


def errors(source: str) -> set[str]:
    """The codes of what certainly fails; asserts that no rule broke on the way."""
    findings = lint("hard.py", source, rules())
    assert [finding for finding in findings if finding.code.startswith("NRL0")] == []
    return {finding.code for finding in findings if finding.severity.value == "error"}


@pytest.mark.parametrize(
    "source",
    [
        "a = b\nb = c\nc = a\nrun.Partial(a, x=b)\nx = x\n",
        "for run in [run]:\n    for x in x:\n        run = run\n        run.Partial(lambda: x)\n",
        "from a import *\nfrom b import *\nPartial(lambda: 0)\nrun.Partial(f)\n",
        "exec('run = None')\nrun.Partial(eval('f'))\nglobals()['run'] = 1\n",
        "def f(x=f): return f(f(x))\ndef g(h): return h(g)\nrun.Partial(f(g(f)))\n",
        "def a(x): return b(x)\ndef b(x): return a(x)\nrun.run(a(b(1)), executor=a(b))\n",
        "while run:\n    run = run.Partial(lambda: run)\n",
        "try:\n    run = 1\nexcept:\n    del run\nelse:\n    run.Partial(lambda: 0)\n",
        "class run(run): run = run\nrun.run(run.Partial(lambda: 0))\n",
        "def f():\n    global run\n    run = g()\nrun.Partial(lambda: 0)\n",
    ],
)
def test_circles_are_not_guessed_about(source: str) -> None:
    assert errors(IMPORT + source) == set()


def test_conditional_imports_are_not_guessed_about() -> None:
    source = "if a:\n    import nemo_run as run\nelif b:\n    from nemo_run import run\nelse:\n    run = None\n"
    assert errors(f"{source}run.Partial(lambda: 0)\n") == set()


def test_a_class_that_holds_itself() -> None:
    source = "class C:\n    def __init__(self, f): self.f = self.f = f\n    def g(self): return run.Partial(self.f, C(self.g))\nC(C(C))\n"
    errors(IMPORT + source)


def test_a_function_of_5000_lines() -> None:
    lines = "".join(f"    x{n} = run.Config(Model, size=x{n - 1})\n    x{n}.size = {n}\n" for n in range(1, 2500))
    assert errors(f"{IMPORT}def build():\n{lines}    return x1\n") == set()


def test_a_name_bound_a_thousand_times() -> None:
    branches = "".join(f"    if c > {n}:\n        x = lambda: {n}\n" for n in range(1000))
    findings = lint("hard.py", f"{IMPORT}def build(c):\n    x = 1\n{branches}    return run.Partial(h, x)\n", rules())
    assert sum(finding.code == "NRL401" for finding in findings) == 1000


def test_an_experiment_of_a_thousand_tasks() -> None:
    adds = "".join(f"        exp.add(run.Partial(train), name='task-{n}')\n" for n in range(1000))
    source = f"def train(): ...\ndef main():\n    with run.Experiment('many-tasks') as exp:\n{adds}        exp.run()\n"
    assert errors(IMPORT + source) == set()


def test_an_experiment_that_may_be_any_of_many() -> None:
    entered = "    with exp as exp: exp.run()\n" * 40  # each may be each of the others, six times over
    before = time.process_time()
    errors(f"{IMPORT}exp = run.Experiment('many-ways')\nwhile c:\n{entered}    exp.add(b)\n")
    assert time.process_time() - before < 4


def test_a_script_of_a_hundred_experiments() -> None:
    script = (
        "with run.Experiment('nightly') as exp:\n    exp.add(run.Partial(train), name='train')\n    exp.run()\n" * 100
    )
    before = time.process_time()
    errors(IMPORT + script)
    assert time.process_time() - before < 10


def test_an_executor_that_may_be_a_copy_of_any_of_many() -> None:
    copies = "        if c: executor = executor.clone()\n" * 32
    before = time.process_time()
    errors(
        f"{IMPORT}def main(c):\n    executor = run.SlurmExecutor(account='a')\n    while c:\n{copies}"
        "        run.run(run.Partial(train), executor=executor)\n        executor.nodes = 1\n"
    )
    assert time.process_time() - before < 4


def test_a_dict_of_variables_that_is_spread_into_itself_in_many_ways() -> None:
    spread = "        if c: env = {**env, **env}\n" * 32
    before = time.process_time()
    errors(
        f"{IMPORT}def main(c):\n    env = {{'A': 'b'}}\n    while c:\n{spread}        run.LocalExecutor(env_vars=env)\n"
    )
    assert time.process_time() - before < 4


def test_an_annotation_in_quotes_that_names_what_is_bound_more_than_once() -> None:
    bound = "Size = int\nif c: Size = str\n"
    assert errors(f"{IMPORT}{bound}@run.cli.entrypoint\ndef train(size: 'Size | list' = None): ...\n") == set()
