"""Which environment is meant, and what is in it: layouts of all kinds, made of empty files."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from nemo_run_lint.signatures.installation import EnvironmentNotFoundError, Installation, named, surrounding

HERE = sys.version_info[:2]


@pytest.fixture(autouse=True)
def no_active_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        monkeypatch.delenv(name, raising=False)


def make(root: Path, *files: str) -> None:
    for name in files:
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()


def virtual(prefix: Path, settings: str, *files: str) -> Path:
    make(prefix, "pyvenv.cfg", *files)
    (prefix / "pyvenv.cfg").write_text(settings)
    return prefix


def inside(root: Path, paths: tuple[Path, ...]) -> list[str]:
    return [path.relative_to(root).as_posix() for path in paths if path.is_relative_to(root)]


#: What lies in an environment; how it may be named; its site directories, standard library and version.
LAYOUTS = {
    "conda": (
        ["bin/python3.12", "lib/python3.12/os.py", "lib/python3.12/site-packages/a.py", "lib/python3.12/lib-dynload/x.so"],
        ["", "bin/python3.12", "lib/python3.12/site-packages"],
        (["lib/python3.12/site-packages"], ["lib/python3.12", "lib/python3.12/lib-dynload"], (3, 12)),
    ),
    "Windows": (
        ["python.exe", "Lib/os.py", "Lib/site-packages/a.py", "DLLs/x.pyd"],
        ["", "python.exe", "Lib/site-packages"],
        (["Lib/site-packages"], ["Lib", "DLLs"], HERE),
    ),
    "Fedora": (
        ["bin/python3.10", "lib/python3.10/site-packages/a.py", "lib64/python3.10/os.py", "lib64/python3.10/site-packages/a.so"],
        ["", "bin/python3.10"],
        (["lib/python3.10/site-packages", "lib64/python3.10/site-packages"], ["lib64/python3.10"], (3, 10)),
    ),
    "Debian": (
        ["bin/python3.11", "lib/python3.11/os.py", "lib/python3/dist-packages/a.py", "local/lib/python3.11/dist-packages/b.py"],
        ["", "bin/python3.11"],
        (["local/lib/python3.11/dist-packages", "lib/python3/dist-packages"], ["lib/python3.11"], (3, 11)),
    ),
    "PyPy": (
        ["bin/pypy3.10", "lib/pypy3.10/os.py", "lib/pypy3.10/site-packages/a.py"],
        ["", "bin/pypy3.10"],
        (["lib/pypy3.10/site-packages"], ["lib/pypy3.10"], (3, 10)),
    ),
    "free-threaded": (
        ["bin/python3.13t", "lib/python3.13t/os.py", "lib/python3.13t/site-packages/a.py"],
        ["", "bin/python3.13t", "lib/python3.13t/site-packages"],
        (["lib/python3.13t/site-packages"], ["lib/python3.13t"], (3, 13)),
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("layout", "name"), [(layout, name) for layout, (_, names, _) in LAYOUTS.items() for name in names]
)
def test_an_environment_is_found_by_each_of_its_names(tmp_path: Path, layout: str, name: str) -> None:
    files, _, (site, stdlib, version) = LAYOUTS[layout]
    make(tmp_path, *files)
    found = named(tmp_path / name)
    assert inside(tmp_path, found.site) == site
    assert inside(tmp_path, found.stdlib) == stdlib
    assert found.version == version


def test_of_several_pythons_the_named_one_counts_or_the_newest(tmp_path: Path) -> None:
    for version in ("3.9", "3.10", "3.11"):
        make(tmp_path, f"bin/python{version}", f"lib/python{version}/os.py", f"lib/python{version}/site-packages/a.py")
    make(tmp_path, "lib/python3.14/nothing.txt")
    (tmp_path / "bin" / "python3").symlink_to("python3.9")
    assert [named(tmp_path / each).version for each in ("bin/python3.10", "bin/python3", "")] == [
        (3, 10),
        (3, 9),
        (3, 11),
    ]


@pytest.mark.parametrize("name", ["", "bin/python", "Scripts/python.exe", "lib/python3.12/site-packages"])
@pytest.mark.parametrize("version", ["version = 3.12.4", "version_info = 3.12.4.final.0"])
def test_a_virtual_environment_tells_its_base_and_version(tmp_path: Path, name: str, version: str) -> None:
    make(tmp_path, "base/lib/python3.12/os.py", "base/lib/python3.12/site-packages/a.py", "base/lib/python3.11/os.py")
    places = (
        "bin/python",
        "Scripts/python.exe",
        "lib/python3.12/site-packages/b.py",
        "lib/python3.13/site-packages/c.py",
    )
    env = virtual(tmp_path / "env", f"HOME = {tmp_path}/base/bin\n{version}\nodd\n", *places)
    expected = Installation((env / "lib/python3.12/site-packages",), (tmp_path / "base/lib/python3.12",), (3, 12))
    assert named(env / name) == expected


@pytest.mark.parametrize(("setting", "is_seen"), [("true", True), ("TRUE", True), ("false", False), ("", False)])
def test_the_base_is_looked_in_where_the_settings_say_so(tmp_path: Path, setting: str, is_seen: bool) -> None:
    make(tmp_path, "base/lib/python3.12/os.py", "base/lib/python3.12/site-packages/a.py")
    settings = f"home = {tmp_path}/base/bin\nversion = 3.12.4\ninclude-system-site-packages = {setting}\n"
    env = virtual(tmp_path / "env", settings, "lib/python3.12/site-packages/a.py")
    base = ["base/lib/python3.12/site-packages"] if is_seen else []
    assert inside(tmp_path, named(env).site) == ["env/lib/python3.12/site-packages", *base]


def test_the_base_is_found_behind_a_link_as_well(tmp_path: Path) -> None:
    make(tmp_path, "framework/bin/python3.12", "framework/lib/python3.12/os.py", "opt/bin/readme")
    (tmp_path / "opt" / "bin" / "python").symlink_to(tmp_path / "framework/bin/python3.12")
    env = virtual(
        tmp_path / "env", f"home = {tmp_path}/opt/bin\nversion = 3.12.4\n", "lib/python3.12/site-packages/a.py"
    )
    (env / "bin").mkdir()
    (env / "bin" / "python").symlink_to(tmp_path / "opt/bin/python")
    assert inside(tmp_path, named(env).stdlib) == ["framework/lib/python3.12"]


def test_the_running_standard_library_stands_in_for_one_that_is_gone(tmp_path: Path) -> None:
    env = virtual(tmp_path, "home = /nowhere/bin\nversion = 3.99.1\n", "lib/python3.99/site-packages/a.py")
    (env / "bin").mkdir()
    (env / "bin" / "python").symlink_to("/nowhere/bin/python3.99")
    for name in (env, env / "bin/python"):
        found = named(name)
        assert found.version == (3, 99)
        assert (found.stdlib[0] / "os.py").is_file()


def test_settings_that_point_to_themselves_come_to_an_end(tmp_path: Path) -> None:
    settings = f"home = {tmp_path}/bin\ninclude-system-site-packages = true\n"
    version = "{}.{}".format(*HERE)
    env = virtual(tmp_path, settings, f"lib/python{version}/site-packages/a.py")
    assert named(env).site == (env / f"lib/python{version}/site-packages",)


def test_a_link_to_an_interpreter_leads_to_its_environment(tmp_path: Path) -> None:
    make(
        tmp_path,
        "opt/bin/python3.12",
        "opt/lib/python3.12/site-packages/a.py",
        "home/lib/python3.11/site-packages/b.py",
    )
    (tmp_path / "home" / "bin").mkdir()
    (tmp_path / "home" / "bin" / "python").symlink_to(tmp_path / "opt/bin/python3.12")
    assert inside(tmp_path, named(tmp_path / "home/bin/python").site) == ["opt/lib/python3.12/site-packages"]


@pytest.mark.parametrize("metadata", ["a-1.0.dist-info/METADATA", "a.egg-info/PKG-INFO"])
def test_a_directory_of_unpacked_wheels_will_do(tmp_path: Path, metadata: str) -> None:
    make(tmp_path, "a/__init__.py", metadata)
    found = named(tmp_path)
    assert (found.site, found.version) == ((tmp_path,), HERE)


@pytest.mark.parametrize(
    "name", ["missing", "file.txt", "empty", "project", "env/bin/python3.99", "env/bin/activate", "nul\0"]
)
def test_anything_else_is_refused_with_a_sentence(tmp_path: Path, name: str) -> None:
    make(
        tmp_path,
        "file.txt",
        "empty/x/y",
        "project/pyproject.toml",
        "project/a.py",
        "env/bin/activate",
        "env/lib/python3.11/os.py",
    )
    with pytest.raises(EnvironmentNotFoundError) as error:
        named(tmp_path / name)
    assert f"`{tmp_path / name}` is no Python environment" in str(error.value)
    assert "site-packages" in str(error.value)


def test_the_active_environment_comes_first_then_the_project_s_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("active", "project/.venv", "project/venv", "conda"):
        virtual(tmp_path / name, "", "lib/python3.12/site-packages/a.py")
        (tmp_path / name / "pyvenv.cfg").write_text("version = 3.12")
    monkeypatch.setenv("VIRTUAL_ENV", str(tmp_path / "active"))
    monkeypatch.setenv("CONDA_PREFIX", str(tmp_path / "conda"))
    seen = []
    for gone in ("", "active", "project/.venv", "project/venv", "conda"):
        if gone:
            (tmp_path / gone).rename(tmp_path / f"gone-{os.path.basename(gone)}")
        seen += inside(tmp_path, surrounding(tmp_path / "project").site)
    assert [each.removesuffix("/lib/python3.12/site-packages") for each in seen] == [
        "active",
        "project/.venv",
        "project/venv",
        "conda",
    ]
    assert surrounding(tmp_path / "project") == surrounding(None)


def test_a_folder_called_venv_is_none_without_its_settings(tmp_path: Path) -> None:
    make(tmp_path, "venv/lib/python3.12/site-packages/a.py")
    assert inside(tmp_path, surrounding(tmp_path).site) == []


def test_without_any_the_running_python_is_meant() -> None:
    found = surrounding(None)
    assert found.version == HERE
    assert any((site / "pytest").is_dir() for site in found.site)
    assert Path(os.__file__).parent in found.stdlib
