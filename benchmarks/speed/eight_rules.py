"""Eight of the linter's rules as a user of LibCST's metadata would write them: providers and visitors.

The logic alone: `as_fixit` and `as_torchfix` make rules of it in the way of either tool. It says about what the real
rules say; how nearly, the benchmark counts.
"""

# ruff: noqa: N802  # the names are what LibCST calls

from __future__ import annotations

import builtins
import re
from collections.abc import Iterator
from typing import Any

import libcst as cst
from libcst.metadata import (
    ParentNodeProvider,
    PositionProvider,
    QualifiedNameProvider,
    QualifiedNameSource,
    ScopeProvider,
)

from nemo_run_lint.nemo.api import public

#: The wrappers whose first argument becomes a task.
_WRAPPERS = ("Partial", "Config")

_NAMELESS = frozenset({"typing.Any", "builtins.object", "typing.Optional", "typing.Hashable"})


class Asking:
    """What all eight ask the metadata; the class that it is mixed into has `get_metadata` and `report`."""

    METADATA_DEPENDENCIES = (PositionProvider, ParentNodeProvider, QualifiedNameProvider, ScopeProvider)

    get_metadata: Any
    report: Any

    def imported(self, node: cst.CSTNode) -> str | None:
        """The path of what a name or attribute was imported as; of a builtin `builtins.int`."""
        sources = (QualifiedNameSource.IMPORT, QualifiedNameSource.BUILTIN)
        found = self.get_metadata(QualifiedNameProvider, node, ())
        return next((each.name for each in found if each.source in sources), None)

    def of_nemo_run(self, node: cst.CSTNode) -> str | None:
        """The public name of what is NeMo Run's, such as `Partial` or `cli.factory`."""
        return public(self.imported(node))

    def definitions(self, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        """The functions and classes of the file that a name may stand for."""
        if isinstance(node, cst.Name):
            for assignment in self.get_metadata(ScopeProvider, node)[node.value]:
                made = getattr(assignment, "node", None)
                if isinstance(made, (cst.FunctionDef, cst.ClassDef)):
                    yield made

    def ancestors(self, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        """The parent of a node, its parent, and so on."""
        while not isinstance(node, cst.Module):
            node = self.get_metadata(ParentNodeProvider, node)
            yield node

    def function_around(self, node: cst.CSTNode) -> cst.FunctionDef | None:
        """The function that a node stands in."""
        return next((each for each in self.ancestors(node) if isinstance(each, cst.FunctionDef)), None)

    def is_test(self, function: cst.FunctionDef) -> bool:
        """Whether a function is a test or stands in one."""
        functions = [function, *(each for each in self.ancestors(function) if isinstance(each, cst.FunctionDef))]
        return any(each.name.value.startswith("test_") or each.name.value == "test" for each in functions)


def argument(call: cst.Call, keyword: str, place: int) -> cst.BaseExpression | None:
    """What is given to a parameter, by its name or its place."""
    for each in call.args:
        if each.keyword is not None and each.keyword.value == keyword:
            return each.value
    given = [each.value for each in call.args if each.keyword is None and not each.star]
    return given[place] if place < len(given) else None


class OfRoles(Asking):
    """A rule about functions with a part to play: it sees the whole file before it knows which."""

    roles: dict[cst.FunctionDef, str]

    def visit_Module(self, node: cst.Module) -> None:
        """Begin with none."""
        self.roles = {}

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:
        """Take those that a decorator or a return type gives a role."""
        for each in node.decorators:
            written = each.decorator.func if isinstance(each.decorator, cst.Call) else each.decorator
            name = self.of_nemo_run(written)
            if name == "cli.entrypoint":
                self.roles[node] = "entrypoint"
            elif name in ("cli.factory", "autoconvert") and self.roles.get(node, "task") == "task":
                self.roles[node] = "registered" if name == "cli.factory" and not _target(each) else "factory"
        if node.returns is not None and self.of_nemo_run(node.returns.annotation) == "Experiment":
            self.roles.setdefault(node, "builder")

    def visit_Call(self, node: cst.Call) -> None:
        """Take those that a call gives a role."""
        name = self.of_nemo_run(node.func)
        if name in _WRAPPERS and node.args:
            self._take(node.args[0].value, "task")
        elif name in ("cli.entrypoint", "cli.main", "cli.factory", "autoconvert") and node.args:
            self._take(node.args[0].value, "entrypoint" if name in ("cli.entrypoint", "cli.main") else "factory")
        elif name == "Experiment":
            function = self.function_around(node)
            if function is not None and self.roles.get(function, "task") == "task":
                self.roles[function] = "builder"

    def _take(self, node: cst.BaseExpression, role: str) -> None:
        for made in self.definitions(node):
            if isinstance(made, cst.FunctionDef):
                self.roles.setdefault(made, role)

    def leave_Module(self, original_node: cst.Module) -> None:
        """Judge them."""
        for function, role in self.roles.items():
            if not self.is_test(function):
                self.judge(function, role)

    def judge(self, function: cst.FunctionDef, role: str) -> None:
        """Report what is wrong with one function."""
        raise NotImplementedError


def _target(decorator: cst.Decorator) -> bool:
    """Whether a factory is registered for something that it need not say by its return type."""
    return isinstance(decorator.decorator, cst.Call) and argument(decorator.decorator, "target", 1) is not None


class UndocumentedTask(OfRoles):
    """A task without a docstring."""

    MESSAGE = "this task has no docstring"

    def judge(self, function: cst.FunctionDef, role: str) -> None:
        """Report it."""
        if role == "task" and not (function.get_docstring() or "").strip():
            self.report(function.name, self.MESSAGE)


class UndocumentedFactory(OfRoles):
    """A factory without a docstring."""

    MESSAGE = "this factory has no docstring"

    def judge(self, function: cst.FunctionDef, role: str) -> None:
        """Report it."""
        if role in ("factory", "registered") and not (function.get_docstring() or "").strip():
            self.report(function.name, self.MESSAGE)


class UntypedParameter(OfRoles):
    """A function with a role and parameters without a type."""

    MESSAGE = "a parameter has no type"

    def judge(self, function: cst.FunctionDef, role: str) -> None:
        """Report it once."""
        params = function.params
        named = [*params.posonly_params, *params.params, *params.kwonly_params]
        if any(isinstance(each, cst.ClassDef) for each in self.ancestors(function)):
            named = named[1:]
        asked = [each for each in named if not each.name.value.startswith("_")]
        if any(each.annotation is None for each in asked):
            self.report(function.name, self.MESSAGE)


class UntypedReturn(OfRoles):
    """A function with a role that does not say what it returns."""

    MESSAGE = "it does not say what it returns"

    def judge(self, function: cst.FunctionDef, role: str) -> None:
        """Report it, unless its registration fails for that anyway."""
        if function.returns is None and role != "registered":
            self.report(function.name, self.MESSAGE)


class ImplicitOptional(Asking):
    """A default None that the type does not allow."""

    MESSAGE = "the default is None, which this type does not allow"

    def visit_Param(self, node: cst.Param) -> None:
        """Report the type."""
        is_none = isinstance(node.default, cst.Name) and node.default.value == "None"
        if is_none and node.annotation is not None and self._excludes_none(node.annotation.annotation):
            self.report(node.annotation.annotation, self.MESSAGE)

    def _excludes_none(self, node: cst.BaseExpression) -> bool:
        if isinstance(node, cst.BinaryOperation):
            return self._excludes_none(node.left) and self._excludes_none(node.right)
        if isinstance(node, cst.Subscript):
            if self.imported(node.value) == "typing.Union":
                inside = [each.slice.value for each in node.slice if isinstance(each.slice, cst.Index)]
                return all(map(self._excludes_none, inside))
            return self._excludes_none(node.value)
        if isinstance(node, cst.Name) and node.value == "None":
            return False
        path = self.imported(node)
        if path is None:
            return any(isinstance(each, cst.ClassDef) for each in self.definitions(node))
        package, _, name = path.rpartition(".")
        is_class = package in ("typing", "collections.abc") or hasattr(builtins, name)
        return is_class and path not in _NAMELESS


class LambdaInConfig(Asking):
    """A lambda among the arguments of a configuration."""

    MESSAGE = "a lambda cannot be saved"

    def visit_Call(self, node: cst.Call) -> None:
        """Report each."""
        if self.of_nemo_run(node.func) not in _WRAPPERS:
            return
        function = self.function_around(node)
        if function is None or not self.is_test(function):
            for each in node.args:
                if isinstance(each.value, cst.Lambda):
                    self.report(each.value, self.MESSAGE)


class OfExperiments(Asking):
    """A rule about experiments and the calls on them."""

    def is_experiment(self, node: cst.BaseExpression) -> bool:
        """Whether a name was given to a run.Experiment by an assignment or a `with`."""
        if not isinstance(node, cst.Name):
            return False
        for assignment in self.get_metadata(ScopeProvider, node)[node.value]:
            named = getattr(assignment, "node", None)
            for above in self.ancestors(named) if isinstance(named, cst.Name) else ():
                value = above.value if isinstance(above, cst.Assign) else getattr(above, "item", None)
                if isinstance(value, cst.Call) and self.of_nemo_run(value.func) == "Experiment":
                    return True
                if isinstance(above, (cst.Assign, cst.WithItem, cst.BaseCompoundStatement)):
                    break
        return False

    def method(self, node: cst.Call) -> str | None:
        """The method of an experiment that is called."""
        is_one = isinstance(node.func, cst.Attribute) and self.is_experiment(node.func.value)
        return node.func.attr.value if is_one else None  # type: ignore[union-attr]


class NameCharacters(OfExperiments):
    """A name of a task or an experiment that holds other characters than a directory should."""

    MESSAGE = "this name holds other characters than letters, digits, _ and -"

    def visit_Call(self, node: cst.Call) -> None:
        """Report the name."""
        made = self.of_nemo_run(node.func)
        name = None
        if made == "Experiment":
            name = argument(node, "title", 0)
        elif made == "run":
            name = argument(node, "name", 3)
        elif made is None and self.method(node) == "add":
            name = argument(node, "name", 2)
        if name is not None and any(re.search(r"[^A-Za-z0-9_-]", each) for each in _literals(name)):
            self.report(name, self.MESSAGE)


def _literals(name: cst.BaseExpression) -> Iterator[str]:
    if isinstance(name, cst.SimpleString) and isinstance(name.evaluated_value, str):
        yield name.evaluated_value
    elif isinstance(name, cst.FormattedString):
        yield from (each.value for each in name.parts if isinstance(each, cst.FormattedStringText))


class ExperimentOutsideWith(OfExperiments):
    """A task that is added outside of the experiment's `with`."""

    MESSAGE = "this stands outside of the `with` of the experiment"

    def visit_Call(self, node: cst.Call) -> None:
        """Report the call."""
        if self.method(node) not in ("add", "run") or not isinstance(node.func, cst.Attribute):
            return
        holder = node.func.value
        for above in self.ancestors(node):
            for item in above.items if isinstance(above, cst.With) else ():
                names = (item.item, item.asname.name if item.asname is not None else None)
                if any(isinstance(each, cst.Name) and each.value == holder.value for each in names):  # type: ignore[attr-defined]
                    return
        self.report(node.func, self.MESSAGE)


#: The rules, by the names of those that they stand for.
EIGHT: dict[str, type[Asking]] = {
    "undocumented-task": UndocumentedTask,
    "undocumented-factory": UndocumentedFactory,
    "untyped-parameter": UntypedParameter,
    "untyped-return": UntypedReturn,
    "implicit-optional": ImplicitOptional,
    "lambda-in-config": LambdaInConfig,
    "name-characters": NameCharacters,
    "experiment-outside-with": ExperimentOutsideWith,
}
