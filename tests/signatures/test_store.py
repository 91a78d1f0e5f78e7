from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nemo_run_lint import cache_place
from nemo_run_lint.signatures import store as storing
from nemo_run_lint.signatures.modules import read_text
from nemo_run_lint.signatures.reading import Reader
from nemo_run_lint.signatures.search_path import Found
from nemo_run_lint.signatures.store import Store, remove

SOURCE = "class Model:\n    def __init__(self, layers: int = 1, **more): super().__init__(**more)\n"

#: So long ago that the times of a file are trusted.
OLD = time.time() - 1000


def file(directory: Path) -> Path:
    (found,) = directory.glob("*.sqlite")
    return found


def filled(directory: Path, key: bytes = b"key", value: bytes = b"value") -> None:
    store = Store(directory)
    store.put(key, value)
    store.close()


def kept(directory: Path, key: bytes = b"key") -> bytes | None:
    store = Store(directory)
    try:
        return store.get(key)
    finally:
        store.close()


def found(path: Path) -> Found:
    return Found("module", str(path), "source", False, ())


@settings(max_examples=30)
@given(st.dictionaries(st.binary(), st.binary()))
def test_what_was_put_is_had_again_at_once_and_by_the_next_process(
    tmp_path_factory: pytest.TempPathFactory, values: dict[bytes, bytes]
) -> None:
    directory = tmp_path_factory.mktemp("store")
    store = Store(directory)
    for key, value in values.items():
        store.put(key, value)
        assert store.get(key) == value
    store.close()
    assert {key: kept(directory, key) for key in values} == values
    assert kept(directory, b"never put, and longer than any") is None


def test_without_a_directory_nothing_is_remembered() -> None:
    store = Store(None)
    store.put(b"key", b"value")
    assert store.get(b"key") is None
    assert not store.is_open


def test_the_directory_is_tagged_for_backups(tmp_path: Path) -> None:
    filled(tmp_path / "some" / "where")
    text = (tmp_path / "some" / "where" / "CACHEDIR.TAG").read_text()
    assert text.startswith("Signature: 8a477f597d28d172789f06886806bc55")


@pytest.mark.parametrize("damage", [b"", b"no database", b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_broken_store_is_replaced(tmp_path: Path, damage: bytes) -> None:
    filled(tmp_path)
    file(tmp_path).write_bytes(damage)
    assert kept(tmp_path) is None
    filled(tmp_path)
    assert kept(tmp_path) == b"value"


@pytest.mark.parametrize("place", [0, 0.3, 0.6, 0.9])
def test_a_store_that_is_damaged_inside_never_tells_wrong_values(tmp_path: Path, place: float) -> None:
    store = Store(tmp_path)
    values = {bytes([number]): os.urandom(3000) for number in range(50)}
    for key, value in values.items():
        store.put(key, value)
    store.close()
    data = bytearray(file(tmp_path).read_bytes())
    start = int(len(data) * place)
    data[start : start + 5000] = b"\xaa" * len(data[start : start + 5000])
    file(tmp_path).write_bytes(data)
    for key, value in values.items():
        assert kept(tmp_path, key) in (value, None)


def test_a_store_that_another_process_has_locked_is_gone_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storing, "_PATIENCE", 0.01)
    filled(tmp_path)
    other = sqlite3.connect(file(tmp_path), isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    filled(tmp_path, b"key", b"other")
    assert kept(tmp_path) is None
    other.execute("ROLLBACK")
    other.close()
    assert kept(tmp_path) == b"value"


def test_a_directory_that_cannot_be_made_is_gone_without(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    filled(tmp_path / "file" / "below")
    assert kept(tmp_path / "file" / "below") is None


def test_a_store_that_cannot_be_written_is_read(tmp_path: Path) -> None:
    filled(tmp_path)
    file(tmp_path).chmod(0o400)
    filled(tmp_path, b"new", b"value")
    assert kept(tmp_path) == b"value"


def test_a_full_disk_is_gone_without(tmp_path: Path) -> None:
    filled(tmp_path)
    store = Store(tmp_path)
    assert store._connection is not None
    store._connection.execute("PRAGMA max_page_count = 5")
    store.put(b"large", os.urandom(100_000))
    store.close()
    assert kept(tmp_path, b"large") is None
    assert kept(tmp_path) == b"value"


def test_a_writer_that_is_killed_leaves_what_was_there(tmp_path: Path) -> None:
    filled(tmp_path)
    code = (
        "import os, sys\nfrom pathlib import Path\nfrom nemo_run_lint.signatures.store import Store\n"
        "store = Store(Path(sys.argv[1]))\nstore._connection.execute('PRAGMA cache_size = 1')\n"
        "store._connection.execute('BEGIN IMMEDIATE')\n"
        "store._connection.executemany('INSERT INTO entries VALUES (?, 1, ?)', ((os.urandom(9), os.urandom(9000)) for _ in range(99)))\n"
        "os.kill(os.getpid(), 9)\n"
    )
    assert subprocess.run([sys.executable, "-c", code, str(tmp_path)]).returncode != 0
    assert kept(tmp_path) == b"value"
    filled(tmp_path, b"key", b"new")
    assert kept(tmp_path) == b"new"


def test_processes_at_once_lose_nothing(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom pathlib import Path\nfrom nemo_run_lint.signatures.store import Store\n"
        "store = Store(Path(sys.argv[1]))\n"
        "for number in range(300):\n    store.put(f'{sys.argv[2]}{number}'.encode(), b'x' * number)\n"
        "    if number % 50 == 0:\n        store.flush()\nstore.close()\n"
    )
    writers = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path), name]) for name in "abc"]
    assert [writer.wait() for writer in writers] == [0, 0, 0]
    store = Store(tmp_path)
    assert all(store.get(f"{name}{number}".encode()) == b"x" * number for name in "abc" for number in range(300))
    store.close()


