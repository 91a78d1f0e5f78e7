"""Fixes in files: until none is left, nothing but what is found is touched, and all files are written or none."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from nemo_run_lint.finding import Finding
from nemo_run_lint.fixing import FixError, Rewritten, diff, replace_files, rewritten
from nemo_run_lint.runner import run
from nemo_run_lint.settings import Settings

#: Two safe fixes on one line, and one that is not safe.
BROKEN = """\
import nemo_run as run

run.LocalExecutor(env_vars={"A": 1, "B": 2})
run.Script("python train.py")
"""
FIXED = BROKEN.replace("1", '"1"').replace("2", '"2"')

#: Two fixes that each need an import, and the same one.
IMPORTING = """\
import nemo_run as run


@run.cli.entrypoint
def train(steps: int = None, name: str = None): ...
"""

SELECTED = Settings(select=("env-value-not-str", "implicit-optional", "script-text-as-path"), cache=False)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text('[tool.nemo-run-lint]\nselect = ["NRL650", "NRL203", "NRL626"]\n')
    return tmp_path


def write(name: str, text: str | bytes = BROKEN) -> Path:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def found(*paths: str, settings: Settings = SELECTED) -> Sequence[Finding]:
    return run(paths or (".",), lambda _: settings).findings


def fixed(findings: Sequence[Finding], settings: Settings = SELECTED, **more: object) -> list[Rewritten]:
    return rewritten(findings, lambda _: settings, **more)  # type: ignore[arg-type]


# -- what is fixed -----------------------------------------------------------------------------------------------


def test_safe_fixes_are_applied_and_unsafe_ones_where_they_are_asked_for(project: Path) -> None:
    write("a.py")
    (safe,) = fixed(found())
    assert (safe.path, safe.before, safe.after) == ("a.py", BROKEN.encode(), FIXED.encode())
    assert [finding.name for finding in safe.fixed] == ["env-value-not-str"] * 2
    (both,) = fixed(found(), unsafe=True)
    assert [finding.name for finding in both.fixed] == ["env-value-not-str"] * 2 + ["script-text-as-path"]
    assert Path("a.py").read_text() == BROKEN


def test_fixes_that_need_one_import_bring_it_once(project: Path) -> None:
    write("a.py", IMPORTING)
    (each,) = fixed(found())
    assert len(each.fixed) == 2
    assert each.after.decode().count("import Optional") == 1
    write("a.py", each.after)
    assert found() == ()


def test_a_rule_that_tells_one_place_after_the_other_has_all_of_them_fixed(project: Path) -> None:
    launch = "run.run(run.Partial(train), executor=run.LocalExecutor())"
    write("a.py", f'import nemo_run as run\n\nif __name__ == "__main__":\n    {launch}\n' + 'print("done")\n' * 30)
    selected = Settings(select=("module-level-effect",), cache=False)
    (each,) = fixed(found(settings=selected), selected, unsafe=True)
    assert (len(each.fixed), each.left_out) == (30, ())


@pytest.mark.parametrize(
    "data",
    [
        BROKEN.replace("\n", "\r\n").encode(),
        BROKEN.replace("\n", "\r").encode(),
        BROKEN.replace("run\n", "run\r\n").encode(),
        BROKEN.rstrip("\n").encode(),
        BROKEN.encode("utf-8-sig"),
        BROKEN.replace("\n\n", "\n\f\n").encode(),
        f"# coding: latin-1\n# äöü\n{BROKEN}".encode("latin-1"),
        f"# ⌘ \N{GRINNING FACE}\n{BROKEN}".encode(),
    ],
    ids="crlf cr mixed unended bom form-feed latin-1 astral".split(),
)
def test_encoding_and_line_ends_stay(project: Path, data: bytes) -> None:
    write("a.py", data)
    (each,) = fixed(found())
    assert each.after == data.replace(b"1,", b'"1",').replace(b"2}", b'"2"}')


def test_a_file_that_would_not_become_the_same_bytes_again_is_left(project: Path) -> None:
    escapes = b'\x1b$B$"\x1b(B\x1b$B$$\x1b(B'  # one sequence would do for both characters
    write("a.py", f"# coding: iso2022_jp\n{BROKEN}# ".encode() + escapes + b"\n")
    assert len(found()) == 3
    assert fixed(found()) == []


def test_what_is_not_among_the_findings_is_left_although_lines_move_and_lines_change(project: Path) -> None:
    write("a.py", f'import typing\nimport nemo_run\n{IMPORTING}\n{BROKEN}\nrun.LocalExecutor(env_vars={{"C": 3}})\n')
    known = [finding for finding in found() if '"B"' not in finding.message and "`C`" not in finding.message]
    known = [finding for finding in known if "`B`" not in finding.message]
    (each,) = fixed(known)
    text = each.after.decode()
    assert '{"A": "1", "B": 2}' in text
    assert '{"C": 3}' in text
    assert {finding.name for finding in each.fixed} == {"env-value-not-str", "implicit-optional"}


def test_what_comments_and_settings_silence_is_left(project: Path) -> None:
    write("a.py", BROKEN.replace("2})\n", "2})  # nemo-run-lint: ignore[NRL650] -- by hand\n") + BROKEN)
    write("b/a.py")
    settings = Settings(select=SELECTED.select, cache=False, per_file_ignores=(("b/*", ("NRL650",)),))
    (each,) = fixed(found(settings=settings), settings)
    assert each.path == "a.py"
    assert '{"A": 1, "B": 2})  # nemo-run-lint' in each.after.decode()
    assert each.after.decode().endswith(FIXED)


@pytest.mark.parametrize(
    ("table", "names"),
    [
        ('fixable = ["implicit-optional"]', []),
        ('unfixable = ["NRL6"]', []),
        ('unfixable = ["NRL6"]\nfixable = ["NRL650"]', ["env-value-not-str"] * 2),
        ('unfixable = ["NRL650"]\nfixable = ["NRL6"]', []),
        ("fixable = []", []),
        ('extend-safe-fixes = ["script-text-as-path"]', ["env-value-not-str"] * 2 + ["script-text-as-path"]),
        ('extend-unsafe-fixes = ["ALL"]', []),
        ('extend-unsafe-fixes = ["ALL"]\nextend-safe-fixes = ["NRL650"]', ["env-value-not-str"] * 2),
        ('extend-unsafe-fixes = ["NRL6"]\nextend-safe-fixes = ["NRL6"]', []),
    ],
)
def test_settings_say_which_fixes_there_are_and_which_are_safe(project: Path, table: str, names: list[str]) -> None:
    write("pyproject.toml", f'[tool.nemo-run-lint]\nselect = ["NRL6"]\nignore = ["missing-main-guard"]\n{table}\n')
    write("a.py")
    assert [finding.name for each in rewritten(run(["."]).findings) for finding in each.fixed] == names


def test_a_file_that_another_imports_is_seen_as_it_has_become(project: Path) -> None:
    write("a_launch.py", "import nemo_run as run\nfrom tasks import train\n\nrun.Partial(train, stpes=1)\n")
    write("tasks.py", "import nemo_run as run\n\n\ndef train(steps: int = None) -> None: ...\n\n\nrun.Partial(train)\n")
    settings = Settings(select=("NRL8", "implicit-optional"), cache=False)
    launch, tasks = fixed(found(settings=settings), settings, unsafe=True)
    assert "steps=1" in launch.after.decode()
    assert "Optional[int]" in tasks.after.decode()
    replace_files([launch, tasks])
    assert fixed(found(settings=settings), settings, unsafe=True) == []


def test_of_two_links_to_one_file_one_is_rewritten(project: Path) -> None:
    file = write("a.py")
    Path("b.py").symlink_to(file)
    (each,) = fixed(found("a.py", "b.py"))
    assert replace_files([each]) == 2
    assert (file.read_text(), Path("b.py").is_symlink()) == (FIXED, True)


def test_in_a_notebook_the_cells_are_fixed_and_every_other_byte_stays(project: Path) -> None:
    cells = [
        ["%pip install nemo_run\\n", "import nemo_run as run\\n", "!ls"],
        ["@run.cli.entrypoint\\n", "def train(steps: int = None): ..."],
        ["def broken(:"],
        ['run.LocalExecutor(env_vars={\\"A\\": 1, \\"é\\": \\"x\\"})\\n', "# \\u00e9\\t"],
    ]
    written = ", ".join(
        '{"outputs":[ ],  "cell_type": "code", "source": [' + ", ".join(f'"{line}"' for line in cell) + "]}"
        for cell in cells
    )
    before = f'{{"cells": [{written}],\t"metadata": {{}}, "nbformat": 4, "nbformat_minor": 4}}'
    write("a.ipynb", before)
    (each,) = fixed(found("a.ipynb"))
    assert len(each.fixed) == 2
    after = before.replace(": 1,", r": \"1\",").replace("int = None", "Optional[int] = None")
    assert each.after.decode().replace('"from typing import Optional\\n", ', "") == after
    assert each.after.decode().count("import Optional") == 1


@pytest.mark.parametrize("first", ["# Launching", "# The encoding: a story", "\ufeff# Launching"])
def test_in_a_page_the_blocks_are_fixed_in_place(project: Path, first: str) -> None:
    block = 'import nemo_run as run\n  run.LocalExecutor(env_vars={"A": 1})\n'
    page = f"{first}\n\n* so:\n\n  ```python\n  {block}  ```\n\n```python\nrun.Script(\n```\n"
    for end in ("\n", "\r\n"):
        write("a.md", page.replace("\n", end))
        (each,) = fixed(found("a.md"))
        assert each.after.decode() == page.replace(": 1", ': "1"').replace("\n", end)


# -- rules of other packages, whose fixes are wrong ---------------------------------------------------------------

RULES = """\
import libcst as cst

