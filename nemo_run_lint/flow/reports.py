"""What is reported on the way: where it belongs in the file, once, and nothing where failing is expected."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from nemo_run_lint.flow.activations import Stack
from nemo_run_lint.flow.problems import Problem, Step, When, Wrong
from nemo_run_lint.flow.values import Spot
from nemo_run_lint.signatures.symbols import Module

_EVERYTHING = frozenset(Wrong)

_ABOUT_ATTRIBUTES = frozenset(
    {Wrong.UNKNOWN_ATTRIBUTE, Wrong.UNSET_ATTRIBUTE, Wrong.ATTRIBUTE_OF_PLAIN, Wrong.SWALLOWED}
)

#: How much of a call is shown on the way to a problem.
_LONGEST_STEP = 80


@dataclass(eq=False)
class Recording:
    """What is reported while a function is followed: problem, place, and the calls that lead there from the function.

    depth  how many functions were running when it began
    """

    depth: int
    problems: list[tuple[Problem, Spot, tuple[Spot, ...]]] = field(default_factory=list)


class Reports:
    """The problems of one file.

    root  the function of the file that is followed by itself; None for the body of its module
    """

    def __init__(self, own: Module, stack: Stack) -> None:
        self._own = own
        self._stack = stack
        self._suppressed = frozenset[Wrong]()
        self._doubted = False
        self._recording: Recording | None = None
        self.root: ast.AST | None = None
        self._found: dict[tuple[object, ...], Problem] = {}
        self._roots: dict[tuple[object, ...], set[ast.AST | None]] = {}
        self._callers: dict[ast.AST | None, set[ast.AST | None]] = {}

    @property
    def problems(self) -> list[Problem]:
        """What was found, in no order; nothing of functions that are called only where they should fail."""
        return [each for key, each in self._found.items() if not all(map(self._is_expected, self._roots[key]))]

    def note_call(self, function: ast.AST) -> None:
        """Remember from which functions one is called, if it should not fail there."""
        self._callers.setdefault(function, set()).update(() if self.expects_failure else (self.root,))

    def _is_expected(self, function: ast.AST | None, through: frozenset[ast.AST | None] = frozenset()) -> bool:
        """Whether a function is called only where it should fail."""
        if function not in self._callers or function in through:
            return False
        return all(self._is_expected(caller, through | {function}) for caller in self._callers[function])

    @property
    def expects_failure(self) -> bool:
        """Whether what runs now is expected to fail."""
        return self._suppressed == _EVERYTHING

    @contextmanager
    def suppressed(self, *, everything: bool = False, attributes: bool = False) -> Iterator[None]:
        """Report nothing inside, or nothing about attributes: what fails there is expected, or never gets there."""
        before = self._suppressed
        if everything:
            self._suppressed = _EVERYTHING
        elif attributes:
            self._suppressed = before | _ABOUT_ATTRIBUTES
        try:
            yield
        finally:
            self._suppressed = before

    @contextmanager
    def untaken(self) -> Iterator[None]:
        """Report of a branch that is not taken only unknown attributes, and these as something that may happen."""
        before, doubted = self._suppressed, self._doubted
        self._suppressed, self._doubted = before | (_EVERYTHING - {Wrong.UNKNOWN_ATTRIBUTE}), True
        try:
            yield
        finally:
            self._suppressed, self._doubted = before, doubted

    @contextmanager
    def recorded(self) -> Iterator[Recording]:
        """Keep apart what is reported inside, whoever calls."""
        before = self._recording, self._suppressed, self._doubted
        recording = Recording(self._stack.depth)
        self._recording, self._suppressed, self._doubted = recording, frozenset(), False
        try:
            yield recording
        finally:
            self._recording, self._suppressed, self._doubted = before

    def add(self, problem: Problem) -> None:
        """Report a problem of what runs now."""
        self.reached(problem, Spot(self._stack.current.module, problem.node), ())

    def reached(self, problem: Problem, spot: Spot, way: Sequence[Spot]) -> None:
        """Report a problem at `spot`, to which the calls `way` lead from what runs now."""
        if problem.wrong in self._suppressed or self._stack.left <= 0:
            return
        depth = self._recording.depth if self._recording is not None else 0
        whole = (*self._stack.way(depth), *way)
        if self._doubted or self._stack.is_conditional(depth):
            problem = replace(problem, is_conditional=True)
        if self._recording is not None:
            self._recording.problems.append((problem, spot, whole[1:]))
        else:
            self._keep(problem, [*whole, spot])

    def _keep(self, problem: Problem, path: Sequence[Spot]) -> None:
        """Keep a problem at the last place of the file before the way leaves it."""
        at = 0
        while at + 1 < len(path) and path[at + 1].module is self._own:
            at += 1
        if path[at].module is not self._own:
            return
        callers, steps = tuple(map(_step, path[:at])), tuple(map(_step, path[at + 1 :]))
        if steps and problem.when is When.NEVER:
            return  # nothing fails at the call: told where it is written
        key = _identity(problem, path, at)
        self._roots.setdefault(key, set()).add(self.root)
        known = self._found.get(key)
        if known is None or (known.is_conditional, len(known.callers)) > (problem.is_conditional, len(callers)):
            self._found[key] = replace(problem, node=path[at].node, steps=steps, callers=callers)


def _identity(problem: Problem, path: Sequence[Spot], at: int) -> tuple[object, ...]:
    """What makes two problems one: the place and the name, or what is behind a call."""
    if problem.made is not None:
        return problem.wrong, problem.made, problem.name  # told once, however often it is submitted
    here = (problem.wrong, path[at].line, getattr(path[at].node, "col_offset", 0))
    if at == len(path) - 1:
        return *here, problem.name
    if problem.wrong is Wrong.ATTRIBUTE_OF_PLAIN:
        return *here, problem.owner
    return *here, path[-1].module, path[-1].line


def _step(spot: Spot) -> Step:
    text = " ".join(ast.unparse(spot.node).split()) if isinstance(spot.node, ast.expr) else ""
    shown = text if len(text) <= _LONGEST_STEP else f"{text[: _LONGEST_STEP - 3]}..."
    return Step(spot.module.path, spot.line, shown)
