"""Where the cases run: a scratch directory with a copy of the corpus, and the environment of the processes."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from speed.measuring import Cost, NotMeasuredError, child
from speed.texts import PACKAGE, sources

#: In seconds: what was written just now is remembered by nobody, since a second change might bear the same time.
_SETTLED = 3.0

#: What the linter says where there is nothing to say, and how it says how many files it has looked at.
_CLEAN = "All checks passed!"
_SUMMARY = re.compile(r"([\d,]+) files?\b(?!.*files?\b)")

#: Rules that look up signatures are measured by `make bench-signatures`.
WITHOUT_SIGNATURES = ("--ignore", "NRL8")


@dataclass(frozen=True)
class Setting:
    """What all cases share.

    corpus   the directory of unpacked packages
    scratch  an empty directory outside of any repository
    runs     how many pairs a case of seconds is given; quick ones are given more
    """

    corpus: Path
    scratch: Path
    runs: int

    @cached_property
    def package(self) -> Path:
        """A copy of the package, which no settings file or .gitignore concerns, and which is not new any more."""
        copy = self.directory("tree") / PACKAGE
        shutil.copytree(self.corpus / PACKAGE, copy)
        self.settle()
        return copy

    @property
    def sources(self) -> Mapping[str, str]:
        """The files of the package that use NeMo Run."""
        return sources(self.corpus / PACKAGE)

    @cached_property
    def environment(self) -> Mapping[str, str]:
        """That of a user without settings of their own; bytecode and caches are kept in the scratch directory."""
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
        return {
            **kept,
            "HOME": str(self.directory("home")),
            "PYTHONPYCACHEPREFIX": str(self.directory("bytecode")),
            "XDG_CACHE_HOME": str(self.directory("cache")),
        }

    def directory(self, *names: str) -> Path:
        """A directory below the scratch directory."""
        path = self.scratch.joinpath(*names)
        path.mkdir(parents=True, exist_ok=True)
        return path

    @staticmethod
    def program(name: str) -> str:
        """A command that is installed beside this interpreter."""
        return str(Path(sys.executable).with_name(name))

    @property
    def linter(self) -> tuple[str, ...]:
        """The command as it is installed."""
        return self.program("nemo-run-lint"), "check"

    def run(self, command: Sequence[str], cwd: Path) -> Cost:
        """What one run of a command costs."""
        return child(command, cwd, self.environment)

    def cpu(self, command: Sequence[str], cwd: Path) -> float:
        """The CPU seconds of one run of a command."""
        return self.run(command, cwd).cpu

    def output(self, command: Sequence[str], cwd: Path) -> str:
        """What a command prints."""
        done = subprocess.run(command, cwd=cwd, env=self.environment, capture_output=True, text=True, check=False)
        if done.returncode not in (0, 1) or "Traceback" in done.stderr:
            raise NotMeasuredError(f"`{Path(command[0]).name}`: {' '.join(done.stderr.strip().splitlines()[-1:])}")
        return done.stdout + done.stderr

    def prove(self, command: Sequence[str], cwd: Path, files: int | None = None) -> None:
        """Run the linter, and look that it did what is to be measured: that it linted so many files.

        Raises NotMeasuredError otherwise.
        """
        said = self.output(command, cwd)
        counted = _SUMMARY.search(said)
        is_other = files is not None and (counted is None or int(counted[1].replace(",", "")) != files)
        if is_other and _CLEAN not in said:
            raise NotMeasuredError(
                f"the linter did not lint {files or 'the'} files: {' '.join(said.splitlines()[-1:])}"
            )

    def warm(self, command: Sequence[str], cwd: Path, files: int) -> None:
        """Run the linter until it remembers what it can, which it will not of what it wrote down just now."""
        self.prove(command, cwd, files)
        for _ in range(3):
            self.settle()
            self.run(command, cwd)

    @staticmethod
    def settle() -> None:
        """Wait until what was written is old enough to be remembered."""
        time.sleep(_SETTLED)
