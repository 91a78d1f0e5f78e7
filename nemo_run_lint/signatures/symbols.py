"""What a dotted name stands for: a module, a class, a function, a variable, one of several, or nothing known."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from nemo_run_lint.signatures.signature import Place, Unknown

if TYPE_CHECKING:
    from nemo_run_lint.signatures.summary import ClassSummary, FunctionSummary, ModuleSummary


@dataclass(frozen=True, eq=False)
class Module:
    """A module or package; one object a module and index.

    name        dotted, or empty for a script
    path        the file, empty for a namespace package
    is_package  whether relative imports start from it and not from the package around it
    """

    name: str
    path: str
    is_package: bool
    summary: ModuleSummary


@dataclass(frozen=True, eq=False)
class Class:
    """A class; `name` is the dotted path of its definition: `nemo.lightning.MegatronStrategy`."""

    name: str
    module: Module
    summary: ClassSummary
    place: Place


@dataclass(frozen=True, eq=False)
class Function:
    """A function or method.

    owner    the class in whose body it stands
    binding  `plain`: called as it stands; `static`; `class`: the first parameter is filled already, with the class
    """

    name: str
    module: Module
    summary: FunctionSummary
    place: Place
    owner: Class | None = None
    binding: Literal["plain", "static", "class"] = "plain"


@dataclass(frozen=True, eq=False)
class Variable:
    """A name of a module or class that an assignment binds; `value` is evaluated in the names of `module`."""

    name: str
    module: Module
    value: ast.expr | None
    annotation: ast.expr | None
    place: Place


@dataclass(frozen=True, eq=False)
class Builtin:
    """A name of Python's own `builtins`."""

    name: str


@dataclass(frozen=True, eq=False)
class OneOf:
    """One of several, depending on how the program runs: what `try` and `except ImportError` define differently."""

    alternatives: tuple[Symbol, ...]


Symbol = Module | Class | Function | Variable | Builtin | OneOf | Unknown
