"""The Markdown table for comments, made HTML by GitHub's own Markdown."""

from __future__ import annotations

import re

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options
from hypothesis import given
from hypothesis import strategies as st

from nemo_run_lint.finding import Finding, Severity, Span
from nemo_run_lint.outputs import markdown
from nemo_run_lint.outputs.format import Outcome
from nemo_run_lint.page import url

LAMBDA = Finding(
    "a_b.py", Span(3, 7, 3, 9), "NRL401", "lambda-in-config", Severity.ERROR, "`a|b` is a lambda", help="`def` it"
)
OURS = Finding("c.py", Span(12, 1, 14, 2), "OUR301", "team-prefix", Severity.WARNING, "no_prefix")


def rendered(*findings: Finding) -> str:
    return "".join(markdown.render(Outcome(findings, files=2)))


def as_html(text: str) -> str:
    return cmarkgfm.github_flavored_markdown_to_html(text, Options.CMARK_OPT_UNSAFE)


def test_a_table_under_the_summary() -> None:
    assert rendered(LAMBDA, OURS) == (
        "Found 1 error and 1 warning in 2 files.\n"
        "\n"
        "| severity | place | rule | finding |\n"
        "| --- | --- | --- | --- |\n"
        f"| error | `a_b.py:3` | [NRL401 lambda-in-config]({url('lambda-in-config')}) | `a\\|b` is a lambda; `def` it |\n"
        "| warning | `c.py:12` | OUR301 team-prefix | no\\_prefix |\n"
    )


def test_nothing_found() -> None:
    assert rendered() == "All checks passed!\n"


def test_a_terminal_s_colours_are_left_out() -> None:
    assert "\x1b" not in "".join(markdown.render(Outcome([LAMBDA], color=True, links=True)))


def test_of_more_than_a_comment_can_hold_the_first_are_shown_and_the_others_counted() -> None:
    text = rendered(*[LAMBDA] * 1000)
    rows = text.count("| error |")
    assert 300 < rows < 1000
    assert 59_000 < len(text) < 61_000
    assert text.endswith(f"|\n\n{1000 - rows} more findings are not shown here.\n")
    assert as_html(text).count("<tr>") == rows + 1
    assert rendered(*[LAMBDA] * (rows + 1)).endswith("\n1 more finding is not shown here.\n")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("`run` of @run.cli.entrypoint, see #12", "<code>run</code> of <code>@run.cli.entrypoint,</code> see <code>#12</code>"),
        ("go to https://evil.example or www.evil.example", "go to <code>https://evil.example</code> or <code>www.evil.example</code>"),
        ("`` `a``b` one ` is left", "`` <code>a</code> <code>b</code> one ` is left"),
        ("`a``b`", "<code>a</code> <code>b</code>"),
        ("`a`@b", "<code>a</code> <code>@b</code>"),
        ("costs $x$ <b> &; **now** ~~ [a](b) \\| |", "costs <code>$x$</code> &lt;b&gt; &amp;; **now** ~~ [a](b) \\| |"),
        ("GH-12 !3 %4 ~bug", "<code>GH-12</code> <code>!3</code> <code>%4</code> <code>~bug</code>"),
        ("` `", "` `"),
    ],
)  # fmt: skip
def test_text_stays_text_and_what_could_act_becomes_code(text: str, shown: str) -> None:
    table = as_html(f"| a |\n| --- |\n| {markdown.cell(text)} |\n")
    assert re.findall("<td>(.*)</td>", table) == [shown]


@given(st.text() | st.text(alphabet="`|\\@# a<[]()*_:/"))
def test_nobody_is_called_and_nothing_is_linked(message: str) -> None:
    html = as_html(f"| a | b |\n| --- | --- |\n| {markdown.cell(message)} | {markdown.code(message)} |\n")
    assert html.count("<td>") == html.count("</td>") == 2
    outside = re.sub("<code>.*?</code>|</?(?:table|thead|tbody|tr|t[hd])>", "", html, flags=re.DOTALL)
    assert not re.search(r"[@#$<]|://|www\.", re.sub("&#?[a-z0-9]+;", "", outside, flags=re.IGNORECASE))
