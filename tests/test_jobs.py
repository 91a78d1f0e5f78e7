"""`check` with several processes: the same findings in the same order, whatever a file does to who reads it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from rule_cases import cases

ROOT = Path(__file__).parents[1]

BROKEN = "import nemo_run as run\nfrom training import train\n\nrun.Partial(train, x=lambda: 1)\n"

#: A rule that does what the last line of a file says.
TROUBLE = '''
import faulthandler, os, sys, time
import libcst as cst
from nemo_run_lint.rule import Rule

class Trouble(Rule):
    """Trouble."""

    code = "NRL998"
    message = "no trouble"

    def check(self, module: cst.Module, file):
        what, _, how = file.text.splitlines()[-1].removeprefix("# ").partition(" ")
        if what == "die":
            faulthandler.disable()
            os.kill(os.getpid(), int(how))
        if what == "sleep":
            print(os.getpid(), file=open(os.environ["SLEEPING"], "a"), flush=True)
            time.sleep(float(how))
        if what == "compute":
            sum(range(10**12))
        return ()
'''


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory with an environment beside it that has the rule above."""
    site = tmp_path / "site"
    (site / "trouble.dist-info").mkdir(parents=True)
    (site / "trouble.py").write_text(TROUBLE)
    (site / "trouble.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: trouble\nVersion: 0\n")
    (site / "trouble.dist-info" / "entry_points.txt").write_text("[nemo_run_lint.rules]\ntrouble = trouble:Trouble\n")
    path = os.pathsep.join(filter(None, [str(site), os.environ.get("PYTHONPATH")]))
    monkeypatch.setenv("PYTHONPATH", path)
    monkeypatch.setenv("SLEEPING", str(tmp_path / "sleeping"))
    (tmp_path / "project").mkdir()
    return tmp_path / "project"


def command(*options: str) -> Sequence[str]:
    return (sys.executable, "-m", "nemo_run_lint", "check", "--isolated", "--output-format", "concise", *options)


def check(directory: Path, *options: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(*options), cwd=directory, input=stdin, capture_output=True, text=True, timeout=120)


def write(directory: Path, **lines: str) -> None:
    """A file of each name, with a finding, and a last line."""
    for name, line in lines.items():
        (directory / f"{name}.py").write_text(f"{BROKEN}{line}\n")


FOUND = "NRL401 error lambda-in-config: `x` of `train` is a lambda, which cannot be saved"


@pytest.mark.parametrize("jobs", ["2", "auto"])
@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (f"# die {int(signal.SIGSEGV)}", "the process that read it ended with SIGSEGV"),
        (f"# die {int(signal.SIGKILL)}", "the process that read it ended with SIGKILL, perhaps for want of memory"),
        ("# sleep 600", "it took longer than 2 seconds, which is its `time-limit`"),
        ("# compute", "it took longer than 2 seconds, which is its `time-limit`"),
    ],
)
def test_a_file_that_ends_or_stops_a_process_is_named_and_the_rest_goes_on(
    project: Path, line: str, reason: str, jobs: str
) -> None:
    write(project, a="", b=line, c="", d="")
    result = check(project, "--jobs", jobs, "--config", "time-limit = 2")
    assert result.stderr == ""
    assert result.stdout.splitlines() == [
        f"a.py:4:22: {FOUND}",
        f"b.py:1:1: NRL003 warning file-skipped: this file was skipped: {reason}",
        f"c.py:4:22: {FOUND}",
        f"d.py:4:22: {FOUND}",
        "Found 3 errors and 1 warning in 4 files (1 file skipped).",
    ]
    assert result.returncode == 1


def test_a_source_that_is_alone_is_safe_too(project: Path) -> None:
    result = check(project, "-", stdin=f"{BROKEN}# die {int(signal.SIGSEGV)}\n")
    assert result.stdout.startswith("-:1:1: NRL003 warning file-skipped:")
    assert result.stderr == ""


def test_it_is_not_remembered(project: Path) -> None:
    write(project, a="# sleep 3")
    assert "file-skipped" in check(project, "a.py", "--config", "time-limit = 1").stdout
    assert "file-skipped" not in check(project, "a.py").stdout


@pytest.fixture
def many(project: Path) -> Path:
    """The examples of all rules, and some that cannot be read."""
    for file in sorted((ROOT / "tests" / "rules").glob("*/*.md"))[::6]:
        for number, case in enumerate(cases(file, file.stem)):
            (project / f"{file.stem}_{number}.py").write_text(case.source)
    (project / "syntax.py").write_text("import nemo_run\n(\n")
    (project / "large.py").write_text("import nemo_run\n" + "#" * 1_000_000)
    (project / "deep.py").write_text(f"import nemo_run\nx = {'-' * 200}1\n")
    return project


