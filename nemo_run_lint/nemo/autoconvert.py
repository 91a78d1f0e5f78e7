"""Functions under @run.autoconvert: their body is rewritten so that every call makes a config instead of running.

Executed with nemo_run 0.11.1 (fiddle's `auto_config` without control flow). Only run.Config, run.Partial and other
functions under autoconvert are really called.
"""

from __future__ import annotations

import builtins
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import libcst as cst

from nemo_run_lint.nemo.api import public
from nemo_run_lint.nemo.function import decorators
from nemo_run_lint.nemo.unsaveable import BUILTIN_FUNCTIONS, builtin_function
from nemo_run_lint.project import File
from nemo_run_lint.syntax.calls import keyword

#: Builtin types that a saved config may name as its target.
_ALLOWED_TYPES = frozenset("list dict tuple set frozenset bytes slice".split())


@dataclass(eq=False)
class Autoconverted:
    """A function under @run.autoconvert."""

    file: File
    node: cst.FunctionDef

    @classmethod
    def find(cls, file: File) -> Iterable[Autoconverted]:
        """Every one that is converted in the usual way."""
        for node, made in decorators(file, "autoconvert"):
            call = made.decorator if isinstance(made, cst.Decorator) else made
            if not (isinstance(call, cst.Call) and keyword(call, "to_buildable_fn")):
                yield cls(file, node)

    def calls(self) -> Iterator[cst.Call]:
        """The calls in its body that are configured instead of called."""
        for call in self.file.tree.below(self.node.body, cst.Call, into_functions=False):
            if public(self.file.names.qualified(call.func)) not in ("Config", "Partial") and not self._is_converted(
                call
            ):
                yield call

    def made(self, node: cst.CSTNode) -> cst.Call | None:
        """The call in its body whose config `node` certainly is, by itself or through a variable."""
        value = self.file.values.value(node)
        is_own = isinstance(value, cst.Call) and self.file.tree.inside(value, self.node.body)
        return value if isinstance(value, cst.Call) and is_own else None

    def _is_converted(self, call: cst.Call) -> bool:
        definition = self.file.values.definition(call.func)
        return definition in self.file.all(_Converted)[0].functions


@dataclass(eq=False)
class _Converted:
    """The functions under @run.autoconvert, however it is applied."""

    functions: frozenset[cst.FunctionDef | cst.ClassDef | None]

    @classmethod
    def find(cls, file: File) -> Iterable[_Converted]:
        """All of the file, at once."""
        return (cls(frozenset(node for node, _ in decorators(file, "autoconvert"))),)


def is_statement(file: File, call: cst.Call) -> bool:
    """Whether a call is a statement by itself."""
    return isinstance(file.tree.parent(call), cst.Expr)


def unsaveable_call(file: File, call: cst.Call) -> str | None:
    """What is called, as written, if a config of it cannot be saved: `len`, `"-".join`, `os.environ.get`."""
    if isinstance(call.func, cst.Name) and not file.names.lookup(call.func):
        name = call.func.value
        is_type = isinstance(getattr(builtins, name, None), type) and name not in _ALLOWED_TYPES
        return name if is_type or name in BUILTIN_FUNCTIONS else None
    if (file.names.qualified(call.func) or "").startswith("os.environ."):
        return file.code(call.func)
    return builtin_function(file, call.func)


def is_known(file: File, call: cst.Call) -> bool:
    """Whether what is called certainly has no exemption of its own: Python's, the file's, a method."""
    if isinstance(call.func, cst.Name) and not file.names.lookup(call.func):
        return hasattr(builtins, call.func.value)
    path = file.names.qualified(call.func)
    if path is not None:
        return path.split(".")[0] in sys.stdlib_module_names
    definition = file.values.definition(call.func)
    if isinstance(definition, cst.FunctionDef):
        return not definition.decorators
    return isinstance(call.func, cst.Attribute) and isinstance(call.func.value, cst.Name) and definition is None
