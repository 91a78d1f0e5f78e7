"""A repository may hold links to what never ends, and pipes that nobody writes to: none is waited for, none read."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from audit.events import BIN

SITE = ".venv/lib/python3.11/site-packages"

#: Files that the program reads although nobody named them.
NAMES = (
    "pyproject.toml nemo-run-lint.toml .nemo-run-lint.toml .gitignore setup.cfg setup.py requirements.txt uv.lock "
    "requirements-dev.txt poetry.lock pdm.lock Pipfile Pipfile.lock environment.yml conda-lock.yml .flake8 tox.ini "
    ".pre-commit-config.yaml ruff.toml .ruff.toml nemo-run-lint-baseline.json helper.py conftest.py package/__init__.py "
    "installed.pyi tests/test_train.py configs/train_config.py docs/experiments/train.md "
    ".git/HEAD .git/info/exclude .git/config .venv/pyvenv.cfg env.idx "
).split() + [
    f"{SITE}/{name}"
    for name in (
        "x.pth installed.py stubs-stubs/__init__.pyi __editable___thing_1_finder.py nemo_run/__init__.py "
        "nemo_run-0.11.0.dist-info/METADATA nemo_run-0.11.0.dist-info/RECORD nemo_run-0.11.0.dist-info/top_level.txt "
        "other.egg-link"
    ).split()
]  # fmt: skip

#: Those that say whether others are read at all.
GATES = {
    "pyproject.toml": "[project]\nname = 'p'\nversion = '0'\n",
    ".git/HEAD": "ref: refs/heads/main\n",
    ".venv/pyvenv.cfg": "home = /usr/bin\nversion = 3.11.0\n",
    f"{SITE}/nemo_run/__init__.py": "from nemo_run.config import Config, Partial\n",
}

SCRIPT = """
import nemo_run as run
from helper import train
from package.part import other
from installed import anything

task = run.Partial(train, x=lambda: 1)
more = run.Partial(other, rate=1)
last = run.Partial(anything, rate=1)
with run.Experiment("train") as experiment:
    experiment.add(task, name="task")
    experiment.run()
"""

COMMANDS = [
    ("check", "."),
    ("check", "experiments/train.py"),
    ("check", "--baseline", "nemo-run-lint-baseline.json", "."),
    ("check", "--index", "env.idx", "."),
    ("check", "--config", "index = ['env.idx']", "."),
    ("explain", "experiments/train.py:7"),
    ("review", "."),
    ("docs", "--check", "."),
    ("docs", "--stdout", "."),
    ("migrate", "--from", "0.9.0", "--to", "0.11.0", "."),
    ("config", "--show"),
    ("doctor",),
    ("index", "build", "-o", "out.idx"),
    ("index", "show", "env.idx"),
    ("workflow", "check-branch"),
]


def link_to_zeros(path: Path) -> None:
    path.symlink_to("/dev/zero")


def limited() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither")
@pytest.mark.parametrize(
    ("make", "gates"),
    [(os.mkfifo, {}), (os.mkfifo, GATES), (link_to_zeros, GATES)],
    ids=["only pipes", "pipes", "zeros"],
)
@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_no_command_waits_for_it(
    tmp_path: Path, arguments: tuple[str, ...], make: Callable[[Path], None], gates: dict[str, str]
) -> None:
    (tmp_path / "experiments").mkdir()
    (tmp_path / "experiments" / "train.py").write_text(SCRIPT)
    for name in NAMES:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if name in gates:
            path.write_text(gates[name])
        else:
            make(path)
    process = subprocess.run(
        [str(BIN / "nemo-run-lint"), *arguments],
        cwd=tmp_path,
        env={name: value for name, value in os.environ.items() if name not in ("VIRTUAL_ENV", "CONDA_PREFIX")},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        preexec_fn=limited,
    )
    assert process.returncode in (0, 1, 2), process.stderr
    assert "Traceback" not in process.stderr, process.stderr
    assert "please report this" not in process.stdout, process.stdout
