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
    loops: list[list[State]] = field(default_factory=list)
    global_names: set[str] = field(default_factory=set)
    answers: set[str] = field(default_factory=set)
    conditions: int = 0
    yields: bool = False
    is_captured: bool = False


class Stack:
    """What runs now, and by which calls it came to it.

    current  what runs
    cuts     how often a call was not followed because of what ran already
    """

    def __init__(self, outermost: Activation) -> None:
        self.current = outermost
        self.cuts = 0
        self._around: list[Activation] = []

    @property
    def depth(self) -> int:
        """How many calls are being followed."""
        return len(self._around)

    def may_follow(self, function: ast.AST) -> bool:
        """Whether a call of it can be followed: not if it is running already, or too deep below the file."""
        running = (each.function for each in (*self._around, self.current))
        if self.depth < DEEPEST and all(each is not function for each in running):
            return True
        self.cuts += 1
        return False

    @contextmanager
    def entered(self, activation: Activation) -> Iterator[None]:
        """Run `activation`."""
        before = self.current
        self._around.append(before)
        self.current = activation
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
