"""`doctor`: each kind of trouble in a real project, what it proposes, and that the proposal cures it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from nemo_run_lint._version import __version__
from nemo_run_lint.doctor.pre_commit import hooks_in

BROKEN = "import nemo_run as run\nfrom training import train\n\nrun.Partial(train, x=lambda: 1)\n"


def command(directory: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "nemo_run_lint", "doctor", *arguments],
        cwd=directory,
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
    )


def examined(directory: Path, *arguments: str, **environment: str) -> list[dict[str, Any]]:
    result = command(directory, *arguments, "--output-format", "json", **environment)
    assert result.stderr == ""
    found: list[dict[str, Any]] = json.loads(result.stdout)
    assert result.returncode == int(any(each["level"] == "problem" for each in found))
    return found


def about(directory: Path, word: str) -> list[dict[str, Any]]:
    return [each for each in examined(directory) if word in each["message"]]


def the(directory: Path, word: str) -> dict[str, Any]:
    (found,) = about(directory, word)
    return found


def write(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


@pytest.fixture
def project(tmp_path: Path) -> Path:
    directory = tmp_path / "project"
    (directory / ".git").mkdir(parents=True)
    write(directory / "train.py", BROKEN)
    write(directory / "requirements.txt", "torch\nnemo_run==0.9.0\n")
    return directory


# -- the command ------------------------------------------------------------------------------------------------


def test_nothing_is_wrong(project: Path) -> None:
    result = command(project)
    assert (result.returncode, result.stderr) == (0, "")
    assert all(line.startswith("ok ") for line in result.stdout.splitlines()[:-1]), result.stdout
    assert result.stdout.splitlines()[-1] == "Found no problems, and gave advice 0 times."
    assert command(project, "-q").stdout == "Found no problems, and gave advice 0 times.\n"


def test_a_problem_is_1_and_says_what_to_write(project: Path) -> None:
    write(project / ".flake8", "[flake8]\nselect = E\n")
    result = command(project, "-q")
    assert (result.returncode, result.stderr) == (1, "")
    assert result.stdout.splitlines() == [
        "problem  .flake8: flake8 hides the linter's findings, since `select` does not name NRL",
        "             [flake8]",
        "             extend-select = NRL",
        "Found 1 problem, and gave advice 0 times.",
    ]


@pytest.mark.parametrize("path", ["missing", "train.py"])
def test_a_path_that_is_no_directory_is_2(project: Path, path: str) -> None:
    result = command(project, path)
    assert (result.returncode, result.stdout) == (2, "")
    assert path in result.stderr


def test_nothing_is_changed(project: Path) -> None:
    before = sorted((str(path), path.stat().st_mtime_ns) for path in project.rglob("*"))
    examined(project, NEMO_RUN_LINT_CACHE_DIR=str(project / "not-made"))
    assert sorted((str(path), path.stat().st_mtime_ns) for path in project.rglob("*")) == before


# -- settings ---------------------------------------------------------------------------------------------------


def test_all_that_is_wrong_with_the_settings_at_once(project: Path) -> None:
    write(
        project / "pyproject.toml",
        """\
