"""`check --local-rules`: rules that are not installed, because somebody asked for them, and in no other way."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = str(Path(sys.executable).with_name("nemo-run-lint"))

RULE = '''
import libcst as cst

from nemo_run_lint import Rule


class TeamPrefix(Rule):
    """The names of tasks begin as the team wants it."""

    code = "NRL990"
    message = "`{name}` does not begin with `{prefix}`"

    def check(self, function: cst.FunctionDef, file):
        if not function.name.value.startswith("team_"):
            yield self.at(function.name, name=function.name.value, prefix="team_")
'''


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "prefix.py").write_text(RULE)
    (tmp_path / "rules" / "_shared.py").write_text("raise SystemExit('it is no rule')\n")
    for number in range(3):
        (tmp_path / f"train_{number}.py").write_text("import nemo_run\n\n\ndef train() -> None: ...\n")
    return tmp_path


def check(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "NEMO_RUN_LINT_CACHE_DIR": str(project / ".cache")}
    command = [COMMAND, "check", "--output-format", "concise", "-q", *arguments]
    return subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True)


def test_a_rule_of_a_directory_is_a_rule_like_others(project: Path) -> None:
    result = check(project, "--select", "team-prefix", "--local-rules", "rules", ".")
    told = "NRL990 warning team-prefix: `train` does not begin with `team_`"
    assert result.stdout.splitlines() == [f"train_{number}.py:4:5: {told}" for number in range(3)], result.stderr
    assert sorted(path.name for path in (project / "rules").iterdir()) == ["_shared.py", "prefix.py"]


def test_what_has_changed_in_a_rule_counts_at_once(project: Path) -> None:
    arguments = ("--select", "NRL990", "--local-rules", "rules", "train_0.py")
    assert check(project, *arguments).returncode == 1
    (project / "rules" / "prefix.py").write_text(RULE.replace('"team_"', '"tra"'))
    assert check(project, *arguments).returncode == 0
    assert "unknown" not in check(project, "--select", "NRL1", "train_0.py").stderr


def test_comments_and_settings_speak_of_it(project: Path) -> None:
    (project / "train_0.py").write_text("import nemo_run\n\n\ndef train() -> None: ...  # noqa: NRL990\n")
    (project / "pyproject.toml").write_text(
        '[tool.nemo-run-lint]\nselect = ["team-prefix"]\nper-file-ignores = { "train_1.py" = ["NRL990"] }\n'
    )
    result = check(project, "--local-rules", "rules", ".")
    assert [line.partition(":")[0] for line in result.stdout.splitlines()] == ["train_2.py"]


def test_without_the_option_there_is_none_and_no_setting_asks_for_it(project: Path) -> None:
    assert check(project, "--select", "team-prefix", ".").returncode == 2
    for key in ("local-rules", "local_rules"):
        (project / "pyproject.toml").write_text(f'[tool.nemo-run-lint]\n{key} = "rules"\n')
        result = check(project, ".")
        assert (result.returncode, f"`{key}` is not a setting" in result.stderr) == (2, True), result.stderr
        assert check(project, "--isolated", "--config", f"{key} = 'rules'", ".").returncode == 2


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({}, "there is no directory more"),
        ({"_a.py": RULE}, "there is no rule in more"),
        ({"a.py": "x = 1\n"}, "there is no rule in more"),
        ({"a.py": "import nothing_at_all\n"}, "more/a.py cannot be run: ModuleNotFoundError"),
        ({"a.py": "def\n"}, "more/a.py cannot be run: SyntaxError"),
        ({"a.py": RULE, "b.py": RULE}, "more/b.py: there is already a rule `team-prefix`"),
        ({"a.py": RULE.replace("TeamPrefix", "LambdaInConfig")}, "there is already a rule `lambda-in-config`"),
        ({"a.py": RULE.replace("NRL990", "NRL401")}, "has the code NRL401, which is another rule's"),
    ],
)
def test_what_cannot_be_had_is_said_in_a_sentence(project: Path, files: dict[str, str], words: str) -> None:
    for name, text in files.items():
        (project / "more").mkdir(exist_ok=True)
        (project / "more" / name).write_text(text)
    result = check(project, "--local-rules", "more", ".")
    assert (result.returncode, result.stdout) == (2, "")
    assert words in result.stderr
    assert "Traceback" not in result.stderr
