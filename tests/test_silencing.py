"""Comments written for what is found: where they go, which they widen, and that nothing else changes."""

from __future__ import annotations

import ast
import functools
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rule_cases import cases

from nemo_run_lint.checking import check_source
from nemo_run_lint.finding import Finding, Severity, Span
from nemo_run_lint.result import Result
from nemo_run_lint.rule import Profile
from nemo_run_lint.settings import Settings
from nemo_run_lint.silencing import ReasonError, checked_reason, rewritten, silenced_by_comments
from nemo_run_lint.sources.python import decode

STRICT = Settings(profile=Profile.STRICT, cache=False, nemo_run_version=("0.11.1",))
REASON = "known since the move"


def finding(line: int, name: str = "lambda-in-config", end_line: int | None = None) -> Finding:
    codes = {"lambda-in-config": "NRL401", "short-name": "NRL301", "syntax-error": "NRL001"}
    return Finding("x.py", Span(line, 1, end_line or line, 2), codes[name], name, Severity.ERROR, "wrong")


def silenced(text: str, *findings: Finding) -> str:
    data, _ = silenced_by_comments(text.encode(), findings, "why")
    return data.decode()


OURS = "# nemo-run-lint: ignore[lambda-in-config] -- why"
BOTH = "# nemo-run-lint: ignore[lambda-in-config, short-name] -- why"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x = 1\ny\n", f"x = 1  {OURS}\ny\n"),
        ("x = 1", f"x = 1  {OURS}"),
        ("x = 1 \t\n", f"x = 1  {OURS}\n"),
        ("x = 1\r\ny\r\n", f"x = 1  {OURS}\r\ny\r\n"),
        ("x = 1\ry\r", f"x = 1  {OURS}\ry\r"),
        ("x = 1  # type: ignore\n", f"x = 1  # type: ignore  {OURS}\n"),
        ("x = 1  # noqa: E501\n", f"x = 1  # noqa: E501  {OURS}\n"),
        ("x = 1 + \\\n    2\n", f"{OURS}\nx = 1 + \\\n    2\n"),
        ('x = """\n"""\r\n', f'{OURS}\nx = """\n"""\r\n'),
        ("x = 1; y = '''\n'''\n", f"{OURS}\nx = 1; y = '''\n'''\n"),
        (
            "# nemo-run-lint: ignore[short-name] -- a name\nx = 1\n",
            "# nemo-run-lint: ignore[short-name, lambda-in-config] -- a name; why\nx = 1\n",
        ),
        (
            "x = 1  # nemo-run-lint: ignore[NRL3,NRL5] # more\n",
            "x = 1  # nemo-run-lint: ignore[NRL3,NRL5,lambda-in-config] -- why # more\n",
        ),
        (
            "x = 1  # nemo-run-lint: ignore[NRL3] --\n",
            "x = 1  # nemo-run-lint: ignore[NRL3, lambda-in-config] -- why\n",
        ),
        (
            "x = 1  # nemo-run-lint: ignore[NRL3] -- this is why\n",
            "x = 1  # nemo-run-lint: ignore[NRL3, lambda-in-config] -- this is why\n",
        ),
        (  # what ends, or is somebody's, is not widened
            "x = 1  # nemo-run-lint: ignore[NRL3] until=2999-01-01 -- a name\n",
            f"x = 1  # nemo-run-lint: ignore[NRL3] until=2999-01-01 -- a name  {OURS}\n",
        ),
        (  # nothing can follow what has no end
            "if x:\n    x = 1  # nemo-run-lint: ignore[NRL3\n",
            f"if x:\n    {OURS}\n    x = 1  # nemo-run-lint: ignore[NRL3\n",
        ),
        (  # a comment over several lines would leave the other one idle
            "x = f(1 + \\\n  2,\n  3)  # nemo-run-lint: ignore[NRL401] -- old\n",
            f"x = f(1 + \\\n  2,  {OURS}\n  3)  # nemo-run-lint: ignore[NRL401] -- old\n",
        ),
    ],
)
def test_where_a_comment_is_written(text: str, expected: str) -> None:
    assert silenced(text, finding(1 + text.startswith(("#", "if")))) == expected


def test_several_findings_of_a_line_share_a_comment() -> None:
    assert silenced("x = 1\n", finding(1), finding(1, "short-name"), finding(1)) == f"x = 1  {BOTH}\n"


