"""Configs before they are built: which one an expression certainly is, and where it is changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from nemo_run_lint.nemo.api import public
from nemo_run_lint.nemo.buildable import Buildable
from nemo_run_lint.nemo.executor import Executor
from nemo_run_lint.project import File
from nemo_run_lint.syntax.bindings import Binding

#: Methods that change a list, a dict or a set in place.
_CHANGING = frozenset("append extend insert remove pop clear update setdefault add sort reverse".split())


def buildable_of(file: File, node: cst.CSTNode, steps: int = 5) -> Buildable | None:
    """The run.Config or run.Partial that an expression certainly is, also as `recipe.model`; not after it was built."""
    if isinstance(node, cst.Attribute) and steps:
        outer = buildable_of(file, node.value, steps - 1)
        given = [each for each in outer.arguments if each.name == node.attr.value] if outer is not None else []
        return buildable_of(file, given[0].value, steps - 1) if len(given) == 1 else None
    value = file.values.value(node)
    if not isinstance(value, cst.Call):
        return None
    return file.at(Buildable, value)


def executor_of(file: File, node: cst.CSTNode) -> Executor | None:
    """The executor that an expression certainly is."""
    value = file.values.value(node)
    return next((each for each in file.all(Executor) if each.node is value), None)


@dataclass(eq=False)
class Change:
    """An object changed in place: `config.steps = 3`, `executor.env_vars["A"] = "1"`, `config.callbacks.append(x)`.

    root    the name of the object
    node    what is changed: `config.steps`, `executor.env_vars["A"]`, `config.callbacks.append`
    path    the attributes down to it, without the method
    """

    root: cst.Name
    node: cst.CSTNode
    path: tuple[str, ...]
    in_place: bool

    @classmethod
    def find(cls, file: File) -> Iterator[Change]:
        """Every change of a name's attributes."""
        targets: list[tuple[cst.CSTNode, bool]] = []
        for assign in file.tree.nodes(cst.Assign):
            targets += [(each.target, isinstance(each.target, cst.Subscript)) for each in assign.targets]
        targets += [(assign.target, False) for assign in file.tree.nodes(cst.AugAssign)]
        for statement in file.tree.nodes(cst.Expr):
            call = statement.value
            method = call.func if isinstance(call, cst.Call) else None
            if isinstance(method, cst.Attribute) and method.attr.value in _CHANGING:
                targets += [(method, True)] if isinstance(method.value, (cst.Attribute, cst.Subscript)) else []
            elif isinstance(method, cst.Attribute) and method.attr.value in ("broadcast", "walk"):
                targets.append((method, True))
        for node, in_place in targets:
            found = _root(node)
            if found is not None:
                path = found[1][:-1] if isinstance(node, cst.Attribute) and in_place else found[1]
                yield cls(found[0], node, path, in_place)


def _root(node: cst.CSTNode) -> tuple[cst.Name, tuple[str, ...]] | None:
    path: list[str] = []
    while isinstance(node, (cst.Attribute, cst.Subscript)):
        if isinstance(node, cst.Attribute):
            path.insert(0, node.attr.value)
        node = node.value
    return (node, tuple(path)) if isinstance(node, cst.Name) and path else None


def uses(file: File, binding: Binding) -> list[cst.Name]:
    """Every place where a name may have the meaning that `binding` gives it, in the order of the file."""
    return [
        name
        for name in file.names.uses(binding.node, binding.name)
        if not isinstance(file.tree.parent(name), (cst.AssignTarget, cst.Param)) and not _is_label(file, name)
        if any(each is binding for each in file.names.lookup(name))
    ]


def _is_label(file: File, name: cst.Name) -> bool:
    """Whether a name is no variable: a keyword of a call, the last part of `a.b`."""
    parent = file.tree.parent(name)
    return (isinstance(parent, cst.Arg) and parent.keyword is name) or (
        isinstance(parent, cst.Attribute) and parent.attr is name
    )


def happens_after(file: File, later: cst.CSTNode, earlier: cst.CSTNode, since: cst.CSTNode) -> bool:
    """Whether `later` runs after `earlier` and is not followed by it again, for something made at `since`.

    In different branches, or in a loop that does not make it anew each time, it is not certain.
    """
    if file.tree.order(later) < file.tree.order(earlier):
        return False
    above_later = list(file.tree.ancestors(later))
    above_earlier = list(file.tree.ancestors(earlier))
    functions = (cst.FunctionDef, cst.Lambda)
    outer = [
        next((each for each in above if isinstance(each, functions)), None) for above in (above_later, above_earlier)
    ]
    shared = next(each for each in above_later if any(each is other for other in above_earlier))
    if outer[0] is not outer[1] or isinstance(shared, (cst.If, cst.IfExp, cst.Match, cst.Try, cst.TryStar)):
        return False
    loops = [each for each in above_later if isinstance(each, (cst.For, cst.While)) and each in above_earlier]
    return all(file.tree.inside(since, loop) for loop in loops)


def returned_kind(file: File, function: cst.FunctionDef) -> str | None:
    """`Config` or `Partial`, if that is what a function says or is seen to return."""
    if function.returns is not None:
        said = function.returns.annotation
        kind = public(file.names.qualified(said.value if isinstance(said, cst.Subscript) else said))
        if kind in ("Config", "Partial"):
            return kind
    returns = list(file.tree.below(function.body, cst.Return, into_functions=False))
    configs = [buildable_of(file, each.value) if each.value is not None else None for each in returns]
    kinds = {config.kind if config is not None else None for config in configs}
    return kinds.pop() if len(kinds) == 1 else None
