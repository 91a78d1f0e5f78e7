"""Functions that make configurations: @run.cli.factory and @run.autoconvert."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from nemo_run_lint.nemo.entrypoint import Entrypoint
from nemo_run_lint.nemo.function import Function, decorators
from nemo_run_lint.project import File


@dataclass(eq=False)
class Factory(Function):
    """A function that returns a run.Config or run.Partial, by name on the command line or by autoconvert."""

    role: ClassVar[str] = "factory"

    @classmethod
    def find(cls, file: File) -> Iterable[Factory]:
        """Every function under @run.cli.factory or @run.autoconvert that is no entrypoint."""
        entrypoints = {entrypoint.node for entrypoint in file.all(Entrypoint)}
        found: dict[object, Factory] = {}
        for node, made in decorators(file, "cli.factory", "autoconvert"):
            if node not in entrypoints:
                found.setdefault(node, cls(file, node)).made.append(made)
        return found.values()
