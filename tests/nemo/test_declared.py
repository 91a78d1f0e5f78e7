"""Which releases a project says that it uses, in every file that can say so, and which of them counts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from nemo_run_lint.checking import check_source
from nemo_run_lint.nemo.declared import declared, forget
from nemo_run_lint.releases import NEWEST, RELEASES
from nemo_run_lint.settings import Settings

SINCE_9 = ("0.9.0", "0.10.0", "0.11.0", "0.11.1")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A directory that nothing above it speaks for, and in which no environment is active."""
    for variable in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        monkeypatch.delenv(variable, raising=False)
    (tmp_path / ".git").mkdir()
    yield tmp_path
    forget()


def write(project: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(text, encoding="utf-8")


def of_file(project: Path, name: str, text: str) -> tuple[str, ...]:
    write(project, {name: text})
    return declared(project)


@pytest.mark.parametrize(
    ("written", "releases"),
    [
        ("nemo-run==0.9.0", ("0.9.0",)),
        ("nemo_run == 0.9.0  # because of the cluster", ("0.9.0",)),
        ("NeMo.Run==0.9.0 ; python_version < '3.12'", ("0.9.0",)),
        ("nemo_run[ray]==0.9.0 \\\n    --hash=sha256:00", ("0.9.0",)),
        ("nemo_run==0.9.0 --hash=sha256:00", ("0.9.0",)),
        ("nemo-run>=0.9,<0.11", ("0.9.0", "0.10.0")),
        ("nemo-run~=0.8.0", ("0.8.0", "0.8.1")),
        ("nemo-run==0.8.*", ("0.8.0", "0.8.1")),
        ("nemo-run>=0.9", SINCE_9),
        ("nemo-run>=0.9,!=0.11.0", ("0.9.0", "0.10.0", "0.11.1")),
        ("nemo-run<0.11", ("0.10.0",)),
        ("nemo-run!=0.11.1", ("0.11.0",)),
        ("nemo_run @ git+https://host/NeMo-Run.git@v0.7.0", ("0.7.0",)),
        ("nemo_run @ git+https://host/NeMo-Run.git@0a1b2c3", ()),
        ("nemo_run", ()),
        ("nemo_run>=0.12", ()),
        ("nemo_run==0.7.5", ()),
        ("nemo_run = = 1", ()),
        ("nemo_run==0.3.0\nnemo_run==0.9.0", ("0.3.0", "0.9.0")),
        ("torch==2.0\n# nemo_run==0.9.0", ()),
        ("nemo-run-lint==0.3.0\nnemo_runspec==0.3.0\nnemo-runner==0.3.0\nmy-nemo-run==0.3.0", ()),
    ],
)
def test_a_line_of_requirements(project: Path, written: str, releases: tuple[str, ...]) -> None:
    assert of_file(project, "requirements.txt", f"torch\n{written}\nnumpy>=2\n") == releases


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("requirements-dev.txt", "nemo_run==0.9.0\n"),
        ("requirements.in", "nemo_run==0.9.0\n"),
        ("requirements/train.txt", "  nemo_run==0.9.0\n"),
        ("uv.lock", '[[package]]\nname = "nemo-run"\nversion = "0.9.0"\nsource = { registry = "x" }\n'),
        ("poetry.lock", '[[package]]\nname = "nemo-run"\nversion = "0.9.0"\ndescription = ""\n'),
        ("pdm.lock", '[[package]]\nname = "nemo_run"\nversion = "0.9.0"\n'),
        ("pylock.toml", '[[packages]]\nname = "nemo-run"\nversion = "0.9.0"\n'),
        ("Pipfile.lock", '{"_meta": {}, "default": {"nemo-run": {"version": "==0.9.0"}}, "develop": {}}'),
        ("environment.yml", "dependencies:\n  - python=3.12\n  - conda-forge::nemo-run=0.9\n"),
        ("environment-gpu.yaml", "dependencies:\n  - pip:\n    - 'nemo_run==0.9.0'\n"),
        ("conda.yaml", "dependencies:\n- nemo-run=0.9.0\n"),
        ("pyproject.toml", '[project]\ndependencies = ["torch", "nemo-run==0.9.0"]\n'),
        ("pyproject.toml", '[project.optional-dependencies]\nrun = ["nemo_run==0.9.0"]\n'),
        ("pyproject.toml", '[dependency-groups]\ntrain = [{include-group = "a"}, "nemo_run==0.9.0"]\na = []\n'),
        ("pyproject.toml", '[tool.uv]\ndev-dependencies = ["nemo_run==0.9.0"]\n'),
        ("pyproject.toml", '[tool.pdm.dev-dependencies]\nrun = ["nemo_run==0.9.0"]\n'),
        ("pyproject.toml", '[tool.poetry.dependencies]\nnemo_run = "^0.9"\n'),
        ("pyproject.toml", '[tool.poetry.dependencies]\nnemo-run = {version = "~0.9.0", extras = ["a"]}\n'),
        ("pyproject.toml", '[tool.poetry.group.dev.dependencies]\nnemo_run = "0.9.0"\n'),
        ("pyproject.toml", '[tool.poetry.dependencies]\nnemo_run = {git = "https://host/r", tag = "v0.9.0"}\n'),
        ("pyproject.toml", '[tool.poetry.dependencies]\nnemo_run = [{version = ">=0.9,<0.10", python = "3.12"}]\n'),
    ],
)
def test_every_kind_of_file(project: Path, name: str, text: str) -> None:
    assert of_file(project, name, text) == ("0.9.0",)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pyproject.toml", 'nemo_run = [[[\nproject = "'),
        ("pyproject.toml", 'project = "nemo_run==0.9.0"\n'),
        ("pyproject.toml", '[project]\ndependencies = "nemo_run==0.9.0"\n[tool]\npoetry = ["nemo_run"]\n'),
        ("pyproject.toml", '[project]\nname = "nemo_run"\nkeywords = ["nemo-run"]\n'),
        ("pyproject.toml", '[tool.poetry.dependencies]\nnemo_run = "*"\n'),
        ("pyproject.toml", '[tool.poetry.dependencies]\nnemo_run = {path = "../run"}\n'),
        ("pyproject.toml", "[tool.poetry.dependencies]\nnemo_run = 3\n"),
        ("Pipfile.lock", '{"default": {"nemo-run": '),
        ("Pipfile.lock", '["nemo-run"]'),
        ("Pipfile.lock", '{"default": {"nemo-run": {"git": "x"}, "other": "nemo-run"}}'),
        ("uv.lock", '[[package]]\nname = "nemo-run"\nsource = { git = "x" }\n'),
        ("uv.lock", '[[package]]\nname = "nemo-run"\nversion = "0.8.0rc0.dev0"\n'),
        ("uv.lock", '[[package]]\nname = "nemo-run-lint"\nversion = "0.9.0"\n'),
    ],
)
def test_a_file_that_is_broken_or_says_nothing_of_it_is_passed_over(project: Path, name: str, text: str) -> None:
    assert of_file(project, name, text) == ()