def test_a_comment_above_a_statement_is_for_all_its_lines() -> None:
    text = '    f("""\n""",\n    1)\n'
    found = silenced(f"if x:\n{text}", finding(2), finding(4), finding(4, "short-name"))
    assert found == f"if x:\n    {OURS}\n" + text.replace("1)", f"1)  {OURS.replace('lambda-in-config', 'short-name')}")


def test_in_brackets_a_comment_is_for_the_line_that_is_continued() -> None:
    text = 'f(\n    a,\n    """\n    """,\n)\n'
    assert silenced(text, finding(3)) == text.replace('    """\n', f'    {OURS}\n    """\n', 1)


def test_what_the_linter_says_of_itself_is_left(tmp_path: Path) -> None:
    file = tmp_path / "x.py"
    file.write_text("x = 1\n")
    found = Finding(str(file), Span(1, 1, 1, 2), "NRL001", "syntax-error", Severity.ERROR, "wrong")
    assert rewritten([found], REASON) == []


@pytest.mark.parametrize(("name", "text"), [("x.ipynb", '{"source": "x"}\n'), ("x.md", "x\n"), ("x.RST", "x\n")])
def test_pages_and_notebooks_are_left_even_if_they_look_like_python(tmp_path: Path, name: str, text: str) -> None:
    file = tmp_path / name
    file.write_text(text)
    found = Finding(str(file), Span(1, 1, 1, 2), "NRL401", "lambda-in-config", Severity.ERROR, "wrong")
    assert rewritten([found], REASON) == []


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"x = (\n", "why"),
        (b"\xff = 1\n", "why"),
        (b"# coding: latin-1\nx = 1\n", "\N{GREEK SMALL LETTER OMEGA}"),
        (b"x = '''\n'''\n", "coding: rot13"),  # on the first line it would say how the file is encoded
        (b"{" * 300 + b"}" * 300, "why"),
    ],
)
def test_a_file_that_would_be_another_is_left_alone(data: bytes, reason: str) -> None:
    line = 2 if b"coding" in data else 1
    assert silenced_by_comments(data, [finding(line)], reason) == (data, [])


@pytest.mark.parametrize(
    "data", ["ä = 1\r\n".encode("utf-8-sig"), "# coding: latin-1\nä = 1\n".encode("latin-1"), b"\x0cx = 1\n"]
)
def test_bytes_stay_what_they_are_but_for_the_comment(data: bytes) -> None:
    after, found = silenced_by_comments(data, [finding(2 if b"coding" in data else 1)], "würdig")
    assert len(found) == 1
    encoding = decode(data).encoding
    assert after.replace(f"  {OURS}".replace("why", "würdig").encode(encoding.removesuffix("-sig")), b"") == data


@pytest.mark.parametrize(
    ("reason", "problem"),
    [
        ("", "is empty"),
        ("  ", "is empty"),
        ("a\nb", "one line"),
        ("a\x1bb", "one line"),
        ("\udc80", "one line"),
        ("see # 12", "would end the reason"),
        ("# noqa", "would end the reason"),
        ("x #nemo-run-lint: ignore[ALL]", "would end the reason"),
    ],
)
def test_reasons_that_cannot_be_read_back(reason: str, problem: str) -> None:
    with pytest.raises(ReasonError, match=problem):
        checked_reason(reason)


@pytest.mark.parametrize("reason", ["see #12", "[1] -- or until=never", "a]b", "  blanks  ", "tä 🎈"])
def test_reasons_that_can(reason: str) -> None:
    assert checked_reason(reason) == reason.strip()


def checked(data: bytes) -> Result:
    return check_source("case.py", data, STRICT)


@functools.cache
def sources() -> list[str]:
    """The sources of all rules' cases, nearly all of which have findings."""
    files = sorted((Path(__file__).parent / "rules").rglob("*.md"))
    return [case.source for file in files for case in cases(file, file.stem)]


