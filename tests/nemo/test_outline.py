"""A file in plain data: what an overview of it can be drawn from."""

from __future__ import annotations

import ast
import textwrap

from nemo_run_lint.nemo.outline import Outline, outline
from nemo_run_lint.project import File
from nemo_run_lint.syntax.tree import Tree


def outlined(code: str) -> Outline:
    text = "import nemo_run as run\n" + textwrap.dedent(code)
    return outline(File("file.py", text, Tree(text, ast.parse(text))))


def tasks(code: str) -> list[tuple[str, str, str, tuple[int, ...]]]:
    (experiment,) = outlined(code).experiments
    return [(task.name, task.function, task.executor, task.after) for task in experiment.tasks]


def test_tasks_and_what_they_wait_for() -> None:
    assert tasks("""
        slurm = run.SlurmExecutor(account="a")
        with run.Experiment("nightly", executor=slurm) as exp:
            prepared = exp.add(run.Partial(prepare), name="prepare")
            both = exp.add([run.Partial(train, 1), run.Script(inline="echo")], name="both", dependencies=[prepared])
            exp.add(task, name=f"{model}-check", dependencies=["prepare", both], executor=run.LocalExecutor())
            exp.add(make(), executor=other)
    """) == [
        ("prepare", "prepare", "SlurmExecutor", ()),
        ("both", "train", "SlurmExecutor", (0,)),
        ("both", "script", "SlurmExecutor", (0,)),
        ('f"{model}-check"', "task", "LocalExecutor", (0, 1, 2)),
        ("", "make()", "", ()),
    ]


def test_tasks_in_the_form_of_the_guide() -> None:
    assert tasks("""
        def create(model):
            return run.Experiment([run.Task("train", run.Partial(train, model)), run.Task("evaluate", check)])
    """) == [("train", "train", "", ()), ("evaluate", "check", "", ())]


def test_without_an_executor_and_through_a_function() -> None:
    assert tasks("""
        def task(x):
            return run.Partial(train, x=x)

        with run.Experiment("nightly") as exp:
            exp.add(task(1), name="train")
    """) == [("train", "train", "LocalExecutor", ())]


def test_experiments() -> None:
    found = outlined("""
        TITLE = "nightly"

        def launch(model: str = "a"):
            \"\"\"Launch it.

            More.
            \"\"\"
            with run.Experiment(TITLE) as exp:
                add_more(exp)

        other = run.Experiment(f"{x}-y")
    """).experiments
    assert [(each.title, each.line, each.end_line, each.function, each.is_open) for each in found] == [
        ("nightly", 10, 11, "launch", True),
        ('f"{x}-y"', 13, 13, "", False),
    ]


def test_functions_executors_and_imports() -> None:
    found = outlined('''
        """Not the docstring."""
        import os.path
        from team import x

        @run.cli.entrypoint
        def train(steps: int, *names: str, rate=0.1) -> None:
            """Train."""

        @run.cli.factory
        def model() -> run.Config[Model]: ...

        def job(x): ...

        def test_it():
            run.Partial(test_it)

        executor = run.SlurmExecutor(account="a", nodes=2)
        executor.time = "01:00:00"
        run.Partial(job)
    ''')
    assert [(each.role, each.name, each.line, each.docstring, each.returns) for each in found.functions] == [
        ("entrypoint", "train", 8, "Train.", "None"),
        ("factory", "model", 12, "", "run.Config[Model]"),
        ("task", "job", 14, "", ""),
    ]
    parameters = [(each.name, each.annotation, each.default) for each in found.functions[0].parameters]
    assert parameters == [("steps", "int", ""), ("rate", "", "0.1"), ("*names", "str", "")]
    (executor,) = found.executors
    assert (executor.kind, dict(executor.fields)) == (
        "SlurmExecutor",
        {"account": '"a"', "nodes": "2", "time": '"01:00:00"'},
    )
    assert found.imported == ("nemo_run", "os.path", "team")
    assert found.docstring == ""
