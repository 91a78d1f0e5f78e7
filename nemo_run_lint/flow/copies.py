"""Deep copies of values: with every object that they hold made anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from nemo_run_lint.flow.state import State
from nemo_run_lint.flow.values import (
    Config,
    Deferred,
    Instance,
    Mapped,
    Method,
    Object,
    OneOf,
    Ref,
    Sequence,
    Value,
    one_of,
)

if TYPE_CHECKING:
    from nemo_run_lint.flow.interpreter import Interpreter


def copied(value: Value, heap: Mapping[int, Object], flow: Interpreter, state: State) -> Value:
    """A value with all objects that it holds, made anew on the heap of `state`."""
    addresses: dict[int, Ref] = {}

    def moved(each: Value) -> Value:
        if isinstance(each, Ref) and each.address in heap:
            if each.address not in addresses:
                addresses[each.address] = flow.new(heap[each.address], state)
                state.put(addresses[each.address].address, _with(heap[each.address]))
            return addresses[each.address]
        if isinstance(each, OneOf):
            return one_of([moved(inner) for inner in each.alternatives])
        return Method(moved(each.owner), each.name) if isinstance(each, Method) else each

    def _with(thing: Object) -> Object:
        if isinstance(thing, Config):
            return replace(thing, arguments={name: moved(each) for name, each in thing.arguments.items()})
        if isinstance(thing, Sequence):
            return replace(thing, elements=tuple(map(moved, thing.elements)))
        if isinstance(thing, Mapped):
            return replace(thing, items={key: moved(each) for key, each in thing.items.items()})
        if isinstance(thing, Instance):
            held = thing.arguments
            return replace(thing, arguments=None if held is None else {name: moved(held[name]) for name in held})
        assert isinstance(thing, Deferred)
        keywords = {name: moved(each) for name, each in thing.keywords.items()}
        return Deferred(moved(thing.function), tuple(map(moved, thing.placed)), keywords)

    return moved(value)