[tool.nemo-run-lint]
profil = "team"
select = ["NRL499"]
[tool.nemo-run-lint.rules]
short-name = { minimum-lenght = 4, minimum-length = "4" }
no-such-rule = {}
""",
    )
    write(project / "sub" / "nemo-run-lint.toml", "[tool.nemo-run-lint]\n")
    write(project / "broken" / "pyproject.toml", "[tool\n")
    write(project / ".venv" / "pyproject.toml", "[tool.nemo-run-lint]\nx = 1\n")
    problems = [each["message"] for each in examined(project) if each["level"] == "problem"]
    expected = [
        "`profil` is not a setting; did you mean `profile`?",
        "`select`: `NRL499`: no rule has this code",
        "`rules.no-such-rule`: there is no rule of this name",
        "rules.short-name: `minimum-lenght` is not an option of this rule; did you mean `minimum-length`?",
        "rules.short-name: `minimum-length` must be a whole number, not '4'",
        f"{project / 'broken' / 'pyproject.toml'} is not valid TOML",
        "`tool` is not a setting: in this file the settings stand without the header",
    ]
    assert len(problems) == len(expected)
    for problem, start in zip(problems, expected, strict=True):
        assert problem.startswith(start)


def test_settings_that_do_not_count(project: Path) -> None:
    write(project / "pyproject.toml", "[tool.nemo-run-lint]\nprofile = 'strict'\n")
    write(project / "nemo-run-lint.toml", "")
    shadowed = the(project, "do not count")
    assert (shadowed["level"], shadowed["file"]) == ("advice", str(project / "pyproject.toml"))
    assert "nemo-run-lint.toml lies beside" in shadowed["message"]


def test_what_settings_extend(project: Path) -> None:
    write(project.parent / "base.toml", "profile = 'strict'\n")
    file = write(project / "nemo-run-lint.toml", "extend = '../base.toml'\n")
    assert the(project, "extends")["message"] == f"the settings are {file} extends {project.parent / 'base.toml'}"
    file.write_text("extend = 'nowhere.toml'\n")
    assert the(project, "nowhere.toml does not exist")["level"] == "problem"


def test_an_environment_that_there_is_not(project: Path) -> None:
    write(project / "nemo-run-lint.toml", "python = 'nowhere'\n")
    assert the(project, "is no Python environment")["level"] == "problem"


def test_settings_above_the_project_that_are_broken(project: Path) -> None:
    write(project.parent / "nemo-run-lint.toml", "profil = 1\n")
    assert the(project, "`profil` is not a setting")["level"] == "problem"


FILES = ["pyproject.toml", "nemo-run-lint.toml", "ruff.toml", "setup.cfg", ".flake8", ".pre-commit-config.yaml"]


@pytest.mark.parametrize("kind", ["directory", "broken", "binary", "empty", "loop", "nul", "pipe"])
def test_no_file_is_so_bad_that_it_stops(project: Path, kind: str) -> None:
    for file in (project / name for name in FILES):
        if kind == "directory":
            file.mkdir()
        elif kind == "loop":
            file.symlink_to(file)
        elif kind == "pipe":
            os.mkfifo(file)
        else:
            file.write_bytes({"broken": b"[a\nb: [", "binary": b"\xff\xfe\x00", "empty": b"", "nul": b"\0"}[kind])
    told = examined(project)
    assert any("mention nemo_run" in each["message"] for each in told)
    is_told = {each["file"] for each in told if each["level"] == "problem"}
    assert (str(project / "nemo-run-lint.toml") in is_told) is (kind != "empty")


# -- which NeMo Run, and where ------------------------------------------------------------------------------------


def test_the_version_and_what_says_it(project: Path) -> None:
    told = the(project, "means NeMo Run 0.9.0")["message"]
    assert told == f"`nemo_run==0.9.0` in {project / 'requirements.txt'}:2 means NeMo Run 0.9.0"
    write(project / "nemo-run-lint.toml", "nemo-run-version = ['0.8', '0.9']\n")
    assert the(project, "`nemo-run-version` says")["message"] == "`nemo-run-version` says NeMo Run 0.8.1, 0.9.0"


def test_nothing_says_the_version(project: Path) -> None:
    (project / "requirements.txt").unlink()
    site = project.parent / "site-packages"
    write(site / "other-1.dist-info" / "METADATA", "Name: other\nVersion: 1\n")
    write(project / "nemo-run-lint.toml", f"python = '{site}'\n")
    advice = the(project, "nothing tells which NeMo Run")
    assert (advice["level"], advice["write"][-1]) == ("advice", 'nemo-run-version = "0.11"')


def test_another_version_is_installed(project: Path) -> None:
    site = project.parent / "site-packages"
    write(site / "nemo_run-0.11.1.dist-info" / "METADATA", "Name: nemo_run\nVersion: 0.11.1\n")
    write(project / "nemo-run-lint.toml", f"python = '{site}'\n")
    assert f"the environment is {site}, of Python " in the(project, "with NeMo Run 0.11.1")["message"]
    differs = the(project, "is installed, and the project is judged by 0.9.0")
    assert differs["level"] == "advice"
    write(project / "requirements.txt", "nemo_run>=0.9\n")
    assert about(project, "is installed, and the project is judged by") == []


def test_what_is_remembered(project: Path) -> None:
    cache = project.parent / "cache"
    write(cache / "store", "x" * 200_000)
    told = [each["message"] for each in examined(project, NEMO_RUN_LINT_CACHE_DIR=str(cache))]
    assert f"what was worked out is remembered in {cache} (0.2 MB)" in told
    told = [each["message"] for each in examined(project, NEMO_RUN_LINT_CACHE_DIR=str(cache / "store" / "below"))]
    assert any(message.startswith(f"nothing can be remembered in {cache / 'store' / 'below'}") for message in told)


def test_rules_of_other_packages_are_named_and_not_loaded(project: Path) -> None:
    site = project.parent / "plugins"
    write(site / "house_rules-1.dist-info" / "METADATA", "Name: house-rules\nVersion: 1\n")
    points = "[nemo_run_lint.rules]\nno-print = house_rules:NoPrint\nlambda-in-config = house_rules:Mine\n"
    write(site / "house_rules-1.dist-info" / "entry_points.txt", points)
    write(site / "house_rules.py", "raise SystemExit('this was run')\n")
    told = examined(project, PYTHONPATH=str(site))
    (named,) = (each for each in told if "`no-print`" in each["message"])
    assert (named["level"], "`house-rules` brings the rule" in named["message"]) == ("ok", True)
    (clash,) = (each for each in told if "`lambda-in-config`" in each["message"])
    assert clash["level"] == "problem"


# -- sources -------------------------------------------------------------------------------------------------------


def test_the_files_are_counted(project: Path) -> None:
    write(project / "other.py", "import os\n")
    assert the(project, "mention nemo_run")["message"].startswith("1 of 2 files mention nemo_run")
    write(project / "nemo-run-lint.toml", "exclude = ['*.py']\n")
    assert the(project, "there is no Python file")["level"] == "advice"


def test_a_large_file_is_named(project: Path) -> None:
    write(project / "nemo-run-lint.toml", "maximum-file-size = 10\n")
    assert the(project, "is skipped")["level"] == "advice"


# -- ruff -----------------------------------------------------------------------------------------------------------

USED = "import nemo_run\nx = 1  # noqa: NRL401\n"


@pytest.mark.parametrize("name", ["pyproject.toml", "ruff.toml", ".ruff.toml"])
def test_ruff_would_remove_comments_and_what_is_proposed_stops_it(project: Path, name: str) -> None:
    header = "[tool.ruff.lint]\n" if name == "pyproject.toml" else "[lint]\n"
    write(project / name, f"{header}select = ['RUF']\n")
    assert the(project, "RUF102")["level"] == "advice"
    write(project / "used.py", USED)
    problem = the(project, "RUF102")
    assert (problem["level"], problem["file"]) == ("problem", str(project / name))
    assert "used.py:2" in problem["message"]
    assert removed_by_ruff(project)

    first, *rest = problem["write"]
    write(project / name, "\n".join([first, "select = ['RUF']", *rest]) + "\n")
    assert the(project, "ruff keeps")["level"] == "ok"
    assert not removed_by_ruff(project)


def removed_by_ruff(project: Path) -> bool:
    command = [sys.executable, "-m", "ruff", "check", "--no-cache", "--output-format", "concise", "used.py"]
    return "RUF102" in subprocess.run(command, cwd=project, capture_output=True, text=True).stdout


@pytest.mark.parametrize(
    ("settings", "level"),
    [
        ("[lint]\nselect = ['E']\n", "advice"),
        ("[lint]\nselect = ['ALL']\n", "problem"),
        ("[lint]\nselect = ['ALL']\nignore = ['RUF102']\n", "advice"),
        ("[lint]\nextend-select = ['RUF102']\n", "problem"),
        ("select = ['RUF1']\n", "problem"),
        ("external = ['NRL']\n[lint]\nselect = ['ALL']\n", "ok"),
        ("[lint]\nselect = ['ALL']\nexternal = ['N']\n", "ok"),
        ("extend = 'base.toml'\n[lint]\nselect = ['RUF']\n", "ok"),
        ("extend = 'base.toml'\n[lint]\nselect = ['RUF']\nexternal = ['V1']\n", "problem"),
    ],
)
def test_ruff_is_understood_as_ruff_understands_itself(project: Path, settings: str, level: str) -> None:
    write(project / "base.toml", "[lint]\nexternal = ['NRL']\n")
    write(project / "ruff.toml", settings)
    write(project / "used.py", USED)
    (told,) = about(project, "NRL")
    assert told["level"] == level
    assert removed_by_ruff(project) is (level == "problem")


def test_codes_that_are_kept_already_stay(project: Path) -> None:
    write(project / "ruff.toml", "lint.external = ['V1', 'DOC']\n")
    assert the(project, "RUF102")["write"] == ["[lint]", 'external = ["V1", "DOC", "NRL"]']


def test_without_ruff_nothing_is_said_of_it(project: Path) -> None:
    write(project / "used.py", USED)
    write(project / "pyproject.toml", "[tool.black]\n")
    assert [each for each in examined(project) if each["message"].startswith("ruff")] == []


def test_a_string_is_no_comment(project: Path) -> None:
    write(project / "ruff.toml", "lint.select = ['RUF']\n")
    write(project / "used.py", 'import nemo_run\nx = "# noqa: NRL401"\n')
    assert the(project, "RUF102")["level"] == "advice"


# -- flake8 ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        ("max-line-length = 100", True),
        ("select = E,W", False),
        ("select = E,NRL", True),
        ("select =\n    E  # style\n    NRL4", True),
        ("select = E\nextend-select = NRL", True),
        ("select = E\nextend_select = NRL", True),
        ("extend-select = E", True),
        ("ignore = NRL", False),
        ("extend-ignore = N", False),
        ("ignore = NRL\nselect = NRL401", True),
        ("ignore = NRL401\nselect = NRL", False),
        ("ignore = NRL4\nextend-select = NRL4", False),
        ("ignore = E501", True),
    ],
)
def test_flake8_is_understood_as_flake8_understands_itself(project: Path, options: str, shown: bool) -> None:
    write(project / ".flake8", f"[flake8]\n{options}\n")
    result = subprocess.run([sys.executable, "-m", "flake8", "train.py"], cwd=project, capture_output=True, text=True)
    assert result.stderr == ""
    assert ("NRL401" in result.stdout) is shown
    hidden = [each for each in examined(project) if each["message"].startswith("flake8 hides")]
    assert not (shown and any(each["level"] == "problem" for each in hidden))
    assert shown or hidden


def test_what_is_proposed_for_flake8_shows_the_findings(project: Path) -> None:
    file = write(project / ".flake8", "[flake8]\nselect = E\nextend-select = W\n")
    problem = the(project, "flake8 hides")
    assert problem["write"] == ["[flake8]", "extend-select = W, NRL"]
    file.write_text("\n".join(["[flake8]", "select = E", *problem["write"][1:]]) + "\n")
    assert about(project, "flake8 hides") == []


def test_the_first_file_with_a_section_counts_also_further_up(project: Path) -> None:
    write(project / "tox.ini", "[tox]\n")
    write(project / ".flake8", "[flake8]\nselect = E\n")
    (project / "sub").mkdir()
    write(project / "sub" / "setup.cfg", "[metadata]\n")
    assert the(project / "sub", "flake8 hides")["file"] == str(project / ".flake8")
    write(project / "setup.cfg", "[flake8]\nextend-select = NRL\n")
    assert about(project / "sub", "flake8 hides") == []


def test_the_plugin_must_lie_beside_flake8(project: Path) -> None:
    write(project / ".flake8", "[flake8]\n")
    site = project.parent / "site-packages"
    write(site / "flake8-7.1.0.dist-info" / "METADATA", "Name: flake8\nVersion: 7.1.0\n")
    write(project / "nemo-run-lint.toml", f"python = '{site}'\n")
    advice = the(project, "the plugin is not")
    assert advice["write"] == ["pip install 'nemo-run-lint[flake8]'"]
    write(site / "nemo_run_lint-0.1.0.dist-info" / "METADATA", "Name: nemo-run-lint\nVersion: 0.1.0\n")
    assert the(project, "has the plugin")["level"] == "ok"


# -- pre-commit -------------------------------------------------------------------------------------------------------

PINNED = """\
# what runs before a commit
repos:
  - repo: https://example.com/ruff
    rev: v0.0.1
    hooks:
      - id: ruff
        args: [--fix]
  - repo: 'https://example.com/nemo-run-lint'  # ours
    rev: "{rev}"
    hooks:
      - id: nemo-run-lint
        args:
          - --profile
          - strict
