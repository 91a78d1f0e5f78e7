"""The full format: what a person sees, written out."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nemo_run_lint.finding import Edit, Finding, Fix, Severity, Silenced, Span
from nemo_run_lint.outputs import full
from nemo_run_lint.outputs.cells import escaped, laid_out
from nemo_run_lint.outputs.format import Outcome
from nemo_run_lint.page import url


def marked(source: str, needle: str, severity: Severity = Severity.ERROR, **more: str) -> Finding:
    """A finding at `needle` in `source`, its lines counted as Python counts them."""
    before = re.split(r"\r\n|\r|\n", source[: source.index(needle)])
    inside = re.split(r"\r\n|\r|\n", needle)
    line, column = len(before), len(before[-1]) + 1
    end_column = len(inside[-1]) + (column if len(inside) == 1 else 1)
    span = Span(line, column, line + len(inside) - 1, end_column)
    return Finding("run.py", span, "NRL401", "lambda-in-config", severity, more.pop("message", "a lambda"), **more)


def shown(source: str, *findings: Finding, **more: Any) -> str:
    return "".join(full.render(Outcome(findings, source=lambda path: source, **more)))


def excerpt(source: str, needle: str, width: int = 120) -> str:
    """Only the lines with a gutter, without the two empty ones around."""
    lines = shown(source, marked(source, needle), width=width).splitlines()
    bars = [place for place, line in enumerate(lines) if re.fullmatch(r" +\|", line)]
    return "\n".join(lines[bars[0] + 1 : bars[-1]])


SILENCED = [Silenced(marked("x", "x"), "comment")]

SOURCE = """\
import nemo_run as run


def recipe():
    task = run.Partial(train, schedule=lambda step: 0.1)
    return task


recipe()
"""


def test_a_finding_and_the_summary() -> None:
    finding = marked(SOURCE, "lambda step: 0.1", message="`schedule` is a lambda", help="define a function")
    assert (
        shown(SOURCE, finding)
        == """\
error[NRL401] lambda-in-config: `schedule` is a lambda
 --> run.py:5:40
  |
4 | def recipe():
5 |     task = run.Partial(train, schedule=lambda step: 0.1)
  |                                        ^^^^^^^^^^^^^^^^
6 |     return task
  |
help: define a function

Found 1 error in 1 file.
"""
    )


def test_nothing_found() -> None:
    assert shown("") == "All checks passed!\n"
    assert shown("", silenced=SILENCED * 2) == "All checks passed! (2 suppressed)\n"


def test_the_summary_counts_by_severity() -> None:
    findings = [marked(SOURCE, "recipe", severity) for severity in Severity] * 2
    assert shown(SOURCE, *findings).endswith("\nFound 2 errors, 2 warnings and 2 infos in 1 file.\n")
    assert shown(SOURCE, *findings[:2], files=7, silenced=SILENCED * 3).endswith(
        "\nFound 1 error and 1 warning in 1 of 7 files (3 suppressed).\n"
    )


def test_blank_lines_at_the_edges_are_left_out_but_not_those_between() -> None:
    assert excerpt(SOURCE, "import nemo_run as run") == "1 | import nemo_run as run\n  | ^^^^^^^^^^^^^^^^^^^^^^"
    assert excerpt("a\n\nbad\n\nb\n", "bad") == "1 | a\n2 |\n3 | bad\n  | ^^^\n4 |\n5 | b"


def test_line_numbers_are_right_aligned() -> None:
    source = "".join(f"line({number})\n" for number in range(1, 12))
    assert (
        excerpt(source, "line(9)")
        == """\
 7 | line(7)
 8 | line(8)
 9 | line(9)
   | ^^^^^^^
10 | line(10)
11 | line(11)"""
    )


def test_tabs_are_shown_as_far_as_the_next_fourth_column() -> None:
    assert (
        excerpt("if x:\n\ttask(1,\tlambda: 1)\n", "lambda: 1")
        == """\
1 | if x:
2 |     task(1, lambda: 1)
  |             ^^^^^^^^^"""
    )


def test_wide_characters_take_two_columns_and_combining_ones_none() -> None:
    assert (
        excerpt('f("日本語", lambda: 1)\n', "lambda: 1")
        == """\
