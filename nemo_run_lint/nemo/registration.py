"""How @run.cli.factory registers a function, and when it looks at the return type. Executed with nemo_run 0.11.1."""

from __future__ import annotations

import builtins
from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from nemo_run_lint.nemo.annotation import UNIONS, is_clearly_a_class, type_path, unquoted
from nemo_run_lint.nemo.api import public
from nemo_run_lint.nemo.factory import Factory
from nemo_run_lint.project import File
from nemo_run_lint.syntax.calls import keyword, positional

#: What a quoted return type may name: the globals of nemo_run's cli/api.py, where it is evaluated.
_KNOWN_TO_FACTORY = frozenset(
    "Annotated Any Callable Config Console Dict Executor Experiment Generic List Literal LocalExecutor NotRequired "
    "Option Optional ParamSpec Partial Plugin Protocol RunContext Set SkypilotExecutor SlurmExecutor Table Tuple Type "
    "TypeVar TypedDict Typer Union catalogue fdl field importlib inspect logging metadata os sys typer typing".split()
)


@dataclass(frozen=True)
class Registration:
    """One use of run.cli.factory on a function, as far as the return type matters.

    converted   by @run.autoconvert, below it
    """

    converted: bool


def registrations(factory: Factory) -> Iterator[Registration]:
    """The uses of run.cli.factory that look at the return type; none where that cannot be told."""
    if is_converted_too_late(factory):
        return
    for made in factory.made:
        call = made.decorator if isinstance(made, cst.Decorator) else made
        callee = call.func if isinstance(call, cst.Call) else call
        if public(factory.file.names.qualified(callee)) != "cli.factory":
            continue
        decorators = factory.node.decorators
        below = decorators[decorators.index(made) + 1 :] if isinstance(made, cst.Decorator) else decorators
        names = {_decorator(factory, each) for each in below}
        given = call if isinstance(call, cst.Call) else None
        if names - {"autoconvert", "cli.factory"} or (given is not None and _has_target(given)):
            continue
        if "autoconvert" in names and given is not None and keyword(given, "namespace") is not None:
            continue
        yield Registration("autoconvert" in names)


def is_converted_too_late(factory: Factory) -> bool:
    """Whether @run.autoconvert stands above @run.cli.factory."""
    above, below = decorator(factory, "autoconvert"), decorator(factory, "cli.factory")
    order = list(factory.node.decorators)
    return above is not None and below is not None and order.index(above) < order.index(below)


def decorator(factory: Factory, name: str) -> cst.Decorator | None:
    """The decorator of a function that is NeMo Run's of this public name, called or not."""
    return next((each for each in factory.node.decorators if _decorator(factory, each) == name), None)


def _decorator(factory: Factory, written: cst.Decorator) -> str | None:
    node = written.decorator
    return public(factory.file.names.qualified(node.func if isinstance(node, cst.Call) else node))


def _has_target(call: cst.Call) -> bool:
    """Whether a target is given, or may be."""
    target = keyword(call, "target") or positional(call, 1)
    is_none = isinstance(target, cst.Name) and target.value == "None"
    return any(given.star for given in call.args) or (target is not None and not is_none)


def refused_return(file: File, annotation: cst.BaseExpression, converted: bool) -> str | None:
    """Why @run.cli.factory certainly stops at this return type; `converted`: by @run.autoconvert below it."""
    quoted = unquoted(annotation)
    if quoted is not None:
        unknown = unknown_to_factory(quoted)
        return f"it is evaluated inside nemo_run, where `{unknown}` is not defined" if unknown else None
    head = annotation.value if isinstance(annotation, cst.Subscript) else annotation
    path = type_path(file, head)
    is_none = isinstance(annotation, cst.Name) and annotation.value == "None"
    if converted:
        return "None and Optional have no name to register under" if is_none or path in UNIONS else None
    if public(path) in ("Config", "Partial"):
        bare = not isinstance(annotation, cst.Subscript)
        return f"a bare `{file.code(annotation)}` does not say of what it is a configuration" if bare else None
    is_plain = path is not None and path.startswith(("builtins.", "typing.", "collections.abc."))
    if is_none or is_plain or isinstance(annotation, cst.BinaryOperation) or is_clearly_a_class(file, annotation):
        return "it is not run.Config[...] or run.Partial[...]"
    return None


def unknown_to_factory(annotation: cst.BaseExpression) -> str | None:
    """The first name in a postponed return type that nemo_run, which evaluates it, does not know."""
    names: list[str] = []
    stack: list[cst.CSTNode] = [annotation]
    while stack:
        node = stack.pop()
        if isinstance(node, cst.Attribute):
            stack.append(node.value)
        elif isinstance(node, cst.Name):
            names.append(node.value)
        else:
            stack += reversed(node.children)
    return next((name for name in names if name not in _KNOWN_TO_FACTORY and not hasattr(builtins, name)), None)
