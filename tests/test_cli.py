"""The command as a user types it, in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = [sys.executable, "-m", "nemo_run_lint"]

BROKEN = """\
import nemo_run as run


def train(schedule: object) -> None:
    \"\"\"Train.

    Args:
        schedule: How fast.
    \"\"\"


task = run.Partial(train, schedule=lambda step: 0.1)
"""

CLEAN = BROKEN.replace("lambda step: 0.1", "0.1")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    (tmp_path / "broken.py").write_text(BROKEN)
    (tmp_path / "clean.py").write_text(CLEAN)
    return tmp_path


def lint(directory: Path, *arguments: str, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {key: value for key, value in os.environ.items() if key not in ("FORCE_COLOR", "NO_COLOR")}
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=directory,
        input=stdin,
        capture_output=True,
        text=True,
        env={**inherited, **environment},
    )


def test_clean_is_0_findings_are_1(repository: Path) -> None:
    clean = lint(repository, "check", "clean.py")
    assert (clean.returncode, clean.stdout, clean.stderr) == (0, "All checks passed!\n", "")
    broken = lint(repository, "check")
    assert (broken.returncode, broken.stderr) == (1, "")
    assert "broken.py:12:36" in broken.stdout
    assert "error[NRL401] lambda-in-config: `schedule` of `train` is a lambda, which cannot be saved" in broken.stdout
    assert "Found 1 error in 1 of 2 files." in broken.stdout


def test_exit_zero_and_quiet(repository: Path) -> None:
    result = lint(repository, "check", "--exit-zero", "-q", "--output-format", "concise")
    assert result.returncode == 0
    assert len(result.stdout.splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["check", "missing.py"], ["missing.py"]),
        (["check", "--select", "NRL9999"], ["NRL9999"]),
        (["check", "--select", "lambda-in-confg"], ["lambda-in-confg", "lambda-in-config"]),
        (["check", "--output-format", "fancy"], ["fancy", "concise"]),
        (["check", "--profile", "relaxed"], ["relaxed", "team"]),
        (["check", "--nonsense"], ["--nonsense"]),
        (["chek"], ["chek", "check"]),
        (["broken.py"], ["check broken.py"]),
        (["check", "-", "broken.py"], ["standard input"]),
        (["check", "--stdin-filename", "x.py", "broken.py"], ["--stdin-filename"]),
        (["explain", "NRL999"], ["NRL999"]),
        (["explain", "lambda"], ["lambda"]),
    ],
)
def test_bad_usage_is_2_and_one_sentence(repository: Path, arguments: list[str], words: list[str]) -> None:
    result = lint(repository, *arguments)
    assert (result.returncode, result.stdout) == (2, "")
    assert all(word in result.stderr for word in words), result.stderr
    assert "Traceback" not in result.stderr


def test_bad_settings_are_2(repository: Path) -> None:
    (repository / "pyproject.toml").write_text('[tool.nemo-run-lint]\nselct = ["NRL4"]\n')
    result = lint(repository, "check")
    assert (result.returncode, result.stdout) == (2, "")
    assert "pyproject.toml" in result.stderr
    assert "did you mean `select`?" in result.stderr
    assert lint(repository, "check", "--isolated").returncode == 1


def test_settings_and_options_choose_rules(repository: Path) -> None:
    (repository / "pyproject.toml").write_text('[tool.nemo-run-lint]\nignore = ["lambda-in-config"]\n')
    assert lint(repository, "check").returncode == 0
    assert (
        lint(repository, "check", "--extend-select", "missing-example", "--ignore", "missing-example").returncode == 0
    )
    assert lint(repository, "check", "--select", "NRL401").returncode == 1
    (repository / "pyproject.toml").write_text('[tool.nemo-run-lint]\nselect = ["NRL101"]\n')
    assert lint(repository, "check").returncode == 0
    assert lint(repository, "check", "--extend-select", "NRL4,NRL5").returncode == 1
    assert lint(repository, "check", "--select", "lambda-in-config").returncode == 1
    assert lint(repository, "check", "--select", "ALL", "--ignore", "ALL").returncode == 0


def test_standard_input(repository: Path) -> None:
    result = lint(
        repository, "check", "-", "--stdin-filename", "sub/new.py", "--output-format", "concise", stdin=BROKEN
    )
    assert result.returncode == 1
    assert result.stdout.startswith("sub/new.py:12:36: NRL401 error lambda-in-config:")
    full = lint(repository, "check", "-", stdin=BROKEN)
    assert "12 | task = run.Partial(train, schedule=lambda step: 0.1)" in full.stdout
    assert lint(repository, "check", "-", stdin="").returncode == 0


def test_json_is_the_same_bytes_every_time(repository: Path) -> None:
    first, second = (lint(repository, "check", "--output-format", "json", ".").stdout for _ in range(2))
    assert first == second
    (finding,) = json.loads(first)["findings"]
    assert (finding["code"], finding["line"], finding["column"]) == ("NRL401", 12, 36)


def test_colour_is_for_terminals_or_on_demand(repository: Path) -> None:
    assert "\x1b[" not in lint(repository, "check").stdout
    assert "\x1b[" in lint(repository, "check", "--color", "always").stdout
    assert "\x1b[" in lint(repository, "check", FORCE_COLOR="1").stdout
    assert "\x1b[" not in lint(repository, "check", FORCE_COLOR="1", NO_COLOR="1").stdout


def test_a_reader_that_goes_away_is_no_error(repository: Path) -> None:
    for number in range(300):
        (repository / f"copy{number}.py").write_text(BROKEN)
    command = f"{sys.executable} -m nemo_run_lint check . | head -n 1"
    result = subprocess.run(["bash", "-c", command], cwd=repository, capture_output=True, text=True)
    assert (result.stdout.count("\n"), result.stderr) == (1, "")


def test_an_encoding_without_the_characters_is_no_error(repository: Path) -> None:
    (repository / "broken.py").write_text(BROKEN.replace("0.1", '"\N{GREEK SMALL LETTER ALPHA}"'), encoding="utf-8")
    result = lint(repository, "check", PYTHONIOENCODING="ascii")
    assert (result.returncode, result.stderr) == (1, "")
    assert "\\u03b1" in result.stdout


def test_explain_and_rules() -> None:
    here = Path(__file__).parent
    by_code, by_name = lint(here, "explain", "NRL401"), lint(here, "explain", "lambda-in-config")
    assert by_code.returncode == 0
    assert by_code.stdout == by_name.stdout
    assert "lambda" in by_code.stdout
    listed = lint(here, "rules")
    assert "NRL401" in listed.stdout
    assert "lambda-in-config" in listed.stdout
    assert {rule["name"] for rule in json.loads(lint(here, "rules", "--output-format", "json").stdout)} >= {
        "lambda-in-config"
    }


def test_version_and_help() -> None:
    here = Path(__file__).parent
    assert lint(here, "--version").stdout.startswith("nemo-run-lint 0.")
    assert "check" in lint(here, "--help").stdout


def test_the_public_api(repository: Path) -> None:
    import nemo_run_lint

    found = nemo_run_lint.lint_source(BROKEN, str(repository / "new.py"))
    assert [finding.code for finding in found] == ["NRL401"]
    assert [finding.name for finding in nemo_run_lint.lint_paths(str(repository))] == ["lambda-in-config"]
    assert isinstance(found[0], nemo_run_lint.Finding)
    with pytest.raises(AttributeError):
        nemo_run_lint.nonsense  # noqa: B018


def test_libcst_is_imported_only_for_files_that_need_it(repository: Path) -> None:
    program = "import sys; import nemo_run_lint; print(nemo_run_lint.lint_paths(sys.argv[1]), 'libcst' in sys.modules)"
    (repository / "other.py").write_text("import os\n# not nemo_runspec either\n")

    def printed(name: str) -> str:
        return subprocess.run(
            [sys.executable, "-c", program, name], cwd=repository, capture_output=True, text=True
        ).stdout

    assert printed("other.py") == "[] False\n"
    assert printed("clean.py") == "[] True\n"


def test_the_correctness_profile_shows_errors_only(repository: Path) -> None:
    (repository / "command.py").write_text(
        "import nemo_run as run\n\n\n@run.cli.entrypoint\ndef train(steps: int = None): ...\n\n\ndef other(x: int = None): ...\n"
    )
    arguments = ("check", "command.py", "--profile", "correctness", "--output-format", "concise", "-q")
    assert [line.split()[1] for line in lint(repository, *arguments).stdout.splitlines()] == ["NRL203"]
    asked = lint(repository, *arguments, "--extend-select", "NRL103").stdout
    assert [line.split()[1] for line in asked.splitlines()] == ["NRL103", "NRL203"]
