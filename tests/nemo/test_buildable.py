"""Configs and partials: what they hold, what must be saved with them, and when nothing is saved."""

from __future__ import annotations

import ast

import pytest

from nemo_run_lint.nemo.api import public
from nemo_run_lint.nemo.buildable import Buildable
from nemo_run_lint.project import File
from nemo_run_lint.syntax.tree import Tree


def buildables(source: str) -> list[Buildable]:
    source = f"import fiddle as fdl\nimport nemo_run as run\n{source}"
    return list(File("x.py", source, Tree(source, ast.parse(source))).all(Buildable))


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("nemo_run", ""),
        ("nemo_run.Partial", "Partial"),
        ("nemo_run.config.Partial", "Partial"),
        ("nemo_run.core.execution.slurm.SlurmExecutor", "SlurmExecutor"),
        ("nemo_run.run.experiment.Experiment", "Experiment"),
        ("nemo_run.run", "run"),
        ("nemo_run.run.api.run", "run"),
        ("nemo_run.cli.entrypoint", "cli.entrypoint"),
        ("nemo_run.cli.api.entrypoint", "cli.entrypoint"),
        ("nemo_run.Experiment.from_id", "Experiment.from_id"),
        ("nemo_runspec.Partial", None),
        ("other.nemo_run.Partial", None),
        (None, None),
    ],
)
def test_public_names(path: str | None, name: str | None) -> None:
    assert public(path) == name


def test_arguments_of_the_call_and_assigned_later() -> None:
    (config,) = buildables("c = run.Config(Model, 1, a=2, *x, **y)\nc.b = 3\nc.d.e = 4\nother.f = 5")
    assert (config.kind, config.name) == ("Config", "Model")
    assert [argument.name for argument in config.arguments] == [None, "a", "b", "d.e"]


def test_what_must_be_saved() -> None:
    (task,) = buildables("x = [1, (2,), {'k': 3}]\nt = run.Partial(f, x, y={4})")
    assert [task.file.code(node) for _, node in task.saved()] == [
        "f", "[1, (2,), {'k': 3}]", "1", "(2,)", "2", "{'k': 3}", "3", "{4}", "4",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "source",
    [
        "run.run(run.Partial(f))",
        "run.run(run.Partial(f), executor=None)",
        "run.run(run.Partial(f), executor=e, direct=True)",
        "fdl.build(run.Config(f))",
        "t = run.Partial(f)\nrun.run(t)",
        "t = run.Partial(f)\nt.x = 1\nt.walk(x=g)\nrun.run(t)",
        "run.run(run.Partial(g, model=run.Config(f)))",
    ],
)
def test_is_direct(source: str) -> None:
    assert buildables(source)[-1].is_direct


@pytest.mark.parametrize(
    "source",
    [
        "run.Partial(f)",
        "run.run(run.Partial(f), e)",
        "run.run(run.Partial(f), executor=e)",
        "run.run(run.Partial(f), **options)",
        "t = run.Partial(f)\nt.x = 1",
        "t = run.Partial(f)\nrun.run(t)\nexp.add(t)",
        "t = run.Partial(f)\nrun.run(t)\nu = t\nlaunch(u)",
        "def g():\n    return run.Partial(f)",
        "run.run([run.Partial(f)])",
    ],
)
def test_is_not_certainly_direct(source: str) -> None:
    assert not buildables(source)[-1].is_direct
