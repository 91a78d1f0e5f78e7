"""What a baseline holds, what it knows again after real edits, and what it says about entries that are gone."""

from __future__ import annotations

import functools
import json
import os
import random
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rule_cases import cases

from nemo_run_lint import baseline, runner
from nemo_run_lint.baseline import Baseline, BaselineError, Entry, Narrowed
from nemo_run_lint.checking import check_source
from nemo_run_lint.finding import Finding, Severity, Span
from nemo_run_lint.result import Result
from nemo_run_lint.rule import Profile
from nemo_run_lint.settings import Settings
from nemo_run_lint.sources.logical_lines import logical_lines

ROOT = Path(__file__).parents[1]
RECIPES = ROOT / ".cache/corpus/nemo_toolkit/nemo/collections/llm/recipes"
STRICT = Settings(profile=Profile.STRICT, cache=False, nemo_run_version=("0.11.1",))

BROKEN = """\
import nemo_run as run
from training import train


def build(first, second):
    return run.Partial(train, schedule=lambda step: 0.1, other="text")
"""


def settings_for(path: Path) -> Settings:
    return STRICT


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def text_of(path: str) -> str | None:
    return runner.source(path, settings_for)


def lint(*paths: str) -> Result:
    return runner.run(paths or (".",), settings_for)


def record(*paths: str) -> tuple[Entry, ...]:
    return baseline.write("known.json", lint(*paths), text_of, runner.was_run(settings_for))


def narrowed(*paths: str) -> Narrowed:
    return baseline.read("known.json").narrowed(lint(*paths), text_of, runner.was_run(settings_for))


def new(*paths: str) -> list[str]:
    return [finding.name for finding in narrowed(*paths).result.findings]


def told(entries: tuple[Entry, ...]) -> list[tuple[str, str, int]]:
    return [(entry.path, entry.rule, entry.times) for entry in entries]


def lambdas(entries: tuple[Entry, ...]) -> list[tuple[str, str, int]]:
    return [each for each in told(entries) if each[1] == "lambda-in-config"]


def test_what_was_found_before_is_silenced_by_the_baseline(project: Path) -> None:
    Path("a.py").write_text(BROKEN)
    found = lint().findings
    assert "lambda-in-config" in {finding.name for finding in found}
    record()
    result = narrowed().result
    assert result.findings == ()
    assert [(each.finding, each.by) for each in result.silenced] == [(finding, "baseline") for finding in found]


def test_the_file_is_the_same_whenever_it_is_written_and_is_read_by_people(project: Path) -> None:
    Path("b").mkdir()
    Path("b/a.py").write_text(BROKEN)
    Path("a.py").write_text(BROKEN)
    record()
    written = Path("known.json").read_text()
    assert '{"path": "b/a.py", "rule": "lambda-in-config", "symbol": "build", "code": "lambda step:0.1"}' in written
    lines = written.splitlines()
    assert (lines[0], lines[-1]) == ('{"version": 1, "entries": [', "]}")
    assert lines[1:-1] == sorted(lines[1:-1], key=lambda line: line.rstrip(","))
    assert json.loads(written)["version"] == 1
    Path("known.json").unlink()
    assert record("b", "a.py")
    assert Path("known.json").read_text() == written


def test_paths_are_those_of_its_own_directory(project: Path) -> None:
    Path("sub/deep").mkdir(parents=True)
    Path("sub/deep/a.py").write_text(BROKEN)
    entries = baseline.write("sub/known.json", lint(), text_of)
    assert {entry.path for entry in entries} == {"deep/a.py"}
    os.chdir("sub/deep")
    known = baseline.read("../known.json")
    assert known.narrowed(lint("a.py"), text_of).result.findings == ()
    assert known.narrowed(lint(str(project / "sub")), text_of).result.findings == ()


