"""A parsed file: its LibCST module, every node's parent, and the nodes by type, from one read-only walk.

LibCST's own visitors cost as much as parsing; a stack over the fields that carry meaning costs a tenth of it.
Whitespace, commas and brackets are not walked, so they have no parent here.
"""

from __future__ import annotations

import ast
import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from typing import TypeVar

import libcst as cst

Node = TypeVar("Node", bound=cst.CSTNode)

#: Fields that hold only layout. A field is skipped too when its name starts with `whitespace`.
_LAYOUT = frozenset(
    "lpar rpar lbracket rbracket lbrace rbrace comma semicolon equal dot asynchronous leading_lines header footer "
    "lines_after_decorators trailing_whitespace indent newline encoding default_indent default_newline "
    "has_trailing_newline posonly_ind separator colon first_colon second_colon trailing_comma leading_whitespace "
    "relative operator".split()
)


@contextmanager
def collector_paused() -> Iterator[None]:
    """No garbage collection inside: parsing makes millions of objects and no cycles, and the collector doubles its time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class _Fields(dict[type, tuple[str, ...]]):
    """Of each node class, the fields to walk; worked out when a class is first met."""

    def __missing__(self, node_class: type) -> tuple[str, ...]:
        names = tuple(
            field.name
            for field in fields(node_class)
            if field.name not in _LAYOUT
            and not field.name.startswith("whitespace")
            and field.type not in (str, bool, "str", "bool")
        )
        self[node_class] = names
        return names


_FIELDS = _Fields()


def children(node: cst.CSTNode) -> list[cst.CSTNode]:
    """The nodes right below `node`, layout left out, about in the order of the source."""
    below: list[cst.CSTNode] = []
    for name in _FIELDS[node.__class__]:
        value = getattr(node, name)
        if value is None:
            continue
        if isinstance(value, cst.CSTNode):
            below.append(value)
        elif isinstance(value, (tuple, list)):
            below.extend(value)
    return below


class Tree:
    """One file's syntax.

    `module` is LibCST's tree, `ast` the standard library's of the same text (positions are anchored there).
    """

    def __init__(self, text: str, syntax: ast.Module) -> None:
        """Parse `text`, which `ast.parse` has already accepted as `syntax`.

        Raises libcst.ParserSyntaxError where LibCST refuses what `ast` accepts.
        """
        self.ast = syntax
        with collector_paused():
            self.module = cst.parse_module(text)
            self._walk()

    def _walk(self) -> None:
        self.parents: dict[cst.CSTNode, cst.CSTNode] = {}
        self._by_type: dict[type[cst.CSTNode], list[cst.CSTNode]] = {}
        parents, by_type, all_fields = self.parents, self._by_type, _FIELDS
        stack: list[cst.CSTNode] = [self.module]
        while stack:
            node = stack.pop()
            node_class = node.__class__
            if node_class in by_type:
                by_type[node_class].append(node)
            else:
                by_type[node_class] = [node]
            below: list[cst.CSTNode] = []
            for name in all_fields[node_class]:
                value = getattr(node, name)
                if value is None:
                    continue
                if isinstance(value, cst.CSTNode):
                    parents[value] = node
                    below.append(value)
                elif isinstance(value, (tuple, list)):
                    for child in value:
                        parents[child] = node
                    below.extend(value)
            below.reverse()
            stack += below

    def nodes(self, node_class: type[Node]) -> Sequence[Node]:
        """All nodes of exactly this class, in the order of the walk."""
        return self._by_type.get(node_class, ())  # type: ignore[return-value]

    @property
    def node_types(self) -> Sequence[type[cst.CSTNode]]:
        """The classes of nodes that occur."""
        return tuple(self._by_type)

    def ancestors(self, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        """The parent of `node`, its parent, and so on up to the module."""
        above = self.parents.get(node)
        while above is not None:
            yield above
            above = self.parents.get(above)

    def enclosing(self, node: cst.CSTNode, *classes: type[Node]) -> Node | None:
        """The nearest ancestor of one of these classes."""
        return next((above for above in self.ancestors(node) if isinstance(above, classes)), None)

    def inside(self, node: cst.CSTNode, container: cst.CSTNode) -> bool:
        """Whether `node` is `container` or below it."""
        return node is container or any(above is container for above in self.ancestors(node))

    def below(self, node: cst.CSTNode, *classes: type[Node], into_functions: bool = True) -> Iterator[Node]:
        """The nodes below `node` of these classes; with `into_functions=False`, not those of nested functions, classes and lambdas."""
        stack = children(node)[::-1]
        while stack:
            current = stack.pop()
            if isinstance(current, classes):
                yield current
            if into_functions or not isinstance(current, (cst.FunctionDef, cst.ClassDef, cst.Lambda)):
                stack += children(current)[::-1]

    def order(self, node: cst.CSTNode) -> int:
        """The place of `node` in the walk: smaller is earlier in the file (decorators come after their function)."""
        if not hasattr(self, "_order"):
            self._order = {child: place for place, child in enumerate(self._preorder())}
        return self._order[node]

    def _preorder(self) -> Iterator[cst.CSTNode]:
        yield self.module
        yield from self.below(self.module, cst.CSTNode)
