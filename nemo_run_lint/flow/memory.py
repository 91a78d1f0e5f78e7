"""What following a function gave, to be had again without following it: recipes are called from hundreds of files.

Only calls without objects among their arguments are remembered: these depend on nothing but the function.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar
from weakref import WeakKeyDictionary

from nemo_run_lint.flow import calls
from nemo_run_lint.flow.activations import Extent
from nemo_run_lint.flow.copies import copied
from nemo_run_lint.flow.reports import Recording
from nemo_run_lint.flow.state import State
from nemo_run_lint.flow.values import (
    Closure,
    Experiment,
    Named,
    Nothing,
    Object,
    Plain,
    Spot,
    Value,
    alternatives,
    below,
)
from nemo_run_lint.signatures.binding import Given
from nemo_run_lint.signatures.index import Index
from nemo_run_lint.signatures.symbols import Function

if TYPE_CHECKING:
    from nemo_run_lint.flow.interpreter import Interpreter


@dataclass(frozen=True, eq=False)
class _Remembered:
    """What a call gave, the objects that it made, what was reported, what it took, and the modules it depends on.

    is_captured  whether it gave functions that were defined in it: they look into frames that are gone
    """

    value: Value
    heap: Mapping[int, Object]
    recording: Recording
    extent: Extent
    modules: frozenset[str]
    is_captured: bool


_Call = tuple[Function, tuple[Value, ...], frozenset[tuple[str, Value]]]


class Memory:
    """What one index's functions gave."""

    _of_index: ClassVar[WeakKeyDictionary[Index, Memory]] = WeakKeyDictionary()

    def __init__(self) -> None:
        self._known: dict[_Call, _Remembered] = {}

    @classmethod
    def of(cls, index: Index) -> Memory:
        """The one of this index."""
        return cls._of_index.setdefault(index, cls())

    def recalled(
        self, flow: Interpreter, function: Closure, given: Given[Value], node: ast.Call, state: State
    ) -> Value:
        """What `calls.follow` gives, from memory if it was asked before."""
        call = _call(function, given)
        if call is None:
            return calls.follow(flow, function, given, node, state)
        known = self._known.get(call)
        if known is not None and flow.stack.repeats(known.extent):
            flow.stack.repeat(known.extent)
        else:
            known = self._followed(flow, call, function, given, node)
        if known.is_captured:
            return calls.follow(flow, function, given, node, state)
        flow.index.consulted |= known.modules
        for problem, spot, way in known.recording.problems:
            flow.reports.reached(problem, spot, (Spot(flow.activation.module, node), *way))
        return copied(known.value, known.heap, flow, state)

    def _followed(
        self, flow: Interpreter, call: _Call, function: Closure, given: Given[Value], node: ast.Call
    ) -> _Remembered:
        outer, apart = flow.index.consulted, State()
        flow.index.consulted = set()
        try:
            with flow.reports.recorded() as recording, flow.stack.measured() as extent:
                value = calls.follow(flow, function, given, node, apart)
            kept = dict(apart.reachable([value]))
            modules = frozenset(flow.index.consulted)
            found = _Remembered(value, kept, recording, extent, modules, _is_captured(value, kept))
        finally:
            flow.index.consulted = outer
        if extent.is_whole and flow.stack.left > 0:
            self._known[call] = found
        return found


def _is_captured(value: Value, heap: Mapping[int, Object]) -> bool:
    held = [value, *(each for thing in heap.values() for each in below(thing))]
    return any(isinstance(each, Closure) and each.frames for value in held for each in alternatives(value))


def _call(function: Closure, given: Given[Value]) -> _Call | None:
    """A call as something to remember it by; None where it depends on more than the function."""
    values = (*given.placed, *given.keywords.values())
    if function.symbol is None or function.frames or given.more_placed or given.more_keywords:
        return None
    if not all(isinstance(each, (Plain, Named, Nothing, Experiment)) for each in values):
        return None
    return function.symbol, given.placed, frozenset(given.keywords.items())
