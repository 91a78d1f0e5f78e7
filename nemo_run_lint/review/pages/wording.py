"""What all pages say in the same words."""

from __future__ import annotations

from nemo_run_lint.outputs.summary import counted
from nemo_run_lint.review.evidence import Answer, Entry, Review

NOTHING = "Nothing to review: no file that uses NeMo Run"


def verdict(review: Review) -> str:
    """The verdict in a sentence, without a full stop: `Not approved: 2 required items are open, 1 error`."""
    if review.is_empty:
        return NOTHING
    if review.is_approved:
        return "Approved"
    open_items = len(review.open_items)
    told = [f"{counted(open_items, 'required item is', 'required items are')} open"] if open_items else []
    told += [f"{counted(review.problems, 'error', 'errors')}"] if review.problems else []
    return f"Not approved: {' and '.join(told)}"


def counts(review: Review) -> str:
    """`9 pass, 2 missing, 4 need a person`."""
    passing, missing, person = (review.count(each) for each in (Answer.PASSES, Answer.MISSING, Answer.PERSON))
    return f"{counted(passing, 'passes', 'pass')}, {missing} missing, {counted(person, 'needs', 'need')} a person"


def reviewed(review: Review) -> str:
    """What was reviewed: `2 experiments in 3 files`."""
    number = sum(subject.experiment is not None for subject in review.subjects)
    return f"{counted(number, 'experiment', 'experiments')} in {counted(len(review.files), 'file', 'files')}"


def is_required(review: Review, entry: Entry) -> bool:
    """Whether nothing is approved without an item."""
    return entry.item.name in review.asked.required
