"""What is read of installed packages is what `inspect.signature` tells of them when they are imported."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import textwrap
from collections.abc import Iterable
from pathlib import Path

import pytest

from nemo_run_lint.signatures.callables import signatures
from nemo_run_lint.signatures.environment import Environment
from nemo_run_lint.signatures.index import Index
from nemo_run_lint.signatures.signature import Kind, Unknown

ROOT = Path(__file__).parents[2]
ENVIRONMENT = ROOT / ".venv-nemo"
CACHE = ROOT / ".cache" / "inspect"
SCRIPT = Path(__file__).with_name("inspect_signatures.py")

PACKAGES = (
    "nemo_run fiddle torchx omegaconf pydantic typer click rich docker invoke fabric jinja2 httpx starlette fastapi "
    "leptonai prompt_toolkit packaging attr"
).split()

#: A parameter: its name, its kind, and whether it has a default.
Told = list[list[str | int | bool]]

pytestmark = pytest.mark.skipif(
    not (ENVIRONMENT / "ready").exists() and "CI" not in os.environ,
    reason="the packages are not installed here: make .venv-nemo/ready",
)


def told(packages: Iterable[str], directory: Path = ENVIRONMENT) -> str:
    """What inspect tells of packages of the environment or in a directory, as JSON."""
    command = [str(ENVIRONMENT / "bin" / "python"), str(SCRIPT), *packages]
    variables = {**os.environ, "PYTHONPATH": str(directory)}
    return subprocess.run(command, capture_output=True, text=True, check=True, cwd=directory, env=variables).stdout


def known(index: Index, paths: Iterable[str]) -> dict[str, list[Told]]:
    """What is read of the same; several if it is one of several. What is not known is left out."""
    answers = {path: signatures(index, index.symbol(path)) for path in paths}
    return {
        path: [[[each.name, int(each.kind), each.default is not None] for each in one.parameters] for one in answer]
        for path, answer in answers.items()
        if not isinstance(answer, Unknown)
    }


@pytest.fixture(scope="module")
def expected() -> dict[str, Told]:
    """What inspect tells; asking takes a while, so it is kept until another version of anything is installed."""
    site = next(ENVIRONMENT.glob("lib/python3*/site-packages"))
    installed = sorted(each.name for each in site.glob("*.dist-info"))
    key = hashlib.sha256("\n".join([*installed, *PACKAGES, SCRIPT.read_text(), str(site)]).encode()).hexdigest()[:16]
    kept = CACHE / f"{key}.json"
    if not kept.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        kept.write_text(told(PACKAGES))
    found: dict[str, Told] = json.loads(kept.read_text())
    return found


@pytest.fixture(scope="module")
def read(expected: dict[str, Told]) -> dict[str, list[Told]]:
    return known(Index(Environment.of(None, python=ENVIRONMENT)), expected)


def is_stricter(read: Told, told: Told) -> bool:
    """Whether something is refused that runs: the direction in which a false alarm lies."""
    takes_any = any(kind == Kind.VAR_KEYWORD for _, kind, _ in read)
    names = {name for name, kind, _ in read if kind in (Kind.POSITIONAL_OR_KEYWORD, Kind.KEYWORD_ONLY)}
    lacks = any(kind in (1, 3) and name not in names for name, kind, _ in told) and not takes_any
    closes = any(kind == Kind.VAR_KEYWORD for _, kind, _ in told) and not takes_any
    required = {name for name, kind, has_default in read if not has_default and kind not in (2, 4)}
    needs = bool(required - {name for name, _, has_default in told if not has_default})
    return lacks or closes or needs or places(read) < places(told)


def places(parameters: Told) -> int:
    """How many arguments may be given by place."""
    kinds = [kind for _, kind, _ in parameters]
    return 1_000 if Kind.VAR_POSITIONAL in kinds else sum(kind in (0, 1) for kind in kinds)


def test_thousands_of_callables_are_asked_for(expected: dict[str, Told]) -> None:
    assert len(expected) > 3_000
    assert {path.split(".")[0] for path in expected} >= {"nemo_run", "fiddle", "torchx"}


def test_most_are_known(expected: dict[str, Told], read: dict[str, list[Told]]) -> None:
    unknown = sorted(expected.keys() - read.keys())
    assert len(read) >= 0.96 * len(expected), unknown


def test_what_is_known_is_right(expected: dict[str, Told], read: dict[str, list[Told]]) -> None:
    wrong = [(path, answers, expected[path]) for path, answers in read.items() if expected[path] not in answers]
    assert len(wrong) <= 0.005 * len(read), "\n".join(map(str, wrong))


def test_hardly_anything_is_refused_that_runs(expected: dict[str, Told], read: dict[str, list[Told]]) -> None:
    stricter = [
        (path, answers, expected[path])
        for path, answers in read.items()
        if all(is_stricter(answer, expected[path]) for answer in answers)
    ]
    assert len(stricter) <= 0.002 * len(read), "\n".join(map(str, stricter))


#: Models and classes as they are written with libraries that this project itself does not need.
SOURCES = {
    "attrs": """
        import attr
        import attrs
        from attrs import define, field, frozen
        from typing import ClassVar
        @attr.s
        class Old:
            x = attr.ib()
            y = attr.ib(default=1)
            _z = attr.ib(factory=list)
            w = attr.ib(init=False, default=3)
            plain = 4
        @attr.s(auto_attribs=True, kw_only=True)
        class Automatic:
            x: int
            y: int = 1
            z: ClassVar[int] = 2
        @attr.s
        class OverWritten:
            x = attr.ib()
            def __init__(self, other): ...
        @define
        class New:
            x: int
            y: list = field(factory=list)
            _private: int = 1
            named: int = field(default=1, alias="other")
            only: int = field(kw_only=True)
        @define
        class Heir(New):
            y: int = 3
            z: int = 4
        @frozen
        class Frozen:
            x: int
        @define
        class Written:
            x: int
            def __init__(self, other): ...
        @define
        class NotAutomatic:
            x = field()
            y: int = field(default=1)
            @x.default
            def _x(self): return 1
        @attrs.define(init=False)
        class Without:
            x: int
        class Plain(New): ...
        """,
    "pydantic": """
        from typing import Annotated, ClassVar, Optional
        from pydantic import BaseModel, ConfigDict, Field, RootModel
        class Model(BaseModel):
            x: int
            y: str = ""
            z: Optional[int]
            items: list = Field(default_factory=list)
            needed: int = Field(...)
            default: int = Field(3)
            const: ClassVar[int] = 1
            _private: int = 1
        class Heir(Model):
            y: str
            w: int = 1
        class Aliased(BaseModel):
            from_: str = Field(alias="from")
            kind: str = Field(alias="type")
            shown: str = Field(validation_alias="seen", default="")
            noted: Annotated[int, Field(alias="note", default=1)]
        class Open(BaseModel):
            model_config = ConfigDict(extra="allow")
            x: int
        class OpenByKeyword(BaseModel, extra="allow"):
            x: int
        class Closed(BaseModel):
            model_config = {"extra": "forbid"}
            x: int
        class Written(BaseModel):
            x: int
            y: int = 1
            def __init__(self, x, **data):
                super().__init__(x=x, **data)
        class Short(BaseModel):
            x: int
            def __init__(self, z):
                super().__init__(x=z)
        class Numbers(RootModel):
            root: list[int]
        """,
}


@pytest.mark.parametrize("library", SOURCES)
def test_classes_of_other_libraries_are_told_as_inspect_tells_them(library: str, tmp_path: Path) -> None:
    (tmp_path / "classes.py").write_text(textwrap.dedent(SOURCES[library]), encoding="utf-8")
    expected = json.loads(told(["classes"], tmp_path))
    assert len(expected) == SOURCES[library].count(" class ")
    read = known(Index(Environment.of(tmp_path, python=ENVIRONMENT)), expected)
    assert read == {path: [parameters] for path, parameters in expected.items()}
