"""Which types an annotation allows: unions laid flat, quotes parsed, aliases followed into their own modules.

All or nothing: if one member of a union cannot be told (a type variable, a protocol, `Any`, a name that does not
resolve), the whole annotation cannot.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from nemo_run_lint.signatures.symbols import Builtin, Class, Function, OneOf, Symbol, Variable

#: What a name or attribute stands for in a module, which is given by its dotted name.
Resolve = Callable[[ast.expr, str], Symbol]


@dataclass(frozen=True)
class Allowed:
    """One type that an annotation allows.

    type    `None`; one of Python's own: `str`, `int`, `list`, ...; `iterable` for those that text is one of too:
            Sequence, Iterable, Collection; `callable` for functions and classes; `literal`; `class` for any other class
    values  of a `literal`, as written
    """

    type: str
    values: tuple[ast.expr, ...] = ()


_TYPES = {
    **{f"builtins.{name}": name for name in "str bytes int float complex bool list tuple set dict".split()},
    **{f"typing.{name}": name.lower() for name in "List Tuple Set Dict".split()},
    **dict.fromkeys(("builtins.frozenset", "typing.FrozenSet"), "set"),
    **dict.fromkeys(("builtins.type", "typing.Type", "typing.Callable", "collections.abc.Callable"), "callable"),
    **{
        f"{module}.{name}": "dict" for module in ("typing", "collections.abc") for name in ("Mapping", "MutableMapping")
    },
    **{
        f"{module}.{name}": "iterable"
        for module in ("typing", "collections.abc")
        for name in ("Sequence", "Iterable", "Collection")
    },
}

#: The type stands first in the brackets, and what follows says something else about it.
_WRAPPERS = frozenset(
    "typing.Annotated typing.ClassVar typing.Final typing.NotRequired typing.ReadOnly typing.Required "
    "dataclasses.InitVar".split()
)

#: Classes of these modules say what a value can do, or nothing at all: a value need not be derived from them.
_ABSTRACT = frozenset({"typing", "collections.abc", "numbers", "dataclasses"})

#: Modules that define what is known by another module's name.
_KNOWN_AS = {"typing_extensions": "typing", "_collections_abc": "collections.abc"}

#: How many parts of an annotation are looked at; real ones have a dozen.
_MOST_PARTS = 500


class _Part(NamedTuple):
    """An expression in the names of a module; `alias` is the dotted name of the variable whose value it is."""

    node: ast.expr
    module: str
    alias: str = ""


#: What a part of an annotation turned out to be: types, and parts still to be read. None: it cannot be told.
_Read = list[Allowed | _Part] | None


def allowed(annotation: ast.expr, module: str, resolve: Resolve) -> tuple[Allowed, ...] | None:
    """Every type that `annotation` allows, written in `module`; None where one of them cannot be told."""
    found: list[Allowed] = []
    waiting: list[Allowed | _Part] = [_Part(annotation, module)]
    followed: set[str] = set()
    for _ in range(_MOST_PARTS):
        if not waiting:
            return tuple(found)
        part = waiting.pop()
        if isinstance(part, Allowed):
            found.append(part)
        elif not part.alias or part.alias not in followed:  # a union that holds itself holds nothing more
            followed.add(part.alias)
            read = _read(part, resolve)
            if read is None:
                return None
            waiting += read
    return None


def _read(part: _Part, resolve: Resolve) -> _Read:
    node, module, _ = part
    if isinstance(node, ast.Constant):
        return [Allowed("None")] if node.value is None else _quoted(node.value, module)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return [_Part(node.left, module), _Part(node.right, module)]
    if isinstance(node, ast.Subscript):
        return _subscript(node, module, resolve)
    if isinstance(node, (ast.Name, ast.Attribute)):
        return _named(resolve(node, module))
    return None


def _quoted(text: object, module: str) -> _Read:
    if not isinstance(text, str):
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python's remarks on odd escapes are not for our user
            return [_Part(ast.parse(text.strip(), mode="eval").body, module)]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _subscript(node: ast.Subscript, module: str, resolve: Resolve) -> _Read:
    if not isinstance(node.value, (ast.Name, ast.Attribute)):
        return None
    inner = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    paths = {_path(each) for each in _alternatives(resolve(node.value, module))}
    path = paths.pop() if len(paths) == 1 else ""
    if path == "typing.Literal":
        return [Allowed("literal", tuple(inner))] if inner else None
    if path == "typing.Optional":
        return [Allowed("None"), *(_Part(each, module) for each in inner)]
    if path == "typing.Union":
        return [_Part(each, module) for each in inner]
    if path in _WRAPPERS:
        return [_Part(inner[0], module)] if inner else None
    return [_Part(node.value, module)]  # of what a container is made, is not looked at


def _named(symbol: Symbol) -> _Read:
    """What a name stands for; of one that has several meanings, all are allowed."""
    found: list[Allowed | _Part] = []
    for each in _alternatives(symbol):
        type_ = _TYPES.get(_path(each))
        if type_ is not None:
            found.append(Allowed(type_))
        elif isinstance(each, Class) and not _is_abstract(each):
            found.append(Allowed("class"))
        elif isinstance(each, Variable) and each.value is not None and _is_type(each.value):
            found.append(_Part(each.value, each.module.name, each.name))
        else:
            return None
    return found


def _alternatives(symbol: Symbol) -> Iterator[Symbol]:
    if isinstance(symbol, OneOf):
        for each in symbol.alternatives:
            yield from _alternatives(each)
    else:
        yield symbol


def _path(symbol: Symbol) -> str:
    """The dotted path under which people know a symbol; empty where nothing is known."""
    if isinstance(symbol, Builtin):
        return f"builtins.{symbol.name}"
    if not isinstance(symbol, (Class, Function, Variable)):
        return ""
    module, _, name = symbol.name.rpartition(".")
    return f"{_KNOWN_AS.get(module, module)}.{name}"


def _is_abstract(definition: Class) -> bool:
    bases = (base.partition("[")[0].rpartition(".")[2] for base in definition.summary.bases)
    return _path(definition).rpartition(".")[0] in _ABSTRACT or "Protocol" in bases


def _is_type(value: ast.expr) -> bool:
    """Whether the value of a variable is spelt like a type; `Tensor = None` only stands in for a missing import."""
    return isinstance(value, (ast.Name, ast.Attribute, ast.Subscript, ast.BinOp))
