from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SITE = {
    "nemo_run/__init__.py": "class Config: ...\nclass Partial: ...\n",
    "nemo_run-0.11.0.dist-info/METADATA": "Name: nemo_run\nVersion: 0.11.0\n",
    "nemo_run-0.11.0.dist-info/RECORD": "nemo_run/__init__.py,,\n",
    "recipes/__init__.py": "import nemo_run as run\nfrom layers import Model\n\n\ndef recipe():\n    return run.Config(Model, size=1)\n",
    "recipes-1.0.dist-info/METADATA": "Name: recipes\nVersion: 1.0\n",
    "recipes-1.0.dist-info/RECORD": "recipes/__init__.py,,\n",
    "layers.py": "class Model:\n    def __init__(self, size: int): ...\n",
    "apart.py": "def train(steps: int): ...\n",
}

SCRIPT = """import nemo_run as run
from apart import train
from recipes import Model, recipe

config = run.Config(Model, sise=1)
other = recipe()
other.sise = 2
task = run.Partial(train, step=1)
"""


def command(directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "NEMO_RUN_LINT_CACHE_DIR": str(directory / "cache")}
    environment.pop("VIRTUAL_ENV", None)
    program = [sys.executable, "-m", "nemo_run_lint", *arguments]
    return subprocess.run(program, cwd=directory / "project", env=environment, capture_output=True, text=True)


CHECK = ("check", "--select", "NRL8", "--output-format", "concise", "-q")


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project, an environment, and what was exported of it."""
    directory = tmp_path_factory.mktemp("index")
    for name, text in SITE.items():
        path = directory / "site" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (directory / "project").mkdir()
    (directory / "project" / "pyproject.toml").write_text("")
    (directory / "project" / "train.py").write_text(SCRIPT)
    built = command(directory, "index", "build", "--python", "../site", "-o", "env.idx")
    assert built.returncode == 0, built.stderr
    assert built.stdout.startswith("env.idx: ")
    return directory


def test_a_check_by_an_index_finds_what_one_by_the_environment_does(here: Path) -> None:
    by_index = command(here, *CHECK, "--index", "env.idx")
    by_environment = command(here, *CHECK, "--python", "../site")
    assert by_index.returncode == 1
    lines = [line.split(":")[1] for line in by_index.stdout.splitlines()]
    assert lines == ["5", "7"]  # what is in `apart` nobody asked to export
    assert [line.split(":")[1] for line in by_environment.stdout.splitlines()] == ["5", "7", "8"]


def test_packages_that_are_named_are_exported_too(here: Path) -> None:
    assert command(here, "index", "build", "apart", "--python", "../site", "-o", "more.idx").returncode == 0
    by_index, by_environment = (
        command(here, *CHECK, "--index", "more.idx"),
        command(here, *CHECK, "--python", "../site"),
    )
    assert by_index.stdout == by_environment.stdout


def test_settings_name_the_index_as_well(here: Path) -> None:
    settings = here / "project" / "pyproject.toml"
    settings.write_text('[tool.nemo-run-lint]\nindex = ["env.idx"]\n')
    try:
        assert command(here, *CHECK).stdout == command(here, *CHECK, "--index", "env.idx").stdout != ""
    finally:
        settings.write_text("")


def test_the_release_of_nemo_run_is_the_one_that_was_exported(here: Path) -> None:
    (here / "project" / "new.py").write_text("from nemo_run import LeptonExecutor\n")
    check = ("check", "--select", "unknown-import", "--output-format", "concise", "-q", "new.py")
    old = [file.replace("0.11.0", "0.3.0") for file in SITE]
    for name, text in zip(old, SITE.values(), strict=True):
        path = here / "old" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("0.11.0", "0.3.0"))
    command(here, "index", "build", "--python", "../old", "-o", "old.idx")
    assert command(here, *check, "--index", "env.idx").returncode == 0
    assert command(here, *check, "--index", "old.idx").returncode == 1


def test_show_tells_what_is_in_it(here: Path) -> None:
    shown = command(here, "index", "show", "env.idx").stdout
    assert "recipes: 1" in shown
    assert "nemo_run 0.11.0" in shown
    assert "3 modules" in shown


@pytest.mark.parametrize(("package", "site"), [("absent", "../site"), ("nemo_run", ".")])
def test_a_package_that_is_not_installed_cannot_be_exported(here: Path, package: str, site: str) -> None:
    result = command(here, "index", "build", package, "--python", site, "-o", "none.idx")
    assert result.returncode == 2
    assert not (here / "project" / "none.idx").exists()


@pytest.mark.parametrize("text", [None, "no index", "nemo-run-lint index\n"])
@pytest.mark.parametrize("arguments", [("check", "--index"), ("index", "show")])
def test_an_index_that_cannot_be_used_ends_with_2_and_a_sentence(
    here: Path, arguments: tuple[str, ...], text: str | None
) -> None:
    broken = here / "project" / "broken.idx"
    broken.unlink(missing_ok=True)
    if text is not None:
        broken.write_text(text)
    result = command(here, *arguments, "broken.idx")
    assert result.returncode == 2
    assert "broken.idx" in result.stderr
    assert "Traceback" not in result.stderr


def test_an_environment_that_there_is_not_ends_with_2_and_a_sentence(here: Path) -> None:
    result = command(here, "check", "--python", "nowhere")
    assert result.returncode == 2
    assert "`nowhere` is no Python environment" in result.stderr


def test_targets_that_are_not_known_are_counted_by_reason(here: Path) -> None:
    result = command(here, *CHECK, "--index", "env.idx", "--explain-unresolved")
    assert "Targets of run.Config and run.Partial: 2, resolved: 1." in result.stderr
    assert "train.py:8 train" in result.stderr
    assert "Targets" not in result.stdout


def test_what_is_remembered_can_be_removed_and_need_not_be(here: Path) -> None:
    cache = here / "cache"
    command(here, *CHECK)
    assert list(cache.glob("*.sqlite"))
    assert command(here, "clean").stdout == f"Removed {cache}\n"
    assert not cache.exists()
    command(here, *CHECK, "--no-cache")
    assert not cache.exists()
    assert command(here, "clean").stdout == f"Nothing is remembered in {cache}\n"
    command(here, *CHECK, "--cache-dir", "../elsewhere")
    assert list((here / "elsewhere").glob("*.sqlite"))
    assert not cache.exists()
