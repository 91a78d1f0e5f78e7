"""A new experiment: what is written is clean, its tests pass under the real nemo_run, and it runs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from nemo_run_lint.layout import Layout
from nemo_run_lint.scaffold import ScaffoldError, files, write

ROOT = Path(__file__).parents[1]
NEMO_BIN = ROOT / ".venv-nemo" / "bin"
COMMAND = [sys.executable, "-m", "nemo_run_lint"]
DAY = date(2026, 1, 31)


def run(directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *arguments], cwd=directory, capture_output=True, text=True)


def under_nemo(directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    if not NEMO_BIN.exists():
        pytest.skip("the real nemo_run is not installed here: make .venv-nemo/ready")
    environment = {
        **os.environ,
        "PATH": f"{NEMO_BIN}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": ".",
        "NEMORUN_HOME": str(directory / "home"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    command = [str(NEMO_BIN / "python"), *arguments]
    return subprocess.run(command, cwd=directory, env=environment, capture_output=True, text=True)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("repository")
    (directory / "pyproject.toml").touch()
    result = run(directory, "new", "New Model Training", "--author", 'ML "Team" \\')
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [
        "wrote experiments/new_model_training.py",
        "wrote configs/new_model_training_config.py",
        "wrote tests/test_new_model_training.py",
        "wrote docs/experiments/new_model_training.md",
    ]
    return directory


def test_what_is_written_is_clean(repository: Path) -> None:
    result = run(repository, "check", "--profile", "strict", "--output-format", "json", ".")
    assert (result.returncode, json.loads(result.stdout)["findings"]) == (0, [])
    rules = ("--isolated", "--select", "E,F,I,B,UP,SIM,RET,D1", "--line-length", "120")
    ruff = subprocess.run(
        [sys.executable, "-m", "ruff", "check", *rules, "experiments", "configs"],
        cwd=repository,
        capture_output=True,
        text=True,
    )
    assert ruff.returncode == 0, ruff.stdout


def test_its_tests_pass_under_nemo_run(repository: Path) -> None:
    result = under_nemo(repository, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests")
    assert result.returncode == 0, result.stdout
    assert "5 passed" in result.stdout


def test_the_experiment_runs(repository: Path) -> None:
    result = under_nemo(repository, "experiments/new_model_training.py", "epochs=3", "--yes")
    assert result.stdout.count("Status: SUCCEEDED") == 1, result.stdout
    written = json.loads((repository / "new_model_training.json").read_text(encoding="utf-8"))
    assert written == {"epochs": 3, "learning_rate": 0.01}


def test_nothing_is_overwritten(repository: Path) -> None:
    before = {path: path.read_bytes() for path in repository.rglob("*") if path.suffix in (".py", ".md")}
    again = run(repository, "new", "new model-training")
    assert again.returncode == 2
    assert "experiments/new_model_training.py is there already, and nothing is overwritten" in again.stderr
    assert {path: path.read_bytes() for path in before} == before


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    result = run(tmp_path, "new", "Demo", "--dry-run")
    assert (result.returncode, list(tmp_path.iterdir())) == (0, [])
    assert result.stdout.startswith('--- experiments/demo.py\n"""Demo.\n')


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("3D model", "gives the name `3d_model`, which no Python module can have"),
        ("class", "gives the name `class`, which no Python module can have"),
        ("模型", "holds no letter or digit of ASCII"),
        ("", "holds no letter or digit of ASCII"),
    ],
)
def test_names_that_make_no_module(tmp_path: Path, name: str, problem: str) -> None:
    result = run(tmp_path, "new", name)
    assert (result.returncode, list(tmp_path.iterdir())) == (2, [])
    assert problem in result.stderr


@pytest.mark.parametrize("name", ["x" * 60, "A", 'Quo"""te\\ $name ${x} {y}', "Line\nbreak"])
def test_odd_names_are_written_as_python(tmp_path: Path, name: str) -> None:
    texts = files(name, name, DAY)
    for path, text in texts.items():
        if path.endswith(".py"):
            compile(text, path, "exec")
    write(tmp_path, texts)
    assert run(tmp_path, "check", "--isolated", "--profile", "correctness", ".").returncode == 0


def test_another_layout() -> None:
    layout = Layout("src/team/{name}/run.py", "src/team/{name}/config.py", "checks/{name}_test.py", "wiki/{name}.md")
    texts = files("Demo", "me", DAY, layout)
    assert list(texts) == ["src/team/demo/run.py", "src/team/demo/config.py", "checks/demo_test.py", "wiki/demo.md"]
    assert "from team.demo.config import DemoConfig, demo" in texts["src/team/demo/run.py"]
    assert "from team.demo.run import create_demo_task, train_demo" in texts["checks/demo_test.py"]


def test_all_files_or_none(tmp_path: Path) -> None:
    (tmp_path / "b").write_text("a file where a directory should be")
    with pytest.raises(ScaffoldError, match="cannot be written"):
        write(tmp_path, {"a/one.py": "1", "a/deep/two.py": "2", "b/three.py": "3"})
    assert [path.name for path in tmp_path.rglob("*")] == ["b"]
