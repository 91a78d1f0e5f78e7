"""Finding modules in directories: Python's own path finder is the judge where it looks at the same things."""

from __future__ import annotations

import importlib
import os
import shutil
import tempfile
from collections.abc import Iterable
from importlib.machinery import EXTENSION_SUFFIXES, PathFinder
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nemo_run_lint.signatures.search_path import Editable, Found, Listings, SearchPath


def make(root: Path, *files: str) -> None:
    for name in files:
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()


def search(*directories: Path, editable: Editable | None = None) -> SearchPath:
    return SearchPath([str(directory) for directory in directories], Listings(), editable or Editable())


def path_of(found: Found | None, root: Path) -> str:
    assert found is not None
    return os.path.relpath(found.path, root)


# -- as Python does ------------------------------------------------------------------------------------------

#: Names of two levels, each as everything that it can be; `A` is there for file systems that do not tell it from `a`.
ENTRIES = [
    f"{directory}/{above}{name}{ending}"
    for directory in ("first", "second")
    for above in ("", "a/", "b/")
    for name in ("a", "b", "A")
    for ending in (".py", EXTENSION_SUFFIXES[0], ".so", ".pyc", ".txt", "/data.txt", "/__init__.py", "/__init__.so")
]
NAMES = ["a", "b", "A", "c", "a.a", "a.b", "b.a", "b.c", "a.A.b"]


def as_python(name: str, directories: Iterable[str]) -> tuple[str, list[str]] | None:
    """Where Python finds a module, and where it would look for those below; without importing the ones above."""
    origin = ""
    for part in name.split("."):
        spec = PathFinder.find_spec(part, list(directories))
        if spec is None:
            return None
        origin, directories = spec.origin or "", spec.submodule_search_locations or ()
    return origin, list(directories)


@settings(deadline=None, max_examples=150)
@given(st.lists(st.sampled_from(ENTRIES), unique=True, max_size=10))
def test_modules_are_found_where_python_finds_them(entries: list[str]) -> None:
    root = Path(tempfile.mkdtemp())
    try:
        for entry in entries:
            if not any((root / above).is_file() for above in Path(entry).parents):
                make(root, entry)
        importlib.invalidate_caches()
        path = search(root / "first", root / "second")
        for name in NAMES:
            found = path.find(name)
            expected = as_python(name, path.directories)
            assert (found and list(found.directories)) == (expected and expected[1]), name
            if found is not None and expected is not None:
                assert found.is_package == bool(expected[1])
                assert (found.kind == "namespace") == (not expected[0])
                assert found.path in ("", expected[0]) or is_source_of(expected[0], found.path)
                assert (found.path != "") == (found.kind == "source")
    finally:
        shutil.rmtree(root)


def is_source_of(compiled: str, path: str) -> bool:
    return compiled.endswith((".so", ".pyc")) and compiled.partition(".")[0] == path.partition(".")[0]


def test_what_no_import_can_name_is_nothing(tmp_path: Path) -> None:
    make(tmp_path, "a/b.py", "my-module.py", "1.py", ".py", "a/.py")
    odd = ["", ".", "a.", ".a", "a..b", "my-module", "1", "a/b", "a\0", "../a", "\udc80", "a b", "a." * 5000 + "b"]
    assert [name for name in odd if search(tmp_path).find(name)] == []


def test_names_keep_their_case_on_every_file_system(tmp_path: Path) -> None:
    make(tmp_path, "Mixed/Inner.py")
    path = search(tmp_path)
    assert path.find("Mixed.Inner")
    assert not path.find("mixed")
    assert not path.find("Mixed.inner")


def test_a_builtin_module_has_no_file_and_cannot_be_hidden(tmp_path: Path) -> None:
    make(tmp_path, "sys.py", "sys/a.py")
    assert search(tmp_path).find("sys") == Found("sys", "", "compiled", False, ())


# -- stubs ---------------------------------------------------------------------------------------------------


