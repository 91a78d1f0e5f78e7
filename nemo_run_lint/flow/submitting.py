"""Where configs go: what is certainly missing in one that is submitted or built, and what is no task at all."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from nemo_run_lint.flow import fiddle
from nemo_run_lint.flow.problems import Problem, Step, When, Wrong
from nemo_run_lint.flow.state import State
from nemo_run_lint.flow.values import (
    Config,
    Mapped,
    Named,
    Ref,
    Sequence,
    Value,
)
from nemo_run_lint.signatures.symbols import Class, Function

if TYPE_CHECKING:
    from nemo_run_lint.flow.interpreter import Interpreter


def submitted(flow: Interpreter, value: Value, node: ast.AST, state: State, when: When = When.BUILT) -> None:
    """Report required arguments that are missing in what is submitted, and so is called after it is built."""
    for path, config in _built(value, state, calls=when is When.BUILT):
        found = fiddle.missing(config)
        if found is None:
            continue
        names, signature = found
        made = config.made
        steps = () if made.module is flow.activation.module else (Step(made.module.path, made.line, config.name),)
        flow.reports.add(
            Problem(
                Wrong.MISSING,
                when,
                node,
                config.name,
                ", ".join(names),
                None,
                tuple(names),
                signature,
                steps,
                made=made.node,
                detail=f"{path}|{made.line}" if made.module is flow.activation.module else path,
            )
        )


def must_be_task(flow: Interpreter, value: Value, node: ast.AST, how: str) -> None:
    """Report a function or class of another module where `how` wants a task; of the file's own, task-argument knows."""
    symbol = value.symbol if isinstance(value, Named) else None
    if not isinstance(symbol, (Function, Class)) or symbol.module is flow.own or symbol.summary.decorators:
        return
    kind = "class" if isinstance(symbol, Class) else "function"
    detail = f"the {kind} `{symbol.summary.name}`"
    flow.reports.add(Problem(Wrong.NO_TASK, When.ADDED, node, how, detail=detail))


def _built(value: Value, state: State, calls: bool) -> Iterator[tuple[str, Config]]:
    """The configs that certainly are in a value and are called when it is built, each with the path to it."""
    stack: list[tuple[str, Value, bool]] = [("", value, calls)]
    seen: set[int] = set()
    while stack:
        path, current, called = stack.pop()
        thing = state.object(current)
        if not isinstance(current, Ref) or current.address in seen or thing is None:
            continue
        seen.add(current.address)
        if isinstance(thing, Config):
            if thing.kind == "Config" or called:
                yield path, thing
            stack += [(f"{path}.{name}" if path else name, each, False) for name, each in thing.arguments.items()]
        elif isinstance(thing, Sequence):
            stack += [(f"{path}[{place}]", each, calls and not path) for place, each in enumerate(thing.elements)]
        elif isinstance(thing, Mapped) and not thing.is_open:
            stack += [(f"{path}[{key!r}]", each, False) for key, each in thing.items.items()]
