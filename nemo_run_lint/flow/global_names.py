"""What is left of the global variables for a function when it is not known what ran before it.

Other functions of the file may have run, and may have set whatever they set somewhere: names that one of them declares
global, and attributes of configs under the names that one of them assigns to.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import replace

from nemo_run_lint.flow.state import GLOBALS, State, shared
from nemo_run_lint.flow.values import NOTHING, Config, Object, Ref


def unsettle(state: State, changing: Sequence[ast.AST]) -> None:
    """Forget what functions with these nodes may have changed of the global variables, and of what they hold."""
    for declared in (each for each in changing if isinstance(each, ast.Global)):
        for name in declared.names:
            state.bind(GLOBALS, name, NOTHING)
    attributes = {
        each.attr for each in changing if isinstance(each, ast.Attribute) and not isinstance(each.ctx, ast.Load)
    }
    sets_any = any(isinstance(each, ast.Name) and each.id == "setattr" for each in changing)
    for address, thing in list(state.reachable(state.names(GLOBALS).values())):
        state.put(address, shared(thing) if sets_any else _unsettled(thing, attributes))


def _unsettled(thing: Object, attributes: set[str]) -> Object:
    """An object of which the configs that it holds are what is left, if they are not replaced."""
    if not isinstance(thing, Config):
        return shared(thing)
    kept = {name: value for name, value in thing.arguments.items() if isinstance(value, Ref) and name not in attributes}
    return replace(thing, arguments=kept, is_open=True)
