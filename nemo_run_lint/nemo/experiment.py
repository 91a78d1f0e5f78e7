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
from nemo_run_lint.nemo.known import is_assigned
from nemo_run_lint.project import File
from nemo_run_lint.syntax.bindings import Binding, Kind
from nemo_run_lint.syntax.calls import keyword, positional
from nemo_run_lint.syntax.values import text


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
        """The title given as `title=`, first, or in the team guide's form as `name=`; None where none is to be seen."""
        if self.call is None:
            return None
        by_keyword = keyword(self.call, "title") or keyword(self.call, "name")
        if by_keyword is not None or not self.call.args:
            return by_keyword
        first = self.call.args[0]
        return (
            first.value if first.keyword is None and not first.star and not isinstance(first.value, cst.List) else None
        )

    @cached_property
    def calls(self) -> Sequence[tuple[str, cst.Call]]:
        """The method calls on it in the order of the file: ("add", call), ("run", call), ..."""
        return _holdings(self.file).calls.get(self, ())

    @cached_property
    def tasks(self) -> Sequence[Submission]:
        """What is added to it, in the order of the file."""
        return _holdings(self.file).tasks.get(self, ())

    def called(self, *methods: str) -> list[cst.Call]:
        """The calls of these methods on it, in the order of the file."""
        return [call for method, call in self.calls if method in methods]

    @cached_property
    def uses(self) -> Sequence[cst.Name]:
        """Where a name that may hold it is read."""
        return _holdings(self.file).uses.get(self, ())

    @cached_property
    def escapes(self) -> bool:
        """Whether others may get hold of it: handed on, returned, kept in an object, or not to be followed at all."""
        if self.call is None:
            return True
        return not self._stays(self.call) or not all(map(self._stays, self.uses))

    def _stays(self, node: cst.CSTNode) -> bool:
        """Whether what is done with it here keeps it where it can be seen: entered, named, asked for an attribute."""
        parent = self.file.tree.parent(node)
        if isinstance(parent, cst.Assign):
            return all(isinstance(each.target, cst.Name) for each in parent.targets)
        return isinstance(parent, (cst.Attribute, cst.WithItem, cst.NamedExpr, cst.AnnAssign, cst.Expr))

    @cached_property
    def touched(self) -> set[str]:
        """The attributes and methods of it that are used, where a name may hold it."""
        nodes = [*self.uses, *([self.call] if self.call is not None else [])]
        above = [self.file.tree.parent(node) for node in nodes]
        return {each.attr.value for each in above if isinstance(each, cst.Attribute)}

    def outside(self, call: cst.Call) -> str | None:
        """Where a call on it stands, if certainly not in its own `with`; None when it does, or that cannot be told."""
        tree = self.file.tree
        function = tree.enclosing(call, cst.FunctionDef, cst.Lambda)
        if self.call is None or tree.enclosing(self.call, cst.FunctionDef, cst.Lambda) is not function:
            return None
        earlier = [use for use in self.uses if tree.order(use) < tree.order(call)]
        held = isinstance(tree.parent(self.call), (cst.Assign, cst.AnnAssign)) or self._stays(self.call)
        if "__enter__" in self.touched or not held or (self.escapes and not all(map(self._stays, earlier))):
            return None  # who got hold of it may have entered it: `stack.enter_context(exp)`
        entered = False
        other: Experiment | None = None
        for above in tree.ancestors(call):
            if above is function:
                break
            for item in reversed(above.items if isinstance(above, cst.With) else ()):
                item_value = item.item.value if isinstance(item.item, cst.NamedExpr) else item.item
                inner = experiment_of(self.file, item_value)
                if inner is self:
                    if other is None:
                        return None
                    entered = True
                elif inner is not None:
                    other = other or inner
                elif any(tree.inside(use, item) for use in self.uses):
                    return None
        return "inside the `with` of another experiment" if entered else "outside of its `with`"

    @property
    def is_entered(self) -> bool:
        """Whether a `with` of the file enters it."""
        tree = self.file.tree
        nodes: list[cst.CSTNode] = [*self.uses, *([self.call] if self.call is not None else [])]
        above = [tree.parent(node) for node in nodes]
        return any(
            isinstance(tree.parent(each) if isinstance(each, cst.NamedExpr) else each, cst.WithItem) for each in above
        )

    @property
    def default_executor(self) -> cst.BaseExpression | None:
        """The executor that it is made with, for the tasks that have none of their own."""
        return (keyword(self.call, "executor") or positional(self.call, 1)) if self.call is not None else None

    @property
    def is_on_localhost_by_default(self) -> bool:
        """Whether it visibly has no executor, so that its tasks run on a LocalExecutor."""
        return self.call is not None and not self.default_executor and not any(each.star for each in self.call.args)


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
                    name = keyword(call, "name") or positional(call, 2)
                    yield cls(file, call, "exp.add", _first(call, "task"), name, experiment)
        for call in file.tree.nodes(cst.Call):
            function = public(file.names.qualified(call.func))
            if function == "run":
                name = keyword(call, "name") or positional(call, 3)
                yield cls(file, call, "run.run", _first(call, "fn_or_script"), name)
            elif function == "Task":
                name = keyword(call, "name") or positional(call, 0)
                task = keyword(call, "task") or positional(call, 0 if keyword(call, "name") is not None else 1)
                yield cls(file, call, "run.Task", task, name)

    @cached_property
    def literal_name(self) -> str | None:
        """The name, where it is written out; None when it is not, or there is none."""
        return text(self.file.values.value(self.name)) if self.name is not None else None

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


