"""Conditions: whether a value counts as true, and what is known where a condition holds."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from nemo_run_lint.flow.state import State
from nemo_run_lint.flow.values import (
    Closure,
    Config,
    Deferred,
    Mapped,
    Method,
    Named,
    OneOf,
    Plain,
    Ref,
    Sequence,
    Value,
    alternatives,
    one_of,
)
from nemo_run_lint.signatures.literals import NO_CONSTANT, Shape
from nemo_run_lint.signatures.nodes import nodes
from nemo_run_lint.signatures.symbols import Class, Function, Module

if TYPE_CHECKING:
    from nemo_run_lint.flow.interpreter import Interpreter

#: Attributes that tell of which class an object is, or what a config calls.
_OF_CLASSES = frozenset({"__name__", "__qualname__", "__class__", "__fn_or_cls__"})

#: Calls that ask what an object is or has: behind them an attribute may be meant for another object.
_ASKING = frozenset({"hasattr", "isinstance", "issubclass", "getattr", "dir", "type", "callable"})


def is_true(value: Value, state: State) -> bool | None:
    """Whether a value counts as true."""
    found = {_is_true(each, state) for each in alternatives(value)}
    return found.pop() if len(found) == 1 else None


def _is_true(value: Value, state: State) -> bool | None:
    if isinstance(value, Plain):
        return None if value.shape.constant is NO_CONSTANT else bool(value.shape.constant)
    if isinstance(value, Ref):
        return _object_is_true(value, state)
    return True if isinstance(value, (Closure, Method)) else None


def _object_is_true(value: Ref, state: State) -> bool | None:
    thing = state.object(value)
    if isinstance(thing, (Sequence, Mapped)):
        held = thing.elements if isinstance(thing, Sequence) else thing.items
        return None if thing.is_open else bool(held)
    return True if isinstance(thing, (Config, Deferred)) else None


def compared(left: Value, operator: ast.cmpop, right: Value) -> bool | None:
    """What comparing two values gives; None where that is not known."""
    if isinstance(operator, (ast.Is, ast.IsNot)):
        same = _is_same(left, right)
        return None if same is None else same is isinstance(operator, ast.Is)
    if not isinstance(operator, (ast.Eq, ast.NotEq)):
        return None
    if isinstance(left, Plain) and isinstance(right, Plain):
        first, second = left.shape.constant, right.shape.constant
        if NO_CONSTANT not in (first, second):
            return (first == second) is isinstance(operator, ast.Eq)
        return None
    same = _is_same_definition(left, right)
    return None if same is None else same is isinstance(operator, ast.Eq)


def _is_same_definition(left: Value, right: Value) -> bool | None:
    """Whether two functions or classes are one; None where either may be something else."""
    first, second = _definition(left), _definition(right)
    return None if first is None or second is None else first is second


def _definition(value: Value) -> object:
    if isinstance(value, Closure):
        return value.symbol or value.node
    return value.symbol if isinstance(value, Named) and isinstance(value.symbol, (Class, Function)) else None


def _is_same(left: Value, right: Value) -> bool | None:
    """Whether two values are one object, where one of them is None; None where that is not known."""
    for value, other in ((left, right), (right, left)):
        if isinstance(other, Plain) and other.shape.kind == "None":
            found = {_is_none(each) for each in alternatives(value)}
            return found.pop() if len(found) == 1 else None
    return _is_same_definition(left, right)


def _is_none(value: Value) -> bool | None:
    if isinstance(value, Plain):
        return value.shape.kind == "None"
    if isinstance(value, Named):
        return False if isinstance(value.symbol, (Class, Function, Module)) else None
    return False if isinstance(value, (Closure, Method, Ref)) else None


def assumed(flow: Interpreter, test: ast.expr, holds: bool, state: State) -> State:
    """`state`, where the condition is known to hold or not to hold."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return assumed(flow, test.operand, not holds, state)
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And) is holds:
        for each in test.values:
            state = assumed(flow, each, holds, state)
        return state
    name, is_none = _asked_none(test)
    if name is not None:
        value = flow.name(name, state)
        if is_none is holds and isinstance(test, ast.Compare):
            flow.bind(name, Plain(Shape("None", None)), state)
        elif is_none is not holds and isinstance(value, OneOf):
            kept = [each for each in value.alternatives if _is_none(each) is not True]
            flow.bind(name, one_of(kept), state)
    return state


def _asked_none(test: ast.expr) -> tuple[str | None, bool]:
    """The variable that a test asks about (`x is None`, `x`), and whether it is None where the test holds."""
    if isinstance(test, ast.Name):
        return test.id, False
    if isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.left, ast.Name):
        right = test.comparators[0]
        if isinstance(right, ast.Constant) and right.value is None and isinstance(test.ops[0], (ast.Is, ast.IsNot)):
            return test.left.id, isinstance(test.ops[0], ast.Is)
    return None, False


def asks_about_objects(flow: Interpreter, test: ast.expr) -> bool:
    """Whether a condition asks what an object is or has: by hasattr, isinstance, or a variable with such an answer."""
    for each in nodes(test):
        if isinstance(each, ast.Call) and isinstance(each.func, ast.Name) and each.func.id in _ASKING:
            return True
        if isinstance(each, ast.Name) and each.id in flow.activation.answers:
            return True
        if isinstance(each, ast.Attribute) and each.attr in _OF_CLASSES:
            return True
    return False
