"""How far a run is, as a terminal shows it."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

BAR = re.compile(r"\[#*-*\] Checked (\d+) of (\d+) files")

SOURCE = (
    "import nemo_run as run\nfrom training import train\n"
    "\n\ndef make():\n" + "    yield run.Partial(train, x=lambda: 1)\n" * 5
)


class Terminal:
    """A process whose standard error is a terminal; its standard output is a file."""

    def __init__(self, directory: Path, *command: str, columns: int = 80, **environment: str) -> None:
        inherited = {name: value for name, value in os.environ.items() if name != "CI"}
        self.screen, theirs = pty.openpty()
        self.output = tempfile.TemporaryFile()  # noqa: SIM115 - closed at the end
        self.process = subprocess.Popen(
            [sys.executable, *command],
            cwd=directory,
            stdout=self.output,
            stderr=theirs,
            env={**inherited, "TERM": "xterm", "COLUMNS": str(columns), **environment},
        )
        os.close(theirs)
        self.shown = ""

    def read(self, until: str | None = None, seconds: float = 60) -> str:
        """What was shown, up to some text or to the end."""
        limit = time.monotonic() + seconds
        while time.monotonic() < limit and (until is None or until not in self.shown):
            if select.select([self.screen], [], [], 0.1)[0]:
                try:
                    data = os.read(self.screen, 65536)
                except OSError:  # the other side is closed
                    break
                self.shown += data.decode()
            elif self.process.poll() is not None:
                break
        return self.shown

    def end(self) -> tuple[int, str]:
        self.read()
        self.process.wait(timeout=60)
        os.close(self.screen)
        with self.output:
            self.output.seek(0)
            return self.process.returncode, self.output.read().decode()


#: What is linted takes some seconds, and a bar is drawn from the first one on.
FILES = 400


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for number in range(FILES):
        (tmp_path / f"experiment_{number}.py").write_text(f"{SOURCE}x = {number}\n")
    return tmp_path


def check(directory: Path, *options: str, **environment: str) -> Terminal:
    command = ("-m", "nemo_run_lint", "check", "--no-cache", "--output-format", "concise", "--isolated", *options)
    return Terminal(directory, *command, **environment)


def test_a_long_run_tells_how_far_it_is_and_leaves_nothing(project: Path) -> None:
    terminal = check(project)
    status, output = terminal.end()
    assert status == 1
    assert output.count("NRL401") == FILES * 5
    drawn = [(int(done), int(total)) for done, total in BAR.findall(terminal.shown)]
    assert drawn == sorted(drawn)
    assert drawn[0][0] > 0
    assert {total for _, total in drawn} == {FILES}
    assert terminal.shown.endswith("\r\x1b[K")
    assert terminal.shown.count("\n") == 0


def test_ctrl_c_leaves_nothing_either(project: Path) -> None:
    terminal = check(project)
    terminal.read(until=f" of {FILES} files")
    terminal.process.send_signal(signal.SIGINT)
    status, _ = terminal.end()
    assert status == 130
    assert terminal.shown.rpartition("files")[2] == "\r\x1b[K\r\n"


DRIVER = """
import sys, time
from nemo_run_lint.progress import Bar
with Bar.for_terminal(quiet="quiet" in sys.argv) as bar:
    assert list(bar.through(map(str, range(6)))) == list("012345")
    for each in bar.through(map(str, range(6))):
        time.sleep(float(sys.argv[1]))
"""


@pytest.mark.parametrize(
    ("arguments", "environment", "shows"),
    [
        (["0.25"], {}, True),
        (["0.01"], {}, False),
        (["0.25", "quiet"], {}, False),
        (["0.25"], {"CI": "true"}, False),
        (["0.25"], {"TERM": "dumb"}, False),
    ],
)
def test_who_is_told(tmp_path: Path, arguments: list[str], environment: dict[str, str], shows: bool) -> None:
    terminal = Terminal(tmp_path, "-c", DRIVER, *arguments, **environment)
    assert terminal.end()[0] == 0
    assert bool(BAR.search(terminal.shown)) is shows
    assert shows or terminal.shown == ""


def test_a_narrow_terminal_is_not_overflown(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, "-c", DRIVER, "0.25", columns=20)
    terminal.end()
    lines = terminal.shown.split("\r\x1b[K")
    assert max(map(len, lines)) == 19


def test_a_pipe_is_told_nothing(tmp_path: Path) -> None:
    result = subprocess.run([sys.executable, "-c", DRIVER, "0.25"], cwd=tmp_path, capture_output=True, text=True)
    assert (result.returncode, result.stderr) == (0, "")
