"""`new` and the layout of a team: where the files go, and which layouts cannot be meant."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from nemo_run_lint.layout import Layout
from nemo_run_lint.settings import read

COMMAND = [sys.executable, "-m", "nemo_run_lint"]


def run(directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *arguments], cwd=directory, capture_output=True, text=True)


def test_the_layout_of_the_settings_and_of_the_command_line(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "nemo-run-lint.toml").write_text(
        'profile = "strict"\n[layout]\nexperiment = "src/team/{name}/run.py"\nconfig = "src/team/{name}/config.py"\n'
        'documentation = "wiki/{name}.md"\n'
    )
    options = ("--author", "me", "--layout", "test=checks/{name}_test.py")
    result = run(tmp_path / "sub", "new", "Demo", *options)
    assert (result.returncode, result.stderr) == (0, "")
    assert sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.??")) == [
        "checks/demo_test.py",
        "src/team/demo/config.py",
        "src/team/demo/run.py",
        "wiki/demo.md",
    ]
    setting = 'layout = { test = "checks/{name}_test.py" }'
    assert run(tmp_path, "check", "--config", setting, ".").stdout == "All checks passed!\n"
    missing = run(tmp_path, "check", "--output-format", "concise", ".").stdout
    assert "`tests/test_demo.py` does not exist" in missing
    assert run(tmp_path, "docs", "--check").returncode == 0


def test_places_of_an_extended_file_are_kept_one_by_one(tmp_path: Path) -> None:
    (tmp_path / "base.toml").write_text('[layout]\ntest = "checks/{name}.py"\nconfig = "conf/{name}.py"\n')
    own = tmp_path / "nemo-run-lint.toml"
    own.write_text('extend = "base.toml"\n[layout]\nconfig = "own/{name}.py"\n')
    settings = read(own)
    assert settings is not None
    assert settings.layout == Layout(test="checks/{name}.py", config="own/{name}.py")


@pytest.mark.parametrize(
    ("place", "problem"),
    [
        ("test", "'test' must be KEY=PATTERN, KEY one of experiment, config, test, documentation"),
        ("tset=a/{name}.py", "did you mean `test`?"),
        ("test=all.py", "`test` must be a path below the repository, with slashes and `{name}` in it, not 'all.py'"),
        ("test=../{name}.py", "`test` must be a path below the repository"),
        ("config=configs/{name}.yaml", "what is written there is Python (.py)"),
        ("config=experiments/{name}.py", "the layout has 'experiments/{name}.py' for two parts of an experiment"),
    ],
)
def test_layouts_that_cannot_be_meant(tmp_path: Path, place: str, problem: str) -> None:
    result = run(tmp_path, "new", "Demo", "--layout", place)
    assert (result.returncode, result.stdout, list(tmp_path.iterdir())) == (2, "", [])
    assert problem in result.stderr


@pytest.mark.parametrize(
    ("pattern", "path", "name"),
    [
        ("experiments/{name}.py", "experiments/bert.py", "bert"),
        ("experiments/{name}.py", "experiments/nlp/bert.py", None),
        ("experiments/{name}.py", "team/experiments/bert.py", None),
        ("experiments/{name}.py", "experiments/__init__.py", None),
        ("experiments/{name}.py", "experiments/test_bert.py", None),
        ("experiments/{name}.py", "experiments/bert.pyi", None),
        ("{name}/{name}_run.py", "bert/bert_run.py", "bert"),
        ("{name}/{name}_run.py", "bert/gpt_run.py", None),
        ("a+b/{name}.py", "a+b/bert.py", "bert"),
        ("a.b/{name}.py", "axb/bert.py", None),
    ],
)
def test_which_paths_are_experiments(pattern: str, path: str, name: str | None) -> None:
    assert Layout(experiment=pattern).name_of(path) == name
