"""Scopes, and the places in them where names get a meaning."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

import libcst as cst

#: Nodes that open a scope inside an expression.
COMPREHENSIONS = (cst.ListComp, cst.SetComp, cst.DictComp, cst.GeneratorExp)


class Kind(Enum):
    """How a name came to be bound."""

    IMPORT = "import"
    ASSIGNMENT = "assignment"
    PARAMETER = "parameter"
    FUNCTION = "function"
    CLASS = "class"
    WITH = "with"
    OTHER = "other"  # loops, handlers, patterns, deletions, augmented assignments, unpacking


@dataclass(eq=False)
class Binding:
    """One place where a name gets a meaning.

    node    the construct that binds (the import alias, the assignment, the parameter, the definition)
    value   for an assignment or a `with`, the expression; for a parameter, its default
    path    for an import, the dotted path: `nemo_run.config.Partial`, `..configs.model` when relative
    """

    name: str
    kind: Kind
    node: cst.CSTNode
    value: cst.BaseExpression | None = None
    path: str = ""


@dataclass(eq=False)
class Scope:
    """A region with names of its own: the module, a function, a class, a lambda, a comprehension."""

    node: cst.CSTNode
    parent: Scope | None
    bindings: dict[str, list[Binding]] = field(default_factory=dict)
    outer: dict[str, bool] = field(default_factory=dict)  # `global x` -> True, `nonlocal x` -> False

    @property
    def is_class(self) -> bool:
        """Whether it is a class body, whose names its methods do not see."""
        return isinstance(self.node, cst.ClassDef)


def dotted(node: cst.CSTNode) -> str | None:
    """`a.b.c` as written, or None when it is anything but names and dots."""
    parts: list[str] = []
    while isinstance(node, cst.Attribute):
        parts.append(node.attr.value)
        node = node.value
    if not isinstance(node, cst.Name):
        return None
    parts.append(node.value)
    return ".".join(reversed(parts))