EDITS = {
    "moved lines": lambda text: text.replace("def build", "# more\n\nx = 1\n\n\ndef build"),
    "split lines": lambda text: text.replace(
        "schedule=lambda step: 0.1, ", "\n        schedule=lambda  step :  (\n 0.1)  # why\n,"
    ),
    "trailing comma": lambda text: text.replace('other="text")', 'other="text",\n    )'),
    "another name elsewhere": lambda text: text.replace("second", "others"),
    "line ends": lambda text: text.replace("\n", "\r\n"),
    "another statement": lambda text: text.replace("    return", "    print(1)\n    return"),
    "a formatter's brackets": lambda text: text.replace("run.Partial(", "(run.Partial(").replace('"text")', "'text'))"),
}


@pytest.mark.parametrize("edit", EDITS)
def test_edits_that_change_nothing(project: Path, edit: str) -> None:
    file = Path("a.py")
    file.write_text(BROKEN)
    record()
    changed = EDITS[edit](BROKEN)
    assert changed != BROKEN
    file.write_text(changed, newline="")
    found = narrowed()
    assert found.result.findings == ()
    assert found.fixed == ()


def test_a_finding_of_another_function_or_other_code_is_new(project: Path) -> None:
    file = Path("a.py")
    file.write_text(BROKEN)
    record()
    file.write_text(BROKEN.replace("0.1", "0.2"))
    assert new() == ["lambda-in-config"]
    assert lambdas(narrowed().fixed) == [("a.py", "lambda-in-config", 1)]
    file.write_text(BROKEN + BROKEN.partition("train\n")[2].replace("build", "assemble"))
    assert new().count("lambda-in-config") == 1


def test_two_that_are_alike_count_twice(project: Path) -> None:
    file = Path("a.py")
    twice = BROKEN + BROKEN.splitlines()[-1].replace("return ", "") + "\n"
    thrice = twice + twice.splitlines()[-1] + "\n"
    file.write_text(twice)
    assert lambdas(record()) == [("a.py", "lambda-in-config", 2)]
    file.write_text(thrice)
    assert new().count("lambda-in-config") == 1
    file.write_text(BROKEN)
    assert new() == []
    assert lambdas(narrowed().fixed) == [("a.py", "lambda-in-config", 1)]
    assert lambdas(narrowed().entries) == [("a.py", "lambda-in-config", 1)]


def test_a_file_that_is_renamed_is_known_and_a_copy_is_not(project: Path) -> None:
    Path("a.py").write_text(BROKEN)
    record()
    shutil.copy("a.py", "copy.py")
    assert {finding.path for finding in narrowed().result.findings} == {"copy.py"}
    Path("a.py").unlink()
    assert new() == []
    assert narrowed().fixed == ()
    assert {entry.path for entry in narrowed().entries} == {"copy.py"}


def test_its_own_file_goes_first(project: Path) -> None:
    Path("a.py").write_text(BROKEN)
    Path("z.py").write_text(BROKEN)
    record()
    Path("a.py").unlink()
    assert (new(), {entry.path for entry in narrowed().fixed}) == ([], {"a.py"})
    shutil.copy("z.py", "b.py")
    assert (new(), narrowed().fixed) == ([], ())


def test_what_was_not_looked_at_is_not_fixed(project: Path) -> None:
    for name in ("a.py", "b.py"):
        Path(name).write_text(BROKEN)
    record()
    assert narrowed("a.py").fixed == ()
    Path("b.py").unlink()
    assert narrowed("a.py").fixed == ()  # it may have been renamed
    assert {entry.path for entry in narrowed(".").fixed} == {"b.py"}
    Path("a.py").write_text(BROKEN + "(\n")
    assert {entry.path for entry in narrowed(".").fixed} == {"b.py"}
    assert new() == ["syntax-error"]


def test_what_rules_were_not_run_for_is_not_fixed(project: Path) -> None:
    Path("a.py").write_text(BROKEN)
    record()
    Path("a.py").write_text("import nemo_run\n")

    def some(path: Path) -> Settings:
        return Settings(select=("NRL4",), cache=False, per_file_ignores=(("c.py", ("NRL4",)),))

    known = baseline.read("known.json")
    fixed = known.narrowed(runner.run(["."], some), text_of, runner.was_run(some)).fixed
    assert told(fixed) == [("a.py", "lambda-in-config", 1)]
    Path("a.py").rename("c.py")
    fixed = known.narrowed(runner.run(["."], some), text_of, runner.was_run(some)).fixed
    assert told(fixed) == [("a.py", "lambda-in-config", 1)]


