"""Names that a module makes up when they are asked for, as far as it writes down where they come from."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple


class Origin(NamedTuple):
    """Where a name may come from: a module as written, perhaps without its leading dot, and a name in it.

    Without an attribute, `source` is the whole: a submodule, a module with this name in it, or the dotted name itself.
    """

    source: str
    attribute: str = ""


def lazy_names(tree: ast.Module) -> Mapping[str, tuple[Origin, ...]]:
    """The names that a module with a `__getattr__` or a stand-in for itself may make up.

    They are taken from every table that looks like one of lazy imports, and from the imports in `__getattr__`. Whoever
    uses an origin has to see whether the name is there.
    """
    found: dict[str, list[Origin]] = {}
    for statement in tree.body:
        for name, origin in _of_statement(statement):
            found.setdefault(name, []).append(origin)
    return {name: tuple(origins) for name, origins in found.items()}


def _of_statement(statement: ast.stmt) -> Iterator[tuple[str, Origin]]:
    if isinstance(statement, ast.FunctionDef) and statement.name == "__getattr__":
        for node in ast.walk(statement):
            if isinstance(node, ast.ImportFrom):
                source = "." * node.level + (node.module or "")
                yield from ((alias.name, Origin(source, alias.name)) for alias in node.names if alias.asname is None)
    elif isinstance(statement, (ast.If, ast.Try)):
        handlers = [each for handler in getattr(statement, "handlers", ()) for each in handler.body]
        for each in (*statement.body, *handlers, *statement.orelse):
            yield from _of_statement(each)
    elif isinstance(statement, (ast.Assign, ast.AnnAssign, ast.Expr)) and statement.value is not None:
        yield from _of_value(statement.value)
        if isinstance(statement, ast.Assign):
            yield from _of_entry(statement.targets[0], statement.value)
        elif isinstance(statement.value, ast.Call) and isinstance(statement.value.func, ast.Attribute):
            yield from _of_entry(statement.value.func.value, *statement.value.args)


def _of_value(value: ast.expr) -> Iterator[tuple[str, Origin]]:
    """Tables, also those that are handed to a call."""
    if isinstance(value, ast.Call):
        for given in (*value.args, *(keyword.value for keyword in value.keywords)):
            yield from _of_value(given)
    elif isinstance(value, ast.Dict):
        for key, entry in zip(value.keys, value.values, strict=True):
            written = _text(key)
            if written is not None:
                yield from _listed(written, entry)


def _of_entry(target: ast.expr, *values: ast.expr) -> Iterator[tuple[str, Origin]]:
    """`structure["sub"] = ["Name"]`, `structure["sub"].append("Name")`."""
    key = _text(target.slice) if isinstance(target, ast.Subscript) else None
    for value in values if key is not None else ():
        name = _text(value)
        if name is not None:
            yield name, Origin(f".{key}", name)
        else:
            yield from _listed(str(key), value)


def _listed(key: str, entry: ast.expr) -> Iterator[tuple[str, Origin]]:
    """One entry of a table: `"sub": ["Name"]`, `"Name": ("module", "Name")`, `"Name": ".module"`."""
    written = _text(entry)
    if written is not None:
        yield key, Origin(written)
    elif isinstance(entry, (ast.List, ast.Tuple, ast.Set)):
        parts = _texts(entry.elts)
        if isinstance(entry, ast.Tuple) and len(parts) == 2:
            yield key, Origin(*parts)
        yield from ((name, Origin(f".{key}", name)) for name in parts)


def _texts(elements: Sequence[ast.expr]) -> list[str]:
    return [written for written in map(_text, elements) if written is not None]


def _text(node: ast.expr | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
