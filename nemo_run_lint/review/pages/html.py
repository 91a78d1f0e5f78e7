"""A review as one HTML page that asks for nothing: no script, no font, no picture but those drawn in it.

A policy in the page forbids all but its own style sheet, should anything of a file ever get past the escaping.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby
from pathlib import Path

from nemo_run_lint._version import HOMEPAGE, __version__
from nemo_run_lint.nemo.outline import ExperimentOutline
from nemo_run_lint.outputs.cells import escaped
from nemo_run_lint.outputs.summary import counted
from nemo_run_lint.page import url
from nemo_run_lint.review.evidence import Answer, Entry, Evidence, Review, Subject
from nemo_run_lint.review.pages.links import Links
from nemo_run_lint.review.pages.picture import pictures
from nemo_run_lint.review.pages.wording import counts, is_required, reviewed, verdict

_CSS = Path(__file__).parent / "page.css"

#: Of each answer: the class of its mark, the mark, and how it is read out.
_MARKS = {
    Answer.PASSES: ("passes", "✓", "passes"),
    Answer.MISSING: ("missing", "✗", "missing"),
    Answer.PERSON: ("person", "?", "needs a person"),
}

#: The answers in the order of the overview.
_COLUMNS = (Answer.MISSING, Answer.PERSON, Answer.PASSES)

#: How much of the evidence of one item, and how many comments, are on the page: it is for reading.
_SHOWN, _COMMENTS = 12, 200

_CODE = re.compile(r"`([^`]+)`")


def render(review: Review, links: Links, color: bool) -> Iterator[str]:
    """The page."""
    yield from _head(verdict(review))
    yield from _verdict(review)
    yield "<main>\n"
    if review.comments:
        yield from _comments(review.comments, links)
    checklist = [*_totals(review, links)]
    if len(review.subjects) > 1:
        yield from (*checklist, *_overview(review))
    for number, subject in enumerate(review.subjects):
        yield from _subject(review, subject, number, links)
    if len(review.subjects) == 1:
        yield from checklist
    yield (
        f'</main>\n<footer>Made by <a href="{HOMEPAGE}">nemo-run-lint {__version__}</a>, which reads code and never '
        "executes it.</footer>\n</body>\n</html>\n"
    )


def _head(title: str) -> Iterator[str]:
    style = f"\n{_CSS.read_text(encoding='utf-8')}"
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    yield (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n<meta name="referrer" content="no-referrer">\n'
        f"<title>{_plain(f'Review: {title}')}</title>\n<style>{style}</style>\n</head>\n<body>\n"
    )


def _verdict(review: Review) -> Iterator[str]:
    kind = "good" if review.is_approved else "bad"
    said, _, why = verdict(review).partition(": ")
    told = [f"{why[:1].upper()}{why[1:]}."] if why else []
    if review.checklist:
        told.append(f"{reviewed(review)}: {counts(review)}.")
    if review.reviewers:
        told.append(f"Reviewers: {', '.join(review.reviewers)}.")
    yield f'<header class="verdict {kind}">\n<h1>{_plain(said)}</h1>\n'
    yield from (f"<p>{_plain(each)}</p>\n" for each in told)
    if review.checklist:
        yield '<ul class="tiles" aria-label="The items at a glance">\n'
        for group, entries in groupby(review.checklist, lambda entry: entry.item.group):
            tiles = "".join(f"<li>{_tile(entry)}</li>" for entry in entries)
            yield f'<li><ul aria-label="{_plain(group)}">{tiles}</ul></li>\n'
        yield "</ul>\n"
    yield "</header>\n"


def _tile(entry: Entry) -> str:
    kind, mark, said = _MARKS[entry.answer]
    title = _plain(f"{entry.item.title}: {said}")
    return (
        f'<a class="mark {kind}" href="#item-{_plain(entry.item.name)}" title="{title}" aria-label="{title}">{mark}</a>'
    )


def _comments(comments: Sequence[Evidence], links: Links) -> Iterator[str]:
    yield '<section class="card" aria-labelledby="comments">\n<h2 id="comments">Comments</h2>\n<ul class="comments">\n'
    for each in comments[:_COMMENTS]:
        yield f"<li>{_told(each, links)}</li>\n"
    yield f"</ul>\n{_more(len(comments) - _COMMENTS, 'p')}</section>\n"


def _checklist(review: Review, checklist: Sequence[Entry], links: Links, ident: str) -> Iterator[str]:
    yield '<div class="groups">\n'
    for group, entries in groupby(checklist, lambda entry: entry.item.group):
        yield f"<section>\n<h3>{_plain(group)}</h3>\n"
        for entry in entries:
            yield from _item(review, entry, links, ident)
        yield "</section>\n"
    yield "</div>\n"


def _item(review: Review, entry: Entry, links: Links, ident: str) -> Iterator[str]:
    kind, mark, said = _MARKS[entry.answer]
    needed = '<span class="needed">required</span>' if is_required(review, entry) else ""
    is_open = " open" if entry.answer is Answer.MISSING and is_required(review, entry) else ""
    yield (
        f'<details class="item" id="{ident}-{_plain(entry.item.name)}"{is_open}><summary>'
        f'<span class="mark {kind}" aria-hidden="true">{mark}</span><span>{_plain(entry.item.title)}'
        f'<span class="hidden">: {said}</span></span>{needed}</summary>\n'
        f'<p class="question">{_plain(entry.item.question)}.</p>\n<ul class="evidence">\n'
    )
    yield from (f"<li>{_told(each, links)}</li>\n" for each in entry.evidence[:_SHOWN])
    yield f"{_more(len(entry.evidence) - _SHOWN, 'li')}</ul>\n</details>\n"


def _totals(review: Review, links: Links) -> Iterator[str]:
    if review.checklist:
        yield '<section class="card" aria-labelledby="checklist">\n<h2 id="checklist">Checklist</h2>\n'
        yield from _checklist(review, review.checklist, links, "item")
        yield "</section>\n"


def _overview(review: Review) -> Iterator[str]:
    yield '<section class="card" aria-labelledby="overview">\n<h2 id="overview">What was reviewed</h2>\n'
    yield '<table class="stack overview">\n<thead><tr><th scope="col">Experiment or file</th>'
    for answer in _COLUMNS:
        yield f'<th scope="col">{_MARKS[answer][2].capitalize()}</th>'
    yield '<th scope="col">Required items open</th></tr></thead>\n<tbody>\n'
    for number, subject in enumerate(review.subjects):
        yield f'<tr><th scope="row"><a href="#subject-{number}">{_plain(_title(subject))}</a>'
        yield f'<div class="where">{_plain(subject.path)}</div></th>'
        for answer in _COLUMNS:
            count = sum(entry.answer is answer for entry in subject.checklist)
            yield f'<td data-label="{_MARKS[answer][2]}">{count}</td>'
        names = ", ".join(entry.item.title for entry in review.open_of(subject)) or "none"
        yield f'<td data-label="open">{_plain(names)}</td></tr>\n'
    yield "</tbody></table>\n</section>\n"


def _title(subject: Subject) -> str:
    return subject.title if subject.experiment is None or subject.experiment.title else "experiment without a title"


def _subject(review: Review, subject: Subject, number: int, links: Links) -> Iterator[str]:
    experiment, ident = subject.experiment, f"subject-{number}"
    if experiment is None and len(review.subjects) == 1:
        return
    yield f'<section class="card" aria-labelledby="{ident}">\n<h2 id="{ident}">{_plain(_title(subject))}</h2>\n'
    under = [_place(Evidence("", subject.path, subject.line), links)]
    if experiment is not None:
        under += [f"made by <code>{_plain(experiment.function)}</code>"] if experiment.function else []
        under.append(counted(len(experiment.tasks), "task", "tasks"))
        under += ["more are added elsewhere"] if experiment.is_open and experiment.tasks else []
    yield f'<p class="under">{" · ".join(under)}</p>\n'
    if experiment is not None:
        yield from _tasks(experiment, subject, ident, links)
    if len(review.subjects) > 1:
        yield '<details class="more"><summary>Its own checklist</summary>\n'
        yield from _checklist(review, subject.checklist, links, f"{ident}-item")
        yield "</details>\n"
    yield "</section>\n"


def _tasks(experiment: ExperimentOutline, subject: Subject, ident: str, links: Links) -> Iterator[str]:
    if not experiment.tasks:
        told = "Its tasks are added where the text does not show them." if experiment.is_open else "It has no tasks."
        yield f"<p>{told}</p>\n"
        return
    yield f'<div class="scroll" tabindex="0" role="region" aria-label="{_plain(f"Picture of {_title(subject)}")}">\n'
    yield from pictures(experiment, ident, _title(subject), lambda line: links.to(subject.path, line))
    yield '</div>\n<details class="more"><summary>The tasks as a table</summary>\n<table class="stack">\n<thead><tr>'
    for head in ("Task", "Runs", "On", "After"):
        yield f'<th scope="col">{head}</th>'
    yield "</tr></thead>\n<tbody>\n"
    for task in experiment.tasks:
        after = ", ".join(experiment.tasks[place].name or f"task {place + 1}" for place in task.after)
        place = Evidence("", subject.path, task.line)
        name = _linked(_plain(task.name or "without a name"), place, links)
        cells = (("runs", task.function), ("on", task.executor), ("after", after))
        yield f'<tr><th scope="row">{name}</th>'
        yield from (f'<td data-label="{label}">{_plain(text)}</td>' for label, text in cells)
        yield "</tr>\n"
    yield "</tbody></table>\n</details>\n"


# -- pieces ------------------------------------------------------------------------------------------------------------


def _told(evidence: Evidence, links: Links) -> str:
    place = f"{_place(evidence, links)} " if evidence.path else ""
    name = evidence.rule.partition(" ")[2]
    address = url(name) if name else ""
    rule = _plain(evidence.rule)
    shown = f'<a href="{escape(address)}">{rule}</a>' if address else rule
    said = f' <span class="rule">{shown}</span>' if rule else ""
    return f"{place}{_prose(evidence.text)}{said}"


def _place(evidence: Evidence, links: Links) -> str:
    return _linked(f'<span class="place">{_plain(evidence.place)}</span>', evidence, links)


def _linked(shown: str, evidence: Evidence, links: Links) -> str:
    address = links.to(evidence.path, evidence.line)
    return f'<a href="{escape(address)}">{shown}</a>' if address else shown


def _prose(text: str) -> str:
    """Text, with what stands between backticks as code."""
    pieces = _CODE.split(escaped(text))
    return "".join(
        f"<code>{escape(piece)}</code>" if place % 2 else escape(piece) for place, piece in enumerate(pieces)
    )


def _plain(text: str) -> str:
    return escape(escaped(text))


def _more(number: int, tag: str) -> str:
    return f"<{tag}>and {counted(number, 'more', 'more')}</{tag}>\n" if number > 0 else ""
