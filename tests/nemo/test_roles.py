"""Every function that NeMo Run will call is found, and has one role, however it is wrapped."""

from __future__ import annotations

import ast

import pytest

from nemo_run_lint.nemo.entrypoint import Entrypoint
from nemo_run_lint.nemo.experiment import ExperimentBuilder
from nemo_run_lint.nemo.factory import Factory
from nemo_run_lint.nemo.function import Function
from nemo_run_lint.nemo.task import Task
from nemo_run_lint.project import File
from nemo_run_lint.syntax.tree import Tree


def roles(source: str) -> dict[str, str]:
    """The role of each function of `source` that has one."""
    file = File("x.py", source, Tree(source, ast.parse(source)))
    kinds: tuple[type[Function], ...] = (Entrypoint, Factory, ExperimentBuilder, Task)
    return {function.name: function.role for kind in kinds for function in kind.find(file)}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "source",
    [
        "import nemo_run as run\n@run.cli.entrypoint\ndef f(): ...",
        "import nemo_run as run\n@run.cli.entrypoint(name='x')\ndef f(): ...",
        "from nemo_run import cli\n@cli.entrypoint\ndef f(): ...",
        "from nemo_run.cli import entrypoint as e\n@e\ndef f(): ...",
        "import nemo_run\n@other\n@nemo_run.cli.api.entrypoint()\ndef f(): ...",
        "import nemo_run as run\ndef f(): ...\nmain = run.cli.entrypoint(f)",
        "import nemo_run as run\n@run.cli.entrypoint\n@run.autoconvert\ndef f(): ...",
        "import nemo_run as run\n@run.cli.entrypoint\ndef f(): ...\nrun.Partial(f)",
    ],
)
def test_entrypoints(source: str) -> None:
    assert roles(source) == {"f": "entrypoint"}


@pytest.mark.parametrize(
    "source",
    [
        "import nemo_run as run\n@run.cli.factory\ndef f(): ...",
        "import nemo_run as run\n@run.cli.factory(target=g, name='x')\ndef f(): ...",
        "import nemo_run as run\n@run.autoconvert(partial=True)\ndef f(): ...",
        "from nemo_run import autoconvert\n@autoconvert\ndef f(): ...",
        "from nemo_run.api import autoconvert\ndef f(): ...\ng = autoconvert(f)",
        "import nemo_run as run\n@run.cli.factory\n@run.autoconvert\ndef f(): ...",
    ],
)
def test_factories(source: str) -> None:
    assert roles(source) == {"f": "factory"}


@pytest.mark.parametrize(
    "wrapper",
    [
        "run.Partial(f)",
        "run.Partial(f, x=1)",
        "run.Config(fn_or_cls=f)",
        "run.Partial[int](f)",
        "g = f\nrun.Partial(g)",
        "run.Partial(f if fast else other)",
        "run.Partial(functools.partial(f, x=1))",
        "run.Task('name', f)",
        "def make(function=f):\n    return run.Partial(function)",
        "def make(function):\n    return run.Partial(function)\nmake(f)",
        "class C:\n    def __init__(self, g):\n        self.g = g\n    def make(self):\n        run.Partial(self.g)\nC(f)",
    ],
)
def test_tasks(wrapper: str) -> None:
    assert roles(f"import functools\nimport nemo_run as run\ndef f(x=0): ...\n{wrapper}") == {"f": "task"}


def test_methods_are_tasks() -> None:
    source = "import nemo_run as run\nclass C:\n    def f(self): ...\n    def make(self):\n        return run.Partial(self.f)"
    assert roles(source) == {"f": "task"}
    assert roles("import nemo_run as run\nclass C:\n    def f(x): ...\nrun.Partial(C.f)") == {"f": "task"}


@pytest.mark.parametrize(
    "source",
    [
        "import nemo_run as run\ndef f():\n    with run.Experiment('x') as exp: ...",
        "import nemo_run as run\ndef f() -> run.Experiment: ...",
        "from nemo_run.run.experiment import Experiment\ndef f():\n    return Experiment('x')",
    ],
)
def test_experiment_builders(source: str) -> None:
    assert roles(source) == {"f": "experiment builder"}


@pytest.mark.parametrize(
    "source",
    [
        "import nemo_run as run\ndef f(): ...",
        "import nemo_run as run\nfrom m import f\nrun.Partial(f)",
        "from other import Partial\nimport nemo_run\ndef f(): ...\nPartial(f)",
        "import nemo_run as run\nclass C: ...\nrun.Config(C)",
        "import nemo_run as run\ndef test_f():\n    with run.Experiment('x') as exp: ...",
        "import nemo_run as run\ndef build(run):\n    def f(): ...\n    run.Partial(f)",
    ],
)
def test_no_role(source: str) -> None:
    assert roles(source) == {}


def test_the_parameters_that_a_caller_fills() -> None:
    source = "import nemo_run as run\nclass C:\n    def f(self, a, *b, c=1, **d): ...\nrun.Partial(C.f)"
    file = File("x.py", source, Tree(source, ast.parse(source)))
    (task,) = file.all(Task)
    assert [parameter.name.value for parameter in task.parameters] == ["a", "c", "b", "d"]
