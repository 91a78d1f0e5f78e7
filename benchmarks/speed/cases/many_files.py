"""A tree of which no file matters: how quickly that is seen, against ruff, which has something to say of every file."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from speed.measuring import paired
from speed.row import Goal, Row
from speed.setting import Setting

_DIRECTORIES, _FILES = 1_000, 100

_TEXT = '''"""Part {number} of a program that has nothing to do with experiments."""

import json
from pathlib import Path


class Shelf{number}:
    """Things by their names."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.things = {{}}

    def load(self) -> int:
        """Read them all, and say how many there are."""
        self.things = json.loads(self.path.read_text())
        return len(self.things) + {number}

    def find(self, name: str) -> str:
        """One of them."""
        if name not in self.things:
            raise KeyError(f"there is no {{name}} on shelf {number}")
        return self.things[name]
'''


def measure(setting: Setting) -> Iterator[Row]:
    """Without anything remembered, and with."""
    tree = setting.directory("many")
    _write(tree)
    setting.settle()
    remembered = setting.directory("ruff-many")
    ruff = [setting.program("ruff"), "check", "--isolated", "."]
    ours = [*setting.linter, "--isolated", "."]
    case, against = f"{_DIRECTORIES * _FILES:,} files of which none matters", "`ruff check`"
    yield _row(setting, tree, f"{case}, cold", f"{against} --no-cache", [*ours, "--no-cache"], [*ruff, "--no-cache"])
    warm = [*ruff, "--cache-dir", str(remembered)]
    setting.warm(ours, tree, _DIRECTORIES * _FILES)
    setting.run(warm, tree)
    yield _row(setting, tree, f"{case}, warm", f"{against}, its cache warm", ours, warm)
    shutil.rmtree(tree)


def _row(setting: Setting, tree: Path, case: str, against: str, ours: Sequence[str], theirs: Sequence[str]) -> Row:
    pairs = paired(partial(setting.cpu, ours, tree), partial(setting.cpu, theirs, tree), setting.runs)
    return Row(case, against, Goal(2), pairs)


def _write(tree: Path) -> None:
    for directory in range(_DIRECTORIES):
        below = tree / f"package_{directory // 40}" / f"part_{directory}"
        below.mkdir(parents=True)
        for number in range(_FILES):
            (below / f"module_{number}.py").write_text(_TEXT.format(number=directory * _FILES + number))