"""


@pytest.mark.parametrize(
    ("rev", "level"),
    [
        ("v0.0.9", "advice"),
        ("0.0.9", "advice"),
        (f"v{__version__}", "ok"),
        ("v99.0.0", "ok"),
        ("main", None),
        ("", None),
    ],
)
def test_an_old_pin(project: Path, rev: str, level: str | None) -> None:
    write(project / ".pre-commit-config.yaml", PINNED.format(rev=rev))
    found = [each for each in examined(project) if "hook" in each["message"] or "pre-commit" in each["message"]]
    assert [each["level"] for each in found] == ([level] if level else [])
    if level == "advice":
        assert found[0]["write"] == [f"rev: v{__version__}"]
        assert found[0]["message"].startswith("line 11: the hook `nemo-run-lint` is pinned to ")


def test_a_hook_of_the_repository_itself(project: Path) -> None:
    hook = """\
repos:
- repo: local
  hooks:
  - id: experiments
    name: experiments
    entry: nemo-run-lint check
    language: python
"""
    file = write(project / ".pre-commit-config.yaml", hook)
    found = [each for each in examined(project) if "`experiments`" in each["message"]]
    assert [each["level"] for each in found] == ["problem", "problem", "advice"]
    file.write_text(hook + "".join(f"    {line}\n" for each in found for line in each["write"]))
    assert about(project, "`experiments`") == []
    file.write_text(hook.replace("language: python", "language: system\n    pass_filenames: false"))
    assert about(project, "`experiments`") == []


def test_flake8_in_an_environment_of_its_own(project: Path) -> None:
    hook = "repos:\n- repo: https://example.com/flake8\n  rev: 7.0.0\n  hooks:\n  - id: flake8\n"
    file = write(project / ".pre-commit-config.yaml", hook)
    advice = the(project, "pre-commit runs flake8")
    assert advice["level"] == "advice"
    file.write_text(f"{hook}    {advice['write'][0]}\n")
    assert about(project, "pre-commit runs flake8") == []
    file.write_text(f"{hook}    additional_dependencies:\n      - flake8-bugbear\n      - nemo-run-lint\n")
    assert about(project, "pre-commit runs flake8") == []


@pytest.mark.parametrize(
    "text",
    [
        "repos: [{repo: local, hooks: [{id: nemo-run-lint}]}]\n",
        "repos:\n- hooks:\n  - id: x\n    entry: |\n      nemo\n",
        "? repo\n: - id\n",
        "id: nemo-run-lint\n",
        "\t- repo: x\n",
        "- repo:\n- id:\n",
        "&a *b !!c\n---\n...\n",
    ],
)
def test_of_other_yaml_nothing_is_said(project: Path, text: str) -> None:
    write(project / ".pre-commit-config.yaml", text)
    assert all(each["level"] == "ok" for each in examined(project))


def test_hooks_are_read_as_yaml_reads_them() -> None:
    yaml = pytest.importorskip("yaml")
    text = PINNED.format(rev="v0.1.0") + "        types_or: [python, pyi]\n        require_serial: true\n"
    found = [(hook.repo, hook.rev, hook.id) for hook in hooks_in(text.splitlines())]
    repos = yaml.safe_load(text)["repos"]
    assert found == [(repo["repo"], repo["rev"], hook["id"]) for repo in repos for hook in repo["hooks"]]
    last = list(hooks_in(text.splitlines()))[-1]
    assert (last.keys["types_or"], last.keys["require_serial"]) == ("[python, pyi]", "true")
