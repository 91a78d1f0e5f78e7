"""Rules about the project in real runs: from anywhere, beside comments, settings, flake8, and what is remembered."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

EXPERIMENT = 'import nemo_run as run\n\nwith run.Experiment("bert-pretraining") as exp:\n    exp.run()\n'
CONFIG = (
    "import nemo_run as run\nfrom team import Bert\n\nconfig = run.Config(Bert, layers=12, hidden=768, heads={heads})\n"
)
FOUND = ["missing-test-file", "missing-docs-page", "missing-config-file"]
TEST = "import experiments.bert\n\n\ndef test_it():\n    pass\n"


class Repository:
    """A project of files, and the linter in it."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.write("pyproject.toml", '[tool.nemo-run-lint]\nselect = ["NRL9", "unused-suppression"]\n')
        self.write("experiments/bert.py", EXPERIMENT)

    def write(self, path: str, text: str) -> None:
        file = self.directory / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        os.utime(file, (1, file.stat().st_mtime))

    def run(self, *command: str, at: str = ".", stdin: str = "") -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "NEMO_RUN_LINT_CACHE_DIR": str(self.directory / ".cache")}
        return subprocess.run(
            [sys.executable, *command],
            cwd=self.directory / at,
            env=environment,
            input=stdin,
            capture_output=True,
            text=True,
        )

    def found(self, *arguments: str, at: str = ".", stdin: str = "") -> list[str]:
        """The names of the rules that report, in order."""
        command = ("-m", "nemo_run_lint", "check", "--output-format", "json", *arguments)
        result = self.run(*command, at=at, stdin=stdin)
        assert result.returncode in (0, 1), result.stderr
        return [finding["name"] for finding in json.loads(result.stdout)["findings"]]


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path)


# -- from anywhere ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "at"),
    [
        (["."], "."),
        (["experiments/bert.py"], "."),
        (["."], "experiments"),
        (["../experiments/bert.py"], "experiments"),
        (["--no-cache", "."], "."),
    ],
)
def test_the_project_is_found_upwards(repository: Repository, arguments: list[str], at: str) -> None:
    assert repository.found(*arguments, at=at) == FOUND


def test_standard_input(repository: Repository) -> None:
    assert repository.found("-", "--stdin-filename", "experiments/bert.py", stdin=EXPERIMENT) == FOUND
    assert repository.found("-", "--stdin-filename", "experiments/new.py", stdin=EXPERIMENT) == FOUND
    assert repository.found("-", stdin=EXPERIMENT) == []


def test_without_settings_the_project_is_where_it_looks_like_one(repository: Repository) -> None:
    repository.write("pyproject.toml", "")
    assert repository.found("--select", "NRL9", ".", at="experiments") == FOUND
    assert repository.found("--isolated", "--select", "NRL9", ".") == FOUND


def test_only_the_strict_profile_asks(repository: Repository) -> None:
    repository.write("pyproject.toml", "")
    assert not {*FOUND} & {*repository.found(".")}
    assert {*FOUND} <= {*repository.found("--profile", "strict", ".")}


def test_another_layout(repository: Repository) -> None:
    repository.write(
        "nemo-run-lint.toml",
        'select = ["NRL9"]\n[layout]\nexperiment = "{name}/run.py"\ntest = "{name}/test_run.py"\n'
        'config = "{name}/config.py"\ndocumentation = "{name}/README.md"\n',
    )
    repository.write("bert/run.py", EXPERIMENT)
    repository.write("bert/config.py", "")
    assert repository.found(".") == ["missing-test-file", "missing-docs-page"]
    repository.write("bert/test_run.py", "from bert.run import exp\n\n\ndef test_it():\n    exp.dryrun()\n")
    repository.write("bert/README.md", "")
    assert repository.found(".") == []


# -- beside comments and settings --------------------------------------------------------------------------------------


def test_comments_silence(repository: Repository) -> None:
    comment = "  # nemo-run-lint: ignore[missing-test-file] -- tried by hand\n"
    repository.write("experiments/bert.py", EXPERIMENT.replace("as exp:\n", f"as exp:{comment}"))
    assert repository.found(".") == FOUND[1:]
    repository.write("tests/test_bert.py", TEST)
    assert repository.found(".") == [*FOUND[1:], "unused-suppression"]
    repository.write("experiments/bert.py", EXPERIMENT.replace("as exp:\n", "as exp:  # noqa: NRL902, NRL903\n"))
    assert repository.found(".") == []


def test_settings_silence(repository: Repository) -> None:
    table = '[tool.nemo-run-lint]\nselect = ["NRL9"]\nper-file-ignores = { "experiments/*" = ["missing-test-file"] }\n'
    repository.write("pyproject.toml", table)
    assert repository.found(".") == FOUND[1:]
    repository.write("pyproject.toml", f'{table}severity = {{ NRL902 = "info" }}\nignore = ["NRL903"]\n')
    assert repository.found(".") == ["missing-docs-page"]


def test_a_baseline_holds_them(repository: Repository) -> None:
    created = repository.run("-m", "nemo_run_lint", "check", "--baseline", "known.json", "--write-baseline", ".")
    assert created.returncode == 0, created.stderr
    assert repository.found("--baseline", "known.json", ".") == []


