"""Fixes applied to a text: whole ones only, whatever line ends it has, and never so that it is broken afterwards."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nemo_run_lint.finding import Edit, Finding, Fix, Severity, Span
from nemo_run_lint.fixer import Change, Lines, apply, replace_file
from nemo_run_lint.sources.python import parses


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
    assert apply(text, fixes)[:2] == (end.join(["beta = 1\f", "x = [c, ]", "last!"]), tuple(fixes))


def test_an_edit_may_reach_over_lines() -> None:
    applied = apply("a = (1,\n     2)\nb\n", [finding((1, 5, 2, 8, "3"))])
    assert (applied.text, applied.changes) == ("a = 3\nb\n", (Change(4, 15, "3"),))


@pytest.mark.parametrize(
    ("text", "line", "after"),
    [
        ("a\r\nb\n", 1, "x\r\ny\r\nb\n"),
        ("a\r\nb\n", 2, "a\r\nx\ny\n"),
        ("a\rb", 2, "a\rx\ry"),
        ("a", 1, "x\ny"),
    ],
)
def test_new_lines_end_like_those_around_them(text: str, line: int, after: str) -> None:
    assert apply(text, [finding((line, 1, line, 2, "x\ny"))]).text == after


def test_new_lines_that_bring_their_own_ends_keep_them() -> None:
    assert apply("a\nb\n", [finding((1, 1, 1, 2, "x\r\ny\n"))]).text == "x\r\ny\n\nb\n"


def test_a_text_without_a_line_end_at_its_end_stays_without_one() -> None:
    assert apply("a\nb", [finding((2, 1, 2, 2, "x\n"))]).text == "a\nx"
    assert apply("a\nb\n", [finding((2, 1, 2, 2, "x\n"))]).text == "a\nx\n\n"


def test_of_fixes_that_overlap_the_first_is_applied_whole_and_the_other_not_at_all() -> None:
    first, other = finding((1, 1, 1, 4, "x")), finding((1, 3, 1, 5, "y"), (1, 7, 1, 8, "z"))
    touching = finding((1, 4, 1, 5, "w"))
    assert apply("abcdefgh", [first, other, touching])[:2] == ("xwefgh", (first, touching))


def test_two_insertions_at_one_place_are_a_conflict_and_one_beside_a_replacement_is_none() -> None:
    one, other, behind = finding((1, 2, 1, 2, "x")), finding((1, 2, 1, 2, "y")), finding((1, 2, 1, 3, "z"))
    assert apply("ab", [one, other, behind])[:2] == ("axz", (one, behind))


def test_a_finding_without_a_fix_is_left() -> None:
    assert apply("ab", [finding()])[:2] == ("ab", ())


@pytest.mark.parametrize(
    "edits",
    [
        [(3, 1, 3, 1, "x")],
        [(1, 1, 1, 2, "x"), (0, 1, 1, 1, "y")],
        [(1, 5, 1, 5, "x")],
        [(1, 3, 1, 2, "x")],
        [(1, 1, 1, 3, "x"), (1, 2, 1, 4, "y")],
    ],
    ids=["below the text", "above it", "behind a line", "backwards", "over each other"],
)
def test_a_fix_that_does_not_fit_the_text_is_left_out(edits: list[tuple[int, int, int, int, str]]) -> None:
    other = finding((2, 1, 2, 2, "ok"))
    assert apply("abc\nd", [finding(*edits), other])[:2] == ("abc\nok", (other,))


def is_sound(text: str, changes: Sequence[Change]) -> bool:
    return parses(text)


def test_what_would_be_unsound_is_left_out_and_the_rest_is_done() -> None:
    broken, together = finding((1, 5, 1, 6, "(")), finding((2, 5, 2, 6, "2 if x"), (2, 6, 2, 6, " else 3"))
    assert apply("a = 1\nb = 2\n", [broken, together], is_sound)[:2] == ("a = 1\nb = 2 if x else 3\n", (together,))


def test_who_accepts_fixes_is_asked_about_those_that_can_be_applied_and_sees_what_they_do() -> None:
    broken, wanted, overlapping, refused, after_it = (
        finding((1, 5, 1, 6, "(")),
        finding((2, 5, 2, 6, "20")),
        finding((2, 5, 2, 6, "21")),
        finding((3, 5, 3, 6, "30")),
        finding((3, 5, 3, 6, "31")),
    )
    asked = []

    def accepts(each: Finding, before: str, after: str) -> bool:
        asked.append((each, before, after))
        return each is not refused

    applied = apply("a = 1\nb = 2\nc = 3", [broken, wanted, overlapping, refused, after_it], is_sound, accepts)
    assert applied[:2] == ("a = 1\nb = 20\nc = 31", (wanted, after_it))
    assert asked == [
        (wanted, "a = 1\nb = 2\nc = 3", "a = 1\nb = 20\nc = 3"),
        (refused, "a = 1\nb = 20\nc = 3", "a = 1\nb = 20\nc = 30"),
        (after_it, "a = 1\nb = 20\nc = 3", "a = 1\nb = 20\nc = 31"),
    ]


TEXTS = st.text(st.sampled_from("ab \r\n\fé"), max_size=40)


@given(TEXTS, st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40), TEXTS), max_size=8))
def test_what_no_applied_fix_touches_stays_and_stands_in_the_same_order(
    text: str, edits: list[tuple[int, int, str]]
) -> None:
    text += "\n"
    places = [
        (line, column)
        for line in range(1, 45)
        for column in range(1, 45)
        if Lines(text).offset(line, column) is not None
    ]
    fixes = []
    for begin, end, new in edits:
        first, last = sorted((places[begin % len(places)], places[end % len(places)]))
        fixes.append(finding((*first, *last, new)))
    applied = apply(text, fixes)
    kept, old, place = "", "", 0
    rest = applied.text
    for begin, end, new in applied.changes:
        kept += text[place:begin]
        assert rest.startswith(text[place:begin] + new)
        rest = rest[begin - place + len(new) :]
        old += text[begin:end]
        place = end
    assert rest == text[place:]
    assert len(kept) + len(old) + len(rest) == len(text)
    assert len(applied.changes) == len(applied.fixed)
    assert all(any(each is fix for fix in fixes) for each in applied.fixed)


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


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only the administrator gives files away")
def test_a_file_that_is_replaced_keeps_its_owner(tmp_path: Path) -> None:
    file = tmp_path / "launch.py"
    file.write_bytes(b"a = 1\n")
    os.chown(file, 1234, 4321)
    file.chmod(0o640)
    replace_file(str(file), b"a = 2\n")
    status = file.stat()
    assert (status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode)) == (1234, 4321, 0o640)


def test_what_cannot_be_replaced_stays_and_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "directory.py").mkdir()
    with pytest.raises(OSError, match="directory"):
        replace_file(str(tmp_path / "directory.py"), b"a = 2\n")
    with pytest.raises(FileNotFoundError):
        replace_file(str(tmp_path / "gone.py"), b"a = 2\n")
    assert os.listdir(tmp_path) == ["directory.py"]