def test_what_nobody_asks_for_is_dropped_after_a_while(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(tmp_path, b"used")
    filled(tmp_path, b"idle")
    now = time.time()
    for days in (40, 80, 120):
        monkeypatch.setattr(storing.time, "time", lambda days=days: now + days * 86_400)
        assert kept(tmp_path, b"used") == b"value"
    filled(tmp_path, b"new")
    assert kept(tmp_path, b"idle") is None
    assert kept(tmp_path, b"used") == b"value"


def test_a_store_that_grows_too_large_keeps_what_is_of_today(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(tmp_path, b"old", os.urandom(100_000))
    now = time.time()
    monkeypatch.setattr(storing.time, "time", lambda: now + 86_400)
    monkeypatch.setattr(storing, "_MOST_BYTES", 50_000)
    filled(tmp_path, b"new")
    assert kept(tmp_path, b"old") is None
    assert kept(tmp_path, b"new") == b"value"


def test_removing_leaves_what_is_not_its_own(tmp_path: Path) -> None:
    directory = tmp_path / "cache"
    filled(directory)
    assert remove(directory)
    cache_place.clear(directory)
    assert not directory.exists()
    assert not remove(directory)
    filled(directory)
    (directory / "mine").write_text("")
    (directory / "CACHEDIR.TAG").write_text("mine")
    remove(directory)
    cache_place.clear(directory)
    assert sorted(each.name for each in directory.iterdir()) == ["CACHEDIR.TAG", "mine"]


# -- reading through it ----------------------------------------------------------------------------------------


def test_a_file_that_has_not_changed_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "module.py"
    path.write_text(SOURCE)
    monkeypatch.setattr(storing, "_RECENT", -(10**12))  # nobody can set the time of a status back
    store = Store(tmp_path / "store")
    digest = Reader(store).digest(str(path))
    store.close()
    monkeypatch.setattr("nemo_run_lint.signatures.reading.read_bytes", None)
    assert Reader(Store(tmp_path / "store")).digest(str(path)) == digest


@pytest.mark.parametrize("keeps_times", [False, True])
def test_a_changed_file_is_read_again_also_with_its_old_size_and_times(tmp_path: Path, keeps_times: bool) -> None:
    path = tmp_path / "module.py"
    path.write_text(SOURCE)
    os.utime(path, (OLD, OLD))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(storing, "_RECENT", -(10**12))
        store = Store(tmp_path / "store")
        Reader(store).module(found(path))
        store.close()
    changed = SOURCE.replace("layers", "LAYERS")
    path.write_text(changed)
    if keeps_times:
        os.utime(path, (OLD, OLD))
    store = Store(tmp_path / "store")
    assert Reader(store).module(found(path)) == read_text(changed)
    store.close()


def test_a_file_that_changed_just_now_is_not_trusted_to_keep_still(tmp_path: Path) -> None:
    path = tmp_path / "module.py"
    path.write_text(SOURCE)
    store = Store(tmp_path / "store")
    Reader(store).digest(str(path))
    assert store.digest(str(path), os.stat(path)) is None


def test_a_source_that_changed_meanwhile_is_gone(tmp_path: Path) -> None:
    path = tmp_path / "module.py"
    path.write_text(SOURCE)
    reader = Reader(Store(None))
    reader.module(found(path))
    assert reader.source(str(path)) == SOURCE
    path.write_text(f"\n{SOURCE}")
    assert reader.source(str(path)) is None


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_a_store_that_is_let_go_of_is_had_again_on_both_sides_of_a_fork(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put(b"before", b"value")
    store.release()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            store.put(b"below", b"value")
            status = 0 if store.get(b"before") == b"value" else 2
            store.close()
        finally:
            os._exit(status)
    store.put(b"above", b"value")
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert store.get(b"before") == b"value"
    store.close()
    assert [kept(tmp_path, key) for key in (b"before", b"below", b"above")] == [b"value"] * 3
