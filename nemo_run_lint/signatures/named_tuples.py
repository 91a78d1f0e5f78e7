"""What named tuples take: those of a class body, and those that `namedtuple(...)` and `NamedTuple(...)` make."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from nemo_run_lint.signatures.dataclass_fields import annotated
from nemo_run_lint.signatures.handing_on import Parameters
from nemo_run_lint.signatures.index import Index
from nemo_run_lint.signatures.signature import Parameter, Reason, Unknown
from nemo_run_lint.signatures.symbols import Class, Function, Module, Variable

_TYPED = ("typing.NamedTuple", "typing_extensions.NamedTuple")
_PLAIN = "collections.namedtuple"


def of_class(index: Index, cls: Class) -> Parameters | Unknown | None:
    """What a named tuple takes whose fields a class body annotates, or that a base of the class is; else None."""
    for base, text in zip(index.bases(cls), cls.summary.bases, strict=True):
        if isinstance(base, Function) and base.name in _TYPED:
            return _annotated(cls)
        written = index.parse(text)
        module, value = (base.module, base.value) if isinstance(base, Variable) else (cls.module, written)
        made = of_call(index, module, value) if isinstance(value, ast.Call) else None
        if made is not None:
            return made
    return None


def of_call(index: Index, module: Module, call: ast.Call) -> Parameters | Unknown | None:
    """What the class takes that `namedtuple("Point", "x y")` makes; None for any other call."""
    function = index.evaluate(call.func, module)
    if not isinstance(function, Function) or function.name not in (*_TYPED, _PLAIN):
        return None
    options = {each.arg: each.value for each in call.keywords}
    listed = index.evaluate(call.args[1], module) if len(call.args) == 2 else None
    value = listed.value if isinstance(listed, Variable) else call.args[1] if len(call.args) == 2 else None
    names = _names(value) if value is not None else None
    defaults = options.pop("defaults", ast.Tuple([]))
    if names is None or options or not isinstance(defaults, (ast.Tuple, ast.List)):
        return Unknown(Reason.COMPUTED, ast.unparse(call.func))
    required = len(names) - len(defaults.elts)
    texts = [None] * required + list(map(ast.unparse, defaults.elts))
    return tuple(Parameter(name, default=text, module=module.name) for name, text in zip(names, texts, strict=True))


def _annotated(cls: Class) -> Parameters:
    found = []
    for name, binding in annotated(cls):
        values = [each.source for each in cls.summary.body[name] if each.source]
        default = values[-1] if values else None
        found.append(Parameter(name, annotation=binding.annotation, default=default, module=cls.module.name))
    return tuple(found)


def _names(node: ast.expr) -> list[str] | None:
    """The fields of `"x y"`, `["x", "y"]` or `[("x", int), ("y", int)]`; None if they are not written out."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value.replace(",", " ").split()
    if not isinstance(node, (ast.List, ast.Tuple)):
        return None
    firsts: Sequence[ast.expr] = [
        each.elts[0] if isinstance(each, ast.Tuple) and each.elts else each for each in node.elts
    ]
    names = [each.value for each in firsts if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    return names if len(names) == len(node.elts) else None
