"""Objects that exp.add cannot save, and names that the end of an open `**kwargs` does not read."""

from __future__ import annotations

from pathlib import Path

import pytest
from flow.following import linted, written

CLASSES = """
    from dataclasses import dataclass
    import outside

    class Plain:
        def __init__(self, size=1): ...

    @dataclass
    class Data:
        size: int

    class Child(Plain): ...

    class Unsure(outside.Base): ...

    def train(model=None, models=()): ...

    def make():
        return Plain()
"""

ADDED = """
    import nemo_run as run
    from classes import *
    from classes import Plain as P
    import registered, pathlib

    class Own: ...

    models = [Plain()]
    registered.complete(models)

    with run.Experiment("a") as exp:
        exp.add({task})
"""


@pytest.mark.parametrize(
    ("task", "expected"),
    [
        ("run.Partial(train, model=Plain())", ["instance model"]),
        ("run.Partial(train, model=Child(1))", ["instance model"]),
        ("run.Partial(train, models=[1, P()])", ["instance models"]),
        ("run.Partial(train, models={'a': (Plain(),)})", ["instance models"]),
        ("run.Partial(train, model=run.Config(Plain, size=P()))", ["instance size"]),
        ("run.Partial(train, model=make())", ["instance model"]),
        ("run.Partial(train, Data(1))", ["instance model"]),
        ("run.Partial(train, model=Data(1))", []),
        ("run.Partial(train, model=Unsure())", []),
        ("run.Partial(train, model=registered.Kept())", []),
        ("run.Partial(train, model=Own())", []),
        ("run.Partial(train, model=pathlib.Path())", []),
        ("run.Partial(train, model=Plain)", []),
        ("run.Partial(train, model=run.Config(Plain))", []),
        ("run.Partial(train, model=run.LocalExecutor())", []),
        ("run.Partial(unknown, model=Data(1))", []),
        ("[run.Partial(train, model=x)]", []),
        ("run.Partial(train, models=models)", []),
        ("run.Script('a.py')", []),
    ],
)
def test_objects_in_a_task(tmp_path: Path, task: str, expected: list[str]) -> None:
    kept = "from fiddle.experimental import daglish\nclass Kept: ...\ndaglish.register_node_traverser(Kept)\n"
    files = {"classes.py": CLASSES, "registered.py": kept, "recipe.py": ADDED.format(task=task)}
    assert linted(written(tmp_path, files), tmp_path, "recipe.py") == expected


def test_names_that_the_end_of_keywords_does_not_read(tmp_path: Path) -> None:
    files = {
        "lightning/__init__.py": "",
        "lightning/pytorch/__init__.py": "",
        "lightning/pytorch/strategies/__init__.py": "",
        "lightning/pytorch/strategies/ddp.py": """
            class DDPStrategy:
                def __init__(self, accelerator=None, **kwargs): ...
        """,
        "strategies.py": """
            from lightning.pytorch.strategies.ddp import DDPStrategy

            class Strategy(DDPStrategy):
                def __init__(self, size=1, **kwargs):
                    super().__init__(**kwargs)

            class Changing(DDPStrategy):
                def __init__(self, **kwargs):
                    kwargs.pop("whatever")
                    super().__init__(**kwargs)
        """,
        "recipe.py": """
            import nemo_run as run
            from strategies import Strategy

            task = run.Config(Strategy, size=2, accelerator="gpu", static_graph=True, whatever=1)
            task.find_unused_parameters = True
            task.other = 2
        """,
    }
    found = linted(written(tmp_path, files), tmp_path, "recipe.py")
    assert found == ["swallowed whatever", "swallowed other"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("run.SlurmExecutor(account='a', partition='b')", []),
        ("run.SlurmExecutor(account=1)", ["literal account"]),
        ("run.Config(run.SlurmExecutor, account='a').accoun = 'b'", ["unknown_attribute accoun"]),
        ("run.Config(run.SlurmExecutor, account='a').account = 'b'", []),
        ("run.LocalExecutor(ntasks_per_node='8')", ["literal ntasks_per_node"]),
        ("run.NoSuchThing(account=1)", []),
    ],
)
def test_nemo_run_itself_where_it_is_not_installed(tmp_path: Path, line: str, expected: list[str]) -> None:
    index = written(tmp_path, {"recipe.py": f"import nemo_run as run\n{line}\n"})
    assert index.environment.find("nemo_run") is None or not index.environment.find("nemo_run").path  # type: ignore[union-attr]
    assert linted(index, tmp_path, "recipe.py") == expected