def test_findings_and_their_order_are_the_same(many: Path) -> None:
    outputs = [check(many, "--profile", "strict", "--no-cache", "--jobs", jobs) for jobs in ("1", "2", "5")]
    assert len({output.stdout for output in outputs}) == 1
    assert outputs[0].stdout.count("\n") > 100
    assert "(2 files skipped)" in outputs[0].stdout
    assert {output.stderr for output in outputs} == {""}


TOLD = """
import sys
from nemo_run_lint.commands.check import check
try:
    check.main()
finally:
    print("multiprocessing.process" in sys.modules, "libcst" in sys.modules, file=sys.stderr)
"""


def test_what_is_remembered_needs_no_process(many: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("PYTHONPATH")  # with rules of others nothing is remembered
    monkeypatch.setenv("NEMO_RUN_LINT_CACHE_DIR", str(tmp_path / "cache"))
    runs = [
        subprocess.run([sys.executable, "-c", TOLD, "--jobs", "2", "."], cwd=many, capture_output=True, text=True)
        for _ in range(2)
    ]
    assert [run.stderr for run in runs] == ["True True\n", "False False\n"]
    assert runs[0].stdout == runs[1].stdout


def sleepers(project: Path, number: int) -> list[int]:
    """The workers that sleep, as soon as there are so many."""
    for _ in range(600):
        told = project.parent / "sleeping"
        found = [int(line) for line in told.read_text().split()] if told.exists() else []
        if len(found) == number:
            return found
        time.sleep(0.1)
    raise AssertionError("they do not sleep")


def gone(processes: Sequence[int], seconds: float) -> bool:
    """Whether all of these end in time."""
    until = time.monotonic() + seconds
    while any(Path(f"/proc/{each}/exe").exists() for each in processes):
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


@pytest.fixture
def running(project: Path) -> Iterator[subprocess.Popen[str]]:
    """A run whose two workers sleep, in a process group of its own as a shell makes one."""
    enough = "#" * 30_000  # for two
    write(project, a=f"{enough}\n# sleep 8", b=f"{enough}\n# sleep 8", c="")
    process = subprocess.Popen(
        command("--jobs", "2", "--config", "time-limit = 60"),
        cwd=project,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    yield process
    process.kill()
    process.communicate()


def test_ctrl_c_ends_all_of_them_at_once_and_silently(project: Path, running: subprocess.Popen[str]) -> None:
    workers = sleepers(project, 2)
    began = time.monotonic()
    os.killpg(running.pid, signal.SIGINT)
    output = running.communicate(timeout=30)
    assert time.monotonic() - began < 5
    assert (running.returncode, *output) == (130, "", "\n")
    assert gone(workers, 1)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_workers_of_a_process_that_is_killed_end(project: Path, running: subprocess.Popen[str], how: int) -> None:
    workers = sleepers(project, 2)
    running.send_signal(how)
    running.wait(timeout=30)
    assert gone(workers, 30), "they end when they have done what they were doing"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["--jobs", "0"], "`0` is neither a number from 1 to 10,000 nor `auto`"),
        (["--jobs", "two"], "`two` is neither"),
        (["--jobs", "-1"], "`-1` is neither"),
        (["--jobs", "9" * 5000], "is neither a number from 1"),
        (["--config", "jobs = 0"], '`jobs` must be a whole number, 1 or more, or "auto", not 0'),
        (["--config", "jobs = true"], '`jobs` must be a whole number, 1 or more, or "auto", not True'),
        (["--config", "time-limit = 0"], "`time-limit` must be a whole number of seconds, 1 or more, not 0"),
        (["--config", "time-limit = 0.5"], "`time-limit` must be a whole number of seconds, 1 or more, not 0.5"),
    ],
)
def test_what_cannot_be_meant(project: Path, given: Sequence[str], message: str) -> None:
    result = check(project, *given)
    assert (result.returncode, result.stdout) == (2, "")
    assert message in result.stderr


THREADED = """
import sys, threading
from nemo_run_lint import runner
from nemo_run_lint.settings import Settings
if __name__ == "__main__":
    threading.Thread(target=threading.Event().wait, daemon=True).start()
    print(len(runner.run(["."], lambda _: Settings(cache=False), jobs=2).findings))
    print("multiprocessing.popen_spawn_posix" in sys.modules, "multiprocessing.popen_fork" in sys.modules)
"""


@pytest.mark.skipif(os.name != "posix", reason="elsewhere nothing is forked")
@pytest.mark.parametrize(("length", "spawns"), [(0, False), (40_000, True)])
def test_a_program_with_threads_is_not_forked(project: Path, length: int, spawns: bool) -> None:
    """It starts other processes, and only where there is enough to do."""
    write(project, **{f"f{number}": "#" * length for number in range(8)})
    (project.parent / "program.py").write_text(THREADED)
    result = subprocess.run([sys.executable, "../program.py"], cwd=project, capture_output=True, text=True, timeout=120)
    assert (result.stdout.split(), result.stderr) == (["8", str(spawns), str(spawns)], "")
