"""A rule's docstring is its page: a first line that states the fact, paragraphs, blocks headed `Bad:` and `Good:`."""

from __future__ import annotations

import inspect
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from nemo_run_lint._version import RULES_URL
from nemo_run_lint.rule import Rule
from nemo_run_lint.rule_files import own_modules

_EXAMPLE = re.compile(r"(?P<kind>Bad|Good):\n(?P<code>(?:[ \t]+\S.*\n|[ \t]*\n)+)", re.MULTILINE)


class Kind(str, Enum):
    """What a block of a page is: prose, or code that a test runs."""

    TEXT = "text"
    BAD = "bad"
    GOOD = "good"


@dataclass(frozen=True)
class Block:
    """A paragraph, with its line breaks, or an example, without its indentation."""

    kind: Kind
    text: str


@dataclass(frozen=True)
class Page:
    """A rule's docstring: the first line, and what follows in its order."""

    summary: str
    blocks: tuple[Block, ...]


def page(rule: type[Rule]) -> Page:
    """The page that the docstring of `rule` is; empty for a rule without one."""
    summary, _, rest = inspect.cleandoc(rule.__doc__ or "").partition("\n\n")
    return Page(" ".join(summary.split()), tuple(_blocks(rest + "\n")))


def _blocks(text: str) -> Iterator[Block]:
    end = 0
    for example in _EXAMPLE.finditer(text):
        yield from _paragraphs(text[end : example.start()])
        yield Block(Kind(example["kind"].lower()), textwrap.dedent(example["code"]).strip("\n"))
        end = example.end()
    yield from _paragraphs(text[end:])


def _paragraphs(text: str) -> Iterator[Block]:
    for paragraph in re.split(r"\n\s*\n", text):
        if paragraph.strip():
            yield Block(Kind.TEXT, textwrap.dedent(paragraph.strip("\n")))


def url(name: str) -> str:
    """Where the page of the rule called `name` can be read; empty for a rule of another package."""
    return f"{RULES_URL}#{name}" if name in own_modules() else ""
