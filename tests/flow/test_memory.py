"""What is remembered of functions of other files changes nothing but the time it takes."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from flow.following import linted, problems, written

RECIPES = """
    import nemo_run as run

    class Adam:
        def __init__(self, lr=1e-3): ...

    class Model:
        def __init__(self, size=1, inner=None): ...

    def train(model, optim=None, steps: int = 1): ...

    def optim():
        return run.Config(Adam)

    @run.cli.factory
    def model(size=1):
        return run.Config(Model, size=size, inner=optim())

    def recipe(**more):
        return run.Partial(train, model(), optim=optim(), **more)

    def wrong():
        return run.Config(Adam, rl=1)

    def misspelt():
        made = run.Config(Adam)
        made.rl = 1

    def sized(size):
        made = run.Config(Model)
        def complete(extra):
            made.inner = run.Config(Adam) if extra else size
            return made
        return complete

    def deep(count):
        return run.Config(Adam) if count == 0 else deep_again(0)

    def deep_again(count):
        return deep(count)
"""

USES = {
    "one.py": ("task = recipe()\ntask.model.inner.rl = 1\ntask.optim = None\n", ["unknown_attribute rl"]),
    "two.py": ("task = recipe()\ntask.optim.rl = 1\ntask.model = None\n", ["unknown_attribute rl"]),
    "three.py": ("first, second = model(), model()\nfirst.inner = None\nsecond.inner.rl = 1\n", ["unknown_attribute rl"]),
    "four.py": ("wrong()\n", ["unknown_keyword rl"]),
    "five.py": ("import pytest\nwith pytest.raises(TypeError):\n    wrong()\n", []),
    "doubtful.py": ("if False:\n    misspelt()\n", ["perhaps unknown_attribute rl"]),
    "certain.py": ("misspelt()\n", ["unknown_attribute rl"]),
    "six.py": ("made = None\ncomplete = sized(3)\ncomplete(True).inner.rl = 1\ncomplete(False).inner.rl = 1\n",
               ["unknown_attribute rl", "attribute_of_plain rl"]),
    "seven.py": ("deep_again(0).rl = 1\n", ["unknown_attribute rl"]),
    "eight.py": ("deep(1).rl = 1\n", []),
    "nine.py": ("def use(x):\n    wrong() if x else model(x).inner\nuse(1)\n", ["unknown_keyword rl"]),
    "ten.py": ("def use():\n    return recipe()\nrun.run(use())\nuse().model.inner.rl = 1\n", ["unknown_attribute rl"]),
}  # fmt: skip

FILES = {"recipes.py": RECIPES} | {
    name: f"import nemo_run as run\nfrom recipes import *\n{use}" for name, (use, _) in USES.items()
}


@pytest.mark.parametrize("name", USES)
def test_what_each_file_says_alone(tmp_path: Path, name: str) -> None:
    assert linted(written(tmp_path, FILES), tmp_path, name) == USES[name][1]


def test_what_a_file_says_after_any_other(tmp_path: Path) -> None:
    for first, second in itertools.permutations(USES, 2):
        index = written(tmp_path, FILES)
        linted(index, tmp_path, first)
        assert linted(index, tmp_path, second) == USES[second][1], f"{second} after {first}"


def test_a_file_that_is_read_again(tmp_path: Path) -> None:
    index = written(tmp_path, FILES)
    for name in [*USES, *USES]:
        assert linted(index, tmp_path, name) == USES[name][1]


def test_a_table_of_another_file(tmp_path: Path) -> None:
    files = {
        "tables.py": """
            import nemo_run as run

            def train(steps=1): ...

            TASKS = {
                "all": [run.Partial(train) for _ in range(2)],
                "one": run.Partial(train),
                "more": made(),
                "size": (size := 3),
            }

            def made():
                return TASKS["more"]
        """,
        "recipe.py": """
            from tables import TASKS, made

            TASKS["one"].stepz = 1
            TASKS["all"][0].stepz = 1
            TASKS["more"].stepz = 1
            made().stepz = 1
        """,
    }
    assert linted(written(tmp_path, files), tmp_path, "recipe.py") == ["unknown_attribute stepz"]


def test_global_variables_of_another_file_are_its_own(tmp_path: Path) -> None:
    files = {
        "tasks.py": """
            task = None

            def reset():
                global task
                task = None
                return task
        """,
        "recipe.py": """
            import nemo_run as run
            from tasks import reset

            def train(steps=1): ...

            task = run.Partial(train)
            reset(task)
            task.stepz = 1
        """,
    }
    assert linted(written(tmp_path, files), tmp_path, "recipe.py") == ["unknown_attribute stepz"]


@pytest.mark.parametrize("calls", [1, 1_000])
def test_a_function_that_is_called_again_and_again(calls: int) -> None:
    lines = "def make(size):\n    return run.Config(Model, size=size)\n"
    lines += "".join(f"task{number} = make({number})\n" for number in range(calls)) + "task0.sise = 1\n"
    assert problems(lines) == ["unknown_attribute sise"]