def test_what_is_no_text_is_passed_over(project: Path) -> None:
    (project / "requirements.txt").write_bytes(b"nemo_run==0.9.0 # \xff\n")
    (project / "pyproject.toml").mkdir()
    assert declared(project) == ()


def test_a_lock_file_wins_over_pins_and_those_over_ranges(project: Path) -> None:
    write(project, {"pyproject.toml": '[project]\ndependencies = ["nemo_run>=0.9"]\n'})
    assert declared(project) == SINCE_9
    forget()
    write(project, {"requirements.txt": "nemo_run==0.10.0\n"})
    assert declared(project) == ("0.10.0",)
    forget()
    write(project, {"uv.lock": 'name = "nemo-run"\nversion = "0.11.0"\n'})
    assert declared(project) == ("0.11.0",)


def test_what_is_locked_for_several_platforms_counts_together(project: Path) -> None:
    locked = "".join(f'[[package]]\nname = "nemo-run"\nversion = "{each}"\n' for each in ("0.11.1", "0.9.0"))
    assert of_file(project, "uv.lock", locked) == ("0.9.0", "0.11.1")


def test_a_locked_version_that_is_newer_than_all_is_judged_as_the_newest(project: Path) -> None:
    assert of_file(project, "uv.lock", 'name = "nemo-run"\nversion = "0.99.0"\n') == (NEWEST,)


def test_the_nearest_directory_that_names_it_counts(project: Path) -> None:
    write(
        project,
        {
            "requirements.txt": "nemo_run==0.3.0\n",
            "team/requirements.txt": "nemo_run==0.9.0\n",
            "team/deep/pyproject.toml": "[project]\ndependencies = ['torch']\n",
        },
    )
    assert declared(project / "team" / "deep" / "deeper") == ("0.9.0",)
    assert declared(project / "other") == ("0.3.0",)


def test_nothing_above_the_repository_counts(project: Path) -> None:
    write(project, {"requirements.txt": "nemo_run==0.3.0\n", "inner/.git/HEAD": ""})
    assert declared(project / "inner") == ()


def test_what_is_installed_counts_where_no_file_says_anything(project: Path) -> None:
    site = ".venv/lib/python3.11/site-packages"
    metadata = f"{site}/nemo_run-0.8.1.dist-info/METADATA"
    write(project, {".venv/pyvenv.cfg": "version = 3.11.0\n", metadata: "Name: nemo_run\nVersion: 0.8.1\n\n"})
    assert declared(project) == ("0.8.1",)
    forget()
    assert of_file(project, "requirements.txt", "nemo_run==0.9.0\n") == ("0.9.0",)


def test_what_is_installed_is_looked_for_in_the_nearest_project(project: Path) -> None:
    for place, version in ((".", "0.3.0"), ("inner", "0.9.0")):
        metadata = f"{place}/.venv/lib/python3.11/site-packages/nemo_run-{version}.dist-info/METADATA"
        write(project, {f"{place}/.venv/pyvenv.cfg": "", metadata: f"Name: nemo_run\nVersion: {version}\n\n"})
    assert declared(project / "inner" / "deep") == ("0.9.0",)
    assert declared(project / "other") == ("0.3.0",)


@pytest.mark.parametrize("name", ["missing", "x" * 5000, "file.py/below"])
def test_a_directory_that_cannot_be_looked_into_says_nothing_itself(project: Path, name: str) -> None:
    write(project, {"requirements.txt": "nemo_run==0.9.0\n", "file.py": ""})
    assert declared(project / name) == ("0.9.0",)


def test_a_file_is_judged_by_what_its_project_says_unless_settings_do(project: Path) -> None:
    write(project, {"requirements.txt": "nemo_run==0.8.0\n"})
    code = b"import nemo_run as run\nexecutor = run.KubeflowExecutor()\n"
    path = str(project / "launch.py")
    (finding,) = check_source(path, code, Settings()).findings
    assert finding.message == "`run.KubeflowExecutor` does not exist in nemo_run 0.8.0 (new in 0.9.0)"
    assert check_source(path, code, Settings(nemo_run_version=("0.9.0",))).findings == ()
    assert check_source(path, code, Settings(nemo_run_version=RELEASES)).findings[0].message == (
        "`run.KubeflowExecutor` does not exist in nemo_run 0.3.0 to 0.8.1, which this project also uses (new in 0.9.0)"
    )
