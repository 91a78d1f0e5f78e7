"""What comments do to the findings of a file: they silence some, and are themselves found wanting."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from typing import NamedTuple

from nemo_run_lint.finding import Edit, Finding, Fix, Silenced, Span
from nemo_run_lint.linter import finding_of
from nemo_run_lint.rule import Rule
from nemo_run_lint.rule_files import EVERY_RULE, codes, did_you_mean, means, names
from nemo_run_lint.rules.linter.expired_suppression import ExpiredSuppression
from nemo_run_lint.rules.linter.suppression_without_reason import SuppressionWithoutReason
from nemo_run_lint.rules.linter.unused_suppression import UnusedSuppression
from nemo_run_lint.suppressions import Suppression, silencer, suppressions

_ABOUT_COMMENTS = {rule.name() for rule in (UnusedSuppression, SuppressionWithoutReason, ExpiredSuppression)}
_LINTER = "NRL0"
_OUR_CODE = re.compile(r"NRL\d*", re.IGNORECASE)
_LINE_END = re.compile(r"\r\n?|\n")


class Ran(NamedTuple):
    """What comments need to know of a rule that was run; `errors_only`: whether it told nothing but errors."""

    code: str
    name: str
    errors_only: bool


def ran(rules: Iterable[Rule]) -> list[Ran]:
    """The rules as comments see them."""
    return [Ran(rule.code, rule.name(), rule.errors_only) for rule in rules]


class Judged(NamedTuple):
    """The findings of a file after its comments had their say, both sorted."""

    findings: tuple[Finding, ...]
    silenced: tuple[Silenced, ...]


def judged(
    path: str,
    text: str,
    findings: Sequence[Finding],
    rules: Sequence[Ran] = (),
    *,
    ignored: Sequence[str] = (),
    noqa: bool = True,
    today: date | None = None,
) -> Judged:
    """Which of `findings`, all of one file with this `text`, comments silence; and what is wrong with comments.

    `rules` are those that were run on the file, and say what is asked of comments; `ignored` are selectors of rules
    whose findings were dropped. With `noqa=False` only our own comments count, for a caller that obeys `# noqa`
    itself. `today` decides what is over.
    """
    on = [rule for rule in rules if not any(means(selector, rule.code, rule.name) for selector in ignored)]
    wanted = {rule.name for rule in on} & _ABOUT_COMMENTS
    known = suppressions(text, noqa=noqa) if findings or wanted else []
    now = today or date.today()
    counting = [each for each in known if each.expiry(now) is None]
    kept: list[Finding] = []
    silenced: list[Silenced] = []
    for finding in findings:
        by = silencer(finding, counting)
        if by is None:
            kept.append(finding)
        else:
            silenced.append(Silenced(finding, "comment", by.reason))
    if ExpiredSuppression.name() in wanted:
        kept += _told(_expired(path, known, now), counting)
    if SuppressionWithoutReason.name() in wanted:
        kept += _told(_without_reason(path, counting), counting)
    if UnusedSuppression.name() in wanted and not any(finding.code.startswith(_LINTER) for finding in findings):
        run = {rule.code for rule in on if not rule.errors_only}
        kept += _told(_unused(path, text, counting, findings, run), counting)
    silenced.sort(key=lambda each: each.finding.sort_key)
    return Judged(tuple(sorted(kept, key=lambda finding: finding.sort_key)), tuple(silenced))


def _told(findings: Iterable[Finding], known: Sequence[Suppression]) -> Iterator[Finding]:
    """Those findings about comments that no comment silences; it must name the rule, and may do so in place."""
    for finding in findings:
        line = finding.span.line
        here = (each for each in known if each.lines is None or line == each.span.line or line in each.lines)
        named = (selector.lower() for each in here for selector in each.selectors)
        if not any(selector in (finding.code.lower(), finding.name) for selector in named):
            yield finding


def _expired(path: str, known: Iterable[Suppression], today: date) -> Iterator[Finding]:
    for each in known:
        if problem := each.expiry(today):
            owner = f"; ask {each.owner}" if each.owner else ""
            yield finding_of(ExpiredSuppression, path, each.span, problem=problem, owner=owner)


def _without_reason(path: str, known: Iterable[Suppression]) -> Iterator[Finding]:
    for each in known:
        if not each.is_noqa and each.selectors and not each.reason:
            selectors = ", ".join(each.selectors)
            yield finding_of(SuppressionWithoutReason, path, each.span, selectors=selectors)


def _unused(
    path: str, text: str, known: Sequence[Suppression], findings: Iterable[Finding], run: set[str]
) -> Iterator[Finding]:
    """What silences none of `findings`, although the rules of the codes `run` were run."""
    used: set[tuple[Span, str]] = set()
    for finding in findings:
        by = silencer(finding, known)
        if by is not None:
            used.add((by.span, by.selector_for(finding) or ""))
    lines = _LINE_END.split(text)
    for each in known:
        asked = [selector for selector in each.selectors if not each.is_noqa or _OUR_CODE.fullmatch(selector)]
        unknown = [selector for selector in asked if not _meant(selector)]
        idle = [selector for selector in asked if (each.span, selector) not in used and _was_run(selector, run)]
        if unknown or idle or not each.selectors:
            yield _useless(path, lines, each, unknown, idle)


def _useless(
    path: str, lines: Sequence[str], suppression: Suppression, unknown: Sequence[str], idle: Sequence[str]
) -> Finding:
    kept = [selector for selector in suppression.selectors if selector not in (*unknown, *idle)]
    problems = [*map(_unknown, unknown)] if suppression.selectors else ["this comment names no rule"]
    if idle:
        problems.append(f"this comment silences nothing: there is no finding of {_listed(idle)} here")
    what = f"{_listed([*unknown, *idle])} from it" if kept else "it"
    told = finding_of(UnusedSuppression, path, suppression.span, problem="; ".join(problems), what=what)
    edit = _without(lines, suppression, kept)
    fix = Fix("Remove what silences nothing", (edit,), safe=not unknown)  # another rule may have been meant
    return replace(told, fix=fix)


def _listed(selectors: Iterable[str]) -> str:
    return ", ".join(f"`{selector}`" for selector in dict.fromkeys(selectors))


@cache
def _meant(selector: str) -> frozenset[str]:
    """The names of the rules that a selector means."""
    return frozenset(name for name, code in codes().items() if means(selector, code, name))


@cache
def _unknown(selector: str) -> str:
    return f"there is no rule `{selector}`{did_you_mean(selector.lower(), names())}"


def _was_run(selector: str, run: set[str]) -> bool:
    """Whether all rules that a selector means were run; for one that means findings about comments it is not asked."""
    meant = _meant(selector)
    if not meant or (_ABOUT_COMMENTS & meant and selector.upper() != EVERY_RULE):
        return False
    return all(code in run for code in map(codes().__getitem__, meant) if not code.startswith(_LINTER))


def _without(lines: Sequence[str], suppression: Suppression, kept: Sequence[str]) -> Edit:
    """The edit that takes a suppression out of its comment, or all of its selectors but `kept`."""
    span = suppression.span
    line = lines[span.line - 1]
    start, end = span.column - 1, span.end_column - 1
    if kept:
        return Edit(span, _with_selectors(line[start:end], suppression, kept))
    behind = line.find("#", end)
    if behind >= 0:  # another comment follows: it moves up
        return Edit(Span(span.line, span.column, span.line, behind + 1), "")
    before = len(line[:start].rstrip())
    if before or span.line == len(lines):
        return Edit(Span(span.line, before + 1, span.line, len(line) + 1), "")
    return Edit(Span(span.line, 1, span.line + 1, 1), "")


def _with_selectors(written: str, suppression: Suppression, selectors: Sequence[str]) -> str:
    """A comment as `written`, with these selectors instead of its own."""
    if suppression.is_noqa:
        opened, closed = written.index(":", written.lower().index("noqa")) + 1, len(written)
    else:
        opened, closed = written.index("[") + 1, written.index("]")
    listed = written[opened:closed]
    separator = re.search(r"[,\s]+", listed.strip())
    told = (separator[0] if separator else ", ").join(selectors)
    return written[:opened] + listed.replace(listed.strip(), told) + written[closed:]
