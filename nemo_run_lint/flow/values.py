"""What an expression may be worth: constants, functions, classes, and objects that live on a heap.

Objects are immutable and are changed by putting another one at their address, so that two branches can go their own
ways from a copy of the heap, and two names for one object see the same changes.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

from nemo_run_lint.signatures.literals import Shape
from nemo_run_lint.signatures.nodes import nodes
from nemo_run_lint.signatures.signature import Signature, Unknown
from nemo_run_lint.signatures.symbols import Builtin, Class, Function, Module, Symbol

#: How many alternatives are told apart.
MOST_ALTERNATIVES = 6


@dataclass(frozen=True)
class Nothing:
    """A value that cannot be told; as one of several, any other one."""


@dataclass(frozen=True)
class Unset:
    """One alternative of an argument: on some way it was not set, and is the parameter's default."""


@dataclass(frozen=True)
class Plain:
    """A constant, or something of a known kind: text, a number, a lambda."""

    shape: Shape


@dataclass(frozen=True)
class Named:
    """A module, class, function or builtin."""

    symbol: Symbol


@dataclass(frozen=True, eq=False)
class Closure:
    """A function of a file that is being read, with the frames that its names are looked up in, innermost first."""

    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    module: Module
    frames: tuple[int, ...]
    symbol: Function | None = None

    @cached_property
    def names(self) -> frozenset[str]:
        """Every name that it uses."""
        return frozenset(each.id for each in nodes(self.node) if isinstance(each, ast.Name))


@dataclass(frozen=True, eq=False)
class Method:
    """A method of a value, before it is called: `config.broadcast`, `callbacks.append`."""

    owner: Value
    name: str


@dataclass(frozen=True)
class Ref:
    """An object on the heap."""

    address: int


@dataclass(frozen=True)
class OneOf:
    """One of several values, depending on the way that was taken."""

    alternatives: tuple[Value, ...]


@dataclass(frozen=True)
class Experiment:
    """An object of run.Experiment."""


Value = Nothing | Unset | Plain | Named | Closure | Method | Ref | OneOf | Experiment

NOTHING = Nothing()
UNSET = Unset()
NONE = Plain(Shape("None", None))


# -- objects on the heap ---------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Config:
    """A run.Config or run.Partial.

    target      what it will call
    signatures  what the target accepts; several where it is one of several
    arguments   what is set, by name; positional-only arguments and those of `*args` are left out
    made        where it was made
    is_open     whether more may be set than is seen: `**kwargs` of unknown content were given
    is_shared   whether code that is not followed may have changed what it held then; its target stays what it is
    is_fiddles  whether it is fiddle's own, which has none of the methods that NeMo Run adds
    """

    kind: Literal["Config", "Partial"]
    target: Value
    name: str
    signatures: tuple[Signature, ...] | Unknown
    arguments: Mapping[str, Value]
    made: Spot
    is_open: bool = False
    is_shared: bool = False
    cls: Class | None = None
    is_fiddles: bool = False

    def having(self, name: str, value: Value) -> Config:
        """The same with one argument set."""
        return replace(self, arguments={**self.arguments, name: value})


@dataclass(frozen=True, eq=False)
class Sequence:
    """A list, tuple or set; `is_open` where it may hold more, or other things, than `elements`."""

    kind: str
    elements: tuple[Value, ...]
    is_open: bool = False


@dataclass(frozen=True, eq=False)
class Mapped:
    """A dict; `is_open` where it may hold more, or other things, than `items`."""

    items: Mapping[object, Value]
    is_open: bool = False


@dataclass(frozen=True, eq=False)
class Instance:
    """An object of a class; `arguments` is what it was made with by name, None when that is not known any more."""

    cls: Class
    arguments: Mapping[str, Value] | None
    made: Spot
    is_shared: bool = False


@dataclass(frozen=True, eq=False)
class Deferred:
    """A functools.partial."""

    function: Value
    placed: tuple[Value, ...]
    keywords: Mapping[str, Value]


Object = Config | Sequence | Mapped | Instance | Deferred


@dataclass(frozen=True)
class Spot:
    """A place in a source: the module, and the node of its syntax."""

    module: Module = field(compare=False)
    node: ast.AST = field(compare=False, repr=False)

    @property
    def line(self) -> int:
        """From 1."""
        line: int = getattr(self.node, "lineno", 1)
        return line


def alternatives(value: Value) -> tuple[Value, ...]:
    """The values that it may be; itself for most."""
    return value.alternatives if isinstance(value, OneOf) else (value,)


def one_of(values: Iterable[Value]) -> Value:
    """One of these; equal ones count once.

    Where it may be anything else as well, or there are too many, only the objects among them are told apart, and what
    can change objects: what is done to the value may be done to these.
    """
    found = list(dict.fromkeys(each for value in values for each in alternatives(value)))
    if not found or NOTHING in found or len(found) > MOST_ALTERNATIVES:
        found = [NOTHING, *(each for each in found if isinstance(each, (Ref, Method, Closure)))]
    return found[0] if len(found) == 1 else OneOf(tuple(found))


def below(thing: Object) -> Iterator[Value]:
    """The values that an object holds."""
    if isinstance(thing, Config):
        yield from thing.arguments.values()
    elif isinstance(thing, Sequence):
        yield from thing.elements
    elif isinstance(thing, Mapped):
        yield from thing.items.values()
    elif isinstance(thing, Instance):
        yield from (thing.arguments or {}).values()
    else:
        yield thing.function
        yield from (*thing.placed, *thing.keywords.values())


def is_function(value: Value) -> bool:
    """Whether a value certainly is a function, method or class."""
    return isinstance(value, (Closure, Method)) or (
        isinstance(value, Named) and isinstance(value.symbol, (Class, Function, Builtin))
    )
