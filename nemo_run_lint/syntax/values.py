"""Where a value comes from: through variables, `self.x`, parameters' defaults and the calls of the file.

A source is an expression as it is written, or the function or class that a name stands for. What comes from
outside the file is its own source: the name that was imported, the parameter that nobody in the file fills.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

import libcst as cst

from nemo_run_lint.syntax.bindings import Kind
from nemo_run_lint.syntax.calls import argument
from nemo_run_lint.syntax.names import Names
from nemo_run_lint.syntax.tree import Tree

Definition = cst.FunctionDef | cst.ClassDef

#: What a value may come from elsewhere through; any other expression is its own source.
_FOLLOWED = frozenset({cst.Name, cst.Attribute, cst.IfExp, cst.BooleanOperation, cst.NamedExpr, cst.Subscript})

#: How many steps a value is followed; real code needs three or four.
_STEPS = 8


def parameters(function: cst.FunctionDef | cst.Lambda) -> list[cst.Param]:
    """The named parameters in order, without `*args` and `**kwargs`."""
    given = function.params
    return [*given.posonly_params, *given.params, *given.kwonly_params]


def text(node: cst.CSTNode | None) -> str | None:
    """The text of a string literal (also of adjacent ones), or None for anything else, f-strings and bytes too."""
    if isinstance(node, (cst.SimpleString, cst.ConcatenatedString)):
        value = node.evaluated_value
        return value if isinstance(value, str) else None
    return None


def decorated_as(function: cst.FunctionDef, *names: str) -> bool:
    """Whether one of the decorators is one of these plain names."""
    return any(isinstance(each.decorator, cst.Name) and each.decorator.value in names for each in function.decorators)


class Values:
    """The flow of values in one file."""

    def __init__(self, tree: Tree, names: Names) -> None:
        self._tree = tree
        self._names = names
        self._calls: dict[cst.CSTNode, list[cst.Call]] | None = None
        self._items: dict[cst.CSTNode, dict[str, cst.BaseExpression] | None] = {}
        self._attributes: dict[cst.ClassDef, dict[str, list[cst.CSTNode]]] = {}

    def sources(self, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        """Every place in the file from which the value of `node` may come; itself where it cannot be followed."""
        if node.__class__ not in _FOLLOWED:
            yield node
            return
        seen: set[cst.CSTNode] = set()
        stack = [(node, _STEPS)]
        while stack:
            current, steps = stack.pop()
            if current in seen:
                continue
            seen.add(current)
            below = self._step(current) if steps else []
            if below:
                stack += [(source, steps - 1) for source in reversed(below)]
            else:
                yield current

    def definition(self, node: cst.CSTNode) -> Definition | None:
        """The one function or class of the file that `node` stands for, or None."""
        found = list(self.sources(node))
        return found[0] if len(found) == 1 and isinstance(found[0], (cst.FunctionDef, cst.ClassDef)) else None

    def value(self, node: cst.CSTNode) -> cst.CSTNode:
        """The one expression that `node` certainly stands for: itself, or what it was assigned."""
        for _ in range(_STEPS):
            bindings = self._names.lookup(node) if isinstance(node, cst.Name) else ()
            if len(bindings) != 1 or bindings[0].kind is not Kind.ASSIGNMENT or bindings[0].value is None:
                break
            node = bindings[0].value
        return node

    def calls(self, definition: Definition) -> Sequence[cst.Call]:
        """The calls in this file of a function by its name, of a class, or of a method by `self`."""
        if self._calls is None:
            self._calls = {}
            for call in self._tree.nodes(cst.Call):
                for callee in self._callees(call.func):
                    self._calls.setdefault(callee, []).append(call)
        return self._calls.get(definition, ())

    def enclosing_class(self, function: cst.CSTNode) -> cst.ClassDef | None:
        """The class whose method `function` is, or None."""
        above = self._tree.enclosing(function, cst.FunctionDef, cst.ClassDef, cst.Lambda)
        return above if isinstance(above, cst.ClassDef) else None

    def self_class(self, node: cst.CSTNode) -> cst.ClassDef | None:
        """The class of which `node` is the instance: the method's first parameter, usually called `self`."""
        if not isinstance(node, cst.Name):
            return None
        bindings = self._names.lookup(node)
        if len(bindings) != 1 or bindings[0].kind is not Kind.PARAMETER:
            return None
        method = self._tree.enclosing(bindings[0].node, cst.FunctionDef, cst.Lambda)
        if not isinstance(method, cst.FunctionDef) or decorated_as(method, "staticmethod", "classmethod"):
            return None
        return self.enclosing_class(method) if parameters(method)[:1] == [bindings[0].node] else None

    # -- one step back ---------------------------------------------------------------------------------------

    def _step(self, node: cst.CSTNode) -> list[cst.CSTNode]:
        if node.__class__ not in _FOLLOWED:
            return []
        if isinstance(node, cst.Name):
            return self._of_name(node)
        if isinstance(node, cst.Attribute):
            owner = self.self_class(node.value) or self._class(node.value)
            return self.attribute(owner, node.attr.value) if owner is not None else []
        if isinstance(node, cst.IfExp):
            return [node.body, node.orelse]
        if isinstance(node, cst.BooleanOperation):
            return [node.left, node.right]
        if isinstance(node, cst.NamedExpr):
            return [node.value]
        if isinstance(node, cst.Subscript):
            found = self._item(node)
            return [found] if found is not None else []
        return []

    def _item(self, node: cst.Subscript) -> cst.BaseExpression | None:
        """What a literal dict holds under a literal key: `COMPONENTS["load"]`."""
        index = node.slice[0].slice
        key = text(index.value) if len(node.slice) == 1 and isinstance(index, cst.Index) else None
        items = self.items(node.value) if key is not None else None
        return items.get(str(key)) if items is not None else None

    def items(self, node: cst.CSTNode) -> dict[str, cst.BaseExpression] | None:
        """The values of a literal dict, or of `dict(a=...)`, by their text keys; None where it is not all to be seen.

        A dict in a variable counts only if the variable is bound once, and nothing is assigned into it.
        """
        made = self.value(node)
        if made is not node and isinstance(node, cst.Name) and node.value in self._changed:
            return None
        if made not in self._items:
            self._items[made] = self._read_items(made)
        return self._items[made]

    def _read_items(self, made: cst.CSTNode) -> dict[str, cst.BaseExpression] | None:
        if isinstance(made, cst.Call) and self._names.is_builtin(made.func, "dict"):
            given = {each.keyword.value: each.value for each in made.args if each.keyword is not None}
            return given if len(given) == len(made.args) else None
        if not isinstance(made, cst.Dict):
            return None
        found = {}
        for element in made.elements:
            key = text(element.key) if isinstance(element, cst.DictElement) else None
            if key is None:
                return None
            found[key] = element.value
        return found

    @cached_property
    def _changed(self) -> set[str]:
        """The names of variables that are assigned into or deleted from, or of which a method is used."""
        found = set()
        for use in self._tree.nodes(cst.Name):
            above = self._tree.parent(use)
            if isinstance(above, cst.Attribute) and above.value is use:
                found.add(use.value)
            elif isinstance(above, cst.Subscript):
                outer = self._tree.parent(above)
                if isinstance(outer, (cst.AssignTarget, cst.AnnAssign, cst.AugAssign, cst.Del)):
                    found.add(use.value)
        return found

    def _class(self, node: cst.CSTNode) -> cst.ClassDef | None:
        """The class that `node` names: `Model` in `Model.create`."""
        bindings = self._names.lookup(node) if isinstance(node, cst.Name) else ()
        return bindings[0].node if len(bindings) == 1 and isinstance(bindings[0].node, cst.ClassDef) else None

    def _of_name(self, name: cst.Name) -> list[cst.CSTNode]:
        found: list[cst.CSTNode] = []
        for binding in self._names.lookup(name):
            if binding.kind in (Kind.FUNCTION, Kind.CLASS):
                found.append(binding.node)
            elif binding.kind is Kind.ASSIGNMENT and binding.value is not None:
                found.append(binding.value)
            elif binding.kind is Kind.PARAMETER and isinstance(binding.node, cst.Param):
                found += self._of_parameter(binding.node)
            elif isinstance(binding.node, (cst.For, cst.CompFor)) and isinstance(binding.node.target, cst.Name):
                found += self._elements(binding.node.iter)
        return found

    def _elements(self, node: cst.CSTNode) -> list[cst.CSTNode]:
        """What a loop over a literal list, tuple or set goes through."""
        looped = self.value(node)
        if not isinstance(looped, (cst.List, cst.Tuple, cst.Set)):
            return []
        if any(isinstance(element, cst.StarredElement) for element in looped.elements):
            return []
        return [element.value for element in looped.elements]

    def _of_parameter(self, parameter: cst.Param) -> list[cst.CSTNode]:
        function = self._tree.enclosing(parameter, cst.FunctionDef, cst.Lambda)
        if not isinstance(function, cst.FunctionDef) or parameter not in parameters(function):
            return []  # a lambda's, or `*args`
        found: list[cst.CSTNode] = [parameter.default] if parameter.default is not None else []
        owner = self.enclosing_class(function)
        called: Definition = owner if owner is not None and function.name.value == "__init__" else function
        for call in self.calls(called):
            given = argument(call, parameters(function), parameter, bound=owner is not None)
            if given is not None:
                found.append(given)
        return found

    def attribute(self, owner: cst.ClassDef, name: str) -> list[cst.CSTNode]:
        """What the class's methods assign to `self.<name>`, its class-level value, or its method of that name."""
        if owner not in self._attributes:
            self._attributes[owner] = self._collect_attributes(owner)
        return self._attributes[owner].get(name, [])

    def _collect_attributes(self, owner: cst.ClassDef) -> dict[str, list[cst.CSTNode]]:
        found: dict[str, list[cst.CSTNode]] = {}
        for name, bindings in self._names.scope(owner).bindings.items():
            for binding in bindings:
                if binding.kind in (Kind.FUNCTION, Kind.CLASS):
                    found.setdefault(name, []).append(binding.node)
                elif binding.value is not None:
                    found.setdefault(name, []).append(binding.value)
        for target, value in self._assigned(owner):
            if isinstance(target, cst.Attribute) and value is not None and self.self_class(target.value) is owner:
                found.setdefault(target.attr.value, []).append(value)
        return found

    def _assigned(self, node: cst.CSTNode) -> Iterator[tuple[cst.BaseExpression, cst.BaseExpression | None]]:
        """The targets of all assignments below `node`, each with its value."""
        for assign in self._tree.below(node, cst.Assign):
            yield from ((each.target, assign.value) for each in assign.targets)
        for annotated in self._tree.below(node, cst.AnnAssign):
            yield annotated.target, annotated.value

    def _callees(self, function: cst.CSTNode) -> Iterator[Definition]:
        if isinstance(function, cst.Name):
            for binding in self._names.lookup(function):
                if isinstance(binding.node, (cst.FunctionDef, cst.ClassDef)):
                    yield binding.node
        elif isinstance(function, cst.Attribute):
            owner = self.self_class(function.value)
            for method in self.attribute(owner, function.attr.value) if owner is not None else ():
                if isinstance(method, cst.FunctionDef):
                    yield method