def test_what_is_in_a_directory_that_cannot_be_listed_is_not_fixed(project: Path) -> None:
    Path("sub").mkdir()
    Path("sub/a.py").write_text(BROKEN)
    record()
    shutil.rmtree("sub")
    unlisted = Finding("sub", Span(1, 1, 1, 1), "NRL002", "unreadable-file", Severity.ERROR, "")
    result = Result((unlisted,), looked_through=(".",))
    assert baseline.read("known.json").narrowed(result, text_of).fixed == ()
    assert narrowed().fixed


def test_that_a_file_was_not_read_to_the_end_is_never_recorded(project: Path) -> None:
    Path("a.py").write_text("import nemo_run\n(\n")
    Path("b.py").write_bytes(b"import nemo_run\n\xff\n")
    assert record() == ()
    assert new() == ["syntax-error", "syntax-error"]


def test_comments_may_be_recorded_too(project: Path) -> None:
    Path("a.py").write_text("import nemo_run as run\nx = 1  # nemo-run-lint: ignore[lambda-in-config]\n")
    assert {entry.code for entry in record()} == {"# nemo-run-lint: ignore[lambda-in-config]"}
    Path("a.py").write_text("import nemo_run as run\n\nx = 2  # nemo-run-lint: ignore[lambda-in-config]\n")
    assert new() == []


def test_writing_again_keeps_what_was_not_looked_at(project: Path) -> None:
    for name in ("a.py", "b.py"):
        Path(name).write_text(BROKEN)
    entries = record()
    Path("a.py").write_text(BROKEN.replace("0.1", "0.2"))
    assert {entry.path for entry in record("a.py")} == {"a.py", "b.py"}
    assert len(record("a.py")) == len(entries)
    Path("a.py").write_text("")
    assert {entry.path for entry in record("a.py")} == {"b.py"}


def write(path: str, content: bytes) -> None:
    Path(path).write_bytes(content)


ENTRY = b'{"path": "a.py", "rule": "r", "symbol": "s", "code": "c"%s}'


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "is not JSON"),
        (b"{", "is not JSON"),
        (b"\xff\xfe", "is not UTF-8"),
        (b"[]", "is no baseline"),
        (b"null", "is no baseline"),
        (b"{}", "is no baseline"),
        (b'{"entries": []}', "is no baseline"),
        (b'{"version": 1, "entries": {}}', "is no baseline"),
        (b'{"version": 2, "entries": []}', "is of version 2"),
        (b'{"version": null, "entries": []}', "is of version null"),
        (b"[" * 100_000, "is no"),
        (b'{"version": 1, "entries": [1]}', "an entry that is none, the 1. of them"),
        (b'{"version": 1, "entries": [%s, {"path": "a.py"}]}' % (ENTRY % b""), "the 2. of them"),
        (b'{"version": 1, "entries": [%s]}' % (ENTRY % b', "count": 0'), "the 1. of them"),
        (b'{"version": 1, "entries": [%s]}' % (ENTRY % b', "count": true'), "the 1. of them"),
        (b'{"version": 1, "entries": [%s]}' % (ENTRY % b', "count": "2"'), "the 1. of them"),
        (b'{"version": 1, "entries": [%s]}' % ENTRY.replace(b'"c"%s', b"1"), "the 1. of them"),
        (b'{"version": 1, "entries": [\n<<<<<<< HEAD\n=======\n>>>>>>> x\n]}', "the marks of a merge conflict"),
    ],
)
def test_what_is_no_baseline_is_told_and_never_overwritten(project: Path, content: bytes, problem: str) -> None:
    write("known.json", content)
    with pytest.raises(BaselineError) as caught:
        baseline.read("known.json")
    assert problem in str(caught.value)
    assert "known.json" in str(caught.value)
    assert "\n" not in str(caught.value)
    with pytest.raises(BaselineError):
        record()
    assert Path("known.json").read_bytes() == content


