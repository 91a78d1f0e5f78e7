"""What is known at one point of a program: the variables of every frame, and the objects on the heap."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TypeVar

from nemo_run_lint.flow.values import (
    NONE,
    NOTHING,
    UNSET,
    Closure,
    Config,
    Deferred,
    Instance,
    Mapped,
    Named,
    Object,
    Plain,
    Ref,
    Sequence,
    Value,
    alternatives,
    below,
    one_of,
)

Key = TypeVar("Key")

#: The frame that holds the global variables of the file that is read.
GLOBALS = 0


class State:
    """Variables by frame, and objects by address.

    Two states that have parted share what neither has changed since: parts are copied when they are first changed.
    """

    def __init__(
        self, frames: dict[int, dict[str, Value]] | None = None, heap: dict[int, Object] | None = None
    ) -> None:
        self._frames = {GLOBALS: {}} if frames is None else frames
        self._heap = {} if heap is None else heap
        self._own = {*self._frames} if frames is None else set()
        self._owns_heap = heap is None

    def fork(self) -> State:
        """Another one that knows the same, and may go another way."""
        self._own.clear()
        self._owns_heap = False
        return State(dict(self._frames), self._heap)

    def become(self, other: State) -> None:
        """Go on as `other`, which is not used any more."""
        self._frames, self._heap, self._own, self._owns_heap = (
            other._frames,
            other._heap,
            other._own,
            other._owns_heap,
        )

    # -- variables -------------------------------------------------------------------------------------------

    def names(self, frame: int) -> Mapping[str, Value]:
        """The variables of a frame."""
        return self._frames.get(frame, {})

    def bind(self, frame: int, name: str, value: Value) -> None:
        """Give a variable a value."""
        self._own_frame(frame)[name] = value

    def replace_names(self, frame: int, names: Mapping[str, Value]) -> None:
        """Give a frame these variables and no others."""
        self._frames[frame] = dict(names)
        self._own.add(frame)

    def drop(self, frame: int) -> None:
        """Forget a frame that nothing will look into any more."""
        self._frames.pop(frame, None)

    def _own_frame(self, frame: int) -> dict[str, Value]:
        if frame not in self._own:
            self._frames[frame] = dict(self._frames.get(frame, {}))
            self._own.add(frame)
        return self._frames[frame]

    # -- objects ---------------------------------------------------------------------------------------------

    @property
    def heap(self) -> Mapping[int, Object]:
        """Every object by its address, as it is now; changes of the state do not reach what was returned."""
        self._owns_heap = False
        return self._heap

    def put(self, address: int, thing: Object) -> None:
        """Put an object at an address."""
        if not self._owns_heap:
            self._heap = dict(self._heap)
            self._owns_heap = True
        self._heap[address] = thing

    def object(self, value: Value) -> Object | None:
        """The object at a reference; None for any other value."""
        return self._heap.get(value.address) if isinstance(value, Ref) else None

    def configs(self, value: Value) -> list[tuple[Ref, Config]] | None:
        """The configs that a value may be; None where it may be anything else."""
        found: list[tuple[Ref, Config]] = []
        for each in alternatives(value):
            thing = self.object(each)
            if not isinstance(each, Ref) or not isinstance(thing, Config):
                return None
            found.append((each, thing))
        return found

    def reachable(self, values: Iterable[Value]) -> Iterator[tuple[int, Object]]:
        """Every object that can be reached from these values; a function reaches what its names stand for."""
        seen: set[Value] = set()
        stack = [each for value in values for each in alternatives(value)]
        while stack:
            value = stack.pop()
            if not isinstance(value, (Ref, Closure)) or value in seen:
                continue
            seen.add(value)
            thing = self.object(value)
            held = below(thing) if thing is not None else self._seen_by(value)
            if isinstance(value, Ref) and thing is not None:
                yield value.address, thing
            stack += [each for inner in held for each in alternatives(inner)]

    def _seen_by(self, function: Value) -> Iterator[Value]:
        """The values of the variables that a function uses of what is around it."""
        if isinstance(function, Closure) and function.frames:
            for name in function.names:
                yield from (self.names(frame)[name] for frame in function.frames if name in self.names(frame))

    def share(self, values: Iterable[Value]) -> None:
        """Hand values to code that is not followed: it may change whatever they hold."""
        for address, thing in list(self.reachable(values)):
            self.put(address, shared(thing))


def shared(thing: Object) -> Object:
    """An object that others may have changed."""
    if isinstance(thing, Config):
        return replace(thing, arguments={}, is_shared=True)
    if isinstance(thing, Instance):
        return replace(thing, arguments=None, is_shared=True)
    if isinstance(thing, (Sequence, Mapped)):
        return replace(thing, is_open=True)
    return thing


def joined(first: State | None, second: State | None) -> State | None:
    """What is known after either of two ways; None stands for a way that does not get there."""
    if first is None or second is None:
        return first or second
    found = first.fork()
    for frame, names in second._frames.items():
        before = found._frames.get(frame)
        if before is not names:
            found.replace_names(frame, names if before is None else _joined_names(before, names))
    if first._heap is not second._heap:
        for address, thing in second._heap.items():
            known = found._heap.get(address)
            if known is not thing:
                found.put(address, thing if known is None else _merged(known, thing))
    return found


def _joined_names(first: Mapping[str, Value], second: Mapping[str, Value]) -> dict[str, Value]:
    """A name that only one way binds has its value: on the other way, using it would fail."""
    names = dict(first)
    for name, value in second.items():
        before = names.get(name)
        if before is None:
            names[name] = value
        elif before is not value and before != value:
            names[name] = one_of((before, value))
    return names


def _merged(first: Object, second: Object) -> Object:
    """What one object may be after two ways."""
    if isinstance(first, Config) and isinstance(second, Config):
        return replace(
            first,
            arguments=_merged_arguments(first.arguments, second.arguments),
            is_open=first.is_open or second.is_open,
            is_shared=first.is_shared or second.is_shared,
        )
    if isinstance(first, Sequence) and isinstance(second, Sequence):
        if first.elements == second.elements:
            return replace(first, is_open=first.is_open or second.is_open)
        added = tuple(each for each in second.elements if each not in first.elements)
        return replace(first, elements=first.elements + added, is_open=True)
    if isinstance(first, Mapped) and isinstance(second, Mapped):
        return Mapped(_merged_arguments(first.items, second.items), first.is_open or second.is_open)
    if isinstance(first, Instance) and isinstance(second, Instance):
        return replace(first, arguments=None, is_shared=True)
    return first if isinstance(first, Deferred) else shared(first)


def _merged_arguments(first: Mapping[Key, Value], second: Mapping[Key, Value]) -> dict[Key, Value]:
    """Arguments by name; where one way did not set it, it may be unset."""
    merged: dict[Key, Value] = {}
    for name in {**first, **second}:
        values = (first.get(name, UNSET), second.get(name, UNSET))
        merged[name] = values[0] if values[0] is values[1] or values[0] == values[1] else one_of(values)
    return merged


def widen(end: State, before: State) -> None:
    """Forget of the end of a loop's body what the loop has changed since `before`: the next time it changes it again.

    Which objects there are is kept: those of the next time are made in the same places.
    """
    for frame, names in list(end._frames.items()):
        known = before._frames.get(frame, names)
        for name, value in list(names.items()) if known is not names else ():
            if known.get(name) is not value:
                end.bind(frame, name, _widened(value))
    for address, thing in before._heap.items():
        changed = end._heap[address]
        if changed is not thing:
            end.put(address, _widened_object(changed))


def _widened(value: Value) -> Value:
    """Only objects are kept, and what may be instead of them."""
    found = alternatives(value)
    is_kept = len(found) > 1 or isinstance(value, Ref)
    return one_of([NOTHING if isinstance(each, (Plain, Named)) and each != NONE else each for each in found if is_kept])


def _widened_object(thing: Object) -> Object:
    if not isinstance(thing, Config):
        return shared(thing)
    return replace(thing, arguments={name: _widened(value) for name, value in thing.arguments.items()})
