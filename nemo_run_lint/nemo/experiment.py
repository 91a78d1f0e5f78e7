"""Experiments: where one is made, what is added to it, and the functions that build one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import libcst as cst

from nemo_run_lint.nemo.api import public
from nemo_run_lint.nemo.entrypoint import Entrypoint
from nemo_run_lint.nemo.factory import Factory
from nemo_run_lint.nemo.function import Function
from nemo_run_lint.project import File
from nemo_run_lint.syntax.calls import keyword, positional
from nemo_run_lint.syntax.names import Binding, Kind


@dataclass(eq=False)
class Experiment:
    """An experiment that the file can see.

    node    the `run.Experiment(...)` call, or the parameter that is annotated as one
    """

    file: File
    node: cst.Call | cst.Param

    @classmethod
    def find(cls, file: File) -> Iterable[Experiment]:
        """Every run.Experiment(...) call, and every parameter annotated run.Experiment."""
        for call in file.tree.nodes(cst.Call):
            if public(file.names.qualified(call.func)) == "Experiment":
                yield cls(file, call)
        for parameter in file.tree.nodes(cst.Param):
            if parameter.annotation is not None and _is_experiment_type(file, parameter.annotation.annotation):
                yield cls(file, parameter)

    @property
    def call(self) -> cst.Call | None:
        """The call that makes it; None for a parameter."""
        return self.node if isinstance(self.node, cst.Call) else None

    @property
    def title(self) -> cst.BaseExpression | None:
        """The title given as `title=`, first, or in the team guide's form as `name=`; None when there is none to see."""
        if self.call is None:
            return None
        by_keyword = keyword(self.call, "title") or keyword(self.call, "name")
        if by_keyword is not None or not self.call.args:
            return by_keyword
        first = self.call.args[0]
        return first.value if first.keyword is None and not first.star and not isinstance(first.value, cst.List) else None

    @cached_property
    def calls(self) -> Sequence[tuple[str, cst.Call]]:
        """The method calls on it in the order of the file: ("add", call), ("run", call), ..."""
        found = [
            (call.func.attr.value, call)
            for call in self.file.tree.nodes(cst.Call)
            if isinstance(call.func, cst.Attribute) and experiment_of(self.file, call.func.value) is self
        ]
        return found


@dataclass(eq=False)
class Submission:
    """A task handed over under a name: exp.add(...), run.run(...), or the team guide's run.Task(...).

    how         `exp.add`, `run.run` or `run.Task`
    task        what is handed over, as written (for a group, the list)
    name        the expression of its name, or None
    """

    file: File
    node: cst.Call
    how: str
    task: cst.BaseExpression | None
    name: cst.BaseExpression | None
    experiment: Experiment | None = None

    @classmethod
    def find(cls, file: File) -> Iterable[Submission]:
        """Every task that the file hands over."""
        for experiment in file.all(Experiment):
            for method, call in experiment.calls:
                if method == "add":
                    yield cls(file, call, "exp.add", _first(call, "task"), keyword(call, "name"), experiment)
        for call in file.tree.nodes(cst.Call):
            function = public(file.names.qualified(call.func))
            if function == "run":
                yield cls(file, call, "run.run", _first(call, "fn_or_script"), keyword(call, "name"))
            elif function == "Task":
                name = keyword(call, "name") or positional(call, 0)
                task = keyword(call, "task") or positional(call, 0 if keyword(call, "name") is not None else 1)
                yield cls(file, call, "run.Task", task, name)

    @property
    def has_star(self) -> bool:
        """Whether arguments come from `*args` or `**kwargs`, so that what is missing may be there."""
        return any(given.star for given in self.node.args)

    @property
    def executor(self) -> cst.BaseExpression | None:
        """The executor given here, or to the experiment; None when none is to be seen."""
        if self.how == "run.run":
            return keyword(self.node, "executor") or positional(self.node, 1)
        own = keyword(self.node, "executor") or positional(self.node, 1)
        shared = self.experiment.call if self.experiment is not None else None
        return own or (keyword(shared, "executor") or positional(shared, 1) if shared is not None else None)


@dataclass(eq=False)
class ExperimentBuilder(Function):
    """A function that makes an experiment, or says that it returns one."""

    role: ClassVar[str] = "experiment builder"

    @classmethod
    def find(cls, file: File) -> Iterable[ExperimentBuilder]:
        """Every function that is neither entrypoint nor factory nor test, and makes or returns a run.Experiment."""
        taken = {function.node for function in (*file.all(Entrypoint), *file.all(Factory))}
        found: dict[cst.FunctionDef, ExperimentBuilder] = {}
        for function, made in _builders(file):
            if function not in taken:
                found.setdefault(function, cls(file, function)).made.append(made)
        return [builder for builder in found.values() if not builder.is_test]


def _builders(file: File) -> Iterator[tuple[cst.FunctionDef, cst.CSTNode]]:
    for experiment in file.all(Experiment):
        function = file.tree.enclosing(experiment.node, cst.FunctionDef) if experiment.call is not None else None
        if function is not None:
            yield function, experiment.node
    for function in file.tree.nodes(cst.FunctionDef):
        if function.returns is not None and _is_experiment_type(file, function.returns.annotation):
            yield function, function.returns


def experiment_of(file: File, node: cst.CSTNode) -> Experiment | None:
    """The one experiment that a name or `self.x` certainly holds, or None."""
    by_node = {experiment.node: experiment for experiment in file.all(Experiment)}
    if node in by_node:
        return by_node[node]  # type: ignore[index]
    if isinstance(node, cst.Name):
        bindings: Sequence[Binding] = file.names.lookup(node)
        found = {_bound(by_node, binding) for binding in bindings}
    elif isinstance(node, cst.Attribute):
        found = {by_node.get(source) for source in file.values.sources(node)}  # type: ignore[call-overload]
    else:
        return None
    return found.pop() if len(found) == 1 else None


def _bound(by_node: dict[cst.Call | cst.Param, Experiment], binding: Binding) -> Experiment | None:
    if binding.kind is Kind.PARAMETER:
        return by_node.get(binding.node)  # type: ignore[call-overload, no-any-return]
    return by_node.get(binding.value)  # type: ignore[call-overload, no-any-return]


def _is_experiment_type(file: File, annotation: cst.BaseExpression) -> bool:
    return public(file.names.qualified(annotation)) == "Experiment"


def _first(call: cst.Call, name: str) -> cst.BaseExpression | None:
    return keyword(call, name) or positional(call, 0)