def test_what_other_programs_do_to_json_does_not_matter(project: Path) -> None:
    entries = b",".join([ENTRY % b', "count": 2', ENTRY % b"", ENTRY % b', "more": 1'])
    write("known.json", b'\xef\xbb\xbf{"entries":[%s],"version":1}' % entries)
    assert told(baseline.read("known.json").entries) == [("a.py", "r", 4)]


def test_files_that_cannot_be_read_or_written(project: Path) -> None:
    Path("directory").mkdir()
    os.mkfifo("pipe")
    for name, problem in [
        ("missing.json", "there is no baseline"),
        ("directory", "no ordinary"),
        ("pipe", "no ordinary"),
        ("a\0b", "cannot be read"),
    ]:
        with pytest.raises(BaselineError, match=problem):
            baseline.read(name)
    for name in ("directory", "pipe", "nowhere/known.json"):
        with pytest.raises(BaselineError):
            baseline.write(name, Result(), text_of)
    assert stat.S_ISFIFO(os.stat("pipe").st_mode)
    assert sorted(os.listdir()) == ["directory", "pipe"]


def test_an_empty_baseline_reads_no_file() -> None:
    finding = Finding("gone.py", Span(1, 1, 1, 2), "NRL401", "lambda-in-config", Severity.ERROR, "")

    def no_text(path: str) -> str | None:
        raise AssertionError

    result = Result((finding,), 1)
    assert Baseline(Path()).narrowed(result, no_text) == Narrowed(result)


def test_many_entries_take_no_time(project: Path) -> None:
    entries = [
        Entry(f"{number % 500}.py", "lambda-in-config", f"f{number}", "lambda:0", 10**9) for number in range(10_000)
    ]
    baseline.save("known.json", entries)
    known = baseline.read("known.json")
    assert len(known.entries) == 10_000
    assert len(known.narrowed(Result(looked_through=(".",)), text_of).fixed) == 10_000


def test_in_a_page_a_finding_is_known_by_what_stands_there() -> None:
    finding = Finding("page.md", Span(3, 3, 3, 9), "NRL401", "lambda-in-config", Severity.ERROR, "")
    page = "Don't (\n\n> lambda  : 1\n"
    (entry,) = baseline.entries(Result((finding,)), Path.cwd(), lambda path: page)
    assert (entry.symbol, entry.code) == ("<module>", "lambda")


# -- edits of real files and of all rules' cases -----------------------------------------------------------------


def with_more_lines(source: str, seed: int) -> str:
    """The source with blank lines and comments before some statements."""
    chance = random.Random(seed)
    lines = source.splitlines(keepends=True)
    starts = {each.rows[0].first for each in logical_lines(source) if each.rows}
    more = ["\n", "\n\n", "# more\n", "        # more\n\n", "#\n"]
    return "".join(
        (chance.choice(more) if n in starts and chance.random() < 0.5 else "") + line for n, line in enumerate(lines, 1)
    )


def formatted(source: str) -> str:
    """The source as ruff formats it for narrow lines, the way of black; itself where ruff cannot read it."""
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--line-length", "50", "-"]
    result = subprocess.run(command, input=source, capture_output=True, text=True)
    return result.stdout if result.returncode == 0 else source


@functools.cache
def sources() -> list[str]:
    files = sorted((Path(__file__).parent / "rules").rglob("*.md"))
    return [case.source for file in files for case in cases(file, file.stem)]


def checked(source: str) -> Result:
    found = check_source("case.py", source.encode(), STRICT)
    return Result(found.findings, 1, looked_at=("case.py",))


def assert_the_same(before: str, after: str) -> None:
    found, later = checked(before), checked(after)
    known = Baseline(Path.cwd(), baseline.entries(found, Path.cwd(), lambda path: before))
    left = known.narrowed(later, lambda path: after)
    names = [finding.name for finding in left.result.findings if finding.name not in baseline.NEVER]
    assert (names, left.fixed) == ([], ())


@given(st.data(), st.integers(0, 2**32))
def test_lines_between_statements_do_not_matter(data: st.DataObject, seed: int) -> None:
    source = data.draw(st.sampled_from(sources()))
    assert_the_same(source, with_more_lines(source, seed))


