"""What was once reported and is right: each is a way in which a check of configurations is easily wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from flow.following import linted, problems, written


def test_parameters_whose_annotation_makes_a_config() -> None:
    lines = """
        from typing import Annotated, Optional

        class Trainer:
            def __init__(
                self,
                optim: Annotated[Optional[Adam], run.Config[Adam]] = None,
                model: Optional[Annotated[Model, run.Config[Model]]] = None,
            ): ...

        def start(trainer: Annotated[Optional[Trainer], run.Config[Trainer]] = None): ...

        task = run.Partial(start)
        task.trainer.optim.lr = 1
        run.Config(Trainer).optim.lr = 1
        run.Config(Trainer, model=run.Config(Model)).optim.lr = 1
    """
    assert problems(lines) == []
    assert problems(lines + "\n        run.Config(Trainer, optim=None).optim.lr = 1") == ["attribute_of_plain lr"]


def test_an_alternative_that_is_not_evaluated() -> None:
    lines = "task = run.Config(Model)\nx = task.inner\nx is None or x.lower()\nx is not None and x.lower()\n"
    assert problems(lines + "y = x.lower() if x is not None else ''") == []


def test_what_handles_the_exception() -> None:
    assert (
        problems("task = run.Config(Model)\ntry:\n    task.size = 1\nexcept AttributeError:\n    task.sise = 1") == []
    )


def test_arguments_that_pass_through_a_constructor() -> None:
    lines = """
        class Base:
            def __init__(self, size=1, **others): ...

        class Passing(Base):
            def __init__(self, *args, **kwargs):
                super().__init__(*args, **kwargs)

        run.Config(Passing, size=1, whatever=2).size = 2
        run.Config(Passing, 1).anything = 3
    """
    assert problems(lines) == []


def test_how_a_notebook_shows_a_config() -> None:
    assert problems("run.Config(Model)._repr_svg_()\nrun.Config(Model)._repr_html_") == []


def test_attributes_of_text_that_is_no_config() -> None:
    lines = """
        import enum

        class Kind(str, enum.Enum):
            LARGE = "large"

        kind = Kind.LARGE
        run.Config(Model, size=kind.value, inner=Kind.LARGE.name)
        run.Config(Model, inner=kind).inner.value
    """
    assert problems(lines) == []


def test_a_decorator_that_changes_the_constructor() -> None:
    lines = """
        def with_name(cls):
            before = cls.__init__
            def __init__(self, *args, name=None, **kwargs):
                before(self, *args, **kwargs)
            cls.__init__ = __init__
            return cls

        @with_name
        class Named:
            def __init__(self, size=1): ...

        run.Config(Named, name="a").name = "b"
    """
    assert problems(lines) == []


@pytest.mark.parametrize("test", ["TYPE_CHECKING", "typing.TYPE_CHECKING"])
def test_what_only_a_type_checker_sees(tmp_path: Path, test: str) -> None:
    files = {
        "models.py": f"""
            import typing
            from typing import TYPE_CHECKING

            if {test}:
                class Model:
                    def __init__(self, wrong): ...
            else:
                class Model:
                    def __init__(self, size=1): ...
        """,
        "recipe.py": "import nemo_run as run\nfrom models import Model\nrun.run(run.Config(Model, size=1))\n",
    }
    assert linted(written(tmp_path, files), tmp_path, "recipe.py") == []


def test_twins_for_a_package_that_may_be_missing(tmp_path: Path) -> None:
    twins = """
        try:
            from {package} import Model
        except ImportError:
            class Model:
                def __init__(self, **kwargs): ...

        try:
            import {package}

            def build(size): ...
        except ImportError:
            def build(): ...
    """
    recipe = """
        import nemo_run as run
        from twins import Model, build
        run.Config(Model, whatever=1)
        run.Config(build, size=1)
    """
    index = written(tmp_path, {"twins.py": twins.replace("{package}", "missing_package"), "recipe.py": recipe})
    assert linted(index, tmp_path, "recipe.py") == []


def test_a_folder_beside_the_script_that_is_named_like_a_package(tmp_path: Path) -> None:
    files = {
        "project/scripts/plotting/helper.py": "def draw(wrong): ...\n",
        "project/scripts/recipe.py": "import nemo_run as run\nfrom plotting import draw\nrun.Config(draw, size=1)\n",
        "project/plotting/__init__.py": "def draw(size): ...\n",
    }
    index = written(tmp_path, files)
    script = type(index)(index.environment.of(tmp_path / "project").with_script(tmp_path / "project/scripts"))
    assert linted(script, tmp_path, "project/scripts/recipe.py") == []


def test_a_partial_that_is_built_may_be_completed_by_its_caller() -> None:
    assert (
        problems("fdl.build(run.Partial(needs))(1, 2)\nfdl.build(run.Partial(train, model=run.Partial(needs)))") == []
    )
    assert problems("fdl.build(run.Config(needs))") == ["missing model, steps"]


@pytest.mark.parametrize(
    "entered",
    [
        "pytest.raises(TypeError)",
        "pytest.raises(TypeError, match='unexpected')",
        "self.assertRaises(TypeError)",
        "self.assertRaisesRegex(TypeError, 'unexpected')",
        "raises(TypeError)",
    ],
)
def test_what_a_test_expects_to_fail(entered: str) -> None:
    lines = f"""
        import pytest
        from pytest import raises

        class Tests:
            def test_wrong(self):
                with {entered}:
                    run.Config(train, stepz=1)
                    self.wrong()
                    wrong()

        def wrong():
            run.Config(train, stepz=1)
    """
    assert problems(lines) == []
