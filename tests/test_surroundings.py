from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from nemo_run_lint.settings import Settings, SettingsError, load
from nemo_run_lint.surroundings import Surroundings, cache_directory, project_of

SETTINGS = Settings(cache=False)


def write(directory: Path, *names: str) -> Path:
    for name in names:
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    return directory


@pytest.mark.parametrize("mark", ["pyproject.toml", "setup.py", "setup.cfg", ".git"])
def test_a_project_is_the_nearest_directory_that_looks_like_one(tmp_path: Path, mark: str) -> None:
    write(tmp_path, "setup.py", f"inner/{mark}", "inner/deep/script.py")
    assert project_of(tmp_path / "inner" / "deep") == tmp_path / "inner"
    assert project_of(tmp_path) == tmp_path


def test_files_of_one_project_share_an_index_and_those_of_two_do_not(tmp_path: Path) -> None:
    write(tmp_path, "a/setup.py", "a/x/one.py", "a/y/two.py", "b/setup.py")
    surroundings = Surroundings()
    one, two, other = (
        surroundings.of(str(tmp_path / name), "", SETTINGS) for name in ("a/x/1.py", "a/y/2.py", "b/3.py")
    )
    assert one is two
    assert one is not other


@pytest.mark.parametrize(
    ("text", "sees"),
    [
        ("import beside", True),
        ("import os, beside as other", True),
        ("from beside import name", True),
        ("from \\\n    beside.below import (\n    name)", True),
        ("if x:\n    import os; import beside", True),
        ("import os\nbeside = 1", False),
        ("from . import beside", False),
        ("from package.beside import name", False),
    ],
)
def test_a_file_sees_what_lies_beside_it_if_it_imports_that(tmp_path: Path, text: str, sees: bool) -> None:
    write(tmp_path, "setup.py", "scripts/beside.py", "scripts/train.py")
    surroundings = Surroundings()
    found = surroundings.of(str(tmp_path / "scripts" / "train.py"), text, SETTINGS)
    assert (found.environment.find("beside") is not None) is sees
    assert (found is surroundings.of(str(tmp_path / "other.py"), "", SETTINGS)) is not sees


def test_a_module_of_a_package_does_not_see_what_lies_beside_it(tmp_path: Path) -> None:
    write(tmp_path, "setup.py", "package/__init__.py", "package/beside.py")
    found = Surroundings().of(str(tmp_path / "package" / "train.py"), "import beside", SETTINGS)
    assert found.environment.find("beside") is None


def test_one_environment_read_for_several_directories_is_read_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "setup.py", "shared.py", "one/beside.py", "two/beside.py")
    surroundings = Surroundings()
    one, two = (surroundings.of(str(tmp_path / name / "a.py"), "import beside", SETTINGS) for name in ("one", "two"))
    modules = [each.index.module("shared") for each in (one, two)]
    assert modules[0].summary is modules[1].summary  # type: ignore[union-attr]


def test_settings_name_paths_from_where_they_are_written(tmp_path: Path) -> None:
    write(tmp_path, "scripts/train.py")
    text = '[tool.nemo-run-lint]\npython = ".env"\nindex = ["a.idx", "/b.idx"]\ncache-dir = "../cache"\n'
    (tmp_path / "pyproject.toml").write_text(text)
    settings = load(tmp_path / "scripts" / "train.py")
    assert settings.python == tmp_path / ".env"
    assert settings.index == (tmp_path / "a.idx", Path("/b.idx"))
    assert cache_directory(settings) == tmp_path.parent / "cache"


@pytest.mark.parametrize("line", ['python = ""', "python = 3", 'index = "a.idx"', "cache-dir = []"])
def test_settings_that_name_no_path_are_refused(tmp_path: Path, line: str) -> None:
    (tmp_path / "pyproject.toml").write_text(f"[tool.nemo-run-lint]\n{line}\n")
    with pytest.raises(SettingsError, match=line.partition(" ")[0]):
        load(tmp_path)


def test_an_environment_that_there_is_not_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="is no Python environment: name an interpreter"):
        Surroundings().check(replace(SETTINGS, python=tmp_path / "none"))


def test_an_index_that_there_is_not_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"none\.idx` cannot be read"):
        Surroundings().check(replace(SETTINGS, index=(tmp_path / "none.idx",)))


def test_the_cache_is_where_it_is_named_or_the_users_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NEMO_RUN_LINT_CACHE_DIR", raising=False)
    assert tmp_path not in cache_directory(SETTINGS).parents
    assert cache_directory(SETTINGS).name == "nemo-run-lint"
    monkeypatch.setenv("NEMO_RUN_LINT_CACHE_DIR", str(tmp_path))
    assert cache_directory(SETTINGS) == tmp_path
    assert cache_directory(replace(SETTINGS, cache_dir=tmp_path / "own")) == tmp_path / "own"
