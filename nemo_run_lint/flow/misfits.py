"""Problems of configurations as rules see them: at the nodes of the file, with the proof in words."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import libcst as cst

from nemo_run_lint.finding import CAUSE, Note, Severity, Span
from nemo_run_lint.flow.interpreter import Analysis, analyse
from nemo_run_lint.flow.problems import Problem, When, Wrong
from nemo_run_lint.project import File
from nemo_run_lint.rule import Phase
from nemo_run_lint.signatures.signature import Kind, Parameter, Signature

#: Longer signatures are cut, around the names that matter.
_LONGEST_SIGNATURE = 160

_PHASES = {
    When.CONFIGURED: Phase.CONFIGURED,
    When.ASSIGNED: Phase.CONFIGURED,
    When.READ: Phase.CONFIGURED,
    When.ADDED: Phase.ADDED,
    When.CALLED: Phase.CONFIGURED,
    When.BUILT_HERE: Phase.CONFIGURED,
    When.BUILT: Phase.JOB,
    When.NEVER: Phase.SILENT,
}


@dataclass(eq=False)
class Followed:
    """What following a file found."""

    analysis: Analysis

    @classmethod
    def find(cls, file: File) -> Iterable[Followed]:
        """The one of the file."""
        if file.index is not None:
            yield cls(analyse(file.index, file.path, file.text, file.tree.ast))


@dataclass(eq=False)
class Misfit:
    """A problem at a node of the file.

    node     the narrowest node that it is about: a keyword, an argument, an attribute, a call
    """

    file: File
    problem: Problem
    node: cst.CSTNode

    @classmethod
    def find(cls, file: File) -> Iterable[Misfit]:
        """Every problem that following the file found."""
        for followed in file.all(Followed):
            for problem in followed.analysis.problems:
                node = _node(file, problem.node)
                if node is not None:
                    yield cls(file, problem, node)

    @property
    def wrong(self) -> Wrong:
        """What is wrong."""
        return self.problem.wrong

    @property
    def fails(self) -> Phase:
        """When it fails."""
        return _PHASES[self.problem.when]

    @property
    def severity(self) -> Severity | None:
        """A warning, where it is not known whether the call gets as far; None for the rule's own."""
        return Severity.WARNING if self.problem.is_conditional else None

    @property
    def is_here(self) -> bool:
        """Whether it is written at its node, and not in a function that is called there."""
        return not self.problem.steps

    @cached_property
    def notes(self) -> tuple[Note, ...]:
        """The proof: the calls that lead there, then what the target accepts and where that is written."""
        return tuple(self._notes())

    def _notes(self) -> Iterator[Note]:
        for step in self.problem.callers:
            yield Note(f"when called as `{step.text}`", shown_path(step.path), step.line)
        for step in self.problem.steps[:-1]:
            yield Note(f"which calls `{step.text}`", shown_path(step.path), step.line)
        for step in self.problem.steps[-1:]:
            yield Note(CAUSE, shown_path(step.path), step.line)
        signature = self.problem.signature
        if signature is not None:
            brought = f" ({signature.place.distribution})" if signature.place.distribution else ""
            written = signature_text(signature, {self.problem.name, self.problem.near or ""})
            yield Note(f"{written} is defined here{brought}", shown_path(signature.place.path), signature.place.line)


def shown_path(path: str) -> str:
    """A path as a user would write it: below the current directory, relative to that."""
    here = os.getcwd()
    return os.path.relpath(path, here) if path.startswith(here + os.sep) else path


def signature_text(signature: Signature, wanted: set[str]) -> str:
    """A signature on one line; of a long one the parameters that matter, and how many others there are."""
    shown = signature.called if any(each.by_keyword for each in signature.called) else signature.parameters
    parts = [_parameter(each) for each in shown]
    whole = f"`{signature.name}({', '.join(parts)})`"
    if len(whole) <= _LONGEST_SIGNATURE:
        return whole
    chosen = [part for part, each in zip(parts, shown, strict=True) if each.name in wanted]
    if not chosen:
        chosen = [part for part, each in zip(parts, shown, strict=True) if each.required][:6]
    others = len(parts) - len(chosen)
    return f"`{signature.name}({', '.join([*chosen, '...'])})` with {others} more parameters"


def _parameter(parameter: Parameter) -> str:
    stars = {Kind.VAR_POSITIONAL: "*", Kind.VAR_KEYWORD: "**"}.get(parameter.kind, "")
    return f"{stars}{parameter.name}" + ("=..." if parameter.default is not None else "")


def _node(file: File, node: ast.AST) -> cst.CSTNode | None:
    """The node of the file for one of the standard library's."""
    lines = file.lines
    line, end_line = getattr(node, "lineno", 0), getattr(node, "end_lineno", 0)
    if not 0 < line <= end_line <= len(lines):
        return None
    column = len(lines[line - 1].encode()[: getattr(node, "col_offset")].decode()) + 1
    end_column = len(lines[end_line - 1].encode()[: getattr(node, "end_col_offset")].decode()) + 1
    found = file.positions.at(Span(line, column, end_line, end_column))
    if isinstance(node, ast.keyword):
        arguments = [each.keyword for each in found if isinstance(each, cst.Arg) and each.keyword is not None]
        return arguments[0] if arguments else None
    expressions = [each for each in found if isinstance(each, cst.BaseExpression)]
    best = (expressions or found or [None])[0]
    return best.attr if isinstance(best, cst.Attribute) and isinstance(node, ast.Attribute) else best