@dataclass(eq=False)
class _Holdings:
    """What holds the experiments of a file, worked out once for all of them."""

    file: File

    @classmethod
    def find(cls, file: File) -> Iterable[_Holdings]:
        yield cls(file)

    @cached_property
    def by_node(self) -> dict[cst.CSTNode, Experiment]:
        return {experiment.node: experiment for experiment in self.file.all(Experiment)}

    @cached_property
    def calls(self) -> dict[Experiment, list[tuple[str, cst.Call]]]:
        """The method calls on each, in the order of the file."""
        found: dict[Experiment, list[tuple[str, cst.Call]]] = {}
        for call in sorted(self.file.tree.nodes(cst.Call), key=self.file.tree.order) if self.by_node else ():
            owner = experiment_of(self.file, call.func.value) if isinstance(call.func, cst.Attribute) else None
            if owner is not None and isinstance(call.func, cst.Attribute):
                method = call.func.attr.value
                if not is_assigned(self.file, method):  # a test puts a mock in its place
                    found.setdefault(owner, []).append((method, call))
        return found

    @cached_property
    def tasks(self) -> dict[Experiment, list[Submission]]:
        """What is added to each, in the order of the file."""
        found: dict[Experiment, list[Submission]] = {}
        for submission in self.file.all(Submission):
            if submission.experiment is not None:
                found.setdefault(submission.experiment, []).append(submission)
        return found

    @cached_property
    def uses(self) -> dict[Experiment, list[cst.Name]]:
        """Where names that may hold each are read."""
        names = self.file.names
        held = {binding.name for binding in names.bindings() if _bound(self.file, self.by_node, binding) is not None}
        found: dict[Experiment, list[cst.Name]] = {}
        for name in self.file.tree.nodes(cst.Name) if held else ():
            if name.value in held and is_read(self.file, name):
                for owner in {_bound(self.file, self.by_node, binding) for binding in names.lookup(name)} - {None}:
                    found.setdefault(owner, []).append(name)  # type: ignore[arg-type]
        return found


def _holdings(file: File) -> _Holdings:
    return file.all(_Holdings)[0]


def experiment_of(file: File, node: cst.CSTNode) -> Experiment | None:
    """The one experiment that a name or `self.x` certainly holds, or None."""
    by_node = _holdings(file).by_node
    if node in by_node:
        return by_node[node]
    if isinstance(node, cst.Name):
        bindings: Sequence[Binding] = file.names.lookup(node)
        found = {_bound(file, by_node, binding) for binding in bindings}
    elif isinstance(node, cst.Attribute):
        found = {by_node.get(source) for source in file.values.sources(node)}
    else:
        return None
    return found.pop() if len(found) == 1 else None


def _bound(file: File, by_node: dict[cst.CSTNode, Experiment], binding: Binding) -> Experiment | None:
    if binding.kind is Kind.PARAMETER:
        return by_node.get(binding.node)
    value: cst.CSTNode | None = binding.value
    for _ in range(3):  # `with stack.enter_context(exp) as e`, `e = exp`
        if isinstance(value, cst.Call) and isinstance(value.func, cst.Attribute):
            entered = value.func.attr.value == "enter_context" and len(value.args) == 1
            value = value.args[0].value if entered else value
        if isinstance(value, cst.NamedExpr):
            value = value.value
        aliased = file.names.lookup(value) if isinstance(value, cst.Name) else ()
        if len(aliased) != 1 or aliased[0] is binding:
            break
        if aliased[0].kind is Kind.PARAMETER:
            return by_node.get(aliased[0].node)
        value = aliased[0].value
    return by_node.get(value) if value is not None else None


def is_read(file: File, name: cst.Name) -> bool:
    """Whether a name is a variable that is read: no label of `a.b` or `f(b=1)`, no target of an assignment."""
    parent = file.tree.parent(name)
    if isinstance(parent, cst.Attribute):
        return parent.attr is not name
    if isinstance(parent, cst.Arg):
        return parent.keyword is not name
    if isinstance(parent, (cst.FunctionDef, cst.ClassDef)):
        return parent.name is not name
    if isinstance(parent, (cst.NamedExpr, cst.AnnAssign)):
        return parent.target is not name
    return not isinstance(parent, (cst.AssignTarget, cst.Param, cst.AsName, cst.ImportAlias, cst.NameItem))


def _is_experiment_type(file: File, annotation: cst.BaseExpression) -> bool:
    return public(file.names.qualified(annotation)) == "Experiment"


def _first(call: cst.Call, name: str) -> cst.BaseExpression | None:
    return keyword(call, name) or positional(call, 0)
