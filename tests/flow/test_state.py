"""Where ways part and meet: what is known of variables and objects then."""

from __future__ import annotations

import ast

import pytest
from flow.following import problems

from nemo_run_lint.flow.state import GLOBALS, State, joined, widen
from nemo_run_lint.flow.values import (
    NONE,
    NOTHING,
    UNSET,
    Closure,
    Config,
    Mapped,
    OneOf,
    Plain,
    Ref,
    Sequence,
    Value,
    alternatives,
)
from nemo_run_lint.signatures.literals import Shape
from nemo_run_lint.signatures.signature import Reason, Unknown

ONE, TWO = Plain(Shape("int", 1)), Plain(Shape("int", 2))


def config(**arguments: Value) -> Config:
    return Config("Config", NOTHING, "target", Unknown(Reason.COMPUTED), arguments, made=None)  # type: ignore[arg-type]


def test_what_a_fork_changes_stays_in_it() -> None:
    state = State()
    state.bind(GLOBALS, "x", ONE)
    state.put(1, config(size=ONE))
    fork = state.fork()
    fork.bind(GLOBALS, "x", TWO)
    fork.put(1, config(size=TWO))
    state.bind(GLOBALS, "y", ONE)
    assert (state.names(GLOBALS), fork.names(GLOBALS)) == ({"x": ONE, "y": ONE}, {"x": TWO})
    assert state.object(Ref(1)) != fork.object(Ref(1))


def test_a_heap_that_was_handed_out_does_not_change() -> None:
    state = State()
    state.put(1, config())
    heap = state.heap
    state.put(2, config())
    assert list(heap) == [1]


@pytest.mark.parametrize(
    ("first", "second", "together"),
    [
        (ONE, ONE, ONE),
        (ONE, TWO, OneOf((ONE, TWO))),
        (ONE, NOTHING, NOTHING),
        (Ref(1), NOTHING, OneOf((Ref(1), NOTHING))),
        (OneOf((ONE, TWO)), TWO, OneOf((ONE, TWO))),
        (ONE, None, ONE),
    ],
)
def test_a_variable_after_two_ways(first: Value, second: Value | None, together: Value) -> None:
    ways = [State(), State()]
    for way, value in zip(ways, (first, second), strict=True):
        if value is not None:
            way.bind(GLOBALS, "x", value)
    after = joined(*ways)
    assert after is not None
    assert set(alternatives(after.names(GLOBALS)["x"])) == set(alternatives(together))


def test_a_way_that_gets_nowhere_says_nothing() -> None:
    state = State()
    state.bind(GLOBALS, "x", ONE)
    assert joined(None, None) is None
    assert joined(None, state) is state
    assert joined(state, None) is state


def test_an_argument_that_one_way_sets_may_be_unset() -> None:
    before = State()
    before.put(1, config())
    first, second = before.fork(), before.fork()
    first.put(1, config(size=ONE))
    after = joined(first, second)
    assert after is not None
    thing = after.object(Ref(1))
    assert isinstance(thing, Config)
    assert thing.arguments == {"size": OneOf((ONE, UNSET))}


def test_a_list_that_one_way_extends_is_not_known_to_the_end() -> None:
    before = State()
    before.put(1, Sequence("list", (ONE,)))
    first, second = before.fork(), before.fork()
    first.put(1, Sequence("list", (ONE, TWO)))
    after = joined(first, second)
    assert after is not None
    thing = after.object(Ref(1))
    assert isinstance(thing, Sequence)
    assert (thing.elements, thing.is_open) == ((ONE, TWO), True)


def test_what_a_function_uses_is_reached_through_it() -> None:
    state = State()
    state.bind(5, "task", Ref(1))
    state.bind(5, "other", Ref(2))
    state.put(1, config(inner=Ref(3)))
    state.put(2, config())
    state.put(3, Mapped({"it": Ref(1)}))
    function = ast.parse("def later(): task.steps = 1").body[0]
    assert isinstance(function, ast.FunctionDef)
    closure = Closure(function, None, (5, GLOBALS))  # type: ignore[arg-type]
    assert sorted(address for address, _ in state.reachable([closure])) == [1, 3]
    state.share([closure])
    assert [getattr(state.object(Ref(address)), "is_shared", None) for address in (1, 2)] == [True, False]


@pytest.mark.parametrize(
    ("value", "afterwards"),
    [(ONE, NOTHING), (NONE, NOTHING), (Ref(1), Ref(1)), (OneOf((Ref(1), NONE)), OneOf((Ref(1), NONE)))],
)
def test_what_a_loop_assigns_is_an_object_or_nothing(value: Value, afterwards: Value) -> None:
    before = State()
    before.bind(GLOBALS, "x", TWO)
    before.bind(GLOBALS, "same", TWO)
    end = before.fork()
    end.bind(GLOBALS, "x", value)
    widen(end, before)
    assert end.names(GLOBALS) == {"x": afterwards, "same": TWO}


# -- as programs -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("one = other = run.Config(Model)\none.inner = run.Config(Adam)\nother.inner.lr = 1\nother.inner.rl = 1", 1),
        ("one = run.Config(Model)\nother = one\nother.inner = 1\ndel one.inner\nother.inner.lr = 1", 1),
        ("one = run.Config(Adam) if x else run.Config(SGD)\none.lr = 1\none.momentum = 1", 0),
        ("one = run.Config(Adam) if x else run.Config(SGD)\none.size = 1", 1),
        ("if x:\n    one = run.Config(Adam)\nelse:\n    one = make()\none.size = 1", 0),
        ("if x:\n    one = run.Config(Adam)\none.size = 1", 1),
        ("one = run.Config(Model)\nif x:\n    one.inner = run.Config(Adam)\none.inner.rl = 1", 1),
        ("one = run.Config(Model)\nif x:\n    one.inner = make()\none.inner.rl = 1", 0),
        ("one = run.Config(Model, inner=run.Config(Adam))\nmade(one)\none.inner.rl = 1\none.sise = 1", 1),
    ],
)
def test_objects_on_several_ways(lines: str, expected: int) -> None:
    assert len(problems(lines)) == expected
