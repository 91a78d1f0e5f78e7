"""What comments do to the findings of a file: they silence some, and are themselves found wanting."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from nemo_run_lint.comment_edits import without
from nemo_run_lint.comment_words import may_suppress
from nemo_run_lint.finding import Edit, Finding, Fix, Silenced, Span
from nemo_run_lint.linter import finding_of
from nemo_run_lint.rule import ProjectRule, Rule
from nemo_run_lint.rule_files import EVERY_RULE, codes, did_you_mean, means, names
from nemo_run_lint.rules.linter.expired_suppression import ExpiredSuppression
from nemo_run_lint.rules.linter.malformed_suppression import MalformedSuppression
from nemo_run_lint.rules.linter.suppression_without_reason import SuppressionWithoutReason
from nemo_run_lint.rules.linter.unmatched_disable import UnmatchedDisable
from nemo_run_lint.rules.linter.unused_suppression import UnusedSuppression
from nemo_run_lint.sources.python import LINE_END

if TYPE_CHECKING:
    from nemo_run_lint.suppressions import Enable, Malformed, Suppression, Told

_RULES = (UnusedSuppression, SuppressionWithoutReason, ExpiredSuppression, MalformedSuppression, UnmatchedDisable)
_ABOUT_COMMENTS = {rule.name() for rule in _RULES} | {rule.code.lower() for rule in _RULES}
_LINTER = "NRL0"
_OUR_CODE = re.compile(r"NRL\d*", re.IGNORECASE)


class Ran(NamedTuple):
    """What comments need to know of a rule that was run.

    errors_only    whether it told nothing but errors
    needs_project  whether it is not run on a text alone
    """

    code: str
    name: str
    errors_only: bool
    needs_project: bool = False


def ran(rules: Iterable[Rule]) -> list[Ran]:
    """The rules as comments see them."""
    return [Ran(rule.code, rule.name(), rule.errors_only, isinstance(rule, ProjectRule)) for rule in rules]


def asking_for_reasons(rules: Sequence[Ran], ignored: Iterable[str]) -> list[Ran]:
    """`rules`, and the one that asks comments for a reason, unless the selectors `ignored` mean it."""
    asking = Ran(SuppressionWithoutReason.code, SuppressionWithoutReason.name(), errors_only=False)
    if asking in rules or any(means(selector, asking.code, asking.name) for selector in ignored):
        return list(rules)
    return [*rules, asking]


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
    if not may_suppress(text, noqa):
        return Judged(tuple(sorted(findings, key=lambda finding: finding.sort_key)), ())
    from nemo_run_lint.suppressions import silencer, told  # few files need it

    on = [rule for rule in rules if not any(means(selector, rule.code, rule.name) for selector in ignored)]
    wanted = {rule.name for rule in on} & _ABOUT_COMMENTS
    read = told(text, noqa=noqa)
    now = today or date.today()
    counting = [each for each in read.suppressions if each.expiry(now) is None]
    kept: list[Finding] = []
    silenced: list[Silenced] = []
    for finding in findings:
        by = silencer(finding, counting)
        if by is None:
            kept.append(finding)
        else:
            silenced.append(Silenced(finding, "comment", by.reason))
    about = _about(path, text, read, counting, findings, on, now) if wanted else ()
    kept += _unsilenced((finding for finding in about if finding.name in wanted), counting)
    silenced.sort(key=lambda each: each.finding.sort_key)
    return Judged(tuple(sorted(kept, key=lambda finding: finding.sort_key)), tuple(silenced))


def _about(
    path: str,
    text: str,
    read: Told,
    counting: Sequence[Suppression],
    findings: Sequence[Finding],
    on: Iterable[Ran],
    today: date,
) -> Iterator[Finding]:
    """What is wrong with the comments themselves, whichever of the rules about them are wanted."""
    lines = LINE_END.split(text)
    yield from _malformed(path, lines, read.malformed)
    yield from _expired(path, read.suppressions, today)
    yield from _without_reason(path, counting)
    yield from _unmatched(path, counting)
    if not any(finding.code.startswith(_LINTER) for finding in findings):
        yield from _unused(path, lines, counting, findings, {rule.code for rule in on if not rule.errors_only})


def _unsilenced(findings: Iterable[Finding], known: Sequence[Suppression]) -> Iterator[Finding]:
    """Those findings about comments that no comment silences; it must name the rule, and may do so in place."""
    naming = [each for each in known if not _ABOUT_COMMENTS.isdisjoint(map(str.lower, each.selectors))]
    for finding in findings:
        line = finding.span.line
        here = (each for each in naming if each.lines is None or line == each.span.line or line in each.lines)
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


def _unmatched(path: str, known: Iterable[Suppression]) -> Iterator[Finding]:
    for each in known:
        ended = {end.selector for end in each.ended}
        left = [selector for selector in each.selectors if selector not in ended]
        if each.is_block and left and each.lines is not None:
            fields = {"selectors": _listed(left), "last": each.lines.last, "enabled": ", ".join(left)}
            yield finding_of(UnmatchedDisable, path, each.span, **fields)


def _malformed(path: str, lines: Sequence[str], known: Iterable[Malformed]) -> Iterator[Finding]:
    for each in known:
        fix = None
        if each.meant is not None:
            fix = Fix(f"Write `{each.meant}`", (Edit(each.span, each.meant),), safe=False)
        elif each.enable is not None:
            edit = _without_selectors(lines, each.enable, each.selectors)
            fix = Fix("Remove what enables nothing", (edit,), safe=False)  # another rule may have been meant
        yield replace(finding_of(MalformedSuppression, path, each.span, problem=each.problem), fix=fix)


def _unused(
    path: str, lines: Sequence[str], known: Sequence[Suppression], findings: Iterable[Finding], run: set[str]
) -> Iterator[Finding]:
    """What silences none of `findings`, although the rules of the codes `run` were run."""
    from nemo_run_lint.suppressions import silencer

    used: set[tuple[Span, str]] = set()
    for finding in findings:
        by = silencer(finding, known)
        if by is not None:
            used.add((by.span, by.selector_for(finding) or ""))
    for each in known:
        asked = [selector for selector in each.selectors if not each.is_noqa or _OUR_CODE.fullmatch(selector)]
        unknown = [selector for selector in asked if not _meant(selector)]
        idle = [selector for selector in asked if (each.span, selector) not in used and _was_run(selector, run)]
        if unknown or idle or not each.selectors:
            yield _useless(path, lines, each, unknown, idle)


def _useless(
    path: str, lines: Sequence[str], suppression: Suppression, unknown: Sequence[str], idle: Sequence[str]
) -> Finding:
    useless = (*unknown, *idle)
    problems = [*map(_unknown, unknown)] if suppression.selectors else ["this comment names no rule"]
    if idle:
        problems.append(f"this comment silences nothing: there is no finding of {_listed(idle)} here")
    what = f"{_listed(useless)} from it" if set(suppression.selectors).difference(useless) else "it"
    found = finding_of(UnusedSuppression, path, suppression.span, problem="; ".join(problems), what=what)
    edits = tuple(_removal(lines, suppression, useless))
    fix = Fix("Remove what silences nothing", edits, safe=not unknown)  # another rule may have been meant
    return replace(found, fix=fix)


def _removal(lines: Sequence[str], suppression: Suppression, useless: Sequence[str]) -> Iterator[Edit]:
    """The edits that take selectors out of a suppression, and out of the comments that enable them again."""
    yield _without_selectors(lines, suppression, useless)
    enabled: dict[Enable, list[str]] = {}
    for end in suppression.ended:
        if end.selector in useless:
            enabled.setdefault(end.by, []).append(end.written)
    for enable, written in enabled.items():
        yield _without_selectors(lines, enable, written)


def _without_selectors(lines: Sequence[str], comment: Suppression | Enable, useless: Sequence[str]) -> Edit:
    return without(lines, comment.span, [each for each in comment.selectors if each not in useless])


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