def assert_silences_all(data: bytes) -> None:
    found = [each for each in checked(data).findings if not each.code.startswith("NRL0")]
    after, silenced = silenced_by_comments(data, found, REASON)
    assert silenced == found
    left = checked(after).findings
    assert [each for each in left if not each.code.startswith("NRL0")] == []
    assert [each.message for each in left if each.name == "unused-suppression"] == []
    assert ast.dump(ast.parse(after)) == ast.dump(ast.parse(data))
    again, more = silenced_by_comments(after, [], REASON)
    assert (again, more) == (after, [])


@given(st.data())
def test_what_is_found_is_silenced_and_the_program_is_the_same(data: st.DataObject) -> None:
    source = data.draw(st.sampled_from(sources()))
    encoded = source.replace("\n", data.draw(st.sampled_from(["\n", "\r\n"]))).encode(
        data.draw(st.sampled_from(["utf-8", "utf-8-sig"]))
    )
    try:
        ast.parse(encoded)
    except SyntaxError:
        return
    assert_silences_all(encoded)


@given(st.data())
def test_some_of_it_first_and_the_rest_later(data: st.DataObject) -> None:
    source = data.draw(st.sampled_from(sources())).encode()
    try:
        ast.parse(source)
    except SyntaxError:
        return
    found = [each for each in checked(source).findings if not each.code.startswith("NRL0")]
    if found:
        some = data.draw(st.lists(st.sampled_from(found), unique=True))
        assert_silences_all(silenced_by_comments(source, sorted(some, key=lambda each: each.sort_key), "first")[0])


# -- on the command line -----------------------------------------------------------------------------------------

BROKEN = """\
import nemo_run as run
from training import train

one = run.Partial(train, schedule=lambda step: 0.1)
two = run.Partial(train, schedule=lambda step: 0.2)
"""


def check(directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "nemo_run_lint", "check", "--isolated", "--select=NRL0,NRL4", *arguments]
    environment = {key: value for key, value in os.environ.items() if key not in ("CI", "GITHUB_ACTIONS")}
    return subprocess.run(command, cwd=directory, capture_output=True, text=True, env=environment)


def test_all_at_once_and_then_nothing_is_left(tmp_path: Path) -> None:
    for name in ("a.py", "b.py"):
        (tmp_path / name).write_text(BROKEN)
    first = check(tmp_path, "--add-suppressions", "known since the move")
    assert (first.returncode, first.stderr) == (0, "Silenced 4 findings in 2 files.\n")
    after = (tmp_path / "a.py").read_text()
    assert after == BROKEN.replace(")\n", ")  # nemo-run-lint: ignore[lambda-in-config] -- known since the move\n")
    assert check(tmp_path).returncode == 0
    again = check(tmp_path, "--add-suppressions", "another reason")
    assert (again.returncode, again.stderr) == (0, "Silenced 0 findings.\n")
    assert (tmp_path / "a.py").read_text() == after


def test_what_cannot_be_silenced_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(BROKEN)
    (tmp_path / "b.py").write_text("import nemo_run\n(\n")
    result = check(tmp_path, "--add-suppressions", "why", "--output-format", "concise")
    assert result.returncode == 1
    assert "b.py:2:1: NRL001" in result.stdout
    assert result.stderr == "Silenced 2 findings in 1 file; 1 finding cannot be silenced by a comment.\n"


def test_with_a_baseline_only_what_is_new_gets_a_comment(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(BROKEN.replace("0.2", "0.3"))
    check(tmp_path, "--write-baseline", "--baseline", "known.json")
    (tmp_path / "a.py").write_text(BROKEN)
    check(tmp_path, "--baseline", "known.json", "--add-suppressions", "why")
    assert [line.endswith("-- why") for line in (tmp_path / "a.py").read_text().splitlines()[3:]] == [False, True]
    assert check(tmp_path, "--baseline", "known.json").returncode == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--add-suppressions", ""], "the reason is empty"),
        (["--add-suppressions", "a\nb"], "must be one line"),
        (["--add-suppressions", "why", "--write-baseline"], "do not go together"),
        (["--add-suppressions", "why", "-"], "reads standard input"),
    ],
)
def test_bad_usage_is_2_and_changes_nothing(tmp_path: Path, arguments: list[str], words: str) -> None:
    (tmp_path / "a.py").write_text(BROKEN)
    result = check(tmp_path, *arguments)
    assert (result.returncode, result.stdout) == (2, "")
    assert words in result.stderr
    assert (tmp_path / "a.py").read_text() == BROKEN
