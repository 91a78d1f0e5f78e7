"""Functions that become commands: @run.cli.entrypoint."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from nemo_run_lint.nemo.function import Function, decorators
from nemo_run_lint.project import File


@dataclass(eq=False)
class Entrypoint(Function):
    """A function that NeMo Run's command line calls; its docstring is the help, its annotations parse the options."""

    role: ClassVar[str] = "entrypoint"

    @classmethod
    def find(cls, file: File) -> Iterable[Entrypoint]:
        """Every function under @run.cli.entrypoint."""
        return {node: cls(file, node, [made]) for node, made in decorators(file, "cli.entrypoint")}.values()
