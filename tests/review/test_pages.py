"""The pages of a review: what a file holds stays text in each, and each says the same."""

from __future__ import annotations

import re
from pathlib import Path

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options
from hypothesis import given
from hypothesis import strategies as st
from review.repositories import COMPLETE, EXPERIMENT, reviewed

from nemo_run_lint.checklist import ITEMS, OWN_GROUP, Checklist, Item
from nemo_run_lint.nemo.outline import ExperimentOutline, TaskOutline
from nemo_run_lint.outputs.markdown import LONGEST
from nemo_run_lint.outputs.paths import Root
from nemo_run_lint.review.evidence import Answer, Entry, Evidence, Review, Subject
from nemo_run_lint.review.pages import FORMATS, renderer
from nemo_run_lint.review.pages.links import Links

LINKS = Links(Root(Path.cwd()), "https://host.example/{path}#L{line}")


def page(name: str, found: Review, links: Links = LINKS) -> str:
    return "".join(renderer(name)(found, links, False))


def of(text: str, number: int = 1, tasks: int = 2) -> Review:
    """A review of whose every text a file could have decided."""
    asked = Checklist(own=(Item("own", OWN_GROUP, text, is_own=True),))
    evidence = (Evidence(text, f"{text}.py", 3, f"NRL1 {text}"),) * number
    entries = tuple(Entry(item, tuple(Answer)[place % 3], evidence) for place, item in enumerate(asked.items))
    made = tuple(TaskOutline(text, text, 3, text, (0,) if place else ()) for place in range(tasks))
    experiment = ExperimentOutline(text, 3, 4, text, made, True)
    subjects = (Subject(text, f"{text}.py", 3, experiment, entries), Subject(text, f"{text}.py", 1, None, entries))
    return Review(asked, subjects, entries, evidence, 1, (text,), (f"{text}.py",), evidence)


def as_html(markdown: str) -> str:
    return cmarkgfm.github_flavored_markdown_to_html(markdown, Options.CMARK_OPT_UNSAFE)


EVIL = ["</title><script>alert(1)</script>", "<img src=x onerror=alert(1)>", "\"' onclick=x", "a`b``c", "`", "</code>", "|", "\n\n# x", "](javascript:x)", "<!--", "]]>", "</details></summary>", "@everyone #1", "\x1b[31m\u202e\ud800\x00"]  # fmt: skip


def tags(html: str) -> set[str]:
    return set(re.findall(r"<([a-z0-9]+)", html))


@pytest.mark.parametrize("text", EVIL)
def test_no_text_of_a_file_acts(text: str) -> None:
    plain = of("plain")
    html = page("html", of(text))
    assert tags(html) == tags(page("html", plain))
    assert set(re.findall(r" (on\w+)=", re.sub(r'"[^"]*"|>[^<]*<', "", html))) == set()
    assert not re.search(r'href="(?!https://|#|\./|\.\./)', html)
    markdown = as_html(page("markdown", of(text)))
    outside = re.sub(r"<code>.*?</code>|<a href[^>]*>|<pre>.*?</pre>", "", markdown, flags=re.DOTALL)
    assert tags(outside) <= tags(as_html(page("markdown", plain)))
    assert "@everyone" not in outside
    for name in ("text", "markdown", "html"):
        assert not re.search("[\x1b\u202e\ud800\x00]", page(name, of(text)))


@given(st.text(alphabet="<>&\"'`|\\@#[]()-* \nab\u202e", max_size=12))
def test_the_structure_is_the_same_whatever_a_file_says(text: str) -> None:
    text = f"x{text}"

    def shape(markdown: str) -> list[str]:
        return re.findall(r"</?(?:details|summary|table|tr|td|ul|h\d)\b", as_html(markdown))

    assert shape(page("markdown", of(text))) == shape(page("markdown", of("plain")))
    assert re.findall(r"</?(?!code|a\b)[a-z]+", page("html", of(text))) == re.findall(
        r"</?(?!code|a\b)[a-z]+", page("html", of("plain"))
    )


def test_a_task_list_that_github_makes_boxes_of(tmp_path: Path) -> None:
    found = reviewed(tmp_path, {**COMPLETE, "tests/test_training.py": ""})
    html = as_html(page("markdown", found))
    assert html.count('type="checkbox"') == len(ITEMS)
    assert html.count("checked") == sum(entry.passes for entry in found.checklist)
    assert html.count("<details>") == html.count("</details>") == len(ITEMS) + 1
    assert "❌ Unit tests written (required)" in html
    assert "👤 Memory usage optimized" in html


def test_a_comment_has_room_for_the_list_and_counts_what_it_leaves_out() -> None:
    text = page("markdown", of("x" * 900, number=40, tasks=60))
    assert len(text) <= LONGEST
    assert re.search(r"\n\d+ more sections are not shown here\.\n\Z", text)
    assert as_html(text).count('type="checkbox"') == len(ITEMS) + 1


def test_an_item_shows_some_of_its_evidence_and_counts_the_rest() -> None:
    assert "and 7 more" in page("text", of("x", number=12))
    assert "and 2 more" in page("markdown", of("x", number=12))
    assert "and 28 more" in page("html", of("x", number=40))


def test_the_page_asks_for_nothing_and_forbids_the_rest(tmp_path: Path) -> None:
    html = page("html", reviewed(tmp_path, COMPLETE))
    assert re.search(
        r"content=\"default-src 'none'; style-src 'sha256-[\w+/=]+'; base-uri 'none'; form-action 'none'\"", html
    )
    assert not re.search(r"<(script|link|img|iframe|object|embed|form)\b| style=|@import|url\((?!#)", html)
    assert html.count("<h1>") == 1


def test_the_whole_of_each_page_is_the_same_twice(tmp_path: Path) -> None:
    files = {**COMPLETE, "experiments/other.py": EXPERIMENT.replace("steps: int", "steps")}
    for name in FORMATS:
        assert page(name, reviewed(tmp_path, files)) == page(name, reviewed(tmp_path, files))


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("a/b c.py", "https://host.example/a/b%20c.py#L7"),
        ("a/%23.py", "https://host.example/a/%2523.py#L7"),
        ("a/{line}.py", "https://host.example/a/%7Bline%7D.py#L7"),
        ("\udcff.py", "https://host.example/%FF.py#L7"),
        ("../outside.py", ""),
        ("", ""),
    ],
)
def test_addresses(path: str, address: str) -> None:
    assert LINKS.to(path, 7) == address
