"""Runs over real trees: which settings count where, what is silenced, and what is counted."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from nemo_run_lint.checking import check_file, text_of
from nemo_run_lint.finding import Span
from nemo_run_lint.runner import run, run_source, source
from nemo_run_lint.settings import Settings, SettingsError, load
from nemo_run_lint.sources.discovery import DiscoveryError

ROOT = Path(__file__).parents[1]

BROKEN = "import nemo_run as run\nfrom training import train\n\nrun.Partial(train, x=lambda: 1)\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "project").mkdir()
    monkeypatch.chdir(tmp_path / "project")
    return tmp_path / "project"


def write(name: str, text: str = BROKEN) -> None:
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(text)


def configure(directory: str, table: str) -> None:
    write(os.path.join(directory, "pyproject.toml"), f"[tool.nemo-run-lint]\n{table}\n")


def found(*paths: str, **more: object) -> list[str]:
    return [f"{finding.path}:{finding.span.line} {finding.name}" for finding in run(paths or (".",), **more).findings]  # type: ignore[arg-type]


def test_a_run(project: Path) -> None:
    write("b.py")
    write("a/a.py")
    write("clean.py", "import nemo_run\n")
    write("other.py", "import os\n")
    result = run(["."])
    assert (result.files, result.suppressed) == (4, 0)
    assert [(f.path, f.code, f.span) for f in result.findings] == [
        ("a/a.py", "NRL401", Span(4, 22, 4, 31)),
        ("b.py", "NRL401", Span(4, 22, 4, 31)),
    ]
    assert run(["."]) == result


def test_nothing_to_look_at(project: Path) -> None:
    assert (run(["."]).findings, run(["."]).files) == ((), 0)


def test_paths_are_shown_from_the_working_directory(project: Path) -> None:
    write("a.py")
    write("../other/b.py")
    outside = str(project.parent / "other" / "b.py")
    assert (
        found(str(project / "a.py"), outside, "../other")
        == ["a.py:4 lambda-in-config", f"{outside}:4 lambda-in-config"][::-1]
    )


def test_each_file_has_the_nearest_settings(project: Path) -> None:
    for name in ("a.py", "sub/a.py", "sub/deep/a.py"):
        write(name)
    configure(".", 'ignore = ["NRL4"]')
    configure("sub", 'select = ["lambda-in-config"]')
    assert found() == ["sub/a.py:4 lambda-in-config", "sub/deep/a.py:4 lambda-in-config"]
    assert found("a.py", "sub/a.py") == ["sub/a.py:4 lambda-in-config"]


def test_settings_may_be_overridden(project: Path) -> None:
    write("a.py")
    configure(".", 'ignore = ["NRL4"]')
    assert found(settings_for=lambda path: replace(load(path), ignore=())) == ["a.py:4 lambda-in-config"]


def test_settings_that_cannot_be_meant_end_the_run(project: Path) -> None:
    write("other.py", "import os\n")
    configure(".", 'rules.lambda-in-config.colour = "red"')
    with pytest.raises(SettingsError, match="`colour` is not an option of this rule"):
        run(["."])
    with pytest.raises(SettingsError, match="`colour` is not an option of this rule"):
        run_source(b"", "a.py")


def test_a_path_that_does_not_exist_ends_the_run(project: Path) -> None:
    write("a.py")
    with pytest.raises(DiscoveryError, match=r"`missing\.py` does not exist"):
        run(["a.py", "missing.py"])


def test_per_file_ignores(project: Path) -> None:
    for name in ("a.py", "tests/a.py", "tests/deep/a.py"):
        write(name)
    write("tests/bad.py", "import nemo_run\n(\n")
    configure(".", 'per-file-ignores = {"tests/*" = ["NRL4"]}')
    assert found() == ["a.py:4 lambda-in-config", "tests/bad.py:2 syntax-error"]
    configure("tests", 'per-file-ignores = {"*.py" = ["ALL"]}')
    assert found("tests/bad.py", settings_for=lambda path: Settings(per_file_ignores=(("*.py", ("ALL",)),))) == []


def test_what_the_linter_says_of_itself_comes_whatever_is_selected(project: Path) -> None:
    write("bad.py", "import nemo_run\n(\n")
    write("a.py")
    assert found(settings_for=lambda _: Settings(select=("NRL5",))) == ["bad.py:2 syntax-error"]
    assert found(settings_for=lambda _: Settings(ignore=("syntax-error",))) == ["a.py:4 lambda-in-config"]
    assert found(settings_for=lambda _: Settings(ignore=("NRL4",), select=("NRL401",))) == [
        "a.py:4 lambda-in-config",
        "bad.py:2 syntax-error",
    ]


def test_suppressed_findings_are_counted(project: Path) -> None:
    write("a.py", BROKEN.replace("1)\n", "1)  # noqa: NRL401\n"))
    write("b.py", BROKEN + "# nemo-run-lint: file-ignore[lambda-in-config] -- never saved\n")
    write("c.py", BROKEN.replace("1)\n", "1)  # noqa: E501\n"))
    result = run(["."])
    assert [finding.path for finding in result.findings] == ["c.py"]
    assert (result.files, result.suppressed) == (3, 2)


def test_comments_that_silence_nothing(project: Path) -> None:
    write("a.py", BROKEN + "x = 1  # nemo-run-lint: ignore[config-called] -- why\n")
    write("b.py", "import os\nx = 1  # noqa: NRL401\n")
    write("c.py", "import nemo_run\n(  # noqa: NRL401\n")
    write("d.py", "import nemo_run as run\nx = 1  # noqa: NRL401\n")
    assert found() == [
        "a.py:4 lambda-in-config",
        "a.py:5 unused-suppression",
        "c.py:2 syntax-error",
        "d.py:2 unused-suppression",
    ]
    settings = Settings(per_file_ignores=(("a.py", ("NRL005",)), ("d.py", ("NRL401",))))
    assert found(settings_for=lambda _: settings) == ["a.py:4 lambda-in-config", "c.py:2 syntax-error"]
    assert run(["."]).suppressed == 0


def test_comments_that_are_out_of_date(project: Path) -> None:
    write("a.py", BROKEN.replace("1)\n", "1)  # nemo-run-lint: ignore[lambda-in-config] until=2030-01-31 -- why\n"))
    before = check_file("a.py", Settings(), date(2030, 1, 31))
    assert (before.findings, before.suppressed) == ((), 1)
    after = check_file("a.py", Settings(), date(2030, 2, 1))
    assert [finding.name for finding in after.findings] == ["lambda-in-config", "expired-suppression"]
    assert after.suppressed == 0


def test_standard_input(project: Path) -> None:
    configure("sub", 'ignore = ["NRL4"]')
    assert [finding.path for finding in run_source(BROKEN.encode(), "-").findings] == ["-"]
    assert [finding.path for finding in run_source(BROKEN.encode(), str(project / "new" / "a.py")).findings] == [
        "new/a.py"
    ]
    assert run_source(BROKEN.encode(), "sub/a.py").findings == ()
    assert run_source(BROKEN.encode(), "build/a.py").files == 1
    assert run_source(BROKEN.encode(), "build/a.py", lambda _: Settings(force_exclude=True)).files == 0


def test_size_limit(project: Path) -> None:
    configure(".", f"maximum-file-size = {len(BROKEN)}")
    write("a.py")
    write("b.py", BROKEN + "\n")
    write("c.py", "x = 1\n" * 1000)
    result = run(["."])
    assert [(f.path, f.name) for f in result.findings] == [("a.py", "lambda-in-config"), ("b.py", "file-skipped")]
    message = f"this file was skipped: it has {len(BROKEN) + 1} bytes, and `maximum-file-size` is {len(BROKEN)} bytes"
    assert result.findings[1].message == message


def test_the_text_for_excerpts(project: Path) -> None:
    Path("a.py").write_bytes(b"\xef\xbb\xbfx = '\xc3\xa9'\r\n")
    Path("b.py").write_bytes(b"x = '\xe9'")
    os.mkfifo("c.py")
    assert source("a.py") == "x = 'é'\r\n"
    assert source("b.py") == "x = '\N{REPLACEMENT CHARACTER}'"
    assert source("c.py") is None
    assert source("missing.py") is None
    assert text_of(b"# coding: nonsense\n\xe9") == "# coding: nonsense\n\N{REPLACEMENT CHARACTER}"


def test_a_file_alone(project: Path) -> None:
    write("a.py")
    assert check_file("a.py", Settings()) == run(["a.py"])


def test_files_without_nemo_run_import_nothing_heavy(project: Path) -> None:
    write("a.py", "import os\n")
    write("b.py", "# nemo_run is only mentioned\nimport nemo_runspec\n")
    write("c.py", "x = '\x00'\n")
    configure(".", 'select = ["NRL4", "lambda-in-config"]\nper-file-ignores = {"*" = ["NRL1"]}')
    code = "import sys; from nemo_run_lint.runner import run; print(run(['.'])); sys.exit('libcst' in sys.modules)"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "files=3" in ended.stdout
