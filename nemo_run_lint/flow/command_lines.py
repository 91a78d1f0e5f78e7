"""What is wrong with the arguments of command lines, seen in the Python that they amount to."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import libcst as cst

from nemo_run_lint.finding import Severity, Span
from nemo_run_lint.flow.misfits import Misfit
from nemo_run_lint.nemo.override import Override
from nemo_run_lint.nemo.program import ANYTHING, Given, ProgramFile
from nemo_run_lint.project import File

_TRUTHS = frozenset("true yes 1 on false no 0 off".split())


@dataclass(eq=False)
class Argument:
    """An argument of a command line that is not simply right.

    node    what stands for it, or for the part that is wrong
    misfit  what is wrong with the configuration that it changes; None where nemo_run does not take it for an argument
    """

    file: ProgramFile
    given: Given
    node: cst.CSTNode
    misfit: Misfit | None = None

    @classmethod
    def find(cls, file: File) -> Iterable[Argument]:
        """Every one of a program; none of any other file."""
        return _found(file) if isinstance(file, ProgramFile) else ()

    @property
    def override(self) -> Override:
        """What is written."""
        return self.given.override

    @property
    def severity(self) -> Severity | None:
        """A warning where the rest of the command cannot be told; None for the rule's own."""
        is_sure = self.given.is_sure and (self.misfit is None or self.misfit.severity is None)
        return None if is_sure else Severity.WARNING

    def is_beside(self, name: str) -> bool:
        """Whether its command has `run.name=...`."""
        return self.file.program.sets(self.given.command, name)

    @property
    def owner(self) -> str:
        """What the name that is wrong is looked for in, as the argument names it; empty for the command itself."""
        name = self.misfit.problem.name if self.misfit is not None else ""
        parts = self.override.key.split(".")
        return ".".join(parts[: parts.index(name)]) if name in parts else ""


def _found(file: ProgramFile) -> Iterator[Argument]:
    for line, given in file.program.given.items():
        if not given.column:
            nodes = file.positions.at(Span(line, 5, line, 5 + len(ANYTHING)))
            yield from (Argument(file, given, node) for node in nodes if isinstance(node, cst.Name))
    for misfit in file.all(Misfit):
        known = file.program.given.get(file.positions.span(misfit.node).line)
        if known is not None and misfit.is_here:
            yield Argument(file, known, misfit.node, misfit)


def refused(value: str, annotation: str) -> bool:
    """Whether nemo_run certainly cannot make a value for this annotation of what a command line gives.

    From `TypeParser` in `cli/cli_parser.py` of nemo_run 0.11.1.
    """
    try:
        return _refused(value, ast.parse(annotation, mode="eval").body)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False


def _refused(value: str, annotation: ast.expr) -> bool:
    bare = value.strip('"')
    if isinstance(annotation, ast.Subscript):
        head = re.sub(r"^(typing|t)\.", "", ast.unparse(annotation.value))
        inner = annotation.slice
        options = list(inner.elts) if isinstance(inner, ast.Tuple) else [inner]
        if head == "Literal":
            return all(isinstance(each, ast.Constant) and each.value != _unquoted(bare) for each in options)
        if head == "Union":
            return all(_refused(value, each) for each in options)
        return head == "Optional" and bare.lower() not in ("none", "null") and _refused(value, inner)
    if isinstance(annotation, ast.Constant) and annotation.value is None:
        return bare.lower() not in ("none", "null")
    if not isinstance(annotation, ast.Name):
        return False
    if annotation.id == "bool":
        return bare.lower() not in _TRUTHS
    kind = {"int": int, "float": float}.get(annotation.id)
    return kind is not None and not _reads(kind, bare)


def _reads(kind: type[int] | type[float], value: str) -> bool:
    try:
        kind(value)
    except ValueError:
        return False
    return True


def _unquoted(value: str) -> str:
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"" else value
