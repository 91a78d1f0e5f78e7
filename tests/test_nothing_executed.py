"""Nothing that is linted runs, is imported or written to: Python itself reports what the linter does (PEP 578)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

#: Runs the command line with its arguments behind those of its own, and tells on standard error what it did.
AUDITED = """
import json, os, sys

told = []
WATCHED = (
    "sqlite3.connect os.system os.exec os.fork os.forkpty os.posix_spawn os.startfile "
    "subprocess.Popen os.remove os.rename os.mkdir os.rmdir os.chmod os.chown os.utime os.link os.symlink os.truncate "
    "os.setxattr shutil.rmtree shutil.move shutil.copyfile ctypes.dlopen pickle.find_class"
).split()

def text(value):
    return os.fsdecode(value) if isinstance(value, (str, bytes, os.PathLike)) else ""

def hook(event, arguments):
    if event.startswith("socket."):
        told.append(["socket", event, ""])
    elif event == "open":
        path, mode, flags = arguments
        if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND):
            told.append(["write", event, text(path)])
    elif event == "exec":
        told.append(["exec", event, arguments[0].co_filename])
    elif event == "import":
        told.append(["import", arguments[0], text(arguments[1])])
    elif event.startswith(("os.", "shutil.", "sqlite3.")) and event in WATCHED:
        place = text(arguments[0]) if arguments else ""
        starts = event in ("os.system", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.startfile")
        told.append(["start" if starts else "write", event, place])
    elif event in WATCHED:
        told.append(["start", event, text(arguments[0])])

sys.addaudithook(hook)
from nemo_run_lint.cli import main

sys.argv[0], status = "nemo-run-lint", 0
try:
    main()
except SystemExit as stop:
    status = stop.code
files = [str(getattr(module, "__file__", "") or "") for module in list(sys.modules.values())]
print(json.dumps({"status": status, "told": told, "files": files}), file=sys.stderr)
"""

#: Whoever runs this leaves a trace.
BOMB = "open({trace!r}, 'a').write(__name__ + '\\n')\n"

SCRIPT = """
import nemo_run as run
import beside, helper, installed, conftest, compiled
from beside import train as other
from helper import train
from lazy import anything
from installed import *

task = run.Partial(train, step=1)
more = run.Config(other, step=1)
last = run.Config(anything.deep.name, x=run.Config(compiled.call))


@run.cli.factory
def recipe() -> run.Config[train]:
    return helper.recipe(1)
"""

FUNCTIONS = """
import nemo_run as run

def train(steps: "int" = print("executed"), rate: __import__("os").getcwd() = 1): ...

def recipe(x):
    config = run.Config(train, steps=x)
    config.nothing = exec("raise SystemExit")
    return config

class Meta(type):
    def __call__(cls, *args): ...

@print
class Model(metaclass=Meta):
    def __init_subclass__(cls): ...
"""


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """A project and its environment in which every file that Python could run leaves a trace."""
    bomb = BOMB.format(trace=str(tmp_path / "trace"))
    module = bomb + FUNCTIONS
    project, site = tmp_path / "project", Path("project/.venv/lib/python3.11/site-packages")
    files = {
        "project/scripts/train.py": bomb + SCRIPT,
        "project/scripts/beside.py": module,
        "project/scripts/sitecustomize.py": bomb,
        "project/pyproject.toml": (
            '[project]\nname = "p"\nversion = "0"\ndependencies = ["nemo_run"]\n[build-system]\nrequires = ["evil"]\n'
            'build-backend = "backend"\nbackend-path = ["."]\n[tool.nemo-run-lint]\npython = ".venv/bin/python"\n'
            'profile = "strict"\n'
        ),
        "project/helper.py": module,
        "project/backend.py": bomb,
        "project/setup.py": bomb,
        "project/conftest.py": module,
        "project/sitecustomize.py": bomb,
        "project/usercustomize.py": bomb,
        "project/click.py": bomb,
        "project/libcst/__init__.py": bomb,
        "project/nemo_run_lint/__init__.py": bomb,
        "project/nemo_run/__init__.py": module,
        "project/nemo_run/cli.py": module,
        "project/lazy/__init__.py": f"{bomb}def __getattr__(name):\n    {bomb}    from .deep import anything\n",
        "project/lazy/deep.py": module,
        "project/.venv/pyvenv.cfg": f"home = {tmp_path / 'python'}\nversion = 3.11.0\n",
        "project/.venv/bin/python": f"#!/bin/sh\necho ran >> {tmp_path / 'trace'}\n",
        "project/.git/hooks/post-checkout": f"#!/bin/sh\necho ran >> {tmp_path / 'trace'}\n",
        "project/.git/config": f"[core]\nfsmonitor = {tmp_path / 'project' / '.venv' / 'bin' / 'python'}\n",
        f"{site}/installed.py": module,
        f"{site}/sitecustomize.py": bomb,
        f"{site}/evil.py": bomb,
        f"{site}/evil.pth": f"import evil\nimport sys; {bomb}",
        f"{site}/__editable___thing_1_finder.py": f"{bomb}MAPPING = {{'thing': {bomb.strip()}}}\n",
        f"{site}/__editable__.thing-1.pth": "import __editable___thing_1_finder; __editable___thing_1_finder.install()\n",
        f"{site}/compiled.cpython-311-x86_64-linux-gnu.so": "no library",
        f"{site}/fiddle/__init__.py": module,
        f"{site}/nemo_run-0.11.0.dist-info/METADATA": "Name: nemo_run\nVersion: 0.11.0\n",
        f"{site}/evil-1.dist-info/METADATA": "Name: evil\nVersion: 1\n",
        f"{site}/evil-1.dist-info/entry_points.txt": "[nemo_run_lint.rules]\nevil = evil:Rule\n[flake8.extension]\nE = evil:E\n",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    for path in (project / ".venv" / "bin" / "python", project / ".git" / "hooks" / "post-checkout"):
        path.chmod(0o755)
    (tmp_path / "audited.py").write_text(AUDITED)
    return tmp_path


def state(directory: Path) -> dict[str, tuple[int, int, bytes | None]]:
    """Every file and directory below, with its times and what is in it."""
    found = {}
    for path in sorted(directory.rglob("*")):
        status = path.stat()
        found[str(path)] = status.st_mtime_ns, status.st_mode, path.read_bytes() if path.is_file() else None
    return found


@pytest.mark.parametrize(
    ("arguments", "statuses"),
    [
        (["check", "."], [1, 1]),
        (["check", "--no-cache", "--explain-unresolved", "scripts", "helper.py"], [1]),
        (["migrate", "--from", "0.9.0", "--to", "0.11.0", "--diff", "."], [0, 0]),
        (["index", "build", "-o", "{outside}/env.idx"], [2]),
        (["index", "build", "--python", "{outside}/project", "-o", "{outside}/env.idx"], [2]),
        (["clean"], [0]),
        (["check", "--diff", "--unsafe-fixes", "."], [1, 1]),
        (["explain", "ALL", "scripts/train.py:10"], [1]),
        (["config", "--show"], [0]),
        (["doctor"], [0]),
        (["review", "."], [1]),
        (["docs", "--check", "."], [0]),
        (["docs", "--stdout", "scripts/train.py"], [2]),
    ],
)
def test_nothing_of_the_project_or_its_environment_is_run_imported_or_written(
    hostile: Path, arguments: list[str], statuses: list[int]
) -> None:
    before = state(hostile / "project")
    told = [audited(hostile, *arguments) for _ in statuses]
    assert [each["status"] for each in told] == statuses
    assert not (hostile / "trace").exists()
    assert state(hostile / "project") == before


def test_exporting_an_environment_runs_nothing_of_it(hostile: Path) -> None:
    site = hostile / "project" / ".venv" / "lib" / "python3.11" / "site-packages"
    (hostile / "project" / "nemo_run").rename(site / "nemo_run")
    before = state(hostile / "project")
    exported = hostile / "env.idx"
    assert audited(hostile, "index", "build", "installed", "-o", str(exported))["status"] == 0
    assert audited(hostile, "check", "--index", str(exported), ".")["status"] == 1
    assert not (hostile / "trace").exists()
    assert state(hostile / "project") == before


def audited(hostile: Path, *arguments: str) -> dict[str, object]:
    """What a command said and did, which is checked to be harmless."""
    cache = str(hostile / "cache")
    environment = {
        name: value for name, value in os.environ.items() if name not in ("VIRTUAL_ENV", "CONDA_PREFIX", "PYTHONPATH")
    }
    environment |= {"NEMO_RUN_LINT_CACHE_DIR": cache, "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, str(hostile / "audited.py"), *(each.format(outside=hostile) for each in arguments)]
    process = subprocess.run(command, cwd=hostile / "project", env=environment, capture_output=True, text=True)
    assert "Traceback" not in process.stderr, process.stderr
    assert "file-skipped" not in process.stdout, process.stdout
    result: dict[str, object] = json.loads(process.stderr.splitlines()[-1])
    inside = str(hostile / "project")
    assert not [path for path in result["files"] if path.startswith(inside)]  # type: ignore[attr-defined]
    assert any(kind == "exec" and "nemo_run_lint" in path for kind, _, path in result["told"])  # type: ignore[attr-defined]
    allowed = (cache, str(hostile / "env.idx"), os.devnull)
    for kind, event, path in result["told"]:  # type: ignore[attr-defined]
        absolute = os.path.join(inside, path) if path else ""
        assert kind not in ("start", "socket"), (event, path)
        if kind in ("exec", "import"):
            assert not absolute.startswith(inside) or not os.path.exists(absolute), (event, path)
        elif kind == "write":
            assert absolute.startswith(allowed) or not path, (event, path)
    return result
