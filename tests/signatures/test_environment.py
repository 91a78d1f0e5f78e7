"""Where modules are looked for: real trees, and a real virtual environment that is asked itself."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from nemo_run_lint.signatures.environment import Environment, EnvironmentNotFoundError


def make(root: Path, *files: str) -> None:
    for name in files:
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()


def wheel(site: Path, name: str, version: str, *files: str) -> None:
    """A distribution, unpacked."""
    make(site, *files)
    info = site / f"{name.replace('-', '_')}-{version}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Name: {name}\nVersion: {version}\n")
    (info / "RECORD").write_text("".join(f"{file},,\n" for file in files))


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """An environment that holds some distributions."""
    site = tmp_path / "env" / "site-packages"
    wheel(site, "megatron-core", "0.13.1", "megatron/core/__init__.py", "megatron/core/models/gpt.py")
    wheel(site, "datasets", "2.0", "datasets/__init__.py", "datasets/load.py")
    return site


def path_of(environment: Environment, name: str, root: Path) -> str | None:
    found = environment.find(name)
    return found and os.path.relpath(found.path, root)


# -- the project ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("files", "roots"),
    [
        (["pkg/__init__.py"], ["."]),
        (["src/pkg/__init__.py", "tests/test_a.py"], ["src", "."]),
        (["src/megatron/bridge/__init__.py"], ["src", "."]),
        (["src/one.py"], ["src", "."]),
        (["src/__init__.py", "src/pkg/__init__.py"], ["."]),
        (["src/kernel.cu", "src/my-data/a.txt", "src/__pycache__/a.pyc"], ["."]),
        (["src"], ["."]),
    ],
)
def test_a_project_imports_from_its_directory_and_from_src(
    tmp_path: Path, site: Path, files: list[str], roots: list[str]
) -> None:
    project = tmp_path / "project"
    make(project, *files)
    assert Environment.of(project, site).roots == tuple(project / root for root in roots)


def test_files_without_a_project_have_no_roots(site: Path) -> None:
    environment = Environment.of(None, site)
    assert environment.roots == ()
    assert environment.find("datasets.load")


def test_the_project_comes_before_what_is_installed_and_python_before_that(tmp_path: Path, site: Path) -> None:
    project = tmp_path / "project"
    make(project, "src/a.py", "a.py", "b.py", "datasets/readme.txt", "json/readme.txt")
    make(tmp_path, "extra/b.py", "extra/c.py")
    make(site, "a.py", "b.py", "c.py", "d.py", "json/__init__.py")
    environment = Environment.of(project, site, [tmp_path / "extra", tmp_path / "missing"])
    places = {name: path_of(environment, name, tmp_path) for name in ("a", "b", "c", "d", "datasets")}
    assert places == {
        "a": "project/src/a.py",
        "b": "project/b.py",
        "c": "extra/c.py",
        "d": "env/site-packages/d.py",
        "datasets": "env/site-packages/datasets/__init__.py",
    }
    assert environment.find("json.decoder")


def test_relative_paths_are_meant_from_here(tmp_path: Path, site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, "project/a.py", "extra/b.py")
    monkeypatch.chdir(tmp_path)
    environment = Environment.of(Path("extra/../project"), site.relative_to(tmp_path), [Path("project/../extra")])
    assert environment.module_name(Path("extra/b.py")) == "b"
    monkeypatch.chdir("/")
    found = [environment.find(name) for name in ("a", "b", "datasets")]
    assert environment.module_name(tmp_path / "project" / "a.py") == "a"
    assert all(each is not None and os.path.isabs(each.path) for each in found)


def test_namespace_packages_lie_over_project_extra_directories_and_environment(tmp_path: Path, site: Path) -> None:
    make(tmp_path, "project/src/megatron/bridge/__init__.py", "extra/megatron/energon/__init__.py")
    environment = Environment.of(tmp_path / "project", site, [tmp_path / "extra"])
    found = environment.find("megatron")
    assert found is not None
    assert (found.kind, len(found.directories)) == ("namespace", 3)
    assert all(environment.find(f"megatron.{part}") for part in ("core", "bridge", "energon", "core.models.gpt"))


def test_what_is_no_environment_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentNotFoundError):
        Environment.of(None, tmp_path / "missing")


def test_an_environment_can_be_sent_to_another_process(tmp_path: Path, site: Path) -> None:
    environment = Environment.of(tmp_path, site)
    environment.find("datasets")
    assert pickle.loads(pickle.dumps(environment)).find("datasets") == environment.find("datasets")


# -- scripts -------------------------------------------------------------------------------------------------


def test_what_lies_beside_a_script_can_be_imported(tmp_path: Path, site: Path) -> None:
    make(tmp_path, "project/scripts/run/helpers.py", "project/scripts/run/parts/a.py", "project/scripts/run/train.py")
    environment = Environment.of(tmp_path / "project", site)
    script = environment.with_script(tmp_path / "project/scripts/run")
    assert path_of(script, "helpers", tmp_path) == "project/scripts/run/helpers.py"
    assert path_of(script, "parts.a", tmp_path) == "project/scripts/run/parts/a.py"
    assert path_of(script, "scripts.run.helpers", tmp_path) == "project/scripts/run/helpers.py"
    assert script.find("datasets")
    assert not environment.find("helpers")
    assert not script.find("missing")


@pytest.mark.parametrize(
    "inside", ["megatron/notes.py", "megatron/core/training.py", "megatron/__init__.py", "megatron.py"]
)
def test_nothing_beside_a_script_hides_an_installed_namespace(tmp_path: Path, site: Path, inside: str) -> None:
    make(tmp_path, f"scripts/{inside}")
    script = Environment.of(None, site).with_script(tmp_path / "scripts")
    assert path_of(script, "megatron.core", tmp_path) == "env/site-packages/megatron/core/__init__.py"
    assert not script.find("megatron.notes")


@pytest.mark.parametrize("name", ["datasets", "json", "mine"])
def test_a_folder_beside_a_script_hides_no_package(tmp_path: Path, site: Path, name: str) -> None:
    make(tmp_path, f"project/scripts/{name}/a.py", "project/mine/__init__.py")
    environment = Environment.of(tmp_path / "project", site)
    script = environment.with_script(tmp_path / "project/scripts")
    assert script.find(name) == environment.find(name) is not None
    assert not script.find(f"{name}.a")


@pytest.mark.parametrize("inside", ["{}.py", "{}/__init__.py"])
@pytest.mark.parametrize("name", ["datasets", "json", "mine"])
def test_where_a_script_would_hide_a_package_nothing_is_known(
    tmp_path: Path, site: Path, name: str, inside: str
) -> None:
    make(tmp_path, f"project/scripts/{inside.format(name)}", "project/mine/__init__.py", "project/mine/load.py")
    script = Environment.of(tmp_path / "project", site).with_script(tmp_path / "project/scripts")
    assert not script.find(name)
    assert not script.find(f"{name}.load")


def test_a_module_beside_a_script_counts_before_a_mere_folder_of_the_project(tmp_path: Path, site: Path) -> None:
    make(tmp_path, "project/tools/build.sh", "project/scripts/tools.py", "project/both/a.py")
    make(tmp_path, "project/scripts/both/a.py", "project/scripts/both/b.py")
    script = Environment.of(tmp_path / "project", site).with_script(tmp_path / "project/scripts")
    assert path_of(script, "both.a", tmp_path) == "project/both/a.py"
    assert path_of(script, "both.b", tmp_path) == "project/scripts/both/b.py"
    assert path_of(script, "tools", tmp_path) == "project/scripts/tools.py"


def test_builtin_modules_are_known_beside_a_script_too(tmp_path: Path, site: Path) -> None:
    make(tmp_path, "scripts/sys.py")
    found = Environment.of(None, site).with_script(tmp_path / "scripts").find("sys")
    assert found is not None
    assert found.kind == "compiled"


def test_each_script_has_its_own_neighbours(tmp_path: Path, site: Path) -> None:
    make(tmp_path, "a/one.py", "b/two.py")
    environment = Environment.of(tmp_path, site)
    first, second = (environment.with_script(tmp_path / each) for each in "ab")
    both = first.with_script(tmp_path / "b")
    assert [bool(each.find("one")) for each in (first, second, both)] == [True, False, False]
    assert [bool(each.find("two")) for each in (first, second, both)] == [False, True, True]
    assert environment.with_script(tmp_path) is environment


# -- names of files ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("project/src/pkg/mod.py", "pkg.mod"),
        ("project/src/pkg/__init__.py", "pkg"),
        ("project/src/pkg/typed.pyi", "pkg.typed"),
        ("project/tools/deep/run.py", "tools.deep.run"),
        ("project/setup.py", "setup"),
        ("project/my-scripts/train.py", "train"),
        ("project/my-scripts/lib/__init__.py", "lib"),
        ("project/my-scripts/lib/a.py", "lib.a"),
        ("project/my-scripts/train-llm.py", ""),
        ("project/my-scripts/train-llm/__init__.py", ""),
        ("project/notebook.ipynb", ""),
        ("project/script", ""),
        ("elsewhere/other/a.py", "other.a"),
        ("elsewhere/b.py", "b"),
        ("env/site-packages/megatron/core/models/gpt.py", "megatron.core.models.gpt"),
    ],
)
def test_a_file_is_called_what_would_import_it(tmp_path: Path, site: Path, file: str, name: str) -> None:
    packages = ("project/src/pkg", "project/my-scripts/lib", "elsewhere/other")
    make(tmp_path, *(f"{package}/__init__.py" for package in packages), "project/src/pkg/typed.py", file)
    environment = Environment.of(tmp_path / "project", site)
    assert environment.module_name(tmp_path / file) == name


def test_a_name_that_leads_to_another_file_is_not_given(tmp_path: Path, site: Path) -> None:
    make(tmp_path, "project/src/a/__init__.py", "project/a/b.py", "project/a.py", "project/b-c/datasets.py")
    make(tmp_path, "other/datasets/__init__.py", "other/datasets/load.py")
    environment = Environment.of(tmp_path / "project", site)
    assert environment.module_name(tmp_path / "project/a/b.py") == "b"
    for hidden in ("project/a.py", "project/b-c/datasets.py", "other/datasets/__init__.py", "other/datasets/load.py"):
        assert environment.module_name(tmp_path / hidden) == ""


def test_a_script_has_the_name_by_which_its_neighbours_import_it(tmp_path: Path, site: Path) -> None:
    make(tmp_path, "project/my-scripts/train.py", "project/my-scripts/lib/__init__.py")
    script = Environment.of(tmp_path / "project", site).with_script(tmp_path / "project/my-scripts")
    assert script.module_name(tmp_path / "project/my-scripts/train.py") == "train"
    assert script.module_name(tmp_path / "project/my-scripts/lib/__init__.py") == "lib"


# -- distributions -------------------------------------------------------------------------------------------


def test_files_of_installed_distributions_are_known_and_no_others(tmp_path: Path, site: Path) -> None:
    make(tmp_path, "project/datasets/__init__.py", "project/project.egg-info/PKG-INFO", "project/project.py")
    wheel(tmp_path / "extra", "energon", "5.2", "megatron/energon/__init__.py")
    (tmp_path / "project/project.egg-info/PKG-INFO").write_text("Name: project\nVersion: 1\n")
    wheel(tmp_path / "develop", "worked-on", "1.dev0", "worked_on/__init__.py")
    (site / "paths.pth").write_text(f"{tmp_path}/develop\n{tmp_path}/project\n")
    environment = Environment.of(tmp_path / "project", site, [tmp_path / "extra"])
    files = {
        site / "megatron/core/models/gpt.py": "megatron-core 0.13.1",
        tmp_path / "extra/megatron/energon/__init__.py": "energon 5.2",
        tmp_path / "develop/worked_on/__init__.py": "worked-on 1.dev0",
        site / "datasets/other.py": "",
        tmp_path / "project/datasets/__init__.py": "",
        tmp_path / "project/project.py": "",
        tmp_path / "nowhere.py": "",
        Path(os.__file__): "",
    }
    assert {file: environment.distribution(str(file)) for file in files} == files
    versions = {name: environment.installed(name) for name in ("Megatron_Core", "energon", "worked.on", "torch")}
    assert versions == {"Megatron_Core": "0.13.1", "energon": "5.2", "worked.on": "1.dev0", "torch": None}


def test_an_editable_install_belongs_to_its_distribution(tmp_path: Path, site: Path) -> None:
    make(tmp_path, "opt/pkg/__init__.py", "opt/pkg/a.py", "opt/pkg.egg-info/top_level.txt")
    (tmp_path / "opt/pkg.egg-info/PKG-INFO").write_text("Name: pkg\nVersion: 3.0\n")
    (site / "__editable__.pkg.pth").write_text("import __editable___pkg_finder; __editable___pkg_finder.install()")
    (site / "__editable___pkg_finder.py").write_text(f"MAPPING = {{'pkg': {str(tmp_path / 'opt/pkg')!r}}}")
    environment = Environment.of(None, site)
    found = environment.find("pkg.a")
    assert found is not None
    assert environment.distribution(found.path) == "pkg 3.0"
    assert environment.module_name(Path(found.path)) == "pkg.a"


# -- a real one ----------------------------------------------------------------------------------------------

_SAY = """
import importlib.util, json, sys
def where(name):
    try:
        spec = importlib.util.find_spec(name)
    except ModuleNotFoundError:  # below what is no package
        return None
    return spec and [spec.origin, list(spec.submodule_search_locations or [])]
