"""What an expression of names stands for; of calls, only those that stand for one of their arguments or import it."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from nemo_run_lint.signatures.signature import Reason, Unknown
from nemo_run_lint.signatures.symbols import Builtin, Class, Function, Module, OneOf, Symbol

if TYPE_CHECKING:
    from nemo_run_lint.signatures.index import Index

#: Functions that return what they import, or a stand-in, together with whether that worked.
_SAFE_IMPORTS = ("safe_import", "safe_import_from")


#: What makes `Base[T]` of `Base` in a generic class.
_GENERIC = "typing.Generic.__class_getitem__"


#: Expressions that may stand for something that has a name already.
_NAMING = (ast.Name, ast.Attribute, ast.Subscript, ast.Call, ast.IfExp, ast.NamedExpr)


class View(NamedTuple):
    """What is visible where something is written.

    owner        the class in whose body it stands
    name, place  the statement is number `place` of those that bind `name`, and sees only the earlier ones
    """

    module: Module
    owner: Class | None = None
    name: str = ""
    place: int = 0


def one_of(symbols: Iterable[Symbol]) -> Symbol:
    """One of these, each counted once."""
    flat = [each for symbol in symbols for each in (symbol.alternatives if isinstance(symbol, OneOf) else (symbol,))]
    distinct = tuple(dict.fromkeys(flat))
    return distinct[0] if len(distinct) == 1 else OneOf(distinct)


def below(unknown: Unknown, name: str) -> Unknown:
    """An attribute of something unknown: the reason stays, and names the whole path."""
    if unknown.reason in (Reason.NOT_INSTALLED, Reason.COMPILED):
        return Unknown(unknown.reason, f"{unknown.what}{'' if unknown.what.endswith('.') else '.'}{name}")
    return unknown


def evaluated(index: Index, node: ast.expr, view: View) -> Symbol:
    """What an expression stands for where it is written; Unknown(COMPUTED) for what is none of names."""
    if isinstance(node, ast.Name):
        return index.see(view, node.id)
    if isinstance(node, ast.Attribute):
        return index.member(evaluated(index, node.value, view), node.attr)
    if isinstance(node, ast.Subscript):
        return _subscripted(index, node, view)
    if isinstance(node, ast.Call):
        return _called(index, node, view)
    if isinstance(node, ast.IfExp):
        return _chosen(index, node, view)
    if isinstance(node, ast.NamedExpr):
        return evaluated(index, node.value, view)
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        quoted = index.parse(node.value)
        if quoted is not None and not isinstance(quoted, ast.Constant):
            return evaluated(index, quoted, view)
    return Unknown(Reason.COMPUTED, ast.unparse(node))


def aliased(index: Index, node: ast.expr, view: View) -> Symbol | None:
    """What a name that is assigned this expression is another name for; None if it holds a value of its own."""
    if not isinstance(node, _NAMING):
        return None
    found = evaluated(index, node, view)
    each_of = found.alternatives if isinstance(found, OneOf) else (found,)
    return None if any(isinstance(each, Unknown) and each.reason is Reason.COMPUTED for each in each_of) else found


def _subscripted(index: Index, node: ast.Subscript, view: View) -> Symbol:
    """`Base[T]` is Base; `safe_import(...)[0]` is what that imports."""
    if isinstance(node.value, ast.Call):
        return _safely_imported(index, node.value, node.slice, view)
    found = evaluated(index, node.value, view)
    each_of = found.alternatives if isinstance(found, OneOf) else (found,)
    return one_of(_parametrised(index, each) for each in each_of)


def _parametrised(index: Index, symbol: Symbol) -> Symbol:
    if isinstance(symbol, Class):
        return symbol if _is_generic(index, symbol) else Unknown(Reason.COMPUTED, symbol.name)
    return symbol if isinstance(symbol, (Builtin, Unknown)) else Unknown(Reason.COMPUTED)


def _is_generic(index: Index, cls: Class) -> bool:
    """Whether an item of a class is the class again; unlike `Color["RED"]` of an enumeration, `Annotated[int, 3]`."""
    metaclasses = [index.metaclass(each) for each in index.ancestry(cls) if isinstance(each, Class)]
    own = index.member(cls, "__class_getitem__")
    ways = [own, *(index.member(each, "__getitem__") for each in metaclasses if isinstance(each, Class))]
    return all(each.name == _GENERIC for each in ways if isinstance(each, Function))


def _chosen(index: Index, node: ast.IfExp, view: View) -> Symbol:
    holds = index.holds(node.test, view.module)
    if holds is not None:
        return evaluated(index, node.body if holds else node.orelse, view)
    return one_of([evaluated(index, node.body, view), evaluated(index, node.orelse, view)])


def _called(index: Index, node: ast.Call, view: View) -> Symbol:
    name = _last_name(node.func)
    if name == "cast" and len(node.args) == 2:
        return evaluated(index, node.args[1], view)
    if name == "import_module" and len(node.args) == 1:
        path = _text(node.args[0])
        if path is not None and not path.startswith("."):
            return index.module(path)
    if name == "getattr" and len(node.args) == 2:
        attribute = _text(node.args[1])
        if attribute is not None:
            return index.member(evaluated(index, node.args[0], view), attribute)
    return Unknown(Reason.COMPUTED, ast.unparse(node.func))


def _safely_imported(index: Index, call: ast.Call, part: ast.expr, view: View) -> Symbol:
    """The part of what `safe_import("m")` returns that is the module; what is not installed has no stand-in."""
    unknown = Unknown(Reason.COMPUTED, ast.unparse(call.func))
    if _last_name(call.func) not in _SAFE_IMPORTS or not isinstance(part, ast.Constant):
        return unknown
    function = evaluated(index, call.func, view)
    if not isinstance(function, Function) or part.value != _place_of_import(index, function):
        return unknown
    fallback = next((_text(each.value) for each in call.keywords if each.arg == "fallback_module"), None)
    paths = [_text(each) for each in call.args]
    if not paths or None in paths:
        return unknown
    found = _imported(index, [str(each) for each in paths])
    if isinstance(found, Unknown) and fallback is not None:
        return _imported(index, [fallback, *map(str, paths[1:])])
    return found


def _imported(index: Index, path: list[str]) -> Symbol:
    found: Symbol = index.module(path[0])
    for name in path[1:]:
        found = index.member(found, name)
    return found


def _place_of_import(index: Index, function: Function) -> int | None:
    """Which part of the pairs that a safe import returns is the module: the one that is not True or False."""
    node = index.node(function)
    for each in ast.walk(node) if node is not None else ():
        if isinstance(each, ast.Return) and isinstance(each.value, ast.Tuple) and len(each.value.elts) == 2:
            flags = [isinstance(part, ast.Constant) and isinstance(part.value, bool) for part in each.value.elts]
            if flags.count(True) == 1:
                return flags.index(False)
    return None


def _last_name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _text(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
