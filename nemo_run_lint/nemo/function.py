"""A function of the file that NeMo Run will call; what entrypoints, factories, tasks and builders have in common."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import ClassVar

import libcst as cst

from nemo_run_lint.nemo.api import public
from nemo_run_lint.project import File
from nemo_run_lint.syntax.values import decorated_as, parameters


@dataclass(eq=False)
class Function:
    """A function with a part to play under NeMo Run.

    role    what it is, in the words of a message
    made    the nodes that give it its role: decorators, or the calls that wrap it
    """

    file: File
    node: cst.FunctionDef
    made: list[cst.CSTNode] = field(default_factory=list)
    role: ClassVar[str] = "function"

    @property
    def name(self) -> str:
        """Its name."""
        return self.node.name.value

    @property
    def docstring(self) -> str | None:
        """The cleaned docstring, or None."""
        written = self.node.get_docstring(clean=False)
        return inspect.cleandoc(written) if isinstance(written, str) else None

    @property
    def parameters(self) -> list[cst.Param]:
        """The parameters that a caller fills, `*args` and `**kwargs` last, without `self` or `cls`."""
        named = parameters(self.node)
        is_method = self.file.values.enclosing_class(self.node) is not None
        if is_method and named and not decorated_as(self.node, "staticmethod"):
            named = named[1:]
        stars = (self.node.params.star_arg, self.node.params.star_kwarg)
        return named + [star for star in stars if isinstance(star, cst.Param)]

    @property
    def asked(self) -> list[cst.Param]:
        """The parameters that should say what they are: those with a name of their own, no stars, no `_unused`."""
        return [each for each in self.parameters if not each.star and not each.name.value.startswith("_")]

    @property
    def is_test(self) -> bool:
        """Whether it is a test, which has other duties."""
        return self.name == "test" or self.file.in_test(self.node)


def decorators(file: File, *names: str) -> Iterator[tuple[cst.FunctionDef, cst.CSTNode]]:
    """The functions that one of NeMo Run's decorators is applied to, with the decorator or the call that does it.

    Reads `@run.cli.entrypoint`, `@run.cli.entrypoint(...)` and `wrapped = run.cli.entrypoint(function)`.
    """
    for applied in file.all(_Applied):
        if applied.name in names:
            function = applied.function(file)
            if function is not None:
                yield function, applied.node


@dataclass(eq=False)
class _Applied:
    """A decorator or call of something of NeMo Run's, by its public name."""

    name: str
    node: cst.Decorator | cst.Call

    @classmethod
    def find(cls, file: File) -> Iterable[_Applied]:
        """All decorators, and then all calls that are given something."""
        written = [(each, each.decorator) for each in file.tree.nodes(cst.Decorator)]
        for decorator, expression in written:
            name = public(file.names.qualified(expression.func if isinstance(expression, cst.Call) else expression))
            if name:
                yield cls(name, decorator)
        for call in file.tree.nodes(cst.Call):
            name = public(file.names.qualified(call.func)) if call.args else None
            if name and not isinstance(file.tree.parent(call), cst.Decorator):
                yield cls(name, call)

    def function(self, file: File) -> cst.FunctionDef | None:
        """What it is applied to, if that is a function."""
        if isinstance(self.node, cst.Decorator):
            applied: cst.CSTNode | None = file.tree.parent(self.node)
        else:
            applied = file.values.definition(self.node.args[0].value)
        return applied if isinstance(applied, cst.FunctionDef) else None
