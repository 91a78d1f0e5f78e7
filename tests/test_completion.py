"""Completion in real shells, as far as they are installed, and what it imports."""

from __future__ import annotations

import os
import pty
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

#: Where the command lies that the shells start.
BIN = Path(sys.executable).parent

ENVIRONMENT = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}


def shell(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, env={**ENVIRONMENT, **environment})


def bash(*words: str) -> list[str]:
    """What bash offers for the last of the words."""
    program = f"""
eval "$(nemo-run-lint completion bash)"
COMP_WORDS=(nemo-run-lint {" ".join(f"'{word}'" for word in words)})
COMP_CWORD={len(words)}
_nemo_run_lint_completion nemo-run-lint
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
    result = run(shell("bash"), "--norc", "-c", program)
    assert result.returncode == 0, result.stderr
    return result.stdout.split()


def test_bash_completes_commands_options_and_values() -> None:
    assert bash("che") == ["check"]
    assert {"check", "config", "doctor", "explain"} <= set(bash(""))
    assert bash("check", "--prof") == ["--profile"]
    assert bash("check", "--profile", "st") == ["strict"]
    assert "concise" in bash("check", "--output-format", "con")
    assert bash("completion", "f") == ["fish"]
    assert bash("config", "per-file") == ["per-file-ignores"]


def test_bash_completes_rules() -> None:
    assert bash("check", "--select", "lam") == ["lambda-in-config"]
    assert bash("check", "--ignore", "nrl401") == []
    assert bash("check", "--ignore", "NRL401") == ["NRL401"]
    assert "NRL4" in bash("check", "--extend-select", "NRL")
    assert bash("check", "--select", "NRL1,lambda-in") == ["NRL1,lambda-in-config"]


def test_fish_completes(tmp_path: Path) -> None:
    script = tmp_path / "nemo-run-lint.fish"
    script.write_text(run(str(BIN / "nemo-run-lint"), "completion", "fish").stdout)

    def offered(line: str) -> list[str]:
        program = f"source {script}; complete -C '{line}'"
        result = run(shell("fish"), "--no-config", "-c", program, HOME=str(tmp_path))
        assert result.returncode == 0, result.stderr
        return [each.split("\t")[0] for each in result.stdout.splitlines()]

    assert offered("nemo-run-lint che") == ["check"]
    assert offered("nemo-run-lint check --profile st") == ["strict"]
    assert offered("nemo-run-lint check --select lam") == ["lambda-in-config"]
    assert offered("nemo-run-lint config severi") == ["severity"]


def test_zsh_completes(tmp_path: Path) -> None:
    """In a terminal, with the Tab key: zsh completes nowhere else."""
    program = shell("zsh")
    screen, theirs = pty.openpty()
    environment = {**ENVIRONMENT, "TERM": "dumb", "ZDOTDIR": str(tmp_path), "PS1": "> "}
    process = subprocess.Popen(
        [program, "-f", "-i"], stdin=theirs, stdout=theirs, stderr=theirs, env=environment, start_new_session=True
    )
    os.close(theirs)
    try:
        _type(screen, "unsetopt beep; autoload -U compinit; compinit -u -D\n", "> ")
        _type(screen, 'eval "$(nemo-run-lint completion zsh)"; echo rea""dy\n', "ready")
        assert "--profile strict" in _type(screen, "nemo-run-lint check --profile st\t", "strict")
        assert "lambda-in-config" in _type(screen, "--select lam\t", "lambda-in-config")
    finally:
        process.kill()
        process.wait()
        os.close(screen)


def _type(screen: int, keys: str, until: str, seconds: float = 30) -> str:
    """Type, and read until something is shown."""
    os.write(screen, keys.encode())
    shown, limit = "", time.monotonic() + seconds
    while until not in shown:
        assert time.monotonic() < limit, f"no {until!r} in {shown!r}"
        if select.select([screen], [], [], 0.1)[0]:
            shown += os.read(screen, 65536).decode(errors="replace")
    return shown


def test_the_shell_is_that_of_the_user() -> None:
    command = str(BIN / "nemo-run-lint")
    assert run(command, "completion", SHELL="/usr/bin/zsh").stdout == run(command, "completion", "zsh").stdout
    unknown = run(command, "completion", SHELL="/bin/tcsh")
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert "name a shell: bash, zsh, fish" in unknown.stderr


def test_printing_the_script_starts_no_shell(tmp_path: Path) -> None:
    result = run(str(BIN / "nemo-run-lint"), "completion", "bash", PATH=str(tmp_path))
    assert (result.returncode, result.stderr) == (0, "")
    assert "complete -o nosort" in result.stdout


@pytest.mark.parametrize(
    "words", [["check", "--select", "lam"], ["check", "--pro"], ["config", "sel"], ["c"], ["explain", "lam"]]
)
def test_completing_imports_neither_libcst_nor_rules(words: list[str]) -> None:
    program = """
import sys
from nemo_run_lint.cli import main
try:
    main()
finally:
    loaded = [name for name in sys.modules if name == "libcst" or name.startswith("nemo_run_lint.rules.")]
    print(len(loaded), file=sys.stderr)
"""
    environment = {
        "_NEMO_RUN_LINT_COMPLETE": "bash_complete",
        "COMP_WORDS": " ".join(["nemo-run-lint", *words]),
        "COMP_CWORD": str(len(words)),
    }
    result = run(sys.executable, "-c", program, **environment)
    assert result.stdout.strip()
    assert result.stderr == "0\n"