names = json.loads(sys.argv[1]) + [name for name in sys.stdlib_module_names if name not in ("__main__", "this", "antigravity")]
print(json.dumps([sys.path, {name: where(name) for name in names}]))
"""

_NAMES = [
    "plain", "plain.deep.mod", "plain.missing", "single", "space.a", "space.b.c", "listed", "listed.inner", "no_such",
    "json.decoder", "email.mime.text", "xml.etree.ElementTree", "concurrent.futures.thread", "importlib.metadata",
    "collections.abc", "unittest.mock", "logging.handlers", "multiprocessing.pool", "asyncio.events", "ctypes.util",
    "json.no_such", "os.path.no_such", "encodings.utf_8", "urllib.request", "wsgiref.simple_server",
]  # fmt: skip


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> tuple[Environment, list[str], dict[str, Any]]:
    """A virtual environment as it is read, and what its own Python says: its path, and where each module is."""
    root = tmp_path_factory.mktemp("real")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", root / "env"], check=True)
    site = next((root / "env").glob("[lL]ib/**/site-packages"))
    make(site, "plain/__init__.py", "plain/deep/__init__.py", "plain/deep/mod.py", "single.py", "space/a.py", "json.py")
    make(root, "more/space/b/c.py", "more/single.py", "more/listed/__init__.py", "more/listed/inner.py")
    (site / "more.pth").write_text(f"../../nowhere\n{root / 'more'}\n")
    python = next(path for path in (root / "env/bin/python", root / "env/Scripts/python.exe") if path.exists())
    said = subprocess.run([python, "-I", "-c", _SAY, json.dumps(_NAMES)], check=True, capture_output=True, text=True)
    path, places = json.loads(said.stdout)
    return Environment.of(None, python), path, places


def test_a_real_environment_looks_in_the_same_places(real: tuple[Environment, list[str], dict[str, Any]]) -> None:
    environment, path, _ = real
    assert environment.version == sys.version_info[:2]
    assert [*map(str, (*environment.stdlib, *environment.site))] == [each for each in path if os.path.isdir(each)][:-1]


def test_a_real_environment_has_its_modules_where_its_python_finds_them(
    real: tuple[Environment, list[str], dict[str, Any]],
) -> None:
    environment, _, places = real
    assert len(places) > 200
    for name, place in places.items():
        found = environment.find(name)
        if place is None:
            assert found is None, name
            continue
        origin, directories = place
        if origin == "frozen":  # compiled into Python; where its source lies is not told
            assert found is None or found.kind == "source", name
            continue
        assert found is not None, name
        assert list(found.directories) == directories, name
        assert found.path == (origin if origin and origin.endswith(".py") else ""), name
        assert (found.kind == "namespace") == (origin is None), name
