"""Whether a value that is written out contradicts the annotation of the parameter that it is given for.

Only plain contradictions count, `"8"` for `int`: what duck typing, conversion or an untrue annotation may allow is a
hint or nothing, and what a container holds is not looked at.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, Literal

from nemo_run_lint.signatures.annotations import Allowed, Resolve, allowed

ShapeKind = Literal["str", "bytes", "int", "float", "complex", "bool", "None", "list", "tuple", "set", "dict"]

#: The constant of a value that is not written out; `...` itself is never given for one.
NO_CONSTANT: Final = ...


@dataclass(frozen=True)
class Shape:
    """What a value is known to be: its kind, and where it is written out, the constant itself."""

    kind: ShapeKind
    constant: object = NO_CONSTANT


@dataclass(frozen=True)
class Contradiction:
    """A value that its parameter's annotation does not allow.

    wanted   the annotation, on one line
    given    words for the value: `text`, `a list`, `None`
    certain  False where such code is known to work by and large
    """

    wanted: str
    given: str
    certain: bool


class _Verdict(IntEnum):
    SILENT = 0
    HINT = 1
    CERTAIN = 2


_NUMBERS = frozenset({"int", "float", "complex", "bool"})
_SCALARS = _NUMBERS | {"str", "bytes"}
_CONTAINERS = frozenset({"list", "tuple", "set", "dict"})

#: The kinds that certainly contradict a type. List, tuple and set serve for each other as the code mostly only loops.
_CONTRADICTING = {
    "str": _NUMBERS | _CONTAINERS | {"bytes"},
    "bytes": _CONTAINERS | {"str"},
    **dict.fromkeys(_NUMBERS, _CONTAINERS | {"str"}),
    "list": _SCALARS | {"dict"},
    "tuple": _SCALARS | {"dict"},
    "set": _SCALARS,
    "dict": _SCALARS | {"list", "tuple"},
    "iterable": _NUMBERS,
    "callable": _SCALARS | _CONTAINERS,
}

_WORDS: dict[ShapeKind, str] = {
    "str": "text",
    "bytes": "bytes",
    "int": "a whole number",
    "float": "a floating-point number",
    "complex": "a complex number",
    "bool": "a bool",
    "None": "None",
    "list": "a list",
    "tuple": "a tuple",
    "set": "a set",
    "dict": "a dict",
}

_DISPLAYS: dict[type[ast.expr], ShapeKind] = {
    ast.JoinedStr: "str",
    ast.List: "list",
    ast.ListComp: "list",
    ast.Tuple: "tuple",
    ast.Set: "set",
    ast.SetComp: "set",
    ast.Dict: "dict",
    ast.DictComp: "dict",
}

_KINDS: dict[type, ShapeKind] = {
    str: "str",
    bytes: "bytes",
    int: "int",
    float: "float",
    complex: "complex",
    bool: "bool",
    type(None): "None",
}


def contradiction(
    value: Shape, annotation: ast.expr, module: str, resolve: Resolve, default: str | None = None
) -> Contradiction | None:
    """How `value` contradicts `annotation`, which is written in `module`; None where it does not, or may not.

    default  the parameter's default as written: with None as default, None may be given whatever the annotation says,
             and where the default itself contradicts the annotation (`size: int = "auto"`), that cannot be relied on
    """
    types = allowed(annotation, module, resolve)
    if types is None or (value.kind == "None" and default == "None"):
        return None
    wanted = [each for each in types if each.type != "None"]
    if not wanted or (value.kind == "None" and len(wanted) < len(types)):
        return None
    verdict = min(_verdict(value, each, is_alone=len(wanted) == 1) for each in wanted)
    written = _written(annotation)
    if verdict is _Verdict.SILENT or not written:
        return None
    if default is not None and default != "None" and _is_untrue(annotation, module, resolve, default):
        return None
    return Contradiction(written, _given(value), verdict is _Verdict.CERTAIN)


def _is_untrue(annotation: ast.expr, module: str, resolve: Resolve, default: str) -> bool:
    """Whether a parameter's own default contradicts its annotation."""
    try:
        shape = shape_of(ast.parse(default, mode="eval").body)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return shape is not None and contradiction(shape, annotation, module, resolve) is not None


def shape_of(node: ast.expr) -> Shape | None:
    """What the value of an expression is known to be; None where that is not to be seen."""
    if isinstance(node, ast.Constant):
        kind = _KINDS.get(type(node.value))
        return Shape(kind, node.value) if kind is not None else None
    if isinstance(node, ast.UnaryOp):
        return _signed(node)
    if isinstance(node, (ast.BinOp, ast.Call)):
        return Shape("str") if _is_text(node) else None
    display = _DISPLAYS.get(type(node))
    return Shape(display) if display is not None else None


def _signed(node: ast.UnaryOp) -> Shape | None:
    number = node.operand.value if isinstance(node.operand, ast.Constant) else None
    if isinstance(number, (int, float, complex)) and not isinstance(number, bool):
        if isinstance(node.op, ast.USub):
            return Shape(_KINDS[type(number)], -number)
        if isinstance(node.op, ast.UAdd):
            return Shape(_KINDS[type(number)], number)
    return None


def _is_text(node: ast.expr) -> bool:
    """Whether an expression certainly makes text: `"a" + "b"`, `"%d" % x`, `"-" * 3`, `str(x)`."""
    while isinstance(node, ast.BinOp):
        if isinstance(node.op, ast.Add) and not _is_text(node.right):
            return False
        if isinstance(node.op, ast.Mult) and not _is_whole(node.right):
            return _is_whole(node.left) and _is_text(node.right)
        if not isinstance(node.op, (ast.Add, ast.Mod, ast.Mult)):
            return False
        node = node.left
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id == "str"
    shape = shape_of(node)
    return shape is not None and shape.kind == "str"


def _is_whole(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) is int


def _verdict(value: Shape, wanted: Allowed, *, is_alone: bool) -> _Verdict:
    """What is to be said of a value for one type that is not None; `is_alone` where no other type is allowed."""
    if wanted.type == "class":
        return _Verdict.HINT if value.kind == "str" and is_alone else _Verdict.SILENT
    if wanted.type == "literal":
        return _verdict_on_literal(value, wanted)
    if value.kind in _CONTRADICTING[wanted.type]:
        return _Verdict.CERTAIN
    if value.kind == "None" or (value.kind, wanted.type) == ("int", "bool") or _loses_a_fraction(value, wanted):
        return _Verdict.HINT
    return _Verdict.SILENT


def _verdict_on_literal(value: Shape, wanted: Allowed) -> _Verdict:
    options = [shape_of(each) for each in wanted.values]
    if any(each is None or each.constant is NO_CONSTANT for each in options) or value in options:
        return _Verdict.SILENT
    if value.kind == "None":
        return _Verdict.HINT
    is_known = value.constant is not NO_CONSTANT or value.kind in _CONTAINERS
    return _Verdict.CERTAIN if is_known else _Verdict.SILENT


def _loses_a_fraction(value: Shape, wanted: Allowed) -> bool:
    constant = value.constant
    return wanted.type == "int" and isinstance(constant, float) and not constant.is_integer()


def _given(value: Shape) -> str:
    return f"`{value.constant}`" if isinstance(value.constant, bool) else _WORDS[value.kind]


def _written(annotation: ast.expr) -> str:
    """An annotation on one line, without quotes around it; empty for one that is nested too deeply to be written."""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        return " ".join(annotation.value.split())
    try:
        return ast.unparse(annotation)
    except RecursionError:
        return ""
