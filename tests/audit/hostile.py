"""A repository, with its environment, in which everything that anything could run leaves a trace."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

SITE = Path(".venv/lib/python3.11/site-packages")

#: Modules that this program, or what it is made of, imports: each lies where a careless Python would find it first.
MODULES = (
    "click libcst packaging pathspec platformdirs docstring_parser tomli markdown_it pygls lsprotocol attrs cattrs "
    "flake8 pycodestyle watchfiles sqlite3 json typing dataclasses tomllib ast difflib zlib hashlib logging asyncio "
    "subprocess multiprocessing shutil secrets getpass lzma yaml sitecustomize usercustomize"
).split()

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


def optional(steps: int = None): ...


if __name__ == "__main__":
    with run.Experiment("hostile") as experiment:
        experiment.add(task, name="x; touch y")
        experiment.run()
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


class Hostile:
    """Such a repository in `directory`, beside a place for the trace, for caches and for output."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.project = directory / "project"
        self.site = self.project / SITE
        self.trace, self.cache, self.out = directory / "trace", directory / "cache", directory / "out"
        self.bomb = f"open({str(self.trace)!r}, 'a').write(__name__ + '\\n')\n"
        self.shell = f"#!/bin/sh\necho $0 >> '{self.trace}'\n"
        self.out.mkdir()
        files = {**self._sources(), **self._settings(), **self._environment()}
        for name, text in files.items():
            self.write(name, text)
        self._commit()
        self._arm_git()

    def write(self, name: str | Path, text: str, mode: int = 0o644) -> None:
        path = self.project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(mode)

    def _sources(self) -> dict[str, str]:
        bomb, module = self.bomb, self.bomb + FUNCTIONS
        cell = {"cell_type": "code", "source": f"%run helper.py\n!touch x\n{bomb}{SCRIPT}", "metadata": {}}
        shadows = {f"{name}.py": bomb for name in MODULES}
        return {
            **shadows,
            **{f"scripts/{name}": text for name, text in shadows.items()},
            "scripts/train.py": bomb + SCRIPT,
            "scripts/beside.py": module,
            "experiments/train.py": bomb + SCRIPT,
            "notebook.ipynb": json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}),
            "page.md": f"# A page\n\n```python\n{bomb}{SCRIPT}```\n\n```{{code-cell}} python\n{bomb}```\n",
            "page.rst": f"A page\n\n.. code-block:: python\n\n    {bomb}    import nemo_run\n",
            "helper.py": module,
            "backend.py": bomb,
            "setup.py": bomb,
            "conftest.py": module,
            "nemo_run/__init__.py": module,
            "nemo_run/cli.py": module,
            "nemo_run_lint/__init__.py": bomb,
            "lazy/__init__.py": f"{bomb}def __getattr__(name):\n    {bomb}    from .deep import anything\n",
            "lazy/deep.py": module,
        }

    def _settings(self) -> dict[str, str]:
        return {
            "pyproject.toml": (
                '[project]\nname = "p"\nversion = "0"\ndependencies = ["nemo_run"]\n'
                '[project.entry-points."nemo_run_lint.rules"]\nevil = "evil:Rule"\n[build-system]\n'
                'requires = ["evil"]\nbuild-backend = "backend"\nbackend-path = ["."]\n'
                '[tool.nemo-run-lint]\npython = ".venv/bin/python"\nprofile = "strict"\ndocuments = true\n'
            ),
            "setup.cfg": "[flake8]\nenable-extensions = E\n[metadata]\nversion = attr: helper.version\n",
            ".pre-commit-config.yaml": "repos: [{repo: local, hooks: [{id: evil, name: evil, entry: ./evil.sh}]}]\n",
            ".envrc": self.shell,
            "evil-1.dist-info/METADATA": "Name: evil\nVersion: 1\n",
            "evil-1.dist-info/entry_points.txt": "[nemo_run_lint.rules]\nevil = evil:Rule\n",
            "evil.py": self.bomb,
            "evil.pth": f"import evil; {self.bomb}",
        }

    def _environment(self) -> dict[str, str]:
        bomb, site = self.bomb, str(SITE)
        return {
            ".venv/pyvenv.cfg": f"home = {self.project / '.venv' / 'bin'}\nversion = 3.11.0\n",
            f"{site}/installed.py": bomb + FUNCTIONS,
            f"{site}/sitecustomize.py": bomb,
            f"{site}/evil.py": bomb,
            f"{site}/evil.pth": f"import evil\nimport sys; {bomb}",
            f"{site}/__editable___thing_1_finder.py": f"{bomb}MAPPING = {{'thing': {bomb.strip()}}}\n",
            f"{site}/__editable__.thing-1.pth": "import __editable___thing_1_finder; __editable___thing_1_finder.install()\n",
            f"{site}/compiled.cpython-311-x86_64-linux-gnu.so": "no library",
            f"{site}/fiddle/__init__.py": bomb + FUNCTIONS,
            f"{site}/nemo_run-0.11.0.dist-info/METADATA": "Name: nemo_run\nVersion: 0.11.0\n",
            f"{site}/evil-1.dist-info/METADATA": "Name: evil\nVersion: 1\n",
            f"{site}/evil-1.dist-info/entry_points.txt": (
                "[nemo_run_lint.rules]\nevil = evil:Rule\n[flake8.extension]\nE = evil:E\n"
            ),
        }

    def _commit(self) -> None:
        """Two commits, the second without the last line of a script."""
        self.write(".gitignore", ".venv/\n")
        self._git("init", "--quiet", "--initial-branch=main", ".")
        self._git("add", "--all")
        self._git("commit", "--quiet", "--message", "one")
        self._git("mv", "scripts/train.py", "scripts/training.py")
        self.write("helper.py", self.bomb + FUNCTIONS + "\nchanged = run.Config(train, x=lambda: 1)\n")
        self._git("commit", "--quiet", "--all", "--message", "two")

    def _git(self, *arguments: str) -> None:
        who = ("-c", "user.name=nobody", "-c", "user.email=nobody@example.com", "-c", "commit.gpgsign=false")
        git = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        subprocess.run(["git", *who, *arguments], cwd=self.project, env=git, check=True, capture_output=True)

    def _arm_git(self) -> None:
        """Have git run a script wherever it may be told one."""
        self.write(".git/evil", self.shell, 0o755)
        self.write(".venv/bin/python", self.shell, 0o755)
        self.write("git", self.shell, 0o755)
        evil = self.project / ".git" / "evil"
        for hook in ("post-checkout", "post-index-change", "pre-commit", "reference-transaction", "fsmonitor-watchman"):
            self.write(f".git/hooks/{hook}", self.shell, 0o755)
        drivers = "".join(
            f'[{kind} "evil"]\n\t{key} = {evil}\n'
            for kind, key in (
                ("diff", "command"), ("diff", "textconv"), ("filter", "clean"), ("filter", "smudge"),
                ("filter", "process"), ("merge", "driver"), ("remote", "uploadpack"),
            )
        )  # fmt: skip
        with (self.project / ".git" / "config").open("a") as config:
            config.write(
                f"[core]\n\tfsmonitor = {evil}\n\tpager = {evil}\n\teditor = {evil}\n\tsshCommand = {evil}\n"
                f"\taskPass = {evil}\n\thooksPath = {self.project}/.git/hooks\n\tgitProxy = {evil}\n"
                f"[pager]\n\trev-parse = {evil}\n\tls-tree = {evil}\n\tdiff-index = {evil}\n\tcat-file = {evil}\n"
                f"[diff]\n\texternal = {evil}\n\tsubmodule = diff\n[gpg]\n\tprogram = {evil}\n"
                f"[credential]\n\thelper = !{evil}\n[alias]\n\trev-parse = !{evil}\n\tls-tree = !{evil}\n"
                f'[interactive]\n\tdiffFilter = {evil}\n[remote "evil"]\n\turl = ext::{evil}\n\tpromisor = true\n'
                f"[core]\n\trepositoryFormatVersion = 1\n[extensions]\n\tpartialClone = evil\n{drivers}"
            )
        for place in (".gitattributes", ".git/info/attributes"):
            self.write(place, "* diff=evil filter=evil merge=evil\n")

    # -- what became of it ---------------------------------------------------------------------------------------

    def traces(self) -> str:
        """Who ran; empty for nobody."""
        return self.trace.read_text() if self.trace.exists() else ""

    def state(self) -> dict[str, tuple[int, int, str | bytes]]:
        """Every file and directory, with its times, its mode and what is in it."""
        return dict(self._states())

    def _states(self) -> Iterator[tuple[str, tuple[int, int, str | bytes]]]:
        for path in sorted(self.project.rglob("*")):
            status = path.lstat()
            content = os.readlink(path) if path.is_symlink() else path.read_bytes() if path.is_file() else ""
            yield str(path.relative_to(self.project)), (status.st_mtime_ns, status.st_mode, content)

    def lose_an_object(self) -> None:
        """What a partial clone does not have: git would ask the remote for it."""
        blob = subprocess.run(
            ["git", "rev-parse", "HEAD~1:helper.py"], cwd=self.project, capture_output=True, text=True, check=True
        ).stdout.strip()
        shutil.rmtree(self.project / ".git" / "objects" / blob[:2])