1 | f("日本語", lambda: 1)
  |             ^^^^^^^^^"""
    )
    assert excerpt("f(日本語)\n", "日本語") == "1 | f(日本語)\n  |   ^^^^^^"
    assert excerpt('f("e\u0301", x)\n', "x") == '1 | f("e\u0301", x)\n  |        ^'
    assert excerpt('f("🚀", x)\n', "x") == '1 | f("🚀", x)\n  |         ^'
    assert excerpt('f("a\u200db", x)\n', "x") == '1 | f("a\u200db", x)\n  |         ^'


def test_what_could_act_on_the_terminal_is_spelt_out() -> None:
    source = 'f("\x1b[31m", "\u202e", "\x0c", "\x9b", "\u2028", "\ufeff", bad)\n'
    assert (
        excerpt(source, "bad")
        == r"""
1 | f("\x1b[31m", "\u202e", "\x0c", "\x9b", "\u2028", "\ufeff", bad)
  |                                                             ^^^""".removeprefix("\n")
    )


def test_messages_and_paths_are_spelt_out_too() -> None:
    finding = Finding(
        "a\x1bb\n\udcff.py", Span(1, 1, 1, 2), "NRL401", "x", Severity.INFO, "say\n\x07", help="no\x1b[0m"
    )
    assert "".join(full.render(Outcome([finding]))) == (
        "info[NRL401] x: say\\n\\x07\n --> a\\x1bb\\n\\udcff.py:1:1\nhelp: no\\x1b[0m\n\nFound 1 info in 1 file.\n"
    )


def test_a_form_feed_does_not_end_a_line() -> None:
    assert excerpt("x = 1\n\x0cbad\n", "bad") == "1 | x = 1\n2 | \\x0cbad\n  |     ^^^"


def test_any_newline_ends_a_line() -> None:
    assert excerpt("a\r\nb\rbad\r\n", "bad") == "1 | a\n2 | b\n3 | bad\n  | ^^^"


def test_a_span_of_several_lines_from_the_first_word_of_a_line() -> None:
    source = "def f():\n    task(\n        1,\n    )\n    return 2\n"
    assert (
        excerpt(source, "task(\n        1,\n    )")
        == """\
1 |   def f():
2 | /     task(
3 | |         1,
4 | |     )
  | |_____^
5 |       return 2"""
    )


def test_a_span_of_several_lines_from_within_a_line() -> None:
    assert (
        excerpt("x = task(\n    1,\n)\n", "task(\n    1,\n)")
        == """\
1 |   x = task(
  |  _____^
2 | |     1,
3 | | )
  | |_^"""
    )


def test_a_span_of_many_lines_is_folded() -> None:
    source = "task(\n" + "".join(f"    {number},\n" for number in range(2, 14)) + ")\n"
    assert (
        excerpt(source, source.strip())
        == """\
 1 | / task(
 2 | |     2,
 3 | |     3,
 4 | |     4,
...  |
13 | |     13,
14 | | )
   | |_^"""
    )


def test_a_span_that_ends_before_the_first_character_of_a_line_ends_above_it() -> None:
    assert excerpt("bad\nx\n", "bad\n") == "1 | bad\n  | ^^^\n2 | x"


def test_a_long_line_is_cropped_around_what_is_marked() -> None:
    source = "short\nf(" + ", ".join(f"argument_{number}" for number in range(10, 40)) + ")\nshort\n"
    assert (
        excerpt(source, "argument_20", width=60)
        == """\
1 | …
2 | …ent_18, argument_19, argument_20, argument_21, argumen…
  |                       ^^^^^^^^^^^
3 | …"""
    )
    assert (
        excerpt(source, "argument_10", width=60)
        == """\
1 | short
2 | f(argument_10, argument_11, argument_12, argument_13, a…
  |   ^^^^^^^^^^^
3 | short"""
    )
    assert (
        excerpt(source, "argument_39", width=60)
        == """\
1 | …
2 | …35, argument_36, argument_37, argument_38, argument_39)
  |                                             ^^^^^^^^^^^
