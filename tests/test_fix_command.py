"""`check --fix`, `--diff` and `--interactive` as a user types them, in a process of its own."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

COMMAND = [
    sys.executable,
    "-m",
    "nemo_run_lint",
    "check",
    "--color",
    "never",
    "--select",
    "env-value-not-str,script-text-as-path",
]

#: Two safe fixes, one that is not, and a finding without a fix.
BROKEN = """\
import nemo_run as run

run.LocalExecutor(env_vars={"A": 1, "B": 2})
run.Script("python train.py")
run.LocalExecutor(env_vars={"C": [3]})
"""
SAFE = BROKEN.replace("1", '"1"').replace("2", '"2"')
ALL = SAFE.replace('run.Script("', 'run.Script(inline="')

#: Nothing is left of this after the safe fixes.
SIMPLE = "".join(BROKEN.splitlines(keepends=True)[:3])
SIMPLE_FIXED = "".join(SAFE.splitlines(keepends=True)[:3])


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    Path("a.py").write_text(BROKEN)
    return tmp_path


def check(*arguments: str, stdin: str | bytes = b"") -> subprocess.CompletedProcess[str]:
    given = stdin.encode() if isinstance(stdin, str) else stdin
    result = subprocess.run([*COMMAND, *arguments], input=given, capture_output=True)
    return subprocess.CompletedProcess([], result.returncode, result.stdout.decode(), result.stderr.decode())


# -- files -------------------------------------------------------------------------------------------------------


def test_what_can_be_fixed_is_and_the_rest_is_told(project: Path) -> None:
    Path("b.py").write_text(SIMPLE)
    result = check("--fix", "--output-format", "concise")
    assert (Path("a.py").read_text(), Path("b.py").read_text()) == (SAFE, SIMPLE_FIXED)
    assert (result.returncode, result.stderr) == (1, "")
    *told, last, hint = result.stdout.splitlines()
    assert [line.partition(" ")[0] for line in told] == ["a.py:4:12:", "a.py:5:34:"]
    assert last == "Found 6 errors in 2 files (4 fixed, 2 remaining)."
    assert hint == "1 fixable with `--fix --unsafe-fixes`."


def test_when_nothing_is_left_all_is_well(project: Path) -> None:
    Path("a.py").write_text(SIMPLE)
    result = check("--fix")
    assert (result.returncode, result.stdout) == (0, "Found 2 errors in 1 file (2 fixed, 0 remaining).\n")
    again = check("--fix")
    assert (again.returncode, again.stdout, again.stderr) == (0, "All checks passed!\n", "")


def test_unsafe_fixes_are_applied_on_request_only(project: Path) -> None:
    shown = check("--unsafe-fixes")
    assert (shown.returncode, Path("a.py").read_text()) == (1, BROKEN)
    assert "2 fixable with `--fix`, 1 more with `--fix --unsafe-fixes`." in shown.stdout
    check("--fix", "--unsafe-fixes")
    assert Path("a.py").read_text() == ALL


@pytest.mark.parametrize(
    ("table", "arguments", "text"),
    [
        ("fix = true", [], SAFE),
        ("fix = true", ["--no-fix"], BROKEN),
        ("fix = true", ["--diff"], BROKEN),
        ("fix = true\nunsafe-fixes = true", [], ALL),
        ("fix = true\nunsafe-fixes = true", ["--no-unsafe-fixes"], SAFE),
        ("unsafe-fixes = true", [], BROKEN),
        ("unsafe-fixes = true", ["--fix"], ALL),
        ('unfixable = ["env-value-not-str"]', ["--fix"], BROKEN),
        ('extend-safe-fixes = ["script-text-as-path"]', ["--fix"], ALL),
    ],
)
def test_settings_may_ask_for_fixes(project: Path, table: str, arguments: list[str], text: str) -> None:
    Path("pyproject.toml").write_text(f"[tool.nemo-run-lint]\n{table}\n")
    check(*arguments)
    assert Path("a.py").read_text() == text


def test_a_diff_is_printed_and_nothing_is_changed(project: Path) -> None:
    result = check("--diff")
    assert (result.returncode, Path("a.py").read_text()) == (1, BROKEN)
    assert result.stdout.startswith("--- a.py\n+++ a.py\n@@ -1,5 +1,5 @@\n import nemo_run as run\n")
    assert result.stderr == "Would fix 2 errors (1 additional fix available with `--unsafe-fixes`).\n"
    assert check("--diff", "--exit-zero", "--quiet").returncode == 0
    assert check("--diff", "--quiet").stderr == ""
    assert check("--diff", "--fix").stdout == result.stdout
    assert Path("a.py").read_text() == BROKEN


def test_a_diff_of_nothing_is_0(project: Path) -> None:
    Path("a.py").write_text(SAFE)
    result = check("--diff")
    told = "No errors would be fixed (1 fix available with `--unsafe-fixes`).\n"
    assert (result.returncode, result.stdout, result.stderr) == (0, "", told)


def git(*arguments: str) -> None:
    identity = ("-c", "user.name=nobody", "-c", "user.email=nobody@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *identity, *arguments], check=True, capture_output=True)


def test_what_is_not_asked_for_is_not_fixed(project: Path) -> None:
    git("init", "--quiet")
    git("add", "--all")
    git("commit", "--quiet", "--no-verify", "--message", "all of it")
    Path("a.py").write_text(f"import os\n{BROKEN}{SIMPLE}")
    result = check("--fix", "--since", "HEAD")
    assert Path("a.py").read_text() == f"import os\n{BROKEN}{SIMPLE_FIXED}"
    assert "(2 fixed, 0 remaining" in result.stdout

    Path("a.py").write_text(BROKEN)
    assert check("--write-baseline").returncode == 0
    Path("a.py").write_text(f"import os\n{BROKEN}{SIMPLE.replace('A', 'Z')}")
    check("--fix", "--baseline", "nemo-run-lint-baseline.json")
    assert Path("a.py").read_text().startswith(f"import os\n{BROKEN}")
    assert '{"Z": "1"' in Path("a.py").read_text()


# -- standard input ----------------------------------------------------------------------------------------------


def test_of_standard_input_the_fixed_source_is_printed_and_the_findings_elsewhere(project: Path) -> None:
    result = check("--fix", "-", "--stdin-filename", "b.py", stdin=BROKEN)
    assert (result.returncode, result.stdout) == (1, SAFE)
    assert "--> b.py:5:" in result.stderr
    assert "Found 4 errors in 1 file (2 fixed, 2 remaining)." in result.stderr
    well = check("--fix", "-", stdin=SIMPLE)
    assert (well.returncode, well.stdout) == (0, SIMPLE_FIXED)
    assert Path("a.py").read_text() == BROKEN


@pytest.mark.parametrize(
    ("source", "status"),
    [
        (SAFE.encode(), 1),
        (b"import nemo_run as run\nrun.Script(\n", 1),
        (b"import nemo_run as run\n# \xff\n", 1),
        (b"import os\r\n", 0),
        (b"# \xff without nemo_run", 0),
        (b"", 0),
    ],
)
def test_a_source_that_stays_is_printed_as_it_came(project: Path, source: bytes, status: int) -> None:
    result = subprocess.run([*COMMAND, "--fix", "-"], input=source, capture_output=True)
    assert (result.returncode, result.stdout) == (status, source)


def test_an_excluded_source_is_printed_as_it_came(project: Path) -> None:
    Path("pyproject.toml").write_text('[tool.nemo-run-lint]\nexclude = ["old"]\nforce-exclude = true\n')
    result = check("--fix", "-", "--stdin-filename", "old/a.py", stdin=SIMPLE)
    assert (result.returncode, result.stdout) == (0, SIMPLE)


def test_a_diff_of_standard_input(project: Path) -> None:
    result = check("--diff", "-", "--stdin-filename", "b.py", stdin=BROKEN)
    assert result.returncode == 1
    assert '-run.LocalExecutor(env_vars={"A": 1, "B": 2})\n+run.LocalExecutor' in result.stdout
    assert result.stderr.startswith("Would fix 2 errors")


# -- asking ------------------------------------------------------------------------------------------------------


def test_without_a_terminal_nobody_is_asked(project: Path) -> None:
    for arguments in (["--interactive"], ["--interactive", "--diff"], ["--interactive", "-"]):
        result = check(*arguments)
        assert (result.returncode, result.stdout) == (2, "")
        assert "--interactive" in result.stderr.splitlines()[-1]
    assert Path("a.py").read_text() == BROKEN


def asked(*answers: str, arguments: Sequence[str] = ()) -> tuple[int, str]:
    """The status, and all that a terminal shows, when a person answers so; `^D` ends the input, `^C` the program."""
    terminal, inner = pty.openpty()
    process = subprocess.Popen([*COMMAND, "--interactive", *arguments], stdin=inner, stdout=inner, stderr=inner)
    os.close(inner)
    shown, waiting = "", list(answers)
    while True:
        while not select.select([terminal], [], [], 1)[0]:
            if answers[-1:] == ("^C",) and not waiting:  # a signal just before the input is awaited does not end that
                process.send_signal(signal.SIGINT)
        try:
            data = os.read(terminal, 65536)
        except OSError:  # the other side is closed
            break
        shown += data.decode()
        if waiting and shown.count("[q]uit: ") > len(answers) - len(waiting):
            answer = waiting.pop(0)
            if answer == "^C":
                process.send_signal(signal.SIGINT)
            else:
                os.write(terminal, b"\x04" if answer == "^D" else f"{answer}\n".encode())
    os.close(terminal)
    return process.wait(60), shown.replace("\r\n", "\n")


@pytest.mark.parametrize(
    ("answers", "text"),
    [
        (["y", "y"], SAFE),
        (["yes", "no"], BROKEN.replace("1", '"1"')),
        (["n", "y"], BROKEN.replace("2", '"2"')),
        (["a"], SAFE),
        (["s"], BROKEN),
        (["y", "q"], BROKEN.replace("1", '"1"')),
        (["q"], BROKEN),
        (["maybe", "", "Y", "n"], BROKEN.replace("1", '"1"')),
    ],
)
def test_each_fix_is_asked_about(project: Path, answers: list[str], text: str) -> None:
    status, shown = asked(*answers)
    assert status == 1
    assert Path("a.py").read_text() == text
    assert shown.count("[q]uit: ") == len(answers)
    assert shown.startswith("error[NRL650] env-value-not-str: `A` is an int")
    assert '-run.LocalExecutor(env_vars={"A": 1, "B": 2})\n+run.LocalExecutor(env_vars={"A": "1", "B": 2})' in shown


def test_unsafe_fixes_are_asked_about_on_request_and_named(project: Path) -> None:
    status, shown = asked("s", "y", arguments=["--unsafe-fixes"])
    assert status == 1
    assert "unsafe: it may change what the program does" in shown
    assert Path("a.py").read_text() == ALL.replace('"1"', "1").replace('"2"', "2")


def test_who_goes_away_has_had_enough_and_who_interrupts_changes_nothing(project: Path) -> None:
    assert asked("y", "^D")[0] == 1
    assert Path("a.py").read_text() == BROKEN.replace("1", '"1"')
    Path("a.py").write_text(BROKEN)
    assert asked("y", "^C")[0] == 130
    assert Path("a.py").read_text() == BROKEN
