"""Experiments in their places: files that make one, the parts that belong to it, components that it could use.

What is no experiment is silent: a helper beside experiments, a test, a library.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import libcst as cst

from nemo_run_lint.finding import Span
from nemo_run_lint.layout import Layout
from nemo_run_lint.nemo.api import public
from nemo_run_lint.nemo.buildable import Buildable
from nemo_run_lint.nemo.entrypoint import Entrypoint
from nemo_run_lint.nemo.executor import Settings
from nemo_run_lint.nemo.experiment import Experiment, ExperimentBuilder, Submission
from nemo_run_lint.nemo.file_facts import WrittenOut, written_out
from nemo_run_lint.nemo.script import Script
from nemo_run_lint.project import File
from nemo_run_lint.syntax.values import text

#: Decorators that leave a function or class to be called by its name.
_PLAIN_DECORATORS = ("dataclasses.", "functools.", "typing.", "typing_extensions.")


def made_in(file: File) -> list[cst.CSTNode]:
    """Where a file makes experiments, in order: each the narrowest node that says so. Tests make none."""
    nodes: list[cst.CSTNode] = [each.call.func for each in file.all(Experiment) if each.call is not None]
    nodes += [each.node.name for each in file.all(ExperimentBuilder)]
    nodes += [each.node.func for each in file.all(Submission) if each.how == "run.run"]
    for entrypoint in file.all(Entrypoint):
        kind = (entrypoint.settings or {}).get("type")
        if kind is not None and text(kind) == "experiment":
            nodes.append(entrypoint.node.name)
    return sorted((node for node in nodes if not file.in_test(node)), key=file.tree.order)


@dataclass(eq=False)
class LaidOut:
    """An experiment that lies where its project keeps experiments.

    node    the first place that makes it
    name    by which its parts are called
    path    its file, in the project
    parts   where they belong, in the project
    """

    file: File
    node: cst.CSTNode
    name: str
    path: str
    parts: Layout

    @classmethod
    def find(cls, file: File) -> Iterable[LaidOut]:
        """The file itself, if it lies there and makes an experiment."""
        path = file.project.relative(file.path) if file.surrounding is not None else None
        name = file.project.layout.name_of(path) if path is not None else None
        if path is not None and name is not None:
            yield from (cls(file, node, name, path, file.project.layout.of(name)) for node in made_in(file)[:1])

    @cached_property
    def written_out(self) -> list[WrittenOut]:
        """The configurations that are written out in it, outer ones before those in them."""
        return list(written_out(self.file.tree.ast, self.file.text))

    def node_of(self, written: WrittenOut) -> cst.CSTNode:
        """The call or the dict."""
        span = Span(written.line, written.column, written.end_line, written.end_column)
        found = (node for node in self.file.positions.at(span) if isinstance(node, (cst.Call, cst.Dict)))
        return next(found, self.node)


@dataclass(eq=False)
class Component:
    """A function or class at the top of a library that makes configurations, tasks or executors for experiments."""

    file: File
    node: cst.FunctionDef | cst.ClassDef
    path: str

    @classmethod
    def find(cls, file: File) -> Iterable[Component]:
        """Every public one, in a file that makes no experiment itself and is no script."""
        path = file.project.relative(file.path) if file.surrounding is not None else None
        if path is None or not path.endswith(".py") or made_in(file) or "__main__" in file.text:
            return
        for node in _definitions(file):
            if not node.name.value.startswith(("_", "test")) and _is_plain(file, node) and _makes(file, node):
                yield cls(file, node, path)

    @property
    def name(self) -> str:
        """Its name."""
        return self.node.name.value

    @property
    def is_used_here(self) -> bool:
        """Whether the file uses it outside of it, or names it in a text, such as `__all__`."""
        tree = self.file.tree
        names = (node for node in tree.nodes(cst.Name) if node.value == self.name and node is not self.node.name)
        texts = (text(node) for node in tree.nodes(cst.SimpleString))
        return any(not tree.inside(node, self.node) for node in names) or self.name in texts


def _definitions(file: File) -> Iterator[cst.FunctionDef | cst.ClassDef]:
    for statement in file.tree.module.body:
        if isinstance(statement, (cst.FunctionDef, cst.ClassDef)):
            yield statement


def _is_plain(file: File, node: cst.FunctionDef | cst.ClassDef) -> bool:
    """Whether no decorator may make it known to anybody, as a factory is to the command line."""
    written = [each.decorator for each in node.decorators]
    paths = [file.names.qualified(each.func if isinstance(each, cst.Call) else each) or "" for each in written]
    return all(path.startswith(_PLAIN_DECORATORS) for path in paths)


def _makes(file: File, node: cst.FunctionDef | cst.ClassDef) -> bool:
    made: list[cst.CSTNode] = [each.node for each in file.all(Buildable)]
    made += [each.node for each in file.all(Script)]
    made += [each.node for each in file.all(Settings)]
    made += [each.node for each in file.all(Submission)]
    made += [each for each in file.tree.below(node, cst.Annotation) if _is_of_nemo_run(file, each)]
    return any(file.tree.inside(each, node) for each in made)


def _is_of_nemo_run(file: File, annotation: cst.Annotation) -> bool:
    written = annotation.annotation
    named = written.value if isinstance(written, cst.Subscript) else written
    return bool(public(file.names.qualified(named)))