def test_a_stub_speaks_for_compiled_code_and_source_for_itself(tmp_path: Path) -> None:
    make(tmp_path, "both.py", "both.pyi", "fast.so", "fast.pyi", "bare.cpython-311-x86_64-linux-gnu.so", "only.pyi")
    make(tmp_path, "pkg/__init__.pyi", "pkg/__init__.so", "pkg/inner.pyi", "win.cp311-win_amd64.pyd", "win.pyi")
    path = search(tmp_path)
    names = ["both", "fast", "bare", "only", "pkg", "pkg.inner", "win"]
    found = [each for each in map(path.find, names) if each]
    assert [each.kind for each in found] == ["source", "stub", "compiled", "stub", "stub", "stub", "stub"]
    assert [os.path.basename(each.path) for each in found] == [
        "both.py", "fast.pyi", "", "only.pyi", "__init__.pyi", "inner.pyi", "win.pyi",
    ]  # fmt: skip


def test_a_stub_without_code_does_not_hide_code_that_comes_later(tmp_path: Path) -> None:
    make(tmp_path, "first/a.pyi", "first/b/__init__.pyi", "second/a.py", "second/b/__init__.py", "second/b/c.py")
    path = search(tmp_path / "first", tmp_path / "second")
    assert path_of(path.find("a"), tmp_path) == "second/a.py"
    assert path_of(path.find("b.c"), tmp_path) == "second/b/c.py"


def test_the_first_of_several_stubs_counts_and_its_package_has_the_portions_of_a_namespace(tmp_path: Path) -> None:
    make(tmp_path, "1/a.pyi", "2/a.pyi", "1/b/__init__.pyi", "1/b/c.pyi", "2/b/__init__.pyi", "2/b/c.pyi", "3/b/d.py")
    path = search(*(tmp_path / each for each in "123"))
    assert path_of(path.find("a"), tmp_path) == "1/a.pyi"
    assert path_of(path.find("b"), tmp_path) == "1/b/__init__.pyi"
    assert path_of(path.find("b.c"), tmp_path) == "1/b/c.pyi"
    assert path_of(path.find("b.d"), tmp_path) == "3/b/d.py"


def test_a_package_of_stubs_speaks_for_what_has_no_source(tmp_path: Path) -> None:
    make(tmp_path, "mixed/__init__.py", "mixed/fast.so", "mixed/slow.py")
    make(tmp_path, "mixed-stubs/__init__.pyi", "mixed-stubs/fast.pyi", "mixed-stubs/slow.pyi", "mixed-stubs/more.py")
    make(tmp_path, "gone-stubs/__init__.pyi", "gone-stubs/inner.pyi", "empty-stubs/py.typed")
    path = search(tmp_path)
    assert path_of(path.find("mixed"), tmp_path) == "mixed/__init__.py"
    assert path_of(path.find("mixed.slow"), tmp_path) == "mixed/slow.py"
    assert path_of(path.find("mixed.fast"), tmp_path) == "mixed-stubs/fast.pyi"
    make(tmp_path, "native/__init__.so", "native-stubs/__init__.pyi")
    found = search(tmp_path).find("native")
    assert found is not None
    assert found.directories == (str(tmp_path / "native"), str(tmp_path / "native-stubs"))
    assert path_of(path.find("gone.inner"), tmp_path) == "gone-stubs/inner.pyi"
    assert not path.find("mixed.more")
    assert not path.find("empty")
    assert not path.find("gone-stubs")


# -- packages over several directories -----------------------------------------------------------------------


def test_a_namespace_package_joins_its_portions(tmp_path: Path) -> None:
    make(tmp_path, "1/megatron/core/__init__.py", "2/megatron/bridge/a.py", "3/megatron/energon/__init__.py", "4/x.py")
    make(tmp_path, "3/megatron/core/__init__.py", "1/megatron/bridge/b.py")
    path = search(*(tmp_path / each for each in "1234"))
    found = path.find("megatron")
    assert found is not None
    assert found.directories == tuple(str(tmp_path / each / "megatron") for each in "123")
    assert path_of(path.find("megatron.core"), tmp_path) == "1/megatron/core/__init__.py"
    assert path_of(path.find("megatron.bridge.a"), tmp_path) == "2/megatron/bridge/a.py"
    assert path_of(path.find("megatron.bridge.b"), tmp_path) == "1/megatron/bridge/b.py"
    assert path_of(path.find("megatron.energon"), tmp_path) == "3/megatron/energon/__init__.py"


