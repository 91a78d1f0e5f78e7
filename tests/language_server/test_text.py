"""Places of a text, as clients count them in three kinds of units, Python in bytes, and findings in characters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types

from nemo_run_lint.finding import Span
from nemo_run_lint.language_server.differences import differences
from nemo_run_lint.language_server.text import Text, bytes_before, column_of

ENCODINGS = [
    types.PositionEncodingKind.Utf8,
    types.PositionEncodingKind.Utf16,
    types.PositionEncodingKind.Utf32,
]
UNITS = {"utf-8": 1, "utf-16": 2, "utf-32": 4}

#: With characters of one to four bytes, all kinds of line ends, and what only `str.splitlines` takes for one.
texts = st.text(st.sampled_from("ab é€😀\n\r\f\v\u2028\x1c\ud800\ufeff"), max_size=30)


def between_line_end(text: str, offset: int) -> bool:
    return text[offset - 1 : offset + 1] == "\r\n" if offset else False


@pytest.mark.parametrize("encoding", ENCODINGS)
@given(texts, st.integers(0, 40))
def test_every_index_has_its_position(encoding: types.PositionEncodingKind, source: str, index: int) -> None:
    index = min(index, len(source))
    text = Text(source, encoding)
    if not between_line_end(source, index):
        assert text.offset(text.between(index, index).start) == index


@pytest.mark.parametrize("encoding", ENCODINGS)
@given(texts)
def test_every_place_of_a_finding_has_its_position(encoding: types.PositionEncodingKind, source: str) -> None:
    text = Text(source, encoding)
    lines = Text(text.python).lines
    for number, line in enumerate(lines, 1):
        for column in range(1, len(line) + 2):
            assert text.place(text.position(number, column)) == (number, column)


@pytest.mark.parametrize(
    ("encoding", "characters"),
    [
        (types.PositionEncodingKind.Utf8, 9),
        (types.PositionEncodingKind.Utf16, 5),
        (types.PositionEncodingKind.Utf32, 4),
    ],
)
def test_units(encoding: types.PositionEncodingKind, characters: int) -> None:
    text = Text('x=\n"é😀"', encoding)
    assert text.position(2, 4).character == characters - (1 if encoding != types.PositionEncodingKind.Utf8 else 2)
    assert text.offset(types.Position(1, characters)) == len(text.source)


def test_units_that_are_not_known_are_those_of_utf_16() -> None:
    assert Text("😀x").offset(types.Position(0, 2)) == 1


@given(texts, st.integers(0, 100), st.integers(0, 100))
def test_a_position_outside_is_the_nearest_inside(source: str, line: int, character: int) -> None:
    text = Text(source)
    number, column = text.place(types.Position(line, character))
    lines = Text(text.python).lines
    assert 1 <= number <= len(lines)
    assert 1 <= column <= len(lines[number - 1]) + 1


def test_a_span_outside_is_the_nearest_inside() -> None:
    text = Text("ab\ncd")
    assert text.range(Span(2, 9, 7, 1)) == types.Range(types.Position(1, 2), types.Position(1, 2))


def test_a_byte_order_mark_is_counted_by_the_client_alone() -> None:
    text = Text("\ufeffrun\nx")
    assert text.python == "run\nx"
    assert text.position(1, 1) == types.Position(0, 1)
    assert text.position(2, 1) == types.Position(1, 0)
    assert text.place(types.Position(0, 4)) == (1, 4)


@pytest.mark.parametrize("encoding", ENCODINGS)
@given(texts, st.integers(0, 30), st.integers(0, 30), texts)
def test_an_edit(encoding: types.PositionEncodingKind, source: str, one: int, other: int, new: str) -> None:
    begin, end = sorted(min(each, len(source)) for each in (one, other))
    if between_line_end(source, begin) or between_line_end(source, end):
        return
    text = Text(source, encoding)
    change = types.TextDocumentContentChangePartial(text.between(begin, end), new)
    assert text.after(change).source == source[:begin] + new + source[end:]


def test_an_edit_from_behind_to_before_removes_nothing() -> None:
    backwards = types.Range(types.Position(0, 3), types.Position(0, 1))
    assert Text("abcd").after(types.TextDocumentContentChangePartial(backwards, "-")).source == "abc-d"


@given(st.text(st.sampled_from("ab\n"), max_size=40), st.text(st.sampled_from("ab\n"), max_size=40))
def test_differences_make_one_text_of_another(before: str, after: str) -> None:
    text = Text(before)
    made = before
    edits = differences(text, before, after)
    for edit in sorted(edits, key=lambda each: text.offset(each.range.start), reverse=True):
        made = made[: text.offset(edit.range.start)] + edit.new_text + made[text.offset(edit.range.end) :]
    assert made == after


def test_differences_touch_nothing_else() -> None:
    before = "one\nrun.Partial(train, max_step=1)\nthree\n"
    [edit] = differences(Text(before), before, before.replace("max_step", "max_steps"))
    assert edit == types.TextEdit(types.Range(types.Position(1, 27), types.Position(1, 27)), "s")


@given(st.text(st.sampled_from("aé€😀"), max_size=8))
def test_bytes_of_ast(line: str) -> None:
    for column in range(1, len(line) + 2):
        assert column_of(line, bytes_before(line, column)) == column
