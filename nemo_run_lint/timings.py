"""How long a run takes, by step, rule and file, for `check --timings`; where nobody asks, nothing is kept.

Time is the clock's, and counts for what is innermost: a rule is not blamed for the modules that were read, or for the
things that were found, because it was the first to ask for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from time import perf_counter

#: Steps of a run.
LOADING = "loading the rules"
PYTHON = "parsing by Python"
LIBCST = "parsing by LibCST"
WALKING = "walking the trees"
FINDING_THINGS = "finding what rules are about"
MODULES = "reading imported modules"
RULES = "rules"
REST = "all else"

_NOTHING: AbstractContextManager[None] = nullcontext()


class Timings:
    """Seconds by step, by the name of a rule, and by file."""

    def __init__(self) -> None:
        self.steps: dict[str, float] = {}
        self.rules: dict[str, float] = {}
        self.files: dict[str, float] = {}
        self.total = 0.0
        self._open: list[tuple[dict[str, float], str]] = [(self.steps, REST)]
        self._last = self._began = perf_counter()

    @contextmanager
    def measured(self, of: dict[str, float], name: str) -> Iterator[None]:
        """Count the time inside for one of `steps` or `rules`, and for nothing around it."""
        self._count()
        self._open.append((of, name))
        try:
            yield
        finally:
            self._count()
            self._open.pop()

    def through(self, files: Iterable[str]) -> Iterator[str]:
        """`files` as they are; each counts until the next one is asked for, but for what is loaded only once."""
        for path in files:
            began = perf_counter() - self.steps.get(LOADING, 0.0)
            yield path
            self.files[path] = perf_counter() - self.steps.get(LOADING, 0.0) - began

    def end(self) -> None:
        """Nothing more is measured."""
        self._count()
        self.total = self._last - self._began
        if self.rules:
            self.steps[RULES] = sum(self.rules.values())

    def _count(self) -> None:
        now = perf_counter()
        of, name = self._open[-1]
        of[name] = of.get(name, 0.0) + now - self._last
        self._last = now


_current: Timings | None = None


@contextmanager
def taken() -> Iterator[Timings]:
    """Measure what this process does inside, in this thread alone."""
    global _current
    timings = _current = Timings()
    try:
        yield timings
    finally:
        _current = None
        timings.end()


def step(name: str) -> AbstractContextManager[None]:
    """What is inside is a step of this name."""
    return _NOTHING if _current is None else _current.measured(_current.steps, name)


def rule(name: str) -> AbstractContextManager[None]:
    """What is inside is done by a rule of this name."""
    return _NOTHING if _current is None else _current.measured(_current.rules, name)
