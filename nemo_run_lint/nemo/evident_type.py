"""The type that a value shows by itself, and a function by what it returns; None where more may be meant."""

from __future__ import annotations

import libcst as cst

from nemo_run_lint.nemo.buildable import Buildable
from nemo_run_lint.nemo.endings import ways
from nemo_run_lint.nemo.importing import Spelling, spelt_like
from nemo_run_lint.project import File
from nemo_run_lint.syntax.values import parameters

_PLAIN: dict[type[cst.CSTNode], str] = {
    cst.Integer: "int",
    cst.Float: "float",
    cst.SimpleString: "str",
    cst.ConcatenatedString: "str",
    cst.FormattedString: "str",
}


def literal_type(file: File, node: cst.CSTNode | None) -> str | None:
    """The type of a literal, in code: `int`, `list[str]`; None for None, what is empty, and all that is no literal."""
    if isinstance(node, cst.UnaryOperation) and isinstance(node.operator, (cst.Minus, cst.Plus)):
        return literal_type(file, node.expression)
    if isinstance(node, cst.SimpleString) and "b" in node.prefix.lower():
        return "bytes"
    if isinstance(node, cst.Name) and file.names.is_builtin(node, "True", "False"):
        return "bool"
    if isinstance(node, cst.List):
        of = _one_type(file, [each.value for each in node.elements if isinstance(each, cst.Element)])
        return f"list[{of}]" if of is not None else None
    if isinstance(node, cst.Dict):
        pairs = [each for each in node.elements if isinstance(each, cst.DictElement)]
        keys, values = (_one_type(file, side) for side in ([e.key for e in pairs], [e.value for e in pairs]))
        return f"dict[{keys}, {values}]" if keys and values and len(pairs) == len(node.elements) else None
    return _PLAIN.get(type(node)) if node is not None else None


def _one_type(file: File, values: list[cst.BaseExpression]) -> str | None:
    kinds = {literal_type(file, value) for value in values}
    return kinds.pop() if len(kinds) == 1 else None


def returned_type(file: File, function: cst.FunctionDef) -> str | None:
    """The type of what a function returns, in code; None where it cannot be told, and for what is yet to be written."""
    below = file.tree.below
    is_generator = next(below(function.body, cst.Yield, into_functions=False), None) is not None
    if is_generator or _is_stub(function):
        return None
    returns = [each.value for each in below(function.body, cst.Return, into_functions=False)]
    values = [each for each in returns if each is not None and not file.names.is_builtin(each, "None")]
    if not values:
        return "None"
    config = configured_type(file, function)
    if config is not None:
        return config[0]
    whole = len(values) == len(returns) and "falls" not in ways(file, function.body)
    return _one_type(file, values) if whole else None


def configured_type(file: File, function: cst.FunctionDef) -> tuple[str, Spelling] | None:
    """`run.Config[Model]` for a function that always returns a run.Config of this class; with how Config is written."""
    returns = list(file.tree.below(function.body, cst.Return, into_functions=False))
    made = [file.at(Buildable, file.values.value(each.value)) if each.value is not None else None for each in returns]
    known = [each for each in made if each is not None]
    if not known or len(known) < len(made) or "falls" in ways(file, function.body):
        return None
    targets, kinds = {each.name for each in known}, {each.kind for each in known}
    target = known[0].target
    is_named = isinstance(target, (cst.Name, cst.Attribute)) and _is_visible(file, target, function)
    kind = known[0].kind
    written = spelt_like(file, kind, known[0].node.func) if len(targets) == len(kinds) == 1 and is_named else None
    return (f"{written.text}[{known[0].name}]", written) if written is not None and not written.edits else None


def _is_visible(file: File, target: cst.CSTNode, function: cst.FunctionDef) -> bool:
    """Whether a class, certainly one, has a meaning outside of the function that names it."""
    root = target
    while isinstance(root, cst.Attribute):
        root = root.value
    bindings = file.names.lookup(root) if isinstance(root, cst.Name) else ()
    outside = all(
        not file.tree.inside(each.node, function) and each.node not in parameters(function) for each in bindings
    )
    earlier = all(file.tree.order(each.node) < file.tree.order(function) for each in bindings)
    name = target.attr.value if isinstance(target, cst.Attribute) else getattr(target, "value", "")
    is_class = isinstance(file.values.definition(target), cst.ClassDef) or str(name)[:1].isupper()
    return bool(bindings) and outside and earlier and is_class


def _is_stub(function: cst.FunctionDef) -> bool:
    """Whether a body is only a docstring, `...` or a `raise`."""
    lines = function.body.body
    small = [each for line in lines for each in (line.body if isinstance(line, cst.SimpleStatementLine) else [line])]
    literals = (cst.Ellipsis, cst.SimpleString, cst.ConcatenatedString)
    return all(
        isinstance(each, cst.Raise) or (isinstance(each, cst.Expr) and isinstance(each.value, literals))
        for each in small
    )
