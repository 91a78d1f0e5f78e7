"""The real nemo_run, warm: a `python` forked from a process that has imported it, and stand-ins for Slurm and torchrun."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

HERE = Path(__file__).parent
NEMO_PYTHON = HERE.parents[1] / ".venv-nemo" / "bin" / "python"
#: What is printed in a terminal is broken into lines at its width, which nemo_run asks for when it is imported.
WIDE = {**os.environ, "COLUMNS": "1000"}
sys.path.insert(0, str(HERE))

from nemo_server import STATES, stand_in  # noqa: E402


@dataclass
class Outcome:
    """What happened to a script.

    raised      the last line of its traceback (`ValueError: ...`), or the empty string
    line        the script's own last line in that traceback
    states      the state that nemo_run reports of each launched job, by the job's id
    output      all that was printed, by the script and its jobs
    """

    raised: str
    line: str
    states: dict[str, str]
    output: str
    directory: Path


class RealNemoRun:
    """Runs scripts with the real nemo_run, each in a directory of its own."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.bin = directory / "bin"
        self.bin.mkdir()
        address = str(directory / "socket")
        (self.bin / "python").write_text(stand_in(str(NEMO_PYTHON), address), encoding="utf-8")
        for command in (HERE / "commands").iterdir():
            shutil.copy(command, self.bin)
        for command in self.bin.iterdir():
            command.chmod(0o755)
        self.server = subprocess.Popen(
            [NEMO_PYTHON, HERE / "nemo_server.py", address], env=WIDE, start_new_session=True
        )
        while not Path(address).exists():
            assert self.server.poll() is None, "the real nemo_run could not be started"
            time.sleep(0.05)
        self.count = 0

    def run(
        self,
        script: str,
        *,
        files: dict[str, str] | None = None,
        arguments: Sequence[str] = (),
        module: str | None = None,
        environment: dict[str, str] | None = None,
        seconds: float = 60,
    ) -> Outcome:
        """Run `script` beside `files`, or as `python -m module`; fails the test when it takes longer than `seconds`."""
        self.count += 1
        directory = self.directory / f"run{self.count}"
        name = f"{module.replace('.', '/')}.py" if module else "script.py"
        for path, text in {**(files or {}), name: script}.items():
            (directory / path).parent.mkdir(parents=True, exist_ok=True)
            (directory / path).write_text(text, encoding="utf-8")
        variables = {
            **WIDE,
            "PATH": f"{self.bin}{os.pathsep}{os.environ['PATH']}",
            "NEMORUN_HOME": str(directory / "home"),
            "PYTHONPATH": str(directory),
            **(environment or {}),
        }
        command = [str(self.bin / "python"), *(("-m", module) if module else (name,)), *arguments]
        done = subprocess.run(
            command,
            cwd=directory,
            env=variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=seconds,
        )
        return _outcome(done, directory, name)


def _outcome(done: subprocess.CompletedProcess[str], directory: Path, script: str) -> Outcome:
    raised = line = ""
    if done.returncode:
        errors = done.stderr.strip().splitlines() or [""]
        shown = pairwise(errors)
        lines = [text.strip() for before, text in shown if re.match(rf' *File "[^"]*{re.escape(script)}"', before)]
        heads = [text for text in errors if re.match(r"[\w.]+(Error|Exception|Exit|Interrupt)\b", text)]
        raised, line = (heads or errors)[-1], (lines or [""])[-1]
    told = re.findall(rf"^{STATES}(.*)$", done.stdout, re.MULTILINE)
    states = json.loads(told[-1]) if told else {}
    logs = [log for log in sorted(directory.rglob("*.log")) if log.is_file() and log.stem not in ("stdout", "stderr")]
    printed = done.stdout + done.stderr + "".join(log.read_text(errors="replace") for log in logs)
    return Outcome(raised, line, states, printed, directory)


@pytest.fixture(scope="session")
def nemo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealNemoRun]:
    if not NEMO_PYTHON.exists() and "CI" not in os.environ:
        pytest.skip("the real nemo_run is not installed here: make .venv-nemo/ready")
    real = RealNemoRun(tmp_path_factory.mktemp("nemo"))
    yield real
    os.killpg(real.server.pid, signal.SIGKILL)  # with what a script may have left behind
