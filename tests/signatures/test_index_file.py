from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nemo_run_lint.signatures import index_file
from nemo_run_lint.signatures.callables import signatures
from nemo_run_lint.signatures.environment import Environment
from nemo_run_lint.signatures.exporting import exported, importable
from nemo_run_lint.signatures.index import Index
from nemo_run_lint.signatures.index_file import IndexFile, IndexFileError, pack
from nemo_run_lint.signatures.reading import Reader
from nemo_run_lint.signatures.signature import Unknown
from nemo_run_lint.signatures.store import Store

SITE = {
    "models/__init__.py": "from .small import Small\nfrom other.layers import Layer\n",
    "models/small.py": "from base import Model\nclass Small(Model):\n    def __init__(self, layers=1, **more): super().__init__(**more)\n",
    "base.py": "class Model:\n    def __init__(self, name: str): ...\n",
    "other/__init__.py": "",
    "other/layers.py": "class Layer:\n    def __init__(self, size): ...\n",
    "other/unused.py": "class Unused: ...\n",
    "compiled.cpython-311-x86_64-linux-gnu.so": "",
    "stubbed.cpython-311-x86_64-linux-gnu.so": "",
    "stubbed.pyi": "def call(a: int) -> None: ...\n",
    "space/inside/__init__.py": "class Far: ...\n",
    "models-2.1.dist-info/METADATA": "Name: Models\nVersion: 2.1\n",
    "models-2.1.dist-info/RECORD": "models/__init__.py,,\nmodels/small.py,,\n",
}


def write(directory: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return directory


def data(directory: Path, *names: str, with_source: tuple[str, ...] = ()) -> bytes:
    site = write(directory / "site", SITE)
    environment = Environment.of(None, site)
    files = importable(environment)
    modules = exported(Index(environment), names, {files[path] for path in with_source})
    return pack(list(modules), files, environment.distributions(), (3, 11), "0.0")


def index_of(directory: Path, *names: str, project: Mapping[str, str] | None = None, **more: tuple[str, ...]) -> Index:
    """An index of the project that knows the environment from an exported one alone."""
    (directory / "env.idx").write_bytes(data(directory, *names, **more))
    opened = IndexFile(directory / "env.idx")
    environment = Environment.of(write(directory / "project", project or {"setup.py": ""}), index_files=[opened])
    reader = Reader(Store(None), [opened])
    return Index(environment, reader.module, reader.source)


def parameters(index: Index, path: str) -> list[str] | str:
    accepted = signatures(index, index.symbol(path))
    return accepted.reason.name if isinstance(accepted, Unknown) else [each.name for each in accepted[0].called]


def test_an_exported_index_answers_as_the_environment_does(tmp_path: Path) -> None:
    index = index_of(tmp_path, "models", "models.small", "stubbed", "space.inside")
    real = Index(Environment.of(None, tmp_path / "site"))
    for path in ("models.Small", "models.Layer", "base.Model", "stubbed.call", "space.inside.Far"):
        assert parameters(index, path) == parameters(real, path)
    assert parameters(index, "models.Small") == ["layers", "name"]


def test_modules_that_are_left_out_exist_but_are_not_known(tmp_path: Path) -> None:
    index = index_of(tmp_path, "models")
    assert index.is_module("other.unused")
    assert parameters(index, "other.unused.Unused") == "UNREADABLE"
    assert parameters(index, "compiled.anything") == "COMPILED"
    assert parameters(index, "absent.anything") == "NOT_INSTALLED"


def test_only_what_is_depended_on_is_exported(tmp_path: Path) -> None:
    (tmp_path / "env.idx").write_bytes(data(tmp_path, "models"))
    modules = dict(IndexFile(tmp_path / "env.idx").modules())
    told = {path for path, is_told in modules.items() if is_told}
    assert {"models/__init__.py", "models/small.py", "other/layers.py", "base.py"} <= told
    assert not modules["other/unused.py"]


def test_the_project_comes_before_the_index(tmp_path: Path) -> None:
    index = index_of(tmp_path, "models", project={"base.py": "class Model:\n    def __init__(self, mine): ...\n"})
    assert parameters(index, "models.Small") == ["layers", "mine"]


def test_places_are_in_the_index_and_tell_the_distribution(tmp_path: Path) -> None:
    index = index_of(tmp_path, "models")
    accepted = signatures(index, index.symbol("models.Small"))
    assert not isinstance(accepted, Unknown)
    place = accepted[0].place
    assert place.path == os.path.join(tmp_path, "env.idx", "models", "small.py")
    assert place.distribution == "Models 2.1"
    assert index.environment.installed("models") == "2.1"


def test_functions_are_followed_where_their_source_is_in_it(tmp_path: Path) -> None:
    with_source = index_of(tmp_path / "a", "base", "other.layers", with_source=("base.py",))
    model, layer = (with_source.symbol(path) for path in ("base.Model", "other.layers.Layer"))
    assert with_source.node(model) is not None  # type: ignore[arg-type]
    assert with_source.node(layer) is None  # type: ignore[arg-type]


def test_nothing_on_disk_is_asked_once_it_is_exported(tmp_path: Path) -> None:
    index = index_of(tmp_path, "models")
    for path in sorted((tmp_path / "site").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    assert parameters(index, "models.Small") == ["layers", "name"]


@settings(max_examples=100)
@given(st.data())
def test_a_damaged_index_is_refused(tmp_path_factory: pytest.TempPathFactory, choice: st.DataObject) -> None:
    directory = tmp_path_factory.mktemp("index")
    whole = data(directory, "models")
    cut = choice.draw(st.integers(0, len(whole) - 1))
    damaged = choice.draw(
        st.sampled_from([whole[:cut], whole[:cut] + bytes([whole[cut] ^ 1]) + whole[cut + 1 :], whole + b"x"])
    )
    (directory / "env.idx").write_bytes(damaged)
    with pytest.raises(IndexFileError, match="index build"):
        IndexFile(directory / "env.idx")


@pytest.mark.parametrize(
    ("constant", "said"),
    [("_FORMAT", "made by a newer nemo-run-lint"), ("schema", "made by another nemo-run-lint, 0.0")],
)
def test_an_index_of_another_version_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, constant: str, said: str
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index_file, constant, 99 if constant == "_FORMAT" else lambda: "other")
        (tmp_path / "env.idx").write_bytes(data(tmp_path, "models"))
    with pytest.raises(IndexFileError, match=said):
        IndexFile(tmp_path / "env.idx")


def test_an_index_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(IndexFileError, match="cannot be read: No such file"):
        IndexFile(tmp_path / "env.idx")
