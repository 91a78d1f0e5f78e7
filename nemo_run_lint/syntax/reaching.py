"""Which of several bindings of a name reach a place, in the order of execution."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

import libcst as cst

from nemo_run_lint.syntax.bindings import COMPREHENSIONS, Binding, Scope, dotted
from nemo_run_lint.syntax.tree import Tree

_LOOPS = (cst.For, cst.While)
_ASSIGNMENTS = (cst.Assign, cst.AnnAssign, cst.AugAssign, cst.NamedExpr)

#: What binds only on some ways through it: a loop may run no time, a walrus or a pattern may not be reached.
_SKIPPABLE = (
    *(cst.For, cst.NamedExpr, cst.ExceptHandler, cst.ExceptStarHandler),
    *(cst.MatchAs, cst.MatchStar, cst.MatchMapping),
)

#: What a handler catches when it stands in for a failed import.
_IMPORT_FAILURES = frozenset({"ImportError", "ModuleNotFoundError", "AttributeError", "Exception", "BaseException"})


@dataclass(frozen=True)
class Ordered:
    """The bindings of one name in one scope in the order of the file, and the place of each in that order."""

    bindings: list[Binding]
    places: list[int]


class Reaching:
    """What reaches what in one file."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._in_order: dict[tuple[cst.CSTNode, str], Ordered] = {}

    def ordered(self, scope: Scope, name: str) -> Ordered:
        """The bindings of a name, without what stands in for a failed import: `except ImportError: Config = object`."""
        if (scope.node, name) not in self._in_order:
            bindings = scope.bindings[name]
            primary = [binding for binding in bindings if not self._is_fallback(binding)] or bindings
            by_place = sorted(primary, key=lambda binding: self._tree.order(binding.node))
            places = [self._tree.order(binding.node) for binding in by_place]
            self._in_order[scope.node, name] = Ordered(by_place, places)
        return self._in_order[scope.node, name]

    def _is_fallback(self, binding: Binding) -> bool:
        handler = self._tree.enclosing(binding.node, cst.ExceptHandler, cst.FunctionDef, cst.ClassDef)
        if not isinstance(handler, cst.ExceptHandler):
            return False
        caught = handler.type
        names = [caught] if not isinstance(caught, cst.Tuple) else [element.value for element in caught.elements]
        return any(name is None or dotted(name) in _IMPORT_FAILURES for name in names)

    def reaching(self, ordered: Ordered, use: cst.Name) -> list[Binding]:
        """Of bindings in the use's own scope, those that can reach it in the order of execution."""
        bindings, above = ordered.bindings, list(self._tree.ancestors(use))
        place = bisect_right(ordered.places, self._tree.order(use))
        loops = [each for each in above if isinstance(each, _LOOPS)]
        around = {id(each) for each in above if isinstance(each, _ASSIGNMENTS)}
        # what is bound further down comes round in a loop, as does what the use is itself the value of: `x = wrap(x)`
        later = [*(each for each in bindings[:place] if id(each.node) in around), *bindings[place:]] if loops else []
        reaching = [each for each in later if any(self._tree.inside(each.node, loop) for loop in loops)]
        for binding in reversed(bindings[:place]):
            if id(binding.node) in around:
                continue
            if self._is_certain(binding.node, use):
                reaching.append(binding)  # whatever came before is overwritten on every way to the use
                break
            if not self.excludes(binding.node, use):
                reaching.append(binding)
        return sorted(reaching, key=lambda binding: self._tree.order(binding.node)) or bindings

    def _is_certain(self, node: cst.CSTNode, use: cst.Name) -> bool:
        """Whether an earlier binding ran on every way to `use`: its block holds the use, it can't be skipped."""
        if isinstance(node, _SKIPPABLE) and not self._tree.inside(use, node):
            return False
        blocks = (cst.BaseSuite, cst.Module, cst.Lambda, *COMPREHENSIONS)
        block = next(above for above in self._tree.ancestors(node) if isinstance(above, blocks))
        return self._tree.inside(use, block)

    def excludes(self, node: cst.CSTNode, use: cst.CSTNode) -> bool:
        """Whether `node` and `use` stand in different branches of one `if` or `match`, so that never both run."""
        below: dict[cst.CSTNode, cst.CSTNode] = {}
        child = node
        for above in self._tree.ancestors(node):
            below[above] = child
            child = above
        child = use
        for above in self._tree.ancestors(use):
            if above in below:
                branches = (below[above], child)
                in_branches = not any(isinstance(branch, cst.BaseExpression) for branch in branches)
                return isinstance(above, (cst.If, cst.Match)) and branches[0] is not branches[1] and in_branches
            child = above
        return False
