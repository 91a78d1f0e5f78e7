"""Fixes applied: whole ones only, in whatever encoding and with whatever line ends a file has."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from nemo_run_lint.finding import Edit, Finding, Fix, Severity, Span
from nemo_run_lint.fixer import apply, replace_file, rewritten


def finding(*edits: tuple[int, int, int, int, str]) -> Finding:
    """A finding whose fix has these edits: line, column, last line, column behind, new text."""
    placed = tuple(Edit(Span(*edit[:4]), edit[4]) for edit in edits)
    span = placed[0].span if placed else Span(1, 1, 1, 2)
    fix = Fix("fix it", placed) if placed else None
    return Finding("x.py", span, "NRL999", "sample", Severity.ERROR, "wrong", fix=fix)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_edits_count_lines_and_columns_as_findings_do(end: str) -> None:
    text = end.join(["é = 1\f", "x = [a, b]", "last"])
    fixes = [finding((1, 1, 1, 2, "beta")), finding((2, 6, 2, 7, "c"), (2, 9, 2, 10, "")), finding((3, 5, 3, 5, "!"))]
    assert apply(text, fixes) == (end.join(["beta = 1\f", "x = [c, ]", "last!"]), fixes)


def test_an_edit_may_reach_over_lines() -> None:
    text, fixed = apply("a = (1,\n     2)\nb\n", [finding((1, 5, 2, 8, "3"))])
    assert (text, len(fixed)) == ("a = 3\nb\n", 1)


def test_of_fixes_that_overlap_the_first_is_applied_whole_and_the_other_not_at_all() -> None:
    first, other = finding((1, 1, 1, 4, "x")), finding((1, 3, 1, 5, "y"), (1, 7, 1, 8, "z"))
    touching = finding((1, 4, 1, 5, "w"))
    assert apply("abcdefgh", [first, other, touching]) == ("xwefgh", [first, touching])


def test_two_insertions_at_one_place_are_a_conflict() -> None:
    one, other = finding((1, 2, 1, 2, "x")), finding((1, 2, 1, 2, "y"))
    assert apply("ab", [one, other]) == ("axb", [one])


def test_a_finding_without_a_fix_is_left() -> None:
    assert apply("ab", [finding()]) == ("ab", [])


@pytest.mark.parametrize(
    "data",
    [
        "ä = 1\r\nb = 2\r\n".encode("utf-8-sig"),
        "# coding: latin-1\nä = 1\n".encode("latin-1"),
        b"a = 1\rb = 2",
        "a = '\N{GRINNING FACE}'\n".encode(),
    ],
)
def test_bytes_stay_what_they_are_but_for_the_fix(data: bytes) -> None:
    assert rewritten(data, []) == (data, [])
    line = 2 if b"coding" in data else 1
    changed, fixed = rewritten(data, [finding((line, 5, line, 5, "0 + "))])
    assert changed.replace(b"0 + ", b"", 1) == data
    assert len(fixed) == 1


@pytest.mark.parametrize("new", ["(", "'\N{GRINNING FACE}'", "\0"])
def test_what_would_not_parse_or_not_be_encoded_is_not_done(new: str) -> None:
    data = b"# coding: latin-1\na = 'x'\n"
    assert rewritten(data, [finding((2, 5, 2, 8, new))]) == (data, [])


def test_a_file_is_replaced_with_its_mode_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    file, link = tmp_path / "launch.py", tmp_path / "link.py"
    file.write_bytes(b"a = 1\n")
    file.chmod(0o750)
    link.symlink_to(file)
    replace_file(str(link), b"a = 2\n")
    assert file.read_bytes() == b"a = 2\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o750
    assert link.is_symlink()
    assert sorted(os.listdir(tmp_path)) == ["launch.py", "link.py"]


def test_what_cannot_be_replaced_stays_and_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "directory.py").mkdir()
    with pytest.raises(OSError, match="directory"):
        replace_file(str(tmp_path / "directory.py"), b"a = 2\n")
    assert os.listdir(tmp_path) == ["directory.py"]
