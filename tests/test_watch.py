"""`--watch` as a process of its own, with real edits beside it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from nemo_run_lint.watching import matters

BROKEN = "import nemo_run as run\nfrom training import train\n\nrun.Partial(train, x=lambda: 1)\n"
CLEAN = BROKEN.replace("lambda: 1", "1")

#: So long a machine that has much else to do may take for a round.
SECONDS = 60

END_OF_ROUND = "Watching for changes; Ctrl-C ends it.\n"


class Watched:
    """A run of `check --watch`, which is read round by round."""

    def __init__(self, directory: Path, *arguments: str) -> None:
        self.log = directory.parent / "log"
        self.rounds = 0
        command = [sys.executable, "-m", "nemo_run_lint", "check", "--watch", "--output-format", "concise", *arguments]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(command, cwd=directory, stdout=log, stderr=subprocess.STDOUT)

    def until(self, text: str) -> None:
        """Wait for a further round that prints `text`: one change may be told in two parts, and make two rounds."""
        limit = time.monotonic() + SECONDS
        while True:
            done = self.log.read_text().split(END_OF_ROUND)[:-1]
            found = [number for number, printed in enumerate(done, 1) if number > self.rounds and text in printed]
            if found:
                self.rounds = len(done)
                return
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < limit, f"no {text!r} in {self.log.read_text()}"
            time.sleep(0.05)

    def stays_quiet(self) -> bool:
        """Whether no further round begins."""
        before = self.log.read_text()
        time.sleep(1.5)
        return before == self.log.read_text()

    def interrupt(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=SECONDS)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    directory = tmp_path / "above" / "project"
    directory.mkdir(parents=True)
    (directory / ".git").mkdir()
    (directory / "a.py").write_text(BROKEN)
    return directory


@pytest.fixture
def watched(project: Path) -> Iterator[Watched]:
    running = Watched(project)
    yield running
    running.process.kill()
    running.process.wait()


def test_every_change_that_matters_is_seen(project: Path, watched: Watched) -> None:
    watched.until("a.py:4:22: NRL401")

    (project / "a.py").write_text(CLEAN)
    watched.until("All checks passed!")

    (project / "b.py").write_text(BROKEN)
    watched.until("b.py:4:22: NRL401")

    (project / "b.py").write_text("import nemo_run as run\nrun.Partial(\n")
    watched.until("NRL001")

    assert watched.stays_quiet()
    (project / "notes.txt").write_text("nothing")
    assert watched.stays_quiet()

    (project / "b.py").unlink()
    watched.until("All checks passed!")


def test_settings_that_change_count(project: Path, watched: Watched) -> None:
    watched.until("NRL401")

    (project / "nemo-run-lint.toml").write_text("ignore = ['NRL401']\n")
    watched.until("All checks passed!")

    (project / "nemo-run-lint.toml").write_text("ignroe = ['NRL401']\n")
    watched.until("nemo-run-lint.toml: `ignroe` is not a setting; did you mean `ignore`?")

    (project / "nemo-run-lint.toml").write_text("ignore = [\n")
    watched.until("is not valid TOML")

    (project / "nemo-run-lint.toml").unlink()
    watched.until("NRL401")

    (project.parent / "nemo-run-lint.toml").write_text("severity = { NRL401 = 'info' }\n")
    watched.until("NRL401 info")


def test_modules_that_are_used_and_the_version_that_is_asked_for_count(project: Path, watched: Watched) -> None:
    (project / "training.py").write_text("def train(x, y=1): ...\n")
    (project / "a.py").write_text(CLEAN)
    watched.until("All checks passed!")
    (project / "training.py").write_text("def train(z, y=1): ...\n")
    watched.until("NRL80")
    (project / "a.py").write_text("import nemo_run as run\n\nrun.SkypilotJobsExecutor\n")
    watched.until("All checks passed!")
    (project / "requirements.txt").write_text("nemo_run==0.3.0\n")
    watched.until("NRL7")


def test_ctrl_c_ends_it_at_once(watched: Watched) -> None:
    watched.until("NRL401")
    began = time.monotonic()
    assert watched.interrupt() == 130
    assert time.monotonic() - began < 10
    assert "Traceback" not in watched.log.read_text()


def test_a_path_that_goes_is_told_and_watching_goes_on(project: Path) -> None:
    watched = Watched(project, "a.py")
    try:
        watched.until("NRL401")
        (project / "a.py").rename(project / "elsewhere.txt")
        watched.until("nemo-run-lint: `a.py` does not exist")
        (project / "elsewhere.txt").rename(project / "a.py")
        watched.until("NRL401")
    finally:
        watched.process.kill()
        watched.process.wait()


def test_a_file_that_config_names_is_watched_wherever_it_lies(project: Path, tmp_path: Path) -> None:
    (tmp_path / "ci.toml").write_text("")
    watched = Watched(project, "--config", str(tmp_path / "ci.toml"))
    try:
        watched.until("NRL401 error")
        (tmp_path / "ci.toml").write_text("severity.NRL401 = 'info'\n")
        watched.until("NRL401 info")
    finally:
        watched.process.kill()
        watched.process.wait()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["missing.py"], "`missing.py` does not exist"),
        (["-"], "--watch goes with files, and `-` reads standard input"),
    ],
)
def test_what_cannot_be_watched(project: Path, arguments: list[str], message: str) -> None:
    command = [sys.executable, "-m", "nemo_run_lint", "check", "--watch", *arguments]
    result = subprocess.run(command, cwd=project, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert (result.returncode, result.stdout) == (2, "")
    assert message in result.stderr


def test_without_watchfiles_it_says_what_to_install(project: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "watchfiles.py").write_text("raise ImportError\n")
    command = [sys.executable, "-m", "nemo_run_lint", "check", "--watch"]
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "empty")}
    result = subprocess.run(command, cwd=project, capture_output=True, text=True, env=environment)
    assert result.returncode == 2
    assert "pip install 'nemo-run-lint[watch]'" in result.stderr


@pytest.mark.parametrize(
    ("path", "is_new", "does"),
    [
        ("src/train.py", False, True),
        ("src/train.pyi", False, True),
        ("src/train.ipynb", False, True),
        ("pyproject.toml", False, True),
        (".nemo-run-lint.toml", False, True),
        ("uv.lock", False, True),
        ("requirements-dev.txt", False, True),
        (".gitignore", False, True),
        ("nemo-run-lint-baseline.json", False, True),
        ("findings.sarif", False, False),
        ("notes.txt", False, False),
        ("log.json", False, False),
        (".venv/lib/a.py", False, False),
        ("__pycache__/a.py", False, False),
        (".git/index", True, False),
        ("src/package", True, True),
        ("src/package", False, False),
        ("src/.a.py.swp", True, False),
    ],
)
def test_what_matters(path: str, is_new: bool, does: bool) -> None:
    assert matters(1 if is_new else 2, os.path.join(os.getcwd(), path)) is does