def test_what_the_settings_leave_out_is_no_experiment_to_compare_with(repository: Repository) -> None:
    repository.write("experiments/a.py", CONFIG.format(heads=12))
    repository.write("experiments/bert.py", EXPERIMENT + CONFIG.format(heads=12))
    arguments = ("--select", "duplicate-configuration", "experiments/bert.py")
    assert repository.found(*arguments) == ["duplicate-configuration"]
    repository.write("pyproject.toml", '[tool.nemo-run-lint]\nexclude = ["experiments/a.py"]\n')
    assert repository.found(*arguments) == []


def test_flake8_does_not_run_them_and_keeps_their_comments(repository: Repository) -> None:
    if repository.run("-m", "flake8", "--version").stdout.find("nemo-run-lint") < 0:
        pytest.skip("the plugin is not installed here")
    comment = "  # nemo-run-lint: ignore[missing-test-file] -- tried by hand\n"
    repository.write("experiments/bert.py", EXPERIMENT.replace("as exp:\n", f"as exp:{comment}"))
    result = repository.run("-m", "flake8", "--select", "NRL", "--nemo-run-profile", "strict", "experiments")
    assert not [line for line in result.stdout.splitlines() if "NRL9" in line or "unused" in line], result.stdout


# -- what is remembered ------------------------------------------------------------------------------------------------


def test_another_file_changes_what_is_found(repository: Repository) -> None:
    assert repository.found(".") == FOUND
    repository.write("docs/experiments/bert.md", "")
    repository.write("configs/bert_config.py", "")
    repository.write("tests/test_bert.py", "def test_it():\n    pass\n")
    assert repository.found(".") == ["untested-experiment"]
    repository.write("tests/conftest.py", "import experiments.bert\n")
    assert repository.found(".") == []
    (repository.directory / "tests/test_bert.py").unlink()
    assert repository.found(".") == ["missing-test-file"]


def test_an_edit_that_changes_no_answer_makes_no_work(repository: Repository) -> None:
    repository.write("experiments/a.py", CONFIG.format(heads=12))
    repository.write("experiments/bert.py", EXPERIMENT + CONFIG.format(heads=12))
    program = (
        "import sys; from nemo_run_lint.command_line import cli; cli.main(sys.argv[1:], standalone_mode=False)",
        "print('libcst' in sys.modules)",
    )
    wrapped = f"try:\n    {program[0]}\nexcept SystemExit:\n    {program[1]}\n"
    command = ("-c", wrapped, "check", "--quiet", "--output-format", "concise", "experiments/bert.py")
    first, second = repository.run(*command), repository.run(*command)
    assert first.stdout.endswith("True\n"), first.stderr
    assert "NRL907" in first.stdout
    assert second.stdout == first.stdout.replace("True\n", "False\n")
    repository.write("experiments/a.py", CONFIG.format(heads=12) + "# more\n")
    assert repository.run(*command).stdout == second.stdout
    repository.write("experiments/a.py", CONFIG.format(heads=16))
    assert "NRL907" not in repository.run(*command).stdout


def test_what_was_remembered_wrongly_is_not_believed(repository: Repository) -> None:
    from nemo_run_lint.settings import Settings
    from nemo_run_lint.surroundings import Surroundings

    project = Surroundings().project(str(repository.directory / "a.py"), Settings(cache=False))
    assert project.answers_still([]) is True
    assert project.answers_still([["exists", "experiments/bert.py", "nonsense"]]) is False
    assert project.answers_still([["__init__", "x"], ["relative", "a", "b"]]) is False
    assert project.exists("experiments/bert.py") is True
    assert project.answers_still([[*asked, answer] for asked, answer in project.asked.items()]) is True


# -- rules of other packages -------------------------------------------------------------------------------------------


def test_a_rule_of_another_package(repository: Repository) -> None:
    repository.write(
        "site/house_rules.py",
        '''
from nemo_run_lint.nemo.laid_out import LaidOut
from nemo_run_lint.project import File
from nemo_run_lint.rule import ProjectRule, Reports


class MissingOwner(ProjectRule):
    """An experiment is in the list of owners."""

    code = "HSE901"
    message = "`{name}` has no owner in OWNERS.py"

    def check(self, experiment: LaidOut, file: File) -> Reports:
        if experiment.name not in (file.project.text("OWNERS.py") or ""):
            yield self.at(experiment.node, name=experiment.name)
'''.lstrip(),
    )
    repository.write("site/house_rules-1.dist-info/METADATA", "Metadata-Version: 2.1\nName: house_rules\nVersion: 1\n")
    points = "[nemo_run_lint.rules]\nmissing-owner = house_rules:MissingOwner\n"
    repository.write("site/house_rules-1.dist-info/entry_points.txt", points)
    repository.write("pyproject.toml", '[tool.nemo-run-lint]\nexclude = ["site"]\n')
    program = "import sys; sys.path.insert(0, 'site'); from nemo_run_lint.cli import main; main()"
    command = ("-c", program, "check", "--select", "missing-owner", "--output-format", "concise", "-q", ".")
    found = repository.run(*command)
    assert (found.stdout, found.stderr) == (
        "experiments/bert.py:3:6: HSE901 warning missing-owner: `bert` has no owner in OWNERS.py\n",
        "",
    )
    repository.write("OWNERS.py", "bert = 'ada'\n")
    assert repository.run(*command).returncode == 0
