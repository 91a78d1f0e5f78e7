"""The page of a GitHub job, made HTML by GitHub's own Markdown."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

import cmarkgfm
from cmarkgfm.cmark import Options
from hypothesis import given
from hypothesis import strategies as st

from nemo_run_lint.finding import Finding, Severity, Silenced, Span
from nemo_run_lint.outputs import step_summary
from nemo_run_lint.outputs.cells import escaped
from nemo_run_lint.outputs.format import Outcome
from nemo_run_lint.page import url

LAMBDA = Finding(
    "recipes/a_b.py", Span(3, 36, 3, 52), "NRL401", "lambda-in-config", Severity.ERROR, "`x_y` is a lambda", help="def"
)
NAME = Finding("recipes/a_b.py", Span(4, 1, 4, 2), "NRL301", "short-name", Severity.WARNING, "`x`")
OTHERS = Finding("z.py", Span(1, 1, 1, 2), "OUR001", "team-prefix", Severity.INFO, "a | b")


def rendered(*findings: Finding, **more: int) -> str:
    return "".join(step_summary.render(Outcome(findings, **more)))


class Page(HTMLParser):
    """What a page shows, table by table and row by row, and the tags and links in it."""

    def __init__(self, markdown: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str | None] = []
        self.tables: list[list[list[str]]] = []
        self.headings: list[str] = []
        self.into: list[str] | None = None
        self.feed(cmarkgfm.github_flavored_markdown_to_html(markdown, Options.CMARK_OPT_UNSAFE))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value for name, value in attrs if name in ("href", "src")]
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "h3"):
            self.into = self.tables[-1][-1] if tag == "td" else self.headings
            self.into.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "h3"):
            self.into = None

    def handle_data(self, data: str) -> None:
        if self.into is not None:
            self.into[-1] += data


def test_a_table_for_each_file() -> None:
    page = Page(rendered(LAMBDA, NAME, OTHERS, files=5))
    assert page.headings == ["recipes/a_b.py", "z.py"]
    assert page.tables == [
        [
            [],
            ["3:36", "error", "NRL401 lambda-in-config", "x_y is a lambda; def"],
            ["4:1", "warning", "NRL301 short-name", "x"],
        ],
        [[], ["1:1", "info", "OUR001 team-prefix", "a | b"]],
    ]
    assert page.links == [url("lambda-in-config"), url("short-name")]


def test_the_summary_stands_above_even_when_nothing_is_found() -> None:
    assert "Found 1 error and 1 warning in 1 of 5 files" in html.unescape(rendered(LAMBDA, NAME, files=5))
    silenced = Outcome([], files=2, silenced=[Silenced(NAME, "comment")], color=True, quiet=True)
    shown = cmarkgfm.github_flavored_markdown_to_html("".join(step_summary.render(silenced)))
    assert shown == "<h2>nemo-run-lint</h2>\n<p>All checks passed! (1 suppressed)</p>\n"


def test_what_is_too_long_is_cut_between_rows_and_counted() -> None:
    findings = [
        Finding(
            f"日/{number // 100}.py",
            Span(number + 1, 1, number + 1, 2),
            "NRL301",
            "short-name",
            Severity.WARNING,
            "日" * 90,
        )
        for number in range(5000)
    ]
    text = rendered(*findings)
    assert 990_000 < len(text.encode()) < 1_000_300
    page = Page(text)
    shown = sum(len(table) - 1 for table in page.tables)
    assert {len(row) for table in page.tables for row in table[1:]} == {4}
    assert text.endswith(f"\n{5000 - shown} more findings are not shown here.\n")


HOSTILE = [
    "`", "``", "|", "\\", "\\|", "<b>", "<!--", "-->", "</td>", "[a](https://x.yy)", "![a](b)", "](", "https://x.yy", "www.x.yy",
    "ftp://x.yy", "a@x.yy", "mailto:a@x.yy", "@team", "#1", "&amp;", "&lt;", "$x$", "**", "__", "~~", "* ", "# ", "> ", "\n", "\r",
    "\x00", "\x1b[31m", "\u202e", "\ud800", "\u2028", " ", "a",
]  # fmt: skip
TEXT = st.lists(st.sampled_from(HOSTILE) | st.characters(), max_size=8).map("".join)


def bare(text: str) -> str:
    """`text` without what marks code, and blanks."""
    return re.sub(r"[\s`]", "", text)


@given(TEXT.filter(lambda path: path.strip()), TEXT, TEXT)
def test_nothing_of_a_finding_leaves_its_cell(path: str, message: str, advice: str) -> None:
    finding = Finding(path, Span(1, 1, 1, 2), "NRL301", "short-name", Severity.WARNING, message, help=advice)
    text = rendered(finding)
    text.encode()
    page = Page(text)
    ((_, row),) = page.tables
    assert len(row) == 4
    assert bare(row[3]) == bare(escaped(f"{message}; {advice}" if advice else message))
    assert [bare(heading) for heading in page.headings] == [bare(escaped(path))]
    assert page.links == [url("short-name")]
    assert page.tags <= {"h2", "h3", "p", "table", "thead", "tbody", "tr", "th", "td", "a", "code"}
