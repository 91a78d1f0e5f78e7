"""A review for the terminal: the checklist with what speaks for each answer, experiment by experiment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from nemo_run_lint.outputs.ansi import BOLD, CYAN, DIM, GREEN, RED, paint
from nemo_run_lint.outputs.cells import escaped
from nemo_run_lint.outputs.summary import counted
from nemo_run_lint.review.evidence import Answer, Entry, Evidence, Review
from nemo_run_lint.review.pages.links import Links
from nemo_run_lint.review.pages.wording import counts, is_required, reviewed, verdict

_STYLES = {Answer.PASSES: GREEN, Answer.MISSING: RED, Answer.PERSON: "1;33"}
_WORDS = {Answer.PASSES: "pass", Answer.MISSING: "MISSING", Answer.PERSON: "person?"}

#: How much of the evidence is shown.
_SHOWN = 5


def render(review: Review, links: Links, color: bool) -> Iterator[str]:
    """The verdict last, where a terminal shows it."""
    if review.is_empty:
        yield f"{verdict(review)}.\n"
        return
    for subject in review.subjects:
        kind = "experiment" if subject.experiment is not None else "file"
        title = paint(escaped(subject.title), CYAN, color)
        place = escaped(f"  {subject.path}:{subject.line}") if subject.experiment is not None else ""
        yield f"{paint(kind, BOLD, color)} {title}{paint(place, DIM, color)}\n"
        yield from _checklist(review, subject.checklist, color)
        yield "\n"
    if review.comments:
        yield f"{paint('certainly fails' if review.problems else 'comments', BOLD, color)}\n"
        yield from (f"  {_told(each, color)}\n" for each in review.comments)
        yield "\n"
    style = GREEN if review.is_approved else RED
    yield f"{paint(escaped(verdict(review)), style, color)}. {counts(review)}; {reviewed(review)}.\n"
    if review.reviewers:
        yield f"Reviewers: {escaped(', '.join(review.reviewers))}.\n"


def _checklist(review: Review, checklist: Sequence[Entry], color: bool) -> Iterator[str]:
    for group, entries in groupby(checklist, lambda entry: entry.item.group):
        yield f"  {paint(group, BOLD, color)}\n"
        for entry in entries:
            word = _WORDS[entry.answer]
            required = " (required)" if is_required(review, entry) else ""
            shown = paint(word, _STYLES[entry.answer], color)
            yield f"    {shown}{' ' * (8 - len(word))}{entry.item.title}{paint(required, DIM, color)}\n"
            if not entry.passes:
                yield from (f"            {_told(each, color)}\n" for each in entry.evidence[:_SHOWN])
                if len(entry.evidence) > _SHOWN:
                    yield f"            and {counted(len(entry.evidence) - _SHOWN, 'more', 'more')}\n"


def _told(evidence: Evidence, color: bool) -> str:
    place = f"{paint(escaped(evidence.place), CYAN, color)}: " if evidence.place else ""
    rule = paint(f" [{escaped(evidence.rule)}]", DIM, color) if evidence.rule else ""
    return f"{place}{escaped(evidence.text)}{rule}"
