"""Functions and classes that a file changes by other means than defining them: what these accept is not known.

By name alone: `tasks.train = other`, `train.__signature__ = ...`, `mock.patch.object(tasks, "train")`, `exec(...)`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

#: Stands for every name: where code is made from text, nothing of the file is certain.
ALL = "*"

#: What decides what a call of a function takes.
_DECIDING = frozenset(
    "__signature__ __defaults__ __kwdefaults__ __wrapped__ __code__ __call__ __init__ __new__".split()
)

#: Functions that put something else in the place of what a text names.
_PATCHING = frozenset("patch object setattr".split())


def patched(nodes: Iterable[ast.AST]) -> frozenset[str]:
    """The names of what a file with these nodes changes."""
    changing = (node for node in nodes if isinstance(node, (ast.Attribute, ast.Call)))
    return frozenset(name for node in changing for name in _changed(node))


def _changed(node: ast.Attribute | ast.Call) -> Iterator[str]:
    if isinstance(node, ast.Call):
        yield from _by_call(node)
    elif isinstance(node.ctx, ast.Store):
        owner = node.value
        if node.attr in _DECIDING:
            yield owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")
        elif isinstance(owner, ast.Name) and owner.id not in ("self", "cls"):
            yield f"{owner.id}.{node.attr}"


def _by_call(call: ast.Call) -> Iterator[str]:
    function = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    if function == "exec" and isinstance(call.func, ast.Name):
        yield ALL
    elif function == "update_wrapper" and call.args and isinstance(call.args[0], ast.Name):
        yield call.args[0].id
    elif function in _PATCHING:
        texts = [each.value for each in call.args if isinstance(each, ast.Constant)]
        yield from (text.rpartition(".")[2] for text in texts if isinstance(text, str))
