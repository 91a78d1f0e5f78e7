from __future__ import annotations

import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import zlib
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from nemo_run_lint import identity, remembered
from nemo_run_lint.result import Result
from nemo_run_lint.runner import run
from nemo_run_lint.settings import Settings, load
from nemo_run_lint.signatures import store as storing

HELPER = "def train(steps: int, rate: float = 0.1) -> None:\n    ...\n"
SCRIPT = "import nemo_run as run\nfrom helper import train\n\ntask = run.Partial(train, {keyword}=1)\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two scripts and what they call; the times of files are trusted at once, so that a hit is a hit."""
    monkeypatch.setattr(storing, "_RECENT", -(10**12))
    directory = tmp_path / "project"
    directory.mkdir()
    (directory / "pyproject.toml").write_text("")
    (directory / "helper.py").write_text(HELPER)
    (directory / "good.py").write_text(SCRIPT.format(keyword="steps"))
    (directory / "bad.py").write_text(SCRIPT.format(keyword="step"))
    monkeypatch.chdir(directory)
    return directory


def checked(cache: Path | None, *paths: str, **more: object) -> Result:
    def settings_for(path: Path) -> Settings:
        changed = replace(load(path), nemo_run_version=("0.11.0",), select=("NRL8",), **more)  # type: ignore[arg-type]
        return replace(changed, cache=cache is not None, cache_dir=cache)

    load.__globals__["forget"]()
    return run(paths or (".",), settings_for)


def told(result: Result) -> list[str]:
    return [f"{finding.path}:{finding.span.line} {finding.name}" for finding in result.findings]


