"""The functions that are being followed, one called by the other, and what holds for each while it is."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from nemo_run_lint.flow.state import State
from nemo_run_lint.flow.values import Spot, Value
from nemo_run_lint.signatures.symbols import Module

#: How deep calls are followed.
DEEPEST = 14


@dataclass(eq=False)
class Activation:
    """One function that is being followed, or the body of a module.

    frames    where names are looked up, innermost first
    call      where it was called; None for what nothing calls
    converts  whether calls in it make configs, as under run.autoconvert
    returned  the values of its `return`s, each with what is known then
    loops     for each loop that it is in, what is known where it is left or begun again, and whether it is left
    left      what is known at every statement that leaves a block of it: `return`, `raise`, `break`, `continue`
    places    the frames of its names that it has declared to be global or nonlocal
    answers   its variables that hold what was asked about an object: `is_config = hasattr(x, "y")`
    yields    whether it was seen to be a generator
    is_captured  whether a function was defined in it, which may look into its frames later
    conditions  how many branches it is in of which it is not known whether they are taken
    """

    module: Module
    frames: tuple[int, ...]
    function: ast.AST | None = None
    call: Spot | None = None
    converts: bool = False
    returned: list[tuple[Value, State]] = field(default_factory=list)
    left: list[State] = field(default_factory=list)
    loops: list[list[tuple[bool, State]]] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)
    answers: set[str] = field(default_factory=set)
    conditions: int = 0
    yields: bool = False
    is_captured: bool = False


@dataclass(eq=False)
class Extent:
    """How much following a call takes.

    functions  all that are followed
    running    those that are not, because they run already
    depth      how many are followed inside each other
    steps      how many statements and calls
    is_whole   whether nothing was left out for being too deep, or too much
    """

    functions: set[ast.AST | None] = field(default_factory=set)
    running: set[ast.AST | None] = field(default_factory=set)
    depth: int = 0
    steps: int = 0
    is_whole: bool = True

    def add(self, other: Extent, depth: int) -> None:
        """Include what was taken by a call so deep below."""
        self.functions |= other.functions
        self.running |= other.running
        self.depth = max(self.depth, depth + other.depth)
        self.is_whole = self.is_whole and other.is_whole


class Stack:
    """What runs now, and by which calls it came to it.

    current  what runs
    left     how many steps may be taken still: statements, and calls that are followed
    """

    def __init__(self, outermost: Activation, budget: int) -> None:
        self.current = outermost
        self.left = budget
        self._around: list[Activation] = []
        self._extent = Extent()

    @property
    def depth(self) -> int:
        """How many calls are being followed."""
        return len(self._around)

    def spend(self) -> bool:
        """Take a step; whether there is something left to go on with. Where there is not, nothing can be told."""
        self.left -= 1
        return self.left > 0

    def may_follow(self, function: ast.AST) -> bool:
        """Whether a call of it can be followed: not if it is running already, or too deep below the file."""
        if not self.spend() or self.depth >= DEEPEST:
            self._extent.is_whole = False
        elif function in self._running():
            self._extent.running.add(function)
        else:
            return True
        return False

    def repeats(self, extent: Extent) -> bool:
        """Whether what took this much elsewhere would go the same way here, as far as what runs already decides it."""
        running = self._running()
        fits = extent.functions.isdisjoint(running) and extent.running <= running
        return fits and self.depth + extent.depth <= DEEPEST

    def _running(self) -> set[ast.AST | None]:
        return {each.function for each in (*self._around, self.current)}

    def repeat(self, extent: Extent) -> None:
        """Take what this took, without doing it."""
        self.left -= extent.steps
        self._extent.add(extent, self.depth)

    @contextmanager
    def measured(self) -> Iterator[Extent]:
        """How much is taken inside."""
        outer, left, inner = self._extent, self.left, Extent()
        self._extent = inner
        try:
            yield inner
        finally:
            inner.running &= self._running()
            inner.depth = max(inner.depth - self.depth, 0)
            inner.steps = left - self.left
            self._extent = outer
            outer.add(inner, self.depth)

    @contextmanager
    def entered(self, activation: Activation) -> Iterator[None]:
        """Run `activation`."""
        before = self.current
        self._around.append(before)
        self.current = activation
        self._extent.functions.add(activation.function)
        self._extent.depth = max(self._extent.depth, self.depth)
        try:
            yield
        finally:
            self.current = before
            self._around.pop()

    @contextmanager
    def replaced(self, activation: Activation) -> Iterator[None]:
        """Evaluate something of another module, without a call of it."""
        before, self.current = self.current, activation
        try:
            yield
        finally:
            self.current = before

    @contextmanager
    def perhaps(self, uncertain: bool) -> Iterator[None]:
        """Follow a branch that may not be taken, if `uncertain`."""
        activation = self.current
        activation.conditions += uncertain
        try:
            yield
        finally:
            activation.conditions -= uncertain

    def way(self, depth: int) -> tuple[Spot, ...]:
        """The calls that lead from the function at a depth to what runs, outermost first."""
        return tuple(each.call for each in self._above(depth) if each.call is not None)

    def is_conditional(self, depth: int) -> bool:
        """Whether one of these functions is on a branch that may not be taken."""
        return any(each.conditions for each in self._above(depth) if each.call is not None)

    def _above(self, depth: int) -> tuple[Activation, ...]:
        return (*self._around, self.current)[depth + 1 :]
