"""A parsed file: its LibCST module, every node's parent, and the nodes by type, from one read-only walk.

LibCST's own visitors cost as much as parsing; a stack over the fields that carry meaning costs a tenth of it.
Whitespace, commas and brackets are not walked, so they have no parent here.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from functools import cache, cached_property
from typing import TypeVar, cast

import libcst as cst

from nemo_run_lint import timings
from nemo_run_lint.collector import collector_paused

Node = TypeVar("Node", bound=cst.CSTNode)

#: Fields that hold only layout. A field is skipped too when its name starts with `whitespace`.
_LAYOUT = frozenset(
    "lpar rpar lbracket rbracket lbrace rbrace comma semicolon equal dot asynchronous leading_lines header footer "
    "lines_after_decorators trailing_whitespace indent newline encoding default_indent default_newline "
    "has_trailing_newline posonly_ind separator colon first_colon second_colon trailing_comma leading_whitespace "
    "relative operator".split()
)

_DEFINITIONS = frozenset({cst.FunctionDef, cst.ClassDef, cst.Lambda})

#: What a field holds instead of nodes: text, a flag, nothing, or "as LibCST likes".
_NO_NODES = frozenset({str, bool, type(None), cst.MaybeSentinel})


@contextmanager
def _unvalidated() -> Iterator[None]:
    """Nodes are not validated inside: LibCST does so for those that a program makes, and a parser's are right."""
    validate = cst.CSTNode.__post_init__
    cst.CSTNode.__post_init__ = _as_parsed  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        cst.CSTNode.__post_init__ = validate  # type: ignore[method-assign]


def _as_parsed(node: cst.CSTNode) -> None:
    """In the place of validation."""


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


@cache
def concrete(classes: tuple[type, ...]) -> frozenset[type]:
    """These classes and all below them: asking a set for a node's class is ten times quicker than `isinstance`.

    LibCST's nodes are abstract base classes to Python, which asks them for virtual subclasses.
    """
    found = set(classes)
    for node_class in classes:
        found |= concrete(tuple(node_class.__subclasses__()))
    return frozenset(found)


def children(node: cst.CSTNode) -> list[cst.CSTNode]:
    """The nodes right below `node`, layout left out, about in the order of the source."""
    below: list[cst.CSTNode] = []
    for name in _FIELDS[node.__class__]:
        value = getattr(node, name)
        value_class = value.__class__
        if value_class is tuple or value_class is list:
            below += value
        elif value_class not in _NO_NODES:
            below.append(value)
    return below


class Tree:
    """One file's syntax.

    `module` is LibCST's tree, `ast` the standard library's of the same text (positions are anchored there), `walked`
    all nodes in the order of the source, but for decorators, which come after their function. What is known of a node
    is kept under its `id`, since the hash of LibCST's nodes is a method in Python.
    """

    def __init__(self, text: str, syntax: ast.Module) -> None:
        """Parse `text`, which `ast.parse` has already accepted as `syntax`.

        Raises libcst.ParserSyntaxError where LibCST refuses what `ast` accepts.
        """
        self.ast = syntax
        with collector_paused():
            with timings.step(timings.LIBCST), _unvalidated():
                self.module = cst.parse_module(text)
            self._walk()

    def _walk(self) -> None:
        self.walked: list[cst.CSTNode] = []
        self._above: dict[int, cst.CSTNode] = {}
        self._by_type: dict[type[cst.CSTNode], list[cst.CSTNode]] = {}
        walked, above, by_type = self.walked, self._above, self._by_type
        stack: list[cst.CSTNode] = [self.module]
        while stack:
            node = stack.pop()
            walked.append(node)
            node_class = node.__class__
            if node_class in by_type:
                by_type[node_class].append(node)
            else:
                by_type[node_class] = [node]
            below = children(node)
            if below:
                for child in below:
                    above[id(child)] = node
                below.reverse()
                stack += below

    def nodes(self, node_class: type[Node]) -> Sequence[Node]:
        """All nodes of exactly this class, in the order of the walk."""
        return self._by_type.get(node_class, ())  # type: ignore[return-value]

    def called(self, name: str) -> Sequence[cst.Name]:
        """All names that are written so, in the order of the walk."""
        return self._names.get(name, ())

    @cached_property
    def _names(self) -> dict[str, list[cst.Name]]:
        found: dict[str, list[cst.Name]] = {}
        for name in self.nodes(cst.Name):
            found.setdefault(name.value, []).append(name)
        return found

    def parent(self, node: cst.CSTNode) -> cst.CSTNode:
        """The node right above. Raises KeyError for the module, and for what is not of this tree or not walked."""
        return self._above[id(node)]

    def holds(self, node: cst.CSTNode) -> bool:
        """Whether `node` is below the module of this tree, and walked."""
        return id(node) in self._above

    def ancestors(self, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        """The parent of `node`, its parent, and so on up to the module."""
        parents = self._above
        above = parents.get(id(node))
        while above is not None:
            yield above
            above = parents.get(id(above))

    def enclosing(self, node: cst.CSTNode, *classes: type[Node]) -> Node | None:
        """The nearest ancestor of one of these classes."""
        wanted, parents = concrete(classes), self._above
        above = parents.get(id(node))
        while above is not None and above.__class__ not in wanted:
            above = parents.get(id(above))
        return cast("Node | None", above)

    def inside(self, node: cst.CSTNode, container: cst.CSTNode) -> bool:
        """Whether `node` is `container` or below it."""
        first, place = self._order.get(id(container)), self._order.get(id(node))
        if first is None or place is None:
            return node is container
        return first <= place <= self._last[first]

    def below(self, node: cst.CSTNode, *classes: type[Node], into_functions: bool = True) -> Iterator[Node]:
        """The nodes below `node` of these classes; `into_functions=False`: not those in definitions and lambdas."""
        wanted = concrete(classes)
        stack = children(node)[::-1]
        while stack:
            current = stack.pop()
            if current.__class__ in wanted:
                yield cast(Node, current)
            if into_functions or current.__class__ not in _DEFINITIONS:
                stack += children(current)[::-1]

    def order(self, node: cst.CSTNode) -> int:
        """The place of `node` in the walk: smaller is earlier in the file (decorators come after their function)."""
        return self._order[id(node)]

    @cached_property
    def _last(self) -> list[int]:
        """Of each node, in the order of the walk, the place of the last one below it."""
        last = list(range(len(self.walked)))
        order, parents = self._order, self._above
        for place in range(len(last) - 1, 0, -1):
            above = order[id(parents[id(self.walked[place])])]
            last[above] = max(last[above], last[place])
        return last

    @cached_property
    def _order(self) -> dict[int, int]:
        return {id(node): place for place, node in enumerate(self.walked)}
