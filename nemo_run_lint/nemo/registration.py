"""How @run.cli.factory registers a function, and when it looks at the return type. Executed with nemo_run 0.11.1."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from nemo_run_lint.nemo.api import public
from nemo_run_lint.nemo.factory import Factory
from nemo_run_lint.syntax.calls import keyword, positional


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