@pytest.mark.parametrize(
    ("init", "is_joined"),
    [
        ("__path__ = __import__('pkgutil').extend_path(__path__, __name__)", True),
        ("__import__('pkg_resources').declare_namespace(__name__)", True),
        ("", False),
    ],
)
def test_a_package_that_joins_its_portions_itself_is_believed(tmp_path: Path, init: str, is_joined: bool) -> None:
    make(tmp_path, "1/old/a.py", "2/old/b.py")
    for each in "12":
        (tmp_path / each / "old" / "__init__.py").write_text(init)
    path = search(tmp_path / "1", tmp_path / "2")
    assert path_of(path.find("old"), tmp_path) == "1/old/__init__.py"
    assert path.find("old.a")
    assert bool(path.find("old.b")) is is_joined


# -- editable installs ---------------------------------------------------------------------------------------


def test_an_editable_install_is_found_where_it_lies(tmp_path: Path) -> None:
    make(tmp_path, "work/src/pkg/__init__.py", "work/src/pkg/deep/a.py", "work/one.py", "work/parts/name_space/b.py")
    modules = {name: str(tmp_path / "work" / place) for name, place in {"pkg": "src/pkg", "alone": "one"}.items()}
    namespaces = {"name_space": [str(tmp_path / "work/parts/name_space")]}
    path = search(tmp_path / "site", editable=Editable(modules, namespaces))
    assert path_of(path.find("pkg.deep.a"), tmp_path) == "work/src/pkg/deep/a.py"
    assert path_of(path.find("alone"), tmp_path) == "work/one.py"
    assert path_of(path.find("name_space.b"), tmp_path) == "work/parts/name_space/b.py"
    assert not path.find("one")


def test_an_editable_package_counts_before_a_folder_of_its_name_and_after_a_package(tmp_path: Path) -> None:
    make(tmp_path, "site/folder/data.txt", "site/real/__init__.py", "work/folder/__init__.py", "work/real/__init__.py")
    modules = {name: str(tmp_path / "work" / name) for name in ("folder", "real")}
    path = search(tmp_path / "site", editable=Editable(modules))
    assert path_of(path.find("folder"), tmp_path) == "work/folder/__init__.py"
    assert path_of(path.find("real"), tmp_path) == "site/real/__init__.py"


def test_a_namespace_may_exist_for_its_editable_packages_alone(tmp_path: Path) -> None:
    make(tmp_path, "work/part/__init__.py")
    path = search(tmp_path, editable=Editable({"space.part": str(tmp_path / "work/part")}, {"space": []}))
    assert path_of(path.find("space.part"), tmp_path) == "work/part/__init__.py"


# -- hard directories ----------------------------------------------------------------------------------------


def test_links_to_themselves_and_to_nothing_are_not_there(tmp_path: Path) -> None:
    make(tmp_path, "pkg/__init__.py", "pkg/mod.py")
    (tmp_path / "pkg" / "again").symlink_to(tmp_path / "pkg", target_is_directory=True)
    (tmp_path / "loop.py").symlink_to(tmp_path / "loop.py")
    (tmp_path / "gone.py").symlink_to(tmp_path / "nowhere.py")
    (tmp_path / "linked.py").symlink_to(tmp_path / "pkg" / "mod.py")
    path = search(tmp_path)
    assert path.find("pkg.again.again.mod")
    assert not path.find("pkg." + "again." * 2000 + "mod")
    assert path.find("linked")
    assert not path.find("loop")
    assert not path.find("gone")


def test_a_directory_is_read_once(tmp_path: Path) -> None:
    large = tmp_path / "large"
    make(large, *(f"m{number}.py" for number in range(5000)))
    path = search(large)
    assert path.find("m0")
    shutil.rmtree(large)
    assert all(path.find(f"m{number}") for number in range(5000))
    assert not path.find("m5000")


def test_what_is_no_directory_holds_nothing(tmp_path: Path) -> None:
    make(tmp_path, "file", "folder.py/a.py", "here.py")
    path = search(tmp_path / "file", tmp_path / "missing", Path("nul\0"), tmp_path)
    assert not path.find("folder")
    assert path.find("here")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads everything")
def test_what_may_not_be_read_holds_nothing(tmp_path: Path) -> None:
    make(tmp_path, "closed/a.py", "open/a.py")
    (tmp_path / "closed").chmod(0)
    assert path_of(search(tmp_path / "closed", tmp_path / "open").find("a"), tmp_path) == "open/a.py"
    (tmp_path / "closed").chmod(0o755)
