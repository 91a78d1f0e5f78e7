"""Shell text: what the words of its commands are, where they stand, and what cannot be told."""

from __future__ import annotations

import shlex
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nemo_run_lint.sources.shell import UNKNOWN, read_shell


def commands(text: str) -> list[list[str]]:
    """The words of each command, with `?` for what cannot be told."""
    return [[word.text.replace(UNKNOWN, "?") for word in each.words] for each in read_shell(text).commands]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a 'b c' \"d e\" f\\ g", [["a", "b c", "d e", "f g"]]),
        ("a \\\n  b\\\nc", [["a", "bc"]]),
        ("a \\\r\n  b\r\nc", [["a", "b"], ["c"]]),
        ("a; b && c || d & e | f", [["a"], ["b"], ["c"], ["d"], ["e"], ["f"]]),
        ("(a b) ; { c; }", [["a", "b"], ["c"], ["}"]]),
        ("X=1 Y='a b' a b=1", [["a", "b=1"]]),
        ("if ! a; then b; else time c; fi", [["a"], ["b"], ["c"], ["fi"]]),
        ("for x in a b; do c x=$x; done", [["for", "x", "in", "a", "b"], ["c", "x=?"], ["done"]]),
        ("a # b c", [["a"]]),
        ("a#b 'c # d'", [["a#b", "c # d"]]),
        ("a > b 2>&1 <c >>d &>e f", [["a", "f"]]),
        ("a <b.txt>", [["a", "?"]]),
        ("a k=<value> <more>", [["a", "k=?", "?"]]),
        ("a <(b c) >(d)", [["a", "?", "?"]]),
        ('a $x ${x:-"} y"} "$@" $1 $(b "c)" d) `e f` $((1 + 2)) x$y.z', [["a", *"???????", "x?.z"]]),
        ("a \"$(b 'c')\" d", [["a", "?", "d"]]),
        ("a $ b$", [["a", "$", "b$"]]),
        ("a $'\\n' $\"b\"", [["a", "?", "?"]]),
        ("a {b,c} x={1..3} y={z} {'k': 1}", [["a", "?", "x=?", "y={z}", "{k:", "1}"]]),
        ("a <<E b\npython c.py\nE\nd", [["a", "b"], ["d"]]),
        ("a <<-'E F'\n\tx\n\tE F\nd <<A <<B\n1\nA\n2\nB\ne", [["a"], ["d"], ["e"]]),
        ("a <<< b c", [["a", "c"]]),
        ("x=(a b) c", [["c"]]),
        ("a ?(b|c) [d]*", [["a", "??", "[d]*"]]),
        ("case $x in a|b) c;; *) d;; esac", [["case", "?", "in", "a"], ["b"], ["c"], ["*"], ["d"], ["esac"]]),
        ("a 'b", [["a", "b"]]),
        ('a "b $(c', [["a", "b ?"]]),
        ("a <<E\nb", [["a"]]),
        ("a\\", [["a"]]),
    ],
)
def test_words(text: str, words: list[list[str]]) -> None:
    assert commands(text) == words


def test_places_are_those_of_the_text() -> None:
    text = "a 'b\\'\"c\\$\" d\\ e $f=g"
    for word in read_shell(text).commands[0].words:
        assert [text[place] for place in word.places if text[place] != "$"] == [c for c in word.text if c not in "$\0"]
        assert shlex.split(text[word.begin : word.end])


def test_what_else_is_told_of_a_command() -> None:
    first, second = read_shell("! a b > c\n((d e)) # f").commands
    assert (first.negated, first.depth, [each.text for each in first.files]) == (True, 0, ["c"])
    assert (second.negated, second.depth) == (False, 2)
    (comment,) = read_shell("'#' a # b\n").comments
    assert (comment.text, comment.begin) == ("# b", 6)


def test_values_that_ipython_fills_in() -> None:
    (command,) = read_shell("a {x} y={z}", fills_braces=True).commands
    assert [word.text for word in command.words] == ["a", UNKNOWN, f"y={UNKNOWN}"]


@given(st.text(alphabet="ab=.'\"\\ \t-+*/[]:,", max_size=30))
@settings(max_examples=60, deadline=None)
def test_words_are_those_that_bash_makes(text: str) -> None:
    checked = subprocess.run(["bash", "-n", "-c", f"a {text}"], capture_output=True)
    script = f"set -f; a() {{ printf '%s\\0' \"$@\"; }}; a {text}"
    if checked.returncode or checked.stderr or text.rstrip(" \t").endswith("\\"):
        return
    made = subprocess.run(["bash", "-c", script], capture_output=True, text=True).stdout.split("\0")[:-1]
    found = [word.text for word in read_shell(f"a {text}").commands[0].words[1:]]
    assert found == (made if made != [""] or "''" in text or '""' in text else [])


@given(st.text(max_size=80) | st.text(alphabet="a=$(){}<>'\"`\\\n#;&|! ", max_size=60))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_to_its_end(text: str) -> None:
    for command in read_shell(text).commands:
        for word in command.words:
            assert word.begin < word.end <= len(text) + 1
            assert len(word.text) == len(word.places)
            assert all(place < len(text) for place in word.places)
