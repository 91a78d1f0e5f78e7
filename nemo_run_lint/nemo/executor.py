"""Executors, tunnels and packagers: what they are given, also afterwards; and which executor an expression is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import libcst as cst

from nemo_run_lint.nemo.api import EXECUTORS, public
from nemo_run_lint.project import File

#: What belongs to an executor, and is set up in the same way.
_PARTS = frozenset(
    "LocalTunnel SSHTunnel Packager GitArchivePackager PatternPackager HybridPackager "
    "Torchrun FaultTolerance SlurmRay SlurmTemplate".split()
)


@dataclass(eq=False)
class Setting:
    """A field that gets a value.

    node    the call's `Arg`, or the assignment; the value itself where a dict brings it: `SlurmExecutor(**common)`
    """

    name: str
    value: cst.BaseExpression
    node: cst.CSTNode

    @property
    def target(self) -> cst.CSTNode:
        """The narrowest node that names the field: the keyword, or the attribute that is assigned."""
        if self.node is self.value:
            return self.value
        if isinstance(self.node, cst.Arg):
            return self.node.keyword or self.node
        target = self.node.targets[0].target if isinstance(self.node, cst.Assign) else self.node
        return target.attr if isinstance(target, cst.Attribute) else target


@dataclass(eq=False)
class Settings:
    """A call of one of the classes that describe where a task runs, and what is assigned to the object afterwards.

    kind        the public name of the class: `SlurmExecutor`, `SSHTunnel`
    given       every value that a field gets, in the order of the file
    """

    file: File
    node: cst.Call
    kind: str
    given: list[Setting] = field(default_factory=list)

    @classmethod
    def find(cls, file: File) -> Iterable[Settings]:
        """Every executor, tunnel, packager and launcher that the file makes or configures with run.Config."""
        found: dict[cst.CSTNode, Settings] = {}
        for call in file.tree.nodes(cst.Call):
            kind = public(file.names.qualified(call.func))
            if kind == "Config" and call.args and call.args[0].keyword is None and not call.args[0].star:
                kind = public(file.names.qualified(call.args[0].value))
            if kind in EXECUTORS or kind in _PARTS:
                found[call] = cls(file, call, str(kind), list(_keywords(file, call)))
        for settings, setting in _assigned(file, found):
            settings.given.append(setting)
        return found.values()

    @property
    def is_executor(self) -> bool:
        """Whether it is an executor, not a part of one."""
        return self.kind in EXECUTORS

    @property
    def has_star(self) -> bool:
        """Whether values come from where they cannot be seen, so that what is missing may be there."""
        return any(given.star and self.file.values.items(given.value) is None for given in self.node.args)

    def get(self, name: str) -> cst.BaseExpression | None:
        """The value of a field that is set once; None when it is not set, or more than once."""
        values = [each.value for each in self.given if each.name == name]
        return values[0] if len(values) == 1 else None

    def sets(self, name: str) -> bool:
        """Whether a field is set."""
        return any(each.name == name for each in self.given)


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
    found = {file.at(Executor, source) for source in made_by(file, node)}
    return {each.kind if each is not None else None for each in found}


def settings_of(file: File, node: cst.CSTNode) -> list[Settings]:
    """The executors (or tunnels, packagers) that an expression may hold; empty when one of them cannot be told."""
    found = [file.at(Settings, source) for source in made_by(file, node)]
    return [each for each in found if each is not None] if None not in found else []


def made_by(
    file: File, node: cst.CSTNode, steps: int = 3, seen: set[tuple[int, int]] | None = None
) -> Iterator[cst.CSTNode]:
    """The expressions that a value comes from, also through functions of the file and `.clone()`.

    `seen` keeps what was followed, by identity and steps, since there may be many ways to one expression.
    """
    seen = set() if seen is None else seen
    for source in file.values.sources(node):
        if (id(source), steps) in seen:
            continue
        seen.add((id(source), steps))
        called = file.values.definition(source.func) if isinstance(source, cst.Call) else None
        if isinstance(called, cst.FunctionDef) and steps:
            for returned in file.tree.below(called.body, cst.Return, into_functions=False):
                if returned.value is not None:
                    yield from made_by(file, returned.value, steps - 1, seen)
        elif _is_clone(source) and steps:
            yield from made_by(file, source.func.value, steps - 1, seen)  # type: ignore[attr-defined]
        else:
            yield source


def _is_clone(node: cst.CSTNode) -> bool:
    is_method = isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute) and not node.args
    return is_method and node.func.attr.value == "clone"  # type: ignore[attr-defined]


def _keywords(file: File, call: cst.Call) -> Iterator[Setting]:
    for given in call.args:
        if given.keyword is not None:
            yield Setting(given.keyword.value, given.value, given)
        elif given.star == "**":
            for name, value in (file.values.items(given.value) or {}).items():
                yield Setting(name, value, value)


def _assigned(file: File, found: dict[cst.CSTNode, Settings]) -> Iterator[tuple[Settings, Setting]]:
    """`executor.time = "01:00:00"`, for every object of the file that the name may hold."""
    for assign in file.tree.nodes(cst.Assign) if found else ():
        for each in assign.targets:
            target = each.target
            if isinstance(target, cst.Attribute):
                for source in made_by(file, target.value):
                    settings = found.get(source)
                    if settings is not None:
                        yield settings, Setting(target.attr.value, assign.value, assign)