from nemo_run_lint.rule import NodeEdit, NodeFix, Reports, Rule
from nemo_run_lint.project import File


class Replacing(Rule):
    '''A name is replaced.'''

    message = "written so"
    old, new = "", ""

    def check(self, name: cst.Name, file: File) -> Reports:
        if name.value == self.old:
            yield self.at(name, fix=NodeFix("write it otherwise", (NodeEdit(name, self.new),)))


class Left(Replacing):
    code, old, new = "NRL991", "left", "right"


class Right(Replacing):
    code, old, new = "NRL992", "right", "left"


class Growing(Replacing):
    code, old, new = "NRL993", "more", "more + more"


class Breaking(Replacing):
    code, old, new = "NRL994", "broken", "("


class Exotic(Replacing):
    code, old, new = "NRL995", "exotic", "'\\N{GRINNING FACE}'"


class Nesting(Replacing):
    code, old, new = "NRL996", "deep1", "deep2"


class Deeper(Replacing):
    code, old, new = "NRL997", "deep2", "deep3"
"""
NAMES = "left right growing breaking exotic nesting deeper".split()


@dataclass(frozen=True)
class Command:
    """The command in a directory, with more in its environment."""

    directory: Path
    environment: dict[str, str] = field(default_factory=dict)

    def __call__(self, *arguments: str, stdin: str | bytes = b"") -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-m", "nemo_run_lint", "check", "--no-cache", *arguments]
        inherited = {key: value for key, value in os.environ.items() if key not in ("FORCE_COLOR", "NO_COLOR")}
        given = stdin.encode() if isinstance(stdin, str) else stdin
        environment = {**inherited, **self.environment}
        return subprocess.run(command, cwd=self.directory, input=given, capture_output=True, env=environment)


@pytest.fixture
def check(project: Path) -> Command:
    return Command(project)


@pytest.fixture
def with_rules(project: Path) -> Command:
    """The command in an environment that has the rules above."""
    write("site/wrong_fixes.py", RULES)
    write("site/wrong_fixes.dist-info/METADATA", "Metadata-Version: 2.1\nName: wrong-fixes\nVersion: 0\n")
    entries = "".join(f"{name} = wrong_fixes:{name.title()}\n" for name in NAMES)
    write("site/wrong_fixes.dist-info/entry_points.txt", f"[nemo_run_lint.rules]\n{entries}")
    path = os.pathsep.join(filter(None, [str(project / "site"), os.environ.get("PYTHONPATH")]))
    return Command(project, {"PYTHONPATH": path})


@pytest.mark.parametrize(
    ("line", "after", "left_out"),
    [
        ("left = A = 1", "left = A = 1", ["left", "right"]),
        ("more = 1; deep1 = 2", "more = 1; deep3 = 2", ["growing"]),
        ("broken = 1; left2 = deep2", "broken = 1; left2 = deep3", ["breaking"]),
        ("exotic; deep1", "exotic; deep3", ["exotic"]),
    ],
)
def test_fixes_that_are_wrong_are_left_out_and_told_and_the_others_are_applied(
    with_rules: Command, line: str, after: str, left_out: list[str]
) -> None:
    source = f"# coding: latin-1\nimport nemo_run\n\n{line}\n"
    write("a.py", source)
    result = with_rules("--select", "NRL99", "--fix", "a.py")
    assert Path("a.py").read_text("latin-1") == source.replace(line, after)
    assert result.returncode == 1
    told = result.stderr.decode()
    assert told.startswith("nemo-run-lint: a.py: ")
    assert [name for name in NAMES if f"`{name}`" in told] == left_out


# -- writing -----------------------------------------------------------------------------------------------------


def test_a_diff_is_what_git_applies(project: Path) -> None:
    sources = {
        "a.py": BROKEN.encode(),
        "crlf.py": BROKEN.replace("\n", "\r\n").encode(),
        "cr.py": BROKEN.replace("\n", "\r").encode(),
        "unended.py": BROKEN.replace('run.Script("python train.py")\n', "")[:-1].encode(),
        "latin.py": f"# coding: latin-1\n# é\n{BROKEN}# é\n".encode("latin-1"),
        "bom.py": BROKEN.encode("utf-8-sig"),
        "with blank.py": BROKEN.encode(),
        'quo"te\t.py': BROKEN.encode(),
    }
    for name, data in sources.items():
        write(name, data)
    changed = fixed(found())
    assert sorted(each.path for each in changed) == sorted(sources)
    patch = b"".join(diff(changed))
    applied = subprocess.run(["git", "apply", "-p0"], cwd=project, input=patch, capture_output=True)
    assert applied.returncode == 0, applied.stderr
    assert {each.path: each.after for each in changed} == {name: Path(name).read_bytes() for name in sources}


def test_files_that_changed_since_are_not_overwritten_and_nothing_is_written(project: Path) -> None:
    write("a.py")
    write("b.py")
    changed = fixed(found())
    write("b.py", "import nemo_run\n")
    with pytest.raises(FixError, match=r"`b\.py` has changed"):
        replace_files(changed)
    Path("b.py").unlink()
    with pytest.raises(FixError, match=r"`b\.py` cannot be fixed: No such file"):
        replace_files(changed)
    assert Path("a.py").read_text() == BROKEN


def test_a_file_that_may_not_be_written_is_named_and_nothing_is_written(check: Command) -> None:
    write("a.py")
    write("b.py").chmod(stat.S_IRUSR)
    result = check("--fix")
    assert (result.returncode, result.stdout) == (2, b"")
    assert result.stderr.decode() == "nemo-run-lint: `b.py` cannot be fixed: it is read-only\n"
    assert Path("a.py").read_text() == Path("b.py").read_text() == BROKEN


@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="the administrator may write everywhere")
def test_a_directory_that_may_not_be_written_is_told(check: Command) -> None:
    write("a.py")
    directory = write("sub/b.py").parent
    directory.chmod(0o555)
    try:
        result = check("--fix")
    finally:
        directory.chmod(0o755)
    assert result.returncode == 2
    assert result.stderr.decode() == "nemo-run-lint: `sub/b.py` cannot be fixed: its directory is read-only\n"
    assert Path("a.py").read_text() == BROKEN
