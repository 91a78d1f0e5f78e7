"""Which of a name's bindings count: those that run, by what is known of the tests and imports that they stand under."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from enum import Enum

from nemo_run_lint.signatures.summary import Binding, Guard


class Runs(Enum):
    """Whether a branch runs. Without need: only a type checker sees it, or an import of it fails."""

    ALWAYS = "always"
    PERHAPS = "perhaps"
    WITHOUT_NEED = "without need"
    NEVER = "never"


class Attempt(Enum):
    """What becomes of the imports in the body of a `try`."""

    SUCCEEDS = "all can be imported"
    LACKS_NAME = "an installed module lacks a name"
    LACKS_MODULE = "a module is not installed"
    UNCLEAR = "it imports nothing, or something that is not known"


#: Whether a handler of these catches what a failing import raises.
_IMPORT_ERRORS = re.compile(r"\b(?:ImportError|ModuleNotFoundError|Exception|BaseException)\b")

#: Decorated so, a function goes on with a property that was bound before.
_ACCESSORS = ("setter", "getter", "deleter")


class Guards:
    """What is known of the guards in one module.

    attempt  tells what becomes of the `try` in a line
    holds    tells whether a condition is true, by its text; None if it is not known
    """

    def __init__(self, attempt: Callable[[int], Attempt], holds: Callable[[str], bool | None]) -> None:
        self._attempt = attempt
        self._holds = holds

    def live(self, bindings: Sequence[Binding]) -> list[int]:
        """The places of the bindings of one name that it may have in the end; several exclude each other."""
        ends: list[int] = []  # places of what may be bound so far
        spare: list[int] = []
        for place, binding in enumerate(bindings):
            runs = self._runs(binding, bindings)
            if ends and _goes_on(binding):
                continue
            if runs in (Runs.ALWAYS, Runs.PERHAPS):
                ends = self._bound(bindings, ends, place)
            elif runs is Runs.WITHOUT_NEED:
                spare.append(place)
        ends = ends or sorted(spare, key=lambda each: (not _is_handled(bindings[each]), each))[-1:]
        return [each for end in ends for each in _overloads(bindings, end)]

    def of_star(self, guards: Sequence[Guard]) -> Runs:
        """Whether a star import under these guards runs."""
        star = Binding("import", 0, tuple(guards))
        return self._runs(star, [star])

    # -- what runs -------------------------------------------------------------------------------------------

    def _runs(self, binding: Binding, bindings: Sequence[Binding]) -> Runs:
        least = Runs.ALWAYS
        for guard in binding.guards:
            runs = self._guard(guard, binding, bindings)
            if runs in (Runs.NEVER, Runs.WITHOUT_NEED):
                return runs
            least = runs if runs is Runs.PERHAPS else least
        return least

    def _guard(self, guard: Guard, binding: Binding, bindings: Sequence[Binding]) -> Runs:
        if guard.kind == "if":
            holds = self._holds(guard.test) if guard.test else None
            if holds is not None:
                unneeded = Runs.WITHOUT_NEED if "TYPE_CHECKING" in guard.test else Runs.NEVER
                return Runs.ALWAYS if holds else unneeded
            return Runs.PERHAPS
        if guard.kind == "try":
            return self._body(guard) if guard.branch == 0 else self._handler(guard, binding, bindings)
        return Runs.PERHAPS

    def _body(self, guard: Guard) -> Runs:
        attempt = self._attempt(guard.line)
        if attempt is Attempt.UNCLEAR:
            return Runs.PERHAPS
        # what needs a module that is not installed here is not known, rather than what stands in for it
        return Runs.WITHOUT_NEED if attempt is Attempt.LACKS_NAME else Runs.ALWAYS

    def _handler(self, guard: Guard, binding: Binding, bindings: Sequence[Binding]) -> Runs:
        if guard.test and not _IMPORT_ERRORS.search(guard.test):
            return Runs.PERHAPS
        attempt = self._attempt(guard.line)
        if attempt is Attempt.SUCCEEDS:
            return Runs.NEVER
        if attempt is Attempt.UNCLEAR:
            return Runs.PERHAPS
        if attempt is Attempt.LACKS_NAME or binding.kind == "import":
            return Runs.ALWAYS
        body = (guard.kind, guard.line, 0)
        tried = {each.kind for each in bindings if any(other[:3] == body for other in each.guards)}
        return Runs.PERHAPS if tried <= {"value"} else Runs.NEVER

    # -- what is left ----------------------------------------------------------------------------------------

    def _bound(self, bindings: Sequence[Binding], before: Sequence[int], place: int) -> list[int]:
        """What may be bound after one more binding has run, or may have."""

        def branch(each: int) -> tuple[Guard, ...]:
            return self._undecided(bindings[each])

        own = branch(place)
        left = [each for each in before if branch(each)[: len(own)] != own]
        for depth in range(len(own) - 1, -1, -1):
            around = own[:depth]
            inside = [each for each in [*left, place] if branch(each)[:depth] == around and len(branch(each)) > depth]
            branches = {branch(each)[depth].branch for each in inside if branch(each)[depth].line == own[depth].line}
            if not _is_every_branch(own[depth], branches):
                break
            left = [
                each
                for each in left
                if branch(each)[:depth] != around
                or (len(branch(each)) > depth and branch(each)[depth].line == own[depth].line)
            ]
        return [*left, place]

    def _undecided(self, binding: Binding) -> tuple[Guard, ...]:
        return tuple(guard for guard in binding.guards if self._guard(guard, binding, [binding]) is Runs.PERHAPS)


def _is_handled(binding: Binding) -> bool:
    """Whether a binding stands in an `except`."""
    return any(guard.kind == "try" and guard.branch > 0 for guard in binding.guards)


def _goes_on(binding: Binding) -> bool:
    """Whether a binding leaves what it binds as it is, but for what calls do not see: `@size.setter`, `x: int`."""
    if binding.function is not None:
        ways = [f"{binding.function.name}.{each}" for each in _ACCESSORS]
        return any(decorator in ways for decorator in binding.function.decorators)
    return binding.kind == "value" and not binding.source


def _is_every_branch(guard: Guard, branches: set[int]) -> bool:
    """Whether one of these branches of an `if` certainly runs: its `else` is the last, as `-n` after n others."""
    count = -min(branches)
    return guard.kind == "if" and count > 0 and branches == {*range(count), -count}


def _overloads(bindings: Sequence[Binding], end: int) -> list[int]:
    """A binding, and if it is an `@overload` those before it as well."""
    start = end
    while start > 0 and _is_overload(bindings[start]) and _is_overload(bindings[start - 1]):
        start -= 1
    return list(range(start, end + 1))


def _is_overload(binding: Binding) -> bool:
    function = binding.function
    return function is not None and any(each.rpartition(".")[2] == "overload" for each in function.decorators)