3 | …"""
    )


def test_a_long_context_line_is_cropped_at_its_end() -> None:
    assert excerpt("#" * 100 + "\nbad\n", "bad", width=40) == f"1 | {'#' * 35}…\n2 | bad\n  | ^^^"


def test_a_wide_character_is_not_cut_in_half() -> None:
    assert excerpt("日" * 60 + "\nbad\n", "bad", width=40).splitlines()[0] == "1 | " + "日" * 17 + " …"


def test_a_span_behind_the_end_of_a_line_or_file() -> None:
    source = "with open(x) as y\n"
    finding = Finding("run.py", Span(1, 18, 1, 19), "NRL001", "syntax-error", Severity.ERROR, "expected ':'")
    assert shown(source, finding).splitlines()[2:6] == ["  |", "1 | with open(x) as y", "  |                  ^", "  |"]
    beyond = Finding("run.py", Span(9, 1, 9, 1), "NRL001", "syntax-error", Severity.ERROR, "gone")
    assert shown(source, beyond) == "error[NRL001] syntax-error: gone\n --> run.py:9:1\n\nFound 1 error in 1 file.\n"


def test_colour() -> None:
    text = shown("x = bad\n", marked("x = bad\n", "bad", help="mend it"), color=True)
    assert text == (
        "\x1b[1;31merror[NRL401]\x1b[0m \x1b[1;36mlambda-in-config\x1b[0m: \x1b[1ma lambda\x1b[0m\n"
        " \x1b[1;34m-->\x1b[0m run.py:1:5\n"
        "\x1b[1;34m  |\x1b[0m\n"
        "\x1b[1;34m1 |\x1b[0m x = bad\n"
        "\x1b[1;34m  |\x1b[0m \x1b[1;31m    ^^^\x1b[0m\n"
        "\x1b[1;34m  |\x1b[0m\n"
        "\x1b[1;36mhelp\x1b[0m: mend it\n"
        "\n"
        "Found \x1b[1;31m1 error\x1b[0m in 1 file.\n"
    )


def test_a_line_of_ten_million_characters_is_shown_at_once() -> None:
    source = "x = '" + "a" * 10_000_000 + "'\nbad\n"
    assert len(shown(source, *[marked(source, "bad")] * 20)) < 10_000


@given(st.text(max_size=40), st.data())
def test_never_a_control_character_and_carets_under_the_span(line: str, data: st.DataObject) -> None:
    line = re.sub(r"[\r\n]", "", line)
    start = data.draw(st.integers(0, len(line)))
    end = data.draw(st.integers(start, len(line)))
    finding = Finding("run.py", Span(1, start + 1, 1, end + 1), "NRL401", "x", Severity.ERROR, line)
    text = shown(line, finding, width=10_000)
    bad = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert not [c for c in text if unicodedata.category(c) in bad and c not in "\n\u200c\u200d"]
    cells = laid_out(line)
    caret = next(row for row in text.splitlines() if re.fullmatch(r"  \| +\^+|  \| \^+", row)).removeprefix("  | ")
    assert caret.index("^") == cells.at(start + 1)
    assert caret.count("^") == max(cells.at(end + 1) - cells.at(start + 1), 1)


@given(st.text(min_size=1))
def test_escaped_is_one_line(text: str) -> None:
    assert len(escaped(text).splitlines()) == 1


SPOILT = "import x\n\ntask = run.Partial(train, width=lambda: 1)\nlast = 2\n"


def fixed(
    *edits: tuple[int, int, int, int, str], safe: bool = True, help: str = "write it so", source: str = SPOILT
) -> str:
    """What is shown below the excerpt of a finding with that fix."""
    fix = Fix("mend it", tuple(Edit(Span(*edit[:4]), edit[4]) for edit in edits), safe)
    finding = Finding(
        "run.py", Span(3, 8, 3, 19), "NRL401", "lambda-in-config", Severity.ERROR, "bad", help=help, fix=fix
    )
    return shown(source, finding, quiet=True).partition("help: ")[2]


def test_a_fix_is_shown_as_the_lines_before_and_after() -> None:
    assert fixed((3, 33, 3, 42, "one")) == (
        "write it so\n"
        "  |\n"
        "3 - task = run.Partial(train, width=lambda: 1)\n"
        "3 + task = run.Partial(train, width=one)\n"
        "  |\n"
        "\n"
    )


def test_an_unsafe_fix_is_called_so_and_the_help_may_be_the_fix_s() -> None:
    assert fixed((3, 1, 4, 1, ""), safe=False, help="") == (
        "mend it\n"
        "  |\n"
        "3 - task = run.Partial(train, width=lambda: 1)\n"
        "  |\n"
        "note: this fix is unsafe: the program may do something else then\n"
        "\n"
    )


def test_a_fix_in_two_places() -> None:
    assert fixed((4, 8, 4, 9, "3"), (1, 9, 1, 9, "\nimport y")).splitlines()[2:-2] == [
        "2 + import y",
        "4 - last = 2",
        "5 + last = 3",
    ]


@pytest.mark.parametrize("edit", [(9, 1, 9, 2, "x"), (3, 1, 3, 99, "x"), (3, 9, 99, 1, "")])
def test_a_fix_of_lines_that_there_are_not_is_not_shown(edit: tuple[int, int, int, int, str]) -> None:
    assert fixed(edit) == "write it so\n\n"


def test_of_a_long_fix_the_first_lines_are_shown() -> None:
    rows = fixed((3, 1, 3, 1, "x\n" * 20)).splitlines()[2:-2]
    assert (len(rows), rows[0], rows[-1]) == (12, " 3 + x", "...")


def test_of_long_lines_what_changes_is_shown() -> None:
    source = "\n\nx = [" + "1, " * 200 + "lambda: 1]\n"
    before, after = fixed((3, 606, 3, 615, "one"), source=source).splitlines()[2:4]
    assert "lambda: 1]" in before
    assert "one]" in after
    assert before[:30] == after[:30].replace("+", "-")
    assert max(len(before), len(after)) <= 120


FIXABLE = [
    replace(marked(SOURCE, "train"), fix=Fix("mend it", (Edit(Span(5, 24, 5, 29), "x"),), safe))
    for safe in (True, False)
]


def test_what_can_be_fixed_is_marked_and_counted() -> None:
    safe, unsafe = FIXABLE
    assert shown(SOURCE, safe).startswith("error[NRL401] lambda-in-config: [*] a lambda\n")
    assert shown(SOURCE, safe, safe).endswith("Found 2 errors in 1 file.\n[*] 2 fixable with `--fix`.\n")
    assert shown(SOURCE, unsafe).startswith("error[NRL401] lambda-in-config: a lambda\n")
    assert shown(SOURCE, unsafe).endswith("Found 1 error in 1 file.\n1 fixable with `--fix --unsafe-fixes`.\n")
    assert shown(SOURCE, safe, unsafe).endswith("\n[*] 1 fixable with `--fix`, 1 more with `--fix --unsafe-fixes`.\n")
    assert shown(SOURCE, replace(safe, fix=Fix("none", ()))).endswith("Found 1 error in 1 file.\n")


def test_silenced_findings_stand_behind_the_others_if_they_are_told() -> None:
    silenced = [Silenced(FIXABLE[0], "comment", "the cluster\nneeds it"), Silenced(marked(SOURCE, "task"), "baseline")]
    text = shown(SOURCE, marked(SOURCE, "lambda"), silenced=silenced, show_silenced=True)
    assert [line for line in text.splitlines() if line.startswith(("error", "suppressed", "note", "Found"))] == [
        "error[NRL401] lambda-in-config: a lambda",
        "suppressed[NRL401] lambda-in-config: a lambda",
        "note: suppressed by a comment: the cluster\\nneeds it",
        "suppressed[NRL401] lambda-in-config: a lambda",
        "note: suppressed by the baseline",
        "Found 1 error in 1 file (2 suppressed).",
    ]
    assert "5 |     task = run.Partial(" in text.partition("suppressed")[2]
    assert "suppressed[" not in shown(SOURCE, silenced=silenced)


def test_a_code_is_a_link_where_links_are_shown() -> None:
    linked = shown(SOURCE, marked(SOURCE, "task"), links=True)
    assert linked.startswith(f"\x1b]8;;{url('lambda-in-config')}\x1b\\error[NRL401]\x1b]8;;\x1b\\ lambda-in-config: ")
    foreign = replace(marked(SOURCE, "task"), name="rule-of-another-package")
    assert "\x1b" not in shown(SOURCE, foreign, links=True)
