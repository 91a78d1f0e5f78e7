"""What a configuration has to save, and what cannot be saved. Executed with nemo_run 0.11.1 (fiddle 0.3.1).

`exp.add` writes every function and class down by its import path, and knows how to write text, numbers, lists, sets,
dicts, enums and configs; any other object is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import libcst as cst

from nemo_run_lint.nemo.buildable import Buildable
from nemo_run_lint.nemo.function import decorators
from nemo_run_lint.project import File
from nemo_run_lint.syntax.values import Definition

_CONTAINERS = (cst.List, cst.Tuple, cst.Set, cst.Dict)

#: Expressions whose values are those of others; asking a set is far quicker than asking for each class.
_COMPOSED = frozenset(
    (*_CONTAINERS, cst.IfExp, cst.BooleanOperation, cst.ListComp, cst.SetComp, cst.DictComp, cst.NamedExpr)
)


@dataclass(eq=False)
class SavedValue:
    """A value that must be saved with a config.

    what        words for what it is here: "the target of run.Partial", "`schedule` of `train`"
    written     the narrowest expression that hands it over
    source      where it comes from: an expression, or the function or class it stands for
    is_target   whether it is what will be called
    is_keyword  whether it is a keyword argument of the call
    is_inside   whether it stands in a list, a dict or another container
    """

    file: File
    buildable: Buildable
    what: str
    written: cst.CSTNode
    source: cst.CSTNode
    is_target: bool = False
    is_keyword: bool = False
    is_inside: bool = False

    @classmethod
    def find(cls, file: File) -> Iterable[SavedValue]:
        """Every one, except of configs that are visibly never saved, or are made by a test or under autoconvert."""
        converted = {function for function, _ in decorators(file, "autoconvert")}
        found: list[SavedValue] = []
        for buildable in file.all(Buildable):
            above = [each for each in file.tree.ancestors(buildable.node) if isinstance(each, cst.FunctionDef)]
            if file.in_test(buildable.node) or converted.intersection(above) or buildable.is_direct:
                continue
            if buildable.target is not None:
                what = f"the target of run.{buildable.kind}"
                for written, source, _ in handed_over(file, buildable.target):
                    found.append(cls(file, buildable, what, written, source, is_target=True))
            for argument in buildable.arguments:
                what = f"{argument.shown} of `{buildable.name}`"
                by_keyword = isinstance(argument.node, cst.Arg) and argument.name is not None
                for written, source, inside in handed_over(file, argument.value):
                    found.append(cls(file, buildable, what, written, source, False, by_keyword, inside))
        return found

    @property
    def definition(self) -> Definition | None:
        """The function or class of the file that it is."""
        return self.source if isinstance(self.source, (cst.FunctionDef, cst.ClassDef)) else None

    @property
    def shown(self) -> str:
        """The expression as written, on one line."""
        return " ".join(self.file.code(self.written).split())


def handed_over(file: File, value: cst.CSTNode) -> Iterator[tuple[cst.CSTNode, cst.CSTNode, bool]]:
    """The values that an expression may hold.

    Of each: the narrowest expression that hands it over, its source, and whether a container holds it.

    Looks into branches, containers and comprehensions. Silent about a name that an `if` asks about: it may be another
    thing there than it was (`if isinstance(path, Path): path = str(path)`).
    """
    stack = [(value, value, False)]
    seen: set[tuple[cst.CSTNode, cst.CSTNode, bool]] = set()
    while stack:
        place = current, written, inside = stack.pop()
        if place in seen or is_narrowed(file, current):
            continue
        seen.add(place)
        below = _below(current)
        if below is not None:
            inside = inside or not isinstance(current, (cst.IfExp, cst.BooleanOperation, cst.NamedExpr))
            stack += [(each, each if current is written else written, inside) for each in reversed(below)]
            continue
        for source in file.values.sources(current):
            if source is current or isinstance(source, (cst.FunctionDef, cst.ClassDef)):
                yield written, source, inside
            else:
                stack.append((source, written, inside))


def _below(node: cst.CSTNode) -> list[cst.CSTNode] | None:
    """The expressions whose values make up that of `node`; None when it is a value by itself."""
    if node.__class__ not in _COMPOSED:
        return None
    if isinstance(node, _CONTAINERS):
        parts: list[cst.CSTNode] = []
        for element in node.elements:
            if isinstance(element, (cst.Element, cst.DictElement)):
                parts += [element.key, element.value] if isinstance(element, cst.DictElement) else [element.value]
            elif isinstance(element.value, _CONTAINERS):
                parts.append(element.value)  # `*[a, b]`; what else a star unpacks is not what ends up here
        return parts
    if isinstance(node, cst.IfExp):
        return [node.body, node.orelse]
    if isinstance(node, cst.BooleanOperation):
        return [node.left, node.right] if isinstance(node.operator, cst.Or) else [node.right]
    if isinstance(node, (cst.ListComp, cst.SetComp)):
        return [node.elt]
    if isinstance(node, cst.DictComp):
        return [node.key, node.value]
    if isinstance(node, cst.NamedExpr):
        return [node.value]
    return None


def is_narrowed(file: File, node: cst.CSTNode) -> bool:
    """Whether what a name or attribute holds here depends on a question about itself, or on the order of calls."""
    if type(node) is cst.Attribute:
        owner = file.values.self_class(node.value)
        return owner is not None and len(file.values.attribute(owner, node.attr.value)) > 1
    if type(node) is not cst.Name:
        return False
    bindings = file.names.lookup(node)
    places = [node, *(binding.node for binding in bindings if len(bindings) > 1)]
    return any(_asked_about(file, node.value, place) for place in places)


def _asked_about(file: File, name: str, place: cst.CSTNode) -> bool:
    for above in file.tree.ancestors(place):
        if isinstance(above, (cst.FunctionDef, cst.ClassDef)):
            return False
        if isinstance(above, (cst.If, cst.IfExp)) and not file.tree.inside(place, above.test):
            asked = [above.test] if isinstance(above.test, cst.Name) else file.tree.below(above.test, cst.Name)
            if any(each.value == name for each in asked):
                return True
    return False


# -- functions and classes that cannot be imported by name ---------------------------------------------------


def local_to(file: File, definition: Definition) -> cst.FunctionDef | None:
    """The function inside which a function or class is defined, so that no import reaches it; None at module level."""
    outer = file.tree.enclosing(definition, cst.FunctionDef)
    if outer is None:
        return None
    is_global = file.names.scope_of(definition).outer.get(definition.name.value)
    return None if is_global else outer


def is_plain(file: File, definition: Definition) -> bool:
    """Whether its decorators, if any, are known to leave it the function or class that it is."""
    for each in definition.decorators:
        decorator = each.decorator.func if isinstance(each.decorator, cst.Call) else each.decorator
        path = file.names.qualified(decorator) or ""
        if path not in ("dataclasses.dataclass", "functools.wraps", "abc.abstractmethod", "typing.final"):
            return False
    return True


def returned_function(file: File, function: Definition | None) -> cst.FunctionDef | None:
    """The nested function that a function certainly returns, as a decorator or a maker of closures does."""
    if not isinstance(function, cst.FunctionDef) or function.asynchronous or not is_plain(file, function):
        return None
    returns = list(file.tree.below(function.body, cst.Return, into_functions=False))
    found = {file.values.definition(each.value) if each.value is not None else None for each in returns}
    inner = found.pop() if len(found) == 1 else None
    nested = isinstance(inner, cst.FunctionDef) and file.tree.enclosing(inner, cst.FunctionDef) is function
    return inner if nested and isinstance(inner, cst.FunctionDef) else None


def keeps_its_name(file: File, wrapper: cst.FunctionDef) -> bool | None:
    """Whether a decorator's inner function takes the name of what it wraps; None when that cannot be told."""
    if not wrapper.decorators:
        outer = file.tree.enclosing(wrapper, cst.FunctionDef)
        text = file.code(outer) if outer is not None else ""
        return None if "update_wrapper" in text or "__qualname__" in text else False
    return True if is_plain(file, wrapper) else None


