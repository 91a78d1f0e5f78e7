"""Objects that exp.add cannot save, of classes that other modules define.

It writes down configs, containers, text, numbers, functions and classes; of any other object it asks whether its class
is registered with fiddle's `register_node_traverser`, as NeMo's are (executed with nemo_run 0.11.1).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from nemo_run_lint.flow.problems import Problem, When, Wrong
from nemo_run_lint.flow.state import State
from nemo_run_lint.flow.values import Config, Instance, Mapped, Ref, Sequence, Value
from nemo_run_lint.nemo.api import public
from nemo_run_lint.signatures.dataclass_fields import is_dataclass
from nemo_run_lint.signatures.files import read_source
from nemo_run_lint.signatures.index import Index
from nemo_run_lint.signatures.signature import Unknown
from nemo_run_lint.signatures.symbols import Class

if TYPE_CHECKING:
    from nemo_run_lint.flow.interpreter import Interpreter


def added(flow: Interpreter, task: Value, node: ast.AST, state: State) -> None:
    """Report the objects in a task that is added which certainly cannot be saved."""
    for holder, name, thing in _instances(task, state):
        if thing.cls.module is flow.own or not _is_refused(flow.index, thing.cls, holder):
            continue
        here = thing.made.module is flow.activation.module
        at = thing.made.node if here else node
        owner, held_by = thing.cls.summary.name, holder.name if holder is not None else ""
        flow.reports.add(Problem(Wrong.INSTANCE, When.ADDED, at, owner, name, detail=held_by))


def _instances(task: Value, state: State) -> Iterator[tuple[Config | None, str, Instance]]:
    """The objects in a task, each with the config that holds it and the argument by which it does."""
    stack: list[tuple[Value, Config | None, str]] = [(task, None, "")]
    seen: set[int] = set()
    while stack:
        value, holder, name = stack.pop()
        thing = state.object(value)
        if not isinstance(value, Ref) or value.address in seen:
            continue
        seen.add(value.address)
        if isinstance(thing, Instance):
            yield holder, name, thing
        elif isinstance(thing, Config):
            stack += [(held, thing, argument) for argument, held in thing.arguments.items()]
        elif isinstance(thing, Sequence) and not thing.is_open:
            stack += [(held, holder, name) for held in thing.elements]
        elif isinstance(thing, Mapped) and not thing.is_open:
            stack += [(held, holder, name) for held in thing.items.values()]


def _is_refused(index: Index, cls: Class, holder: Config | None) -> bool:
    """Whether objects of a class certainly cannot be saved."""
    ancestors, complete = index.mro(cls)
    if not complete or holder is None or not cls.place.path or _is_of_library(index, cls) or public(cls.name):
        return False
    if is_dataclass(index, cls) is not False and isinstance(holder.signatures, Unknown):
        return False  # it may have been converted to a config
    if any(not isinstance(each, Class) for each in index.ancestry(cls)):
        return False
    sources = {each.module.path: read_source(each.module.path) for each in ancestors}
    return not any(source is None or "register_node_traverser" in source for source in sources.values())


def _is_of_library(index: Index, cls: Class) -> bool:
    """Whether a class is Python's own: unserializable-value knows which of these can be saved."""
    return any(cls.place.path.startswith(str(directory)) for directory in index.environment.stdlib) and not (
        cls.place.distribution
    )
