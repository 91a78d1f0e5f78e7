"""The edits that make one text of another, as small as an editor would have made them."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher
from itertools import takewhile

from lsprotocol import types

from nemo_run_lint.language_server.text import Text


def differences(place: Text, before: str, after: str, behind: int = 0) -> list[types.TextEdit]:
    """The edits that make `after` of `before`, which stands in the text `place` behind so many characters."""
    old, new = (text.splitlines(keepends=True) for text in (before, after))
    edits, start, upto = [], behind, 0
    for kind, begin, end, first, last in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        start, upto = start + sum(map(len, old[upto:begin])), begin
        if kind != "equal":
            was, becomes = "".join(old[begin:end]), "".join(new[first:last])
            head = _alike(zip(was, becomes, strict=False))
            tail = _alike(zip(reversed(was[head:]), reversed(becomes[head:]), strict=False))
            span = place.between(start + head, start + len(was) - tail)
            edits.append(types.TextEdit(span, becomes[head : len(becomes) - tail]))
    return edits


def _alike(pairs: Iterable[tuple[str, str]]) -> int:
    """How many pairs from the first on are of two equal characters."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
