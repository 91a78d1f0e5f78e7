"""What an experiment that is a class says of itself: in the call of its base, and by `self.add_parameter(...)`.

The base is the team guide's DocumentedExperiment, or any class whose name ends with `Experiment` and that is given a
name and a description.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import libcst as cst

from nemo_run_lint.documentation.header import Item, paragraphs
from nemo_run_lint.project import File
from nemo_run_lint.syntax.bindings import dotted
from nemo_run_lint.syntax.calls import keyword, positional
from nemo_run_lint.syntax.values import text

#: The parameters of the base class, in order.
_ABOUT = ("name", "description", "author", "version")

#: Methods that say one thing more, and their parameters.
_ADDING = {
    "add_parameter": ("name", "description", "default_value"),
    "add_dependency": ("dependency", "version"),
    "add_expected_output": ("name", "description", "data_type"),
    "set_notes": ("notes",),
}


@dataclass(frozen=True)
class Stated:
    """A parameter as a class states it; `default` as written, empty where there is none."""

    name: str
    text: str
    default: str = ""


@dataclass(frozen=True)
class Declared:
    """A class that is an experiment, and what it says. What is no plain text is told as it is written.

    class_name   the class's
    """

    class_name: str
    name: str
    description: str
    author: str
    version: str
    parameters: tuple[Stated, ...]
    dependencies: tuple[str, ...]
    outputs: tuple[Item, ...]
    notes: tuple[str, ...]


def declared(file: File) -> list[Declared]:
    """The classes of a file that are experiments and say so, in order."""
    found = ((node, _call_of_base(node, file)) for node in file.tree.nodes(cst.ClassDef))
    classes = sorted(found, key=lambda each: file.tree.order(each[0]))
    return [_read(file, node, call) for node, call in classes if call is not None]


def _call_of_base(node: cst.ClassDef, file: File) -> cst.Call | None:
    """The call `super().__init__(name=..., description=...)` of a class that derives from an experiment."""
    bases = [(dotted(base.value) or "").rpartition(".")[2] for base in node.bases]
    if not any(base.endswith("Experiment") for base in bases):
        return None
    for call in file.tree.below(node.body, cst.Call):
        made = call.func
        is_init = isinstance(made, cst.Attribute) and made.attr.value == "__init__"
        if is_init and _is_base(made.value, bases) and _given(call, _ABOUT, 1) is not None:  # type: ignore[attr-defined]
            return call
    return None


def _is_base(owner: cst.BaseExpression, bases: Iterable[str]) -> bool:
    if isinstance(owner, cst.Call):
        return isinstance(owner.func, cst.Name) and owner.func.value == "super"
    return (dotted(owner) or "").rpartition(".")[2] in bases


def _given(call: cst.Call, parameters: tuple[str, ...], place: int) -> cst.BaseExpression | None:
    return keyword(call, parameters[place]) or positional(call, place)


def _read(file: File, node: cst.ClassDef, call: cst.Call) -> Declared:
    name, description, author, version = (_said(file, _given(call, _ABOUT, place)) for place in range(len(_ABOUT)))
    added: dict[str, list[list[str]]] = {method: [] for method in _ADDING}
    for method, each in _additions(file, node):
        given = [_given(each, _ADDING[method], place) for place in range(len(_ADDING[method]))]
        if given[0] is not None:
            told = [_said(file, value) for value in given]
            if method == "add_parameter":
                told[2] = " ".join(file.code(given[2]).split()) if given[2] is not None else ""
            added[method].append(told)
    return Declared(
        class_name=node.name.value,
        name=name,
        description=" ".join(description.split()),
        author=author,
        version=version,
        parameters=tuple(Stated(*each) for each in added["add_parameter"]),
        dependencies=tuple(" ".join(filter(None, each)) for each in added["add_dependency"]),
        outputs=tuple(Item(*each) for each in added["add_expected_output"]),
        notes=paragraphs("\n\n".join(notes for (notes,) in added["set_notes"])),
    )


def _additions(file: File, node: cst.ClassDef) -> Iterator[tuple[str, cst.Call]]:
    """The calls of the methods that say more, also in a chain: `self.add_parameter(...).add_dependency(...)`."""
    calls = file.tree.below(node.body, cst.Call)
    methods = [(call.func.attr, call) for call in calls if isinstance(call.func, cst.Attribute)]
    found = [(name, call) for name, call in methods if name.value in _ADDING and _is_of_self(file, call, node)]
    # of a chain the last call stands outermost
    for name, call in sorted(found, key=lambda each: file.positions.span(each[0])):
        yield name.value, call


def _is_of_self(file: File, call: cst.CSTNode, node: cst.ClassDef) -> bool:
    while isinstance(call, cst.Call) and isinstance(call.func, cst.Attribute):
        call = call.func.value
    return file.values.self_class(call) is node


def _said(file: File, value: cst.BaseExpression | None) -> str:
    if value is None:
        return ""
    plain = text(file.values.value(value))
    return plain if plain is not None else " ".join(file.code(value).split())