# -- methods -------------------------------------------------------------------------------------------------


def bound_to(file: File, node: cst.CSTNode) -> tuple[cst.ClassDef, cst.FunctionDef] | None:
    """The class and the method, if `node` is one bound to an object: `self.fit`, `trainer.fit`, `Trainer().fit`."""
    written = file.values.value(node)
    if not isinstance(written, cst.Attribute):
        return None
    owner = file.values.self_class(written.value) or _class_of_object(file, written.value)
    method = method_of(file, owner, written.attr.value) if owner is not None else None
    if owner is None or method is None or any(not _leaves_method(file, each) for each in method.decorators):
        return None
    return owner, method


def method_of(file: File, owner: cst.ClassDef, name: str) -> cst.FunctionDef | None:
    """The one method of that name, of the class or of its bases in the file; None when it may be anything else."""
    for definition in (owner, *bases_in_file(file, owner)):
        found = file.values.attribute(definition, name)
        if found:
            method = found[0]
            return method if len(found) == 1 and isinstance(method, cst.FunctionDef) else None
    return None


def bases_in_file(file: File, owner: cst.ClassDef) -> list[cst.ClassDef]:
    """The bases of a class that are classes of the file, nearest first."""
    found: list[cst.ClassDef] = []
    stack = [owner]
    while stack:
        for base in stack.pop(0).bases:
            definition = file.values.definition(base.value)
            if isinstance(definition, cst.ClassDef) and definition is not owner and definition not in found:
                found.append(definition)
                stack.append(definition)
    return found


def _class_of_object(file: File, node: cst.CSTNode) -> cst.ClassDef | None:
    sources = list(file.values.sources(node))
    made = file.values.definition(sources[0].func) if len(sources) == 1 and isinstance(sources[0], cst.Call) else None
    return made if isinstance(made, cst.ClassDef) and is_plain(file, made) else None


def _leaves_method(file: File, decorator: cst.Decorator) -> bool:
    return file.names.qualified(decorator.decorator) in ("abc.abstractmethod", "typing.override")
