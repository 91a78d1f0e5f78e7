"""Functions that become commands: @run.cli.entrypoint."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

import libcst as cst

from nemo_run_lint.nemo.function import Function, decorators
from nemo_run_lint.project import File


@dataclass(eq=False)
class Entrypoint(Function):
    """A function that NeMo Run's command line calls; its docstring is the help, its annotations parse the options."""

    role: ClassVar[str] = "entrypoint"

    @classmethod
    def find(cls, file: File) -> Iterable[Entrypoint]:
        """Every function under @run.cli.entrypoint, and those handed to run.cli.main, which makes them entrypoints."""
        found: dict[cst.FunctionDef, Entrypoint] = {}
        for node, made in decorators(file, "cli.entrypoint", "cli.main"):
            found.setdefault(node, cls(file, node, [made]))
        return found.values()

    @property
    def settings(self) -> dict[str, cst.BaseExpression] | None:
        """What is given to the decorator by keyword; None when a part of it is behind `**`."""
        made = [each.decorator if isinstance(each, cst.Decorator) else each for each in self.made]
        given = [argument for call in made if isinstance(call, cst.Call) for argument in call.args]
        if any(argument.star for argument in given):
            return None
        return {argument.keyword.value: argument.value for argument in given if argument.keyword is not None}
