"""The words that a comment tells the linter: `# nemo-run-lint: ignore[short-name] until=2030-01-31 owner=@team -- why`.

A comment that was to be such and is not understood is told of: it would silence nothing, and nobody would know.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from nemo_run_lint.rule_files import did_you_mean

IGNORE, FILE_IGNORE, DISABLE, ENABLE = "ignore", "file-ignore", "disable", "enable"

_KINDS = (IGNORE, FILE_IGNORE, DISABLE, ENABLE)
_ANY_KIND = "|".join(_KINDS)

#: What each of our comments begins with, and what some begin with by mistake.
_START = re.compile(r"#\s*nemo[-_]?run[-_]?lint\b", re.IGNORECASE)
_OURS = re.compile(r"#\s*nemo-run-lint:\s*", re.IGNORECASE)
_ALMOST = re.compile(rf"[\s:=]*(?P<kind>{_ANY_KIND})\s*\[", re.IGNORECASE)

_DIRECTIVE = re.compile(
    rf"#\s*nemo-run-lint:\s*(?P<kind>{_ANY_KIND})\s*\[(?P<selectors>[^\]]*)\]"
    r"(?P<settings>(?:\s+(?:until|owner)=\S*)*)"
    r"(?:\s*--\s*(?P<reason>.*?)(?=\s+#\s|\s*$))?",
    re.IGNORECASE,
)
_SETTING = re.compile(r"(until|owner)=(\S*)", re.IGNORECASE)
_WORD = re.compile(r"[\w-]*")
_LEFT_OVER = re.compile(r"[^\S\n]*(?P<text>[^\s#][^#]*?)\s*(?=#|$)")


@dataclass(frozen=True)
class Directive:
    """One thing that a comment tells.

    kind        IGNORE, FILE_IGNORE, DISABLE or ENABLE
    start, end  where it stands in the comment
    selectors   what stands in the brackets
    until       a date, as written; None: not given
    owner       who looks after it
    reason      what follows `--`
    """

    kind: str
    start: int
    end: int
    selectors: tuple[str, ...]
    until: str | None = None
    owner: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Misunderstood:
    """What is no directive, from `start` to `end` of the comment, and why; `meant` is what may replace it."""

    start: int
    end: int
    problem: str
    meant: str | None = None


def directives(comment: str) -> Iterator[Directive | Misunderstood]:
    """What a comment tells, in its order; prose about the linter tells nothing."""
    for begun in _START.finditer(comment):
        told = _DIRECTIVE.match(comment, begun.start())
        if told is None:
            yield from _misunderstood(comment, begun)
            continue
        given = {key.lower(): value for key, value in _SETTING.findall(told["settings"])}
        selectors = tuple(filter(None, re.split(r"[,\s]+", told["selectors"])))
        reason = told["reason"] or ""
        kind = told["kind"].lower()
        yield Directive(kind, told.start(), told.end(), selectors, given.get("until"), given.get("owner", ""), reason)
        if told["reason"] is None and (behind := _LEFT_OVER.match(comment, told.end())):
            problem = f"`{_short(behind['text'])}` is not read; a reason stands behind two hyphens: `-- why`"
            yield Misunderstood(behind.start("text"), behind.end("text"), problem)


def _misunderstood(comment: str, begun: re.Match[str]) -> Iterator[Misunderstood]:
    ours = _OURS.match(comment, begun.start())
    if ours is None:
        if almost := _ALMOST.match(comment, begun.end()):
            start = f"# nemo-run-lint: {almost['kind'].lower()}["
            yield Misunderstood(begun.start(), almost.end(), f"it must begin with `{start}`", start)
        return
    found = _WORD.match(comment, ours.end())
    word = found[0] if found else ""
    end = ours.end() + len(word)
    if word.lower() not in _KINDS:
        near = did_you_mean(word.lower(), _KINDS)
        meant = comment[begun.start() : ours.end()] + near.split("`")[1] if near else None
        problem = f"`{word}` is not a word that it knows{near}" if word else "it says nothing"
        yield Misunderstood(begun.start(), end, problem, meant)
    elif comment[end:].lstrip().startswith("["):
        yield Misunderstood(begun.start(), len(comment.rstrip()), "its `]` is missing")
    else:
        yield Misunderstood(begun.start(), end, f"`{word}` must be followed by rules in brackets: `{word}[short-name]`")


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"
