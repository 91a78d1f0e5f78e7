"""Questions that are asked again and again, each answered once, with the modules that its answer depends on.

A question that leads back to itself gets a stand-in. What was answered with the help of a stand-in is remembered only
until the question that it stands for is answered: so no answer depends on which question came first.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Hashable
from typing import Any, NamedTuple, TypeVar

T = TypeVar("T")
U = TypeVar("U")


class _Answer(NamedTuple):
    """An answer.

    modules  the names of those that it depends on
    until    how deep the outermost unanswered question stands that it depends on
    """

    value: Any
    modules: frozenset[str]
    until: int


class Answers:
    """What was asked and answered; `consulted` collects the names of the modules that answers depended on."""

    def __init__(self) -> None:
        self.consulted: set[str] = set()
        self._known: dict[Hashable, dict[Hashable, _Answer]] = {}
        self._passing: dict[tuple[Hashable, Hashable], _Answer] = {}
        self._asked: dict[tuple[Hashable, Hashable], int] = {}  # unanswered yet, each with how many are around it
        self._until = sys.maxsize
        self._sets: dict[frozenset[str], frozenset[str]] = {}

    def ask(self, subject: Hashable, question: Hashable, answer: Callable[[], T], in_cycle: U) -> T | U:
        """What `answer` returns, or returned; `in_cycle` while it is being worked out."""
        asked = (subject, question)
        known = self._known.setdefault(subject, {}).get(question) or self._passing.get(asked)
        if known is not None:
            self.consulted |= known.modules
            self._until = min(self._until, known.until)
            return known.value  # type: ignore[no-any-return]
        if asked in self._asked:
            self._until = min(self._until, self._asked[asked])
            return in_cycle
        return self._work_out(asked, answer)

    def forget(self, subject: Hashable) -> None:
        """Forget what was answered about a subject."""
        self._known.pop(subject, None)

    def _work_out(self, asked: tuple[Hashable, Hashable], answer: Callable[[], T]) -> T:
        depth = len(self._asked)
        self._asked[asked] = depth
        (consulted, self.consulted), (until, self._until) = (self.consulted, set()), (self._until, sys.maxsize)
        try:
            value = answer()
            own = frozenset(self.consulted)
            own = self._sets.setdefault(own, own)
            if self._until >= depth:
                self._known[asked[0]][asked[1]] = _Answer(value, own, sys.maxsize)
            else:
                self._passing[asked] = _Answer(value, own, self._until)
        finally:
            del self._asked[asked]
            consulted |= self.consulted
            self.consulted = consulted
            self._until = min(until, self._until) if self._until < depth else until
            if self._passing:
                self._passing = {each: found for each, found in self._passing.items() if found.until < depth}
        return value