def examined(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of the files that are really linted from now on."""
    paths: list[str] = []
    real = remembered.examined

    def spy(path, text, settings, versions, surrounding, examine, project):  # type: ignore[no-untyped-def]
        def counted():  # type: ignore[no-untyped-def]
            paths.append(path)
            return examine()

        return real(path, text, settings, versions, surrounding, counted, project)

    monkeypatch.setattr(remembered, "examined", spy)
    return paths


def test_what_was_found_is_found_again_without_looking(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looked = examined(monkeypatch)
    first = checked(project.parent / "cache")
    assert told(first) == ["bad.py:4 unknown-keyword"]
    assert sorted(looked) == ["bad.py", "good.py"]
    assert checked(project.parent / "cache") == first
    assert sorted(looked) == ["bad.py", "good.py"]


def test_a_changed_helper_has_its_callers_looked_at_again(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "alone.py").write_text("import nemo_run as run\n\nprint(run.Config)\n")
    checked(project.parent / "cache")
    (project / "helper.py").write_text(HELPER.replace("steps", "step"))
    looked = examined(monkeypatch)
    assert told(checked(project.parent / "cache")) == ["good.py:4 unknown-keyword"]
    assert sorted(looked) == ["bad.py", "good.py"]


def test_a_helper_that_appears_or_goes_counts_as_a_change(project: Path) -> None:
    cache = project.parent / "cache"
    (project / "helper.py").rename(project / "away.txt")
    assert told(checked(cache)) == []
    (project / "away.txt").rename(project / "helper.py")
    assert told(checked(cache)) == ["bad.py:4 unknown-keyword"]
    (project / "helper.py").unlink()
    assert told(checked(cache)) == []


def test_a_helper_that_is_touched_but_the_same_is_no_change(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checked(project.parent / "cache")
    os.utime(project / "helper.py", (1, 1))
    looked = examined(monkeypatch)
    checked(project.parent / "cache")
    assert looked == []


def test_settings_that_choose_rules_are_part_of_the_question(project: Path) -> None:
    cache = project.parent / "cache"
    assert told(checked(cache)) == ["bad.py:4 unknown-keyword"]
    assert told(checked(cache, ignore=("NRL804",))) == []
    assert checked(cache, explain_unresolved=True).targets
    assert told(checked(cache)) == ["bad.py:4 unknown-keyword"]


def test_a_file_that_is_called_differently_is_told_so(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = project.parent / "cache"
    checked(cache)
    monkeypatch.chdir(project.parent)
    result = checked(cache)
    assert told(result) == ["project/bad.py:4 unknown-keyword"]
    assert {note.path for finding in result.findings for note in finding.notes} == {"project/helper.py"}


def test_comments_and_the_date_are_asked_every_time(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = project.parent / "cache"
    text = (
        SCRIPT.format(keyword="step").rstrip() + "  # nemo-run-lint: ignore[unknown-keyword] until=2030-01-31 -- why\n"
    )
    (project / "bad.py").write_text(text)
    assert told(checked(cache)) == []

    class Later(date):
        @classmethod
        def today(cls) -> Later:
            return cls(2031, 1, 1)

    monkeypatch.setattr("nemo_run_lint.comments.date", Later)
    assert told(checked(cache)) == ["bad.py:4 unknown-keyword"]


def test_another_program_remembers_nothing_of_this_one(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = project.parent / "cache"
    checked(cache)
    looked = examined(monkeypatch)
    monkeypatch.setattr(remembered, "identity", lambda: b"other")
    checked(cache)
    assert sorted(looked) == ["bad.py", "good.py"]


def test_nothing_is_kept_where_other_packages_bring_rules(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = project.parent / "cache"
    monkeypatch.setattr(remembered, "plugins", lambda: {"rule": None})
    checked(cache)
    looked = examined(monkeypatch)
    checked(cache)
    assert sorted(looked) == ["bad.py", "good.py"]


def test_a_change_of_a_file_of_this_package_makes_it_another_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "rules").mkdir()
    rule = tmp_path / "rules" / "some_rule.py"
    rule.write_text("code = 1\n")
    monkeypatch.setattr(identity, "__file__", str(tmp_path / "identity.py"))
    ask = identity.identity.__wrapped__
    before = ask()
    assert ask() == before
    rule.write_text("code = 12\n")
    assert ask() != before


def test_what_was_kept_and_is_no_longer_sound_is_worked_out_again(project: Path) -> None:
    cache = project.parent / "cache"
    first = checked(cache)
    (file,) = cache.glob("*.sqlite")
    for junk in ("[]", "7", "[1, 2, 3]", '[[], "", []]', '[["helper"], 1, [[["x"]], []]]'):
        connection = sqlite3.connect(file)
        connection.execute("UPDATE entries SET value = ?", (zlib.compress(junk.encode()),))
        connection.commit()
        connection.close()
        assert checked(cache) == first


def test_findings_are_the_same_with_all_that_they_hold(project: Path) -> None:
    (project / "bad.py").write_text(SCRIPT.format(keyword="step") + "config = run.Config(train, rate='fast')\n")
    cache = project.parent / "cache"
    cold = checked(None, explain_unresolved=True)
    assert any(finding.notes for finding in cold.findings)
    assert checked(cache, explain_unresolved=True) == cold
    assert checked(cache, explain_unresolved=True) == cold


def test_a_hit_imports_neither_libcst_nor_the_walk(project: Path) -> None:
    os.environ.pop("NEMO_RUN_LINT_CACHE_DIR", None)
    (project / "good.py").write_text(SCRIPT.format(keyword="steps") + "x = 1  # noqa: E501\n")
    code = (
        "import sys\nfrom nemo_run_lint.cli import main\n"
        "sys.argv = ['nemo-run-lint', 'check', '--cache-dir', sys.argv[1], 'good.py', '--exit-zero', '-q']\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "loaded = {name.partition('.')[0] for name in sys.modules} | {*sys.modules}\n"
        "print(sorted(loaded & {'libcst', 'nemo_run_lint.flow', 'nemo_run_lint.signatures.summary'}))\n"
    )
    command = [sys.executable, "-c", code, str(project.parent / "cache")]
    outputs = [subprocess.run(command, capture_output=True, text=True, check=True).stdout for _ in range(2)]
    assert "libcst" in outputs[0].splitlines()[-1]
    assert outputs[1].splitlines()[-1] == "[]"


# -- never out of date -----------------------------------------------------------------------------------------

FILES = ("helper.py", "inner.py", "sub/__init__.py", "sub/other.py", "nemo_helper.py")
TEXTS = (
    "def train(steps: int, rate: float = 0.1) -> None: ...\n",
    "def train(step: int) -> None: ...\n",
    "def train(**more): ...\n",
    "class train:\n    def __init__(self, steps, *, depth=1): ...\n",
    "from inner import train\n",
    "from sub.other import train\n",
    "from sub.other import *\n",
    "try:\n    from sub import train\nexcept ImportError:\n    from inner import train\n",
    "def tra in(\n",
    "",
)
SCRIPTS = {
    "a.py": "import nemo_run as run\nfrom helper import train\ntask = run.Partial(train, steps=1)\n",
    "b.py": "import nemo_run as run\nimport helper\nconfig = run.Config(helper.train, step=1)\nconfig.depth = 2\n",
    "sub/c.py": "import nemo_run as run\nfrom .other import train\ntask = run.Partial(train, steps=1)\n",
    "plain/d.py": "import nemo_run as run\nfrom beside import train\ntask = run.Partial(train, rate=1)\n",
}


@pytest.mark.parametrize("seed", range(4))
def test_after_any_edits_what_is_remembered_is_what_would_be_found_anew(project: Path, seed: int) -> None:
    chance = random.Random(seed)
    for name, text in SCRIPTS.items():
        (project / name).parent.mkdir(exist_ok=True)
        (project / name).write_text(text)
    places = (*FILES, "plain/beside.py", "plain/__init__.py", "beside.py")
    with tempfile.TemporaryDirectory() as cache:
        for _ in range(25):
            path = project / chance.choice(places)
            action = chance.choice(["write", "write", "write", "delete", "same times"])
            status = path.stat() if path.exists() else None
            if action == "delete":
                path.unlink(missing_ok=True)
            else:
                path.write_text(chance.choice(TEXTS))
            if action == "same times" and status is not None:
                os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
            warm, cold = checked(Path(cache)), checked(None)
            assert warm == cold, json.dumps([told(warm), told(cold)])
