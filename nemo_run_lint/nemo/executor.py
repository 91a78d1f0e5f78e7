"""Executors: run.SlurmExecutor(...) and its kin, and which of them an expression holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import libcst as cst

from nemo_run_lint.nemo.api import EXECUTORS, public
from nemo_run_lint.project import File


@dataclass(eq=False)
class Executor:
    """A call of an executor's class; `kind` is the public name of the class."""

    file: File
    node: cst.Call
    kind: str

    @classmethod
    def find(cls, file: File) -> Iterable[Executor]:
        """Every executor that the file makes."""
        for call in file.tree.nodes(cst.Call):
            kind = public(file.names.qualified(call.func))
            if kind in EXECUTORS:
                yield cls(file, call, str(kind))


def executors_of(file: File, node: cst.CSTNode | None) -> set[str | None]:
    """The kinds of executor that an expression may hold; None stands for what cannot be told.

    Looks through variables, and through functions of the file that return an executor.
    """
    if node is None:
        return set()
    kinds: dict[cst.CSTNode, str] = {executor.node: executor.kind for executor in file.all(Executor)}
    return set(_kinds(file, kinds, node, 3))


def _kinds(file: File, kinds: dict[cst.CSTNode, str], node: cst.CSTNode, steps: int) -> Iterator[str | None]:
    for source in file.values.sources(node):
        called = file.values.definition(source.func) if isinstance(source, cst.Call) and source not in kinds else None
        if isinstance(called, cst.FunctionDef) and steps:
            for returned in file.tree.below(called.body, cst.Return, into_functions=False):
                if returned.value is not None:
                    yield from _kinds(file, kinds, returned.value, steps - 1)
        else:
            yield kinds.get(source)
