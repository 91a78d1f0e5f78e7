"""What a name means at a place: scopes, the bindings that reach it, and the dotted path of what was imported.

A name that is rebound, shadowed or may come from one of several star imports resolves to nothing, not to a guess.
"""

from __future__ import annotations

import builtins
from collections.abc import Iterator, Sequence
from typing import Protocol

import libcst as cst

from nemo_run_lint.syntax.bindings import COMPREHENSIONS, Binding, Kind, Scope, dotted
from nemo_run_lint.syntax.reaching import Reaching
from nemo_run_lint.syntax.tree import Tree

#: Nodes that open a scope of their own.
_SCOPES = (cst.FunctionDef, cst.Lambda, cst.ClassDef, cst.ListComp, cst.SetComp, cst.DictComp, cst.GeneratorExp)
_OPENERS = frozenset(_SCOPES)


class Origins(Protocol):
    """Who knows what other modules hand on: where they have the names from that a file takes from them."""

    def of(self, path: str) -> str:
        """The import path that another one leads to; the same where nobody hands it on."""
        ...

    def among(self, stars: Sequence[str], name: str) -> str | None:
        """Where a name comes from that one of these star imports brings; None if that is not known."""
        ...


class Names:
    """The names of one file."""

    def __init__(self, tree: Tree, origins: Origins | None = None) -> None:
        self._tree = tree
        self._origins = origins
        self.module = Scope(tree.module, None)
        self._scopes: dict[cst.CSTNode, Scope] = {tree.module: self.module}
        self._scope_around: dict[int, Scope] = {}  # by the identity of the node
        self._may_be_qualified: set[str] = set()
        self._uses: dict[str, dict[cst.CSTNode, list[cst.Name]]] = {}
        self._looked_up: dict[int, Sequence[Binding]] = {}
        self._reaching = Reaching(tree)
        self._aliases: dict[tuple[int, int], str] = {}
        self.imported: list[str] = []
        self.star_imports: list[str] = []
        self._collect()

    # -- scopes ----------------------------------------------------------------------------------------------

    def scope_of(self, node: cst.CSTNode) -> Scope:
        """The scope in which `node` is evaluated (a default or decorator: the scope around its function)."""
        known = self._scope_around
        if id(node) in known:
            return known[id(node)]
        climbed, scope, child = [], self.module, node
        for above in self._tree.ancestors(node):
            if id(child) in known:
                scope = known[id(child)]
                break
            climbed.append(id(child))
            if above.__class__ in _OPENERS and self._evaluated_inside(child, above):
                scope = self.scope(above)
                break
            child = above
        for each in climbed:
            known[each] = scope
        return scope

    def scope(self, node: cst.CSTNode) -> Scope:
        """The scope that a function, class, lambda, comprehension or the module opens."""
        if node not in self._scopes:
            self._scopes[node] = Scope(node, self.scope_of(node))
        return self._scopes[node]

    def _evaluated_inside(self, child: cst.CSTNode, opener: cst.CSTNode) -> bool:
        if isinstance(opener, COMPREHENSIONS):
            return True  # the first iterable belongs outside; it seldom names what the comprehension binds
        return isinstance(opener, (cst.FunctionDef, cst.ClassDef, cst.Lambda)) and child is opener.body

    # -- collecting ------------------------------------------------------------------------------------------

    def _collect(self) -> None:
        tree = self._tree
        for declaration in tree.nodes(cst.Global):
            self._declare(declaration, is_global=True)
        for nonlocal_declaration in tree.nodes(cst.Nonlocal):
            self._declare(nonlocal_declaration, is_global=False)
        for import_ in tree.nodes(cst.Import):
            self._import(import_)
        for import_from in tree.nodes(cst.ImportFrom):
            self._import_from(import_from)
        for function in tree.nodes(cst.FunctionDef):
            self._bind(function.name.value, Kind.FUNCTION, function)
        for definition in tree.nodes(cst.ClassDef):
            self._bind(definition.name.value, Kind.CLASS, definition)
        for parameter in tree.nodes(cst.Param):
            self._parameter(parameter)
        for assign in tree.nodes(cst.Assign):
            for target in assign.targets:
                self._target(target.target, assign, assign.value)
        for annotated in tree.nodes(cst.AnnAssign):
            if annotated.value is not None:
                self._target(annotated.target, annotated, annotated.value)
        for walrus in tree.nodes(cst.NamedExpr):
            self._target(walrus.target, walrus, walrus.value)
        for item in tree.nodes(cst.WithItem):
            if item.asname is not None:
                self._target(item.asname.name, item, item.item, Kind.WITH)
        for augmented in tree.nodes(cst.AugAssign):
            self._target(augmented.target, augmented, None, Kind.OTHER)
        for loop in tree.nodes(cst.For):
            self._target(loop.target, loop, None, Kind.OTHER)
        for comprehension in tree.nodes(cst.CompFor):
            self._target(comprehension.target, comprehension, None, Kind.OTHER)
        for deletion in tree.nodes(cst.Del):
            self._target(deletion.target, deletion, None, Kind.OTHER)
        for handler in (cst.ExceptHandler, cst.ExceptStarHandler, cst.MatchAs, cst.MatchStar):
            self._collect_optional_names(handler)
        for mapping in tree.nodes(cst.MatchMapping):
            if mapping.rest is not None:
                self._target(mapping.rest, mapping, None, Kind.OTHER)
        for alias in tree.nodes(cst.TypeAlias):
            self._target(alias.name, alias, None, Kind.OTHER)
        for scope in self._scopes.values():
            for bindings in scope.bindings.values():
                if len(bindings) > 1:
                    bindings.sort(key=lambda binding: tree.order(binding.node))

    def _declare(self, statement: cst.Global | cst.Nonlocal, is_global: bool) -> None:
        scope = self.scope_of(statement)
        for item in statement.names:
            scope.outer[item.name.value] = is_global

    def _collect_optional_names(self, node_class: type[cst.CSTNode]) -> None:
        """The names of `except ... as name`, `case ... as name`, `case [*name]`."""
        for node in self._tree.nodes(node_class):
            name = getattr(node, "name")
            if name is not None:
                self._target(name.name if isinstance(name, cst.AsName) else name, node, None, Kind.OTHER)

    # -- binding ---------------------------------------------------------------------------------------------

    def _bind(
        self, name: str, kind: Kind, node: cst.CSTNode, value: cst.BaseExpression | None = None, path: str = ""
    ) -> None:
        scope = self.scope_of(node)
        if not isinstance(node, (cst.CompFor, cst.Param)):
            while isinstance(scope.node, COMPREHENSIONS) and scope.parent is not None:
                scope = scope.parent  # a walrus binds outside its comprehension
        if name in scope.outer:
            outer = self.module if scope.outer[name] else self._nonlocal(scope, name)
            kind, scope = (Kind.OTHER if kind is Kind.ASSIGNMENT else kind), outer
        scope.bindings.setdefault(name, []).append(Binding(name, kind, node, value, path))
        if kind is Kind.IMPORT or isinstance(value, (cst.Name, cst.Attribute)):
            self._may_be_qualified.add(name)  # most names are neither, and need no look into scopes

    def _nonlocal(self, scope: Scope, name: str) -> Scope:
        above = scope.parent
        while above is not None and (above.is_class or name in above.outer or above.node is self._tree.module):
            above = above.parent
        return above or self.module

    def _import(self, node: cst.Import) -> None:
        for alias in node.names:
            path = dotted(alias.name) or ""
            self.imported.append(path)
            if alias.asname is not None:
                self._bind(str(dotted(alias.asname.name)), Kind.IMPORT, alias, path=path)
            else:
                first = path.split(".")[0]
                self._bind(first, Kind.IMPORT, alias, path=first)

    def _import_from(self, node: cst.ImportFrom) -> None:
        module = "." * len(node.relative) + (dotted(node.module) or "" if node.module is not None else "")
        self.imported.append(module)
        if isinstance(node.names, cst.ImportStar):
            self.star_imports.append(module)
            return
        for alias in node.names:
            name = str(dotted(alias.name))
            bound = str(dotted(alias.asname.name)) if alias.asname is not None else name
            path = module + name if module.endswith(".") else f"{module}.{name}"
            self._bind(bound, Kind.IMPORT, alias, path=path)

    def _parameter(self, parameter: cst.Param) -> None:
        owner = self._tree.enclosing(parameter, cst.FunctionDef, cst.Lambda)
        if owner is not None:
            binding = Binding(parameter.name.value, Kind.PARAMETER, parameter, parameter.default)
            self.scope(owner).bindings.setdefault(binding.name, []).append(binding)

    def _target(
        self,
        target: cst.CSTNode,
        node: cst.CSTNode,
        value: cst.BaseExpression | None,
        kind: Kind = Kind.ASSIGNMENT,
    ) -> None:
        """Bind the names of a left side; of an unpacking, each name to its part where both sides show it."""
        if isinstance(target, cst.Name):
            self._bind(target.value, kind, node, value)
        elif isinstance(target, (cst.Tuple, cst.List)):
            parts = _parts(value, target.elements)
            for place, element in enumerate(target.elements):
                part = parts[place] if parts else None
                self._target(element.value, node, part, kind if parts and kind is Kind.ASSIGNMENT else Kind.OTHER)
        elif isinstance(target, cst.StarredElement):
            self._target(target.value, node, None, Kind.OTHER)

    # -- asking ----------------------------------------------------------------------------------------------

    def bindings(self) -> Iterator[Binding]:
        """Every binding of the file."""
        for scope in self._scopes.values():
            for found in scope.bindings.values():
                yield from found

    def lookup(self, name: cst.Name) -> Sequence[Binding]:
        """The bindings that may give `name` its meaning where it stands; empty when it is unknown or a builtin.

        In the scope of the bindings, what a later assignment of the same block overwrites is left out.
        """
        found = self._looked_up.get(id(name))
        if found is None:
            found = self._look_up(name)
            if self._tree.holds(name):  # the identity of another node, say of an annotation in quotes, may come again
                self._looked_up[id(name)] = found
        return found

    def uses(self, node: cst.CSTNode, name: str) -> Sequence[cst.Name]:
        """Where a name is written that may have its meaning from the binding at `node`, in the order of the file."""
        if name not in self._uses:
            found: dict[cst.CSTNode, list[cst.Name]] = {}
            for each in self._tree.called(name):
                for binding in self.lookup(each):
                    found.setdefault(binding.node, []).append(each)
            self._uses[name] = found
        return self._uses[name].get(node, ())

    def _look_up(self, name: cst.Name) -> Sequence[Binding]:
        scope: Scope | None = self.scope_of(name)
        own = scope
        while scope is not None:
            if name.value in scope.outer:
                scope = self.module if scope.outer[name.value] else self._nonlocal(scope, name.value)
            found = scope.bindings.get(name.value)
            if found and (scope is own or not scope.is_class):
                if len(found) == 1:
                    return found
                ordered = self._reaching.ordered(scope, name.value)
                is_placed = self._tree.holds(name)  # what an annotation in quotes names is read at any time
                is_apart = scope is own and is_placed and len(ordered.bindings) > 1
                return self._reaching.reaching(ordered, name) if is_apart else ordered.bindings
            scope = scope.parent
        return ()

    def qualified(self, node: cst.CSTNode) -> str | None:
        """The dotted import path that an expression names: `nemo_run.Partial`, or None when it cannot be told.

        Follows aliases (`Partial = run.Partial`), not calls, subscripts or anything computed.
        """
        path = self._qualified(node, 8)
        return self._origins.of(path) if path is not None and self._origins is not None else path

    def _qualified(self, node: cst.CSTNode, steps: int) -> str | None:
        if type(node) is cst.Attribute:
            above = self._qualified(node.value, steps)
            return f"{above}.{node.attr.value}" if above else None
        if type(node) is not cst.Name or not steps:
            return None
        if node.value not in self._may_be_qualified:
            return self._star_imported(node) if self.star_imports else None
        paths = set()
        for binding in self.lookup(node):
            if binding.kind is Kind.IMPORT:
                paths.add(binding.path)
            elif binding.kind is Kind.ASSIGNMENT and isinstance(binding.value, (cst.Name, cst.Attribute)):
                paths.add(self._aliased(binding.value, steps - 1))
            else:
                return None
        return (paths.pop() or None) if len(paths) == 1 else None

    def _aliased(self, value: cst.CSTNode, steps: int) -> str:
        """What an assigned name is called, or nothing; kept, since there are many ways from alias to alias."""
        key = id(value), steps
        if key not in self._aliases:
            self._aliases[key] = self._qualified(value, steps) or ""
        return self._aliases[key]

    def _star_imported(self, name: cst.Name) -> str | None:
        """Where a name comes from that nothing binds, when it is known or there is but one module it can come from."""
        if hasattr(builtins, name.value) or self.lookup(name):
            return None
        origin = self._origins.among(self.star_imports, name.value) if self._origins is not None else None
        if origin is not None or len(self.star_imports) > 1:
            return origin
        return f"{self.star_imports[0]}.{name.value}"

    def excludes(self, node: cst.CSTNode, use: cst.CSTNode) -> bool:
        """Whether `node` and `use` stand in different branches of one `if` or `match`, so that never both run."""
        return self._reaching.excludes(node, use)

    def is_builtin(self, node: cst.CSTNode, *names: str) -> bool:
        """Whether `node` is one of these builtins by name, not bound to anything else in the file."""
        return isinstance(node, cst.Name) and node.value in names and not self.lookup(node)


def _parts(value: cst.BaseExpression | None, targets: Sequence[cst.BaseElement]) -> list[cst.BaseExpression] | None:
    """The parts of a tuple or list that is unpacked into as many targets, or None."""
    if not isinstance(value, (cst.Tuple, cst.List)) or len(value.elements) != len(targets):
        return None
    if any(isinstance(element, cst.StarredElement) for element in (*value.elements, *targets)):
        return None
    return [element.value for element in value.elements]
