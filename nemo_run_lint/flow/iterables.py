"""What goes through lists, tuples and sets: loops, unpacking, subscripts, and the functions of Python that do so.

What is taken out of a list stays one of the objects on the heap even where it is not known which: what is done to it
must not go unseen.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from collections.abc import Sequence as Listed
from dataclasses import replace
from typing import TYPE_CHECKING

from nemo_run_lint.flow.state import State
from nemo_run_lint.flow.values import NOTHING, Plain, Ref, Sequence, Value, alternatives, one_of
from nemo_run_lint.signatures.binding import Given
from nemo_run_lint.signatures.literals import Shape

if TYPE_CHECKING:
    from nemo_run_lint.flow.interpreter import Interpreter

_NUMBER = Plain(Shape("int"))


def held(value: Value, state: State) -> Iterator[Value]:
    """What a value may hold; with NOTHING where it may hold more than that."""
    for each in alternatives(value):
        thing = state.object(each)
        if isinstance(thing, Sequence):
            yield from thing.elements
        if not isinstance(thing, Sequence) or thing.is_open:
            yield NOTHING


def element(value: Value, state: State) -> Value:
    """What may be taken out of a value."""
    return one_of(held(value, state))


def elements(value: Value, state: State) -> tuple[Value, ...] | None:
    """What is at each place of a list or tuple, or of several of one length; None where that is not known."""
    found: list[tuple[Value, ...]] = []
    for each in alternatives(value):
        thing = state.object(each)
        if not isinstance(thing, Sequence) or thing.is_open or (found and len(thing.elements) != len(found[0])):
            return None
        found.append(thing.elements)
    return tuple(one_of(place) for place in zip(*found, strict=True))


def unpacked(flow: Interpreter, value: Value, targets: Listed[ast.expr], state: State) -> list[Value]:
    """What each target of `first, *others = value` gets."""
    parts = elements(value, state)
    star = next((place for place, each in enumerate(targets) if isinstance(each, ast.Starred)), None)
    more = len(parts) - len(targets) if parts is not None else -2
    if parts is None or (more != 0 if star is None else more < -1):
        any_part = element(value, state)
        rest = flow.new(Sequence("list", (any_part,), is_open=True), state)
        return [rest if isinstance(each, ast.Starred) else any_part for each in targets]
    if star is None:
        return [*parts]
    rest = flow.new(Sequence("list", parts[star : star + more + 1]), state)
    return [*parts[:star], rest, *parts[star + more + 1 :]]


def item(thing: Sequence, place: object) -> Value:
    """The element at a place, which may be NO_CONSTANT."""
    if isinstance(place, int) and not thing.is_open:
        return thing.elements[place] if -len(thing.elements) <= place < len(thing.elements) else NOTHING
    return one_of([*thing.elements, *([NOTHING] if thing.is_open else ())])


def extended(thing: Sequence, added: Value, state: State) -> Sequence:
    """A sequence with what another one holds behind its own elements."""
    parts = elements(added, state)
    if parts is None:
        return replace(thing, elements=(*thing.elements, element(added, state)), is_open=True)
    return replace(thing, elements=thing.elements + parts)


def loosened(thing: Sequence, *added: Value) -> Sequence:
    """A sequence that may have lost some of its elements, and got others."""
    return replace(thing, elements=(one_of([*thing.elements, *added, NOTHING]),), is_open=True)


def increased(flow: Interpreter, before: Value, added: Value, state: State) -> Value:
    """What `before += added` leaves there: a list stays the same one."""
    thing = state.object(before)
    if isinstance(before, Ref) and isinstance(thing, Sequence) and thing.kind == "list":
        state.put(before.address, extended(thing, added, state))
        return before
    return flow.operated(before, added, state)


# -- functions of Python ---------------------------------------------------------------------------------------


def _made(flow: Interpreter, kind: str, parts: Listed[Value] | None, given: Given[Value], state: State) -> Value:
    """A sequence of these; where they are not known, one of what is in what was given."""
    if parts is None or given.more_placed:
        any_part = one_of([each for value in given.placed for each in held(value, state)])
        return flow.new(Sequence(kind, (any_part,), is_open=True), state)
    return flow.new(Sequence(kind, tuple(parts)), state)


def _iterated(flow: Interpreter, node: ast.Call, given: Given[Value], state: State) -> Value:
    return _made(flow, "iterator", elements(given.placed[0], state) if given.placed else None, given, state)


def _reversed(flow: Interpreter, node: ast.Call, given: Given[Value], state: State) -> Value:
    parts = elements(given.placed[0], state) if given.placed else None
    return _made(flow, "iterator", None if parts is None else parts[::-1], given, state)


def _sorted(flow: Interpreter, node: ast.Call, given: Given[Value], state: State) -> Value:
    parts = elements(given.placed[0], state) if given.placed else None
    return _made(flow, "list", None if parts is None else [one_of(parts)] * len(parts), given, state)


def _enumerated(flow: Interpreter, node: ast.Call, given: Given[Value], state: State) -> Value:
    counted = Given(tuple(given.placed[:1]), {}, given.more_placed)
    return _rows(flow, counted, lambda row: (_NUMBER, *row), state)


def _zipped(flow: Interpreter, node: ast.Call, given: Given[Value], state: State) -> Value:
    return _rows(flow, given, lambda row: row, state)


def _rows(
    flow: Interpreter, given: Given[Value], row: Callable[[tuple[Value, ...]], tuple[Value, ...]], state: State
) -> Value:
    """Tuples of what is at one place of each of the columns."""
    columns = [elements(each, state) for each in given.placed]
    known = [each for each in columns if each is not None]
    is_known = len(known) == len(columns) and not given.more_placed
    rows = list(zip(*known, strict=False)) if is_known else [tuple(element(each, state) for each in given.placed)]
    made = tuple(flow.new(Sequence("tuple", row(each), is_open=given.more_placed), state) for each in rows)
    return flow.new(Sequence("iterator", made, is_open=not is_known), state)


def _one(flow: Interpreter, node: ast.Call, given: Given[Value], state: State) -> Value:
    """next(values), next(values, otherwise), min(values), max(first, second)."""
    others = [*given.placed[1:], *given.keywords.values()]
    first = given.placed[:1] if len(given.placed) > 1 else ()
    return one_of([*first, *others, *(each for value in given.placed[:1] for each in held(value, state))])


def _some(flow: Interpreter, node: ast.Call, given: Given[Value], state: State) -> Value:
    """filter(test, values): what the function does to them is not followed."""
    state.share([*given.placed, *given.keywords.values()])
    return _made(flow, "iterator", None, given, state)


#: What does it, by name.
FUNCTIONS: dict[str, Callable[[Interpreter, ast.Call, Given[Value], State], Value]] = {
    "enumerate": _enumerated,
    "filter": _some,
    "iter": _iterated,
    "map": _some,
    "max": _one,
    "min": _one,
    "next": _one,
    "reversed": _reversed,
    "sorted": _sorted,
    "vars": _some,
    "zip": _zipped,
}
