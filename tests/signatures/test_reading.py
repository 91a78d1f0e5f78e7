from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from nemo_run_lint.signatures import store as storing
from nemo_run_lint.signatures.modules import read_text
from nemo_run_lint.signatures.reading import Reader
from nemo_run_lint.signatures.search_path import Found
from nemo_run_lint.signatures.store import Store

SOURCE = "class Model:\n    def __init__(self, layers: int = 1, **more): super().__init__(**more)\n"

#: So long ago that the times of a file are trusted.
OLD = time.time() - 1000


def found(path: Path) -> Found:
    return Found("module", str(path), "source", False, ())


@pytest.fixture
def module(tmp_path: Path) -> Path:
    path = tmp_path / "module.py"
    path.write_text(SOURCE)
    return path


@pytest.fixture
def trusting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storing, "_RECENT", -(10**12))  # nobody can set the time of a status back


@pytest.mark.usefixtures("trusting")
@pytest.mark.parametrize("asked", ["digest", "module"])
def test_a_file_that_has_not_changed_is_not_read_again_for_its_digest(
    tmp_path: Path, module: Path, monkeypatch: pytest.MonkeyPatch, asked: str
) -> None:
    store = Store(tmp_path / "store")
    reader = Reader(store)
    if asked == "module":
        assert reader.module(found(module)) == read_text(SOURCE)
    digest = reader.digest(str(module))
    store.close()
    monkeypatch.setattr("nemo_run_lint.signatures.reading.read_bytes", None)
    assert Reader(Store(tmp_path / "store")).digest(str(module)) == digest != b""


@pytest.mark.usefixtures("trusting")
@pytest.mark.parametrize("keeps_times", [False, True])
def test_a_changed_file_is_read_again_also_with_its_old_size_and_times(
    tmp_path: Path, module: Path, keeps_times: bool
) -> None:
    os.utime(module, (OLD, OLD))
    store = Store(tmp_path / "store")
    before = Reader(store).digest(str(module))
    store.close()
    module.write_text(SOURCE.replace("layers", "LAYERS"))
    if keeps_times:
        os.utime(module, (OLD, OLD))
    after = Reader(Store(tmp_path / "store"))
    assert after.digest(str(module)) != before
    assert after.module(found(module)) == read_text(SOURCE.replace("layers", "LAYERS"))


def test_a_file_that_changed_just_now_is_not_trusted_to_keep_still(tmp_path: Path, module: Path) -> None:
    store = Store(tmp_path / "store")
    Reader(store).digest(str(module))
    assert store.digest(str(module), os.stat(module)) is None


def test_a_module_that_cannot_be_parsed_is_none_again(module: Path) -> None:
    module.write_text("x = (")
    reader = Reader(Store(None))
    assert reader.module(found(module)) is None
    assert reader.module(found(module)) is None


def test_a_source_that_changed_meanwhile_is_gone(module: Path) -> None:
    reader = Reader(Store(None))
    reader.module(found(module))
    assert reader.source(str(module)) == SOURCE
    module.write_text(f"\n{SOURCE}")
    assert reader.source(str(module)) is None


def test_a_definition_is_told_as_it_was_when_its_module_was_read(module: Path) -> None:
    summary = Reader(Store(None)).module(found(module))
    module.write_text("")
    assert summary == read_text(SOURCE)