def test_formatting_does_not_matter() -> None:
    for source in random.Random(7).sample(sources(), 60):
        assert_the_same(source, formatted(source))


@pytest.mark.skipif(not RECIPES.is_dir(), reason="the corpus is not here")
def test_real_files_after_real_edits(project: Path) -> None:
    for file in sorted(RECIPES.glob("[g-m]*.py")):
        shutil.copy(file, project)
    before = lint()
    assert len(before.findings) > 20
    record()
    Path("moved").mkdir()
    for number, file in enumerate(sorted(project.glob("*.py"))):
        text = file.read_text()
        file.write_text([with_more_lines(text, number), formatted(text), text][number % 3])
        if number % 2:
            file.rename(f"moved/{file.name}")
    found = narrowed()
    assert [f"{each.path}:{each.span.line} {each.name}" for each in found.result.findings] == []
    assert found.fixed == ()
    assert found.result.suppressed == len(before.findings)


# -- on the command line -----------------------------------------------------------------------------------------


def check(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {key: value for key, value in os.environ.items() if key not in ("CI", "GITHUB_ACTIONS")}
    command = [sys.executable, "-m", "nemo_run_lint", "check", "--output-format", "concise", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env={**inherited, **environment})


def test_from_the_first_run_to_the_last_finding(project: Path) -> None:
    Path("a.py").write_text(BROKEN)
    Path("pyproject.toml").write_text('[tool.nemo-run-lint]\nbaseline = "known.json"\nselect = ["NRL4"]\n')

    missing = check()
    assert (missing.returncode, missing.stdout) == (2, "")
    assert "there is no baseline" in missing.stderr

    written = check("--write-baseline")
    assert (written.returncode, written.stdout) == (0, "All checks passed! (1 suppressed)\n")
    assert written.stderr.startswith("Recorded 1 finding in ")
    assert check().returncode == 0
    assert "a.py:6:40: NRL401" in check("--show-suppressed").stdout

    Path("b.py").write_text(BROKEN)
    found = check("--write-baseline", "--baseline-ratchet")  # it only shrinks
    assert (found.returncode, found.stdout.count("NRL401")) == (1, 1)
    Path("b.py").unlink()

    Path("a.py").write_text("import nemo_run\n")
    before = Path("known.json").read_bytes()
    told = check()
    assert told.returncode == 0
    assert "1 entry of" in told.stderr
    assert "is fixed: lambda-in-config in a.py (build)" in told.stderr
    assert check("-q").stderr == ""
    assert check("--baseline-ratchet", CI="true").returncode == 1
    assert check("--baseline-ratchet", "--exit-zero", CI="true").returncode == 0
    assert Path("known.json").read_bytes() == before

    shrunk = check("--baseline-ratchet")
    assert shrunk.returncode == 0
    assert "is fixed and taken out" in shrunk.stderr
    assert baseline.read("known.json").entries == ()
    assert check("--baseline-ratchet", CI="true").stderr == ""


def test_without_a_name_it_is_written_to_the_usual_place(project: Path) -> None:
    Path("a.py").write_text(BROKEN)
    check("--write-baseline")
    assert baseline.read(baseline.DEFAULT).entries
    assert check().returncode == 1
    assert check("--baseline", baseline.DEFAULT).returncode == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--baseline", "missing.json"], "there is no baseline missing.json"),
        (["--baseline", "."], "no ordinary file"),
        (["--write-baseline", "--baseline", "a.py"], "is not JSON"),
        (["--write-baseline", "--baseline", "nowhere/known.json"], "cannot be written: No such file"),
        (["--write-baseline", "--since", "HEAD"], "give one of them"),
        (["--write-baseline", "--diff"], "do not go together"),
    ],
)
def test_bad_usage_is_2_and_one_sentence(project: Path, arguments: list[str], words: str) -> None:
    Path("a.py").write_text(BROKEN)
    result = check(*arguments)
    assert (result.returncode, result.stdout) == (2, "")
    assert words in result.stderr
    assert "Traceback" not in result.stderr
    assert os.listdir() == ["a.py"]
    assert Path("a.py").read_text() == BROKEN
