"""What a review answers, and what the answers rest on: plain data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from nemo_run_lint.checklist import Checklist, Item
from nemo_run_lint.nemo.outline import ExperimentOutline


class Answer(str, Enum):
    """What a review says of an item."""

    PASSES = "passes"
    PERSON = "needs a person"
    MISSING = "missing"


#: From the best to the worst.
_ORDER = tuple(Answer)


@dataclass(frozen=True)
class Evidence:
    """What an answer rests on. `line` is 0 where it is no place in a file, `rule` is empty where no rule says it."""

    text: str
    path: str = ""
    line: int = 0
    rule: str = ""

    @property
    def place(self) -> str:
        """`path:line`, or nothing."""
        return f"{self.path}:{self.line}" if self.path and self.line else self.path


@dataclass(frozen=True)
class Entry:
    """An item with its answer."""

    item: Item
    answer: Answer
    evidence: tuple[Evidence, ...] = ()

    @property
    def passes(self) -> bool:
        """Whether it is answered, and well."""
        return self.answer is Answer.PASSES


@dataclass(frozen=True)
class Subject:
    """What is judged as one: an experiment, or a file that holds none and that no experiment imports.

    experiment  None for such a file
    title       what it is called: the experiment's title, or the path of the file
    checklist   an entry for each item
    """

    title: str
    path: str
    line: int
    experiment: ExperimentOutline | None
    checklist: tuple[Entry, ...]


@dataclass(frozen=True)
class Review:
    """What a review says.

    subjects   in the order of their files
    checklist  an entry for each item: the worst of its answers, with all that speaks for that
    comments   what certainly fails, then what else a person should see
    problems   how many of the comments are the former, and forbid approval whatever the checklist says
    unmet      a comment for each required item that does not pass, for each experiment
    files      the files under review
    """

    asked: Checklist
    subjects: tuple[Subject, ...] = ()
    checklist: tuple[Entry, ...] = ()
    comments: tuple[Evidence, ...] = ()
    problems: int = 0
    reviewers: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    unmet: tuple[Evidence, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there was nothing to review."""
        return not self.subjects and not self.problems

    @property
    def open_items(self) -> list[Entry]:
        """The required items that do not pass."""
        return [entry for entry in self.checklist if entry.item.name in self.asked.required and not entry.passes]

    @property
    def is_approved(self) -> bool:
        """Whether all required items pass, and nothing certainly fails."""
        return not self.open_items and not self.problems

    def open_of(self, subject: Subject) -> list[Entry]:
        """The required items that do not pass for one experiment or file."""
        return [entry for entry in subject.checklist if entry.item.name in self.asked.required and not entry.passes]

    def count(self, answer: Answer) -> int:
        """How many items have this answer."""
        return sum(entry.answer is answer for entry in self.checklist)


def worst(item: Item, entries: Sequence[Entry]) -> Entry:
    """The entry for all of several subjects: the worst answer, and what speaks for it, each thing once."""
    answer = max((entry.answer for entry in entries), key=_ORDER.index, default=Answer.PASSES)
    evidence = dict.fromkeys(each for entry in entries if entry.answer is answer for each in entry.evidence)
    return Entry(item, answer, tuple(evidence))


def unique(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Each thing once, in the order in which it comes."""
    return tuple(dict.fromkeys(evidence))
