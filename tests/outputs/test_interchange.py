"""JSON that every reader takes."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from nemo_run_lint.outputs.interchange import dumps, well_formed

HALVES = st.sampled_from('\ud800\udbff\udc00\udfff\udcff\\"u')


@given(st.text(st.characters() | HALVES))
def test_it_is_ascii_and_has_whole_characters(text: str) -> None:
    written = dumps({"text": text})
    assert written.isascii()
    assert "\n" not in written
    read = json.loads(written)["text"]
    read.encode()
    assert read == well_formed(text)


@given(st.text())
def test_what_is_text_stays(text: str) -> None:
    assert well_formed(text) == text
    assert json.loads(dumps([text, 1, None])) == [text, 1, None]


def test_halves_are_replaced_and_pairs_are_one_character() -> None:
    assert dumps("a\udcff\ud83d\ude00\ud83d") == r'"a\ufffd\ud83d\ude00\ufffd"'
