"""The `__init__` that attrs writes for a class: `@attr.s`, and `@attrs.define` with its other defaults."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from nemo_run_lint.signatures.dataclass_fields import CLASS_VAR, COMPUTED_DEFAULT
from nemo_run_lint.signatures.effects import effects
from nemo_run_lint.signatures.index import Index
from nemo_run_lint.signatures.signature import Kind, Parameter, Reason, Unknown
from nemo_run_lint.signatures.summary import Binding
from nemo_run_lint.signatures.symbols import Class, Function

_FIELDS = ("attr._make.attrib", "attr._next_gen.field")

#: What decides about the `__init__` in ways that are not followed.
_UNFOLLOWED = frozenset({"**", "these", "field_transformer", "force_kw_only"})


class _Attribute(NamedTuple):
    name: str
    parameter: Parameter
    init: bool


def init_parameters(index: Index, cls: Class) -> tuple[Parameter, ...] | Unknown | None:
    """What the `__init__` takes that attrs writes for this very class, `self` left out; None if it writes none."""
    style, options = _decorator(index, cls)
    if style is None:
        return None
    if _UNFOLLOWED & options.keys():
        return Unknown(Reason.COMPUTED, f"{cls.name}: {style}")
    keeps_own = options.get("auto_detect", str(style == "attrs.define")) == "True"
    if options.get("init") == "False" or ("__init__" in cls.summary.body and keeps_own and "init" not in options):
        return None
    found = _attributes(index, cls)
    if isinstance(found, Unknown):
        return found
    return tuple(sorted((each.parameter for each in found if each.init), key=lambda parameter: parameter.kind))


def _decorator(index: Index, cls: Class) -> tuple[str | None, Mapping[str, str]]:
    """How attrs stands on this very class, and with which options."""
    for decorator in cls.summary.decorators:
        found = [each for each in effects(index, cls.module, decorator) if each.how in ("attr.s", "attrs.define")]
        if found:
            return found[0].how, dict(found[0].options)
    return None, {}


def _attributes(index: Index, cls: Class) -> list[_Attribute] | Unknown:
    """Those of the ancestors, but for the ones that the class has itself, and then its own."""
    _, options = _decorator(index, cls)
    inherited: dict[str, _Attribute] = {}
    for base in reversed(index.ancestry(cls)[1:]):
        found = _own_attributes(index, base) if isinstance(base, Class) else []
        if isinstance(base, Unknown) or isinstance(found, Unknown):
            return Unknown(Reason.BASE, cls.name)
        for each in found:
            inherited.pop(each.name, None)
            inherited[each.name] = each
    own = _own_attributes(index, cls)
    if isinstance(own, Unknown):
        return own
    names = {each.name for each in own}
    left = [each for name, each in inherited.items() if name not in names]
    is_strict = options.get("kw_only", "False") != "False"
    if is_strict and any(each.parameter.by_place for each in left):
        return Unknown(Reason.COMPUTED, f"{cls.name}: kw_only")  # what it means for these depends on attrs' version
    return [*left, *own]


def _own_attributes(index: Index, cls: Class) -> list[_Attribute] | Unknown:
    style, options = _decorator(index, cls)
    if style is None:
        return []
    kind = {"True": Kind.KEYWORD_ONLY, "False": Kind.POSITIONAL_OR_KEYWORD}.get(options.get("kw_only", "False"))
    automatic = {"True": True, "False": False, "None": None}.get(
        options.get("auto_attribs", "None" if style == "attrs.define" else "False")
    )
    fields = list(_fields(index, cls))
    if kind is None or any(binding.guards for _, binding, _ in fields):
        return Unknown(Reason.COMPUTED, cls.name)
    if automatic is None:
        automatic = all(binding.annotation for _, binding, call in fields if call is not None)
    return [
        _attribute(index, cls, name, binding, call, kind)
        for name, binding, call in fields
        if (automatic or call is not None) and not CLASS_VAR.match(binding.annotation)
    ]


def _fields(index: Index, cls: Class) -> Iterator[tuple[str, Binding, ast.Call | None]]:
    """What may be fields: names with an annotation, or set to `attr.ib(...)`, which is given too."""
    for name, bindings in cls.summary.body.items():
        binding = next((each for each in bindings if each.source or each.annotation), None)
        if binding is not None and binding.kind == "value":
            value = index.parse(binding.source)
            function = index.evaluate(value.func, cls.module) if isinstance(value, ast.Call) else None
            is_field = isinstance(function, Function) and function.name in _FIELDS
            if is_field or binding.annotation:
                yield name, binding, value if is_field and isinstance(value, ast.Call) else None


def _attribute(index: Index, cls: Class, name: str, binding: Binding, call: ast.Call | None, kind: Kind) -> _Attribute:
    given = {each.arg or "**": ast.unparse(each.value) for each in call.keywords} if call is not None else {}
    default = given.get("default", COMPUTED_DEFAULT if "**" in given or (call and call.args) else None)
    if call is None:
        default = binding.source or None
    if default is None and ("factory" in given or _has_default_method(cls, name)):
        default = COMPUTED_DEFAULT
    kind = {"True": Kind.KEYWORD_ONLY, "False": Kind.POSITIONAL_OR_KEYWORD}.get(given.get("kw_only", ""), kind)
    alias = re.fullmatch(r"""["'](\w+)["']""", given.get("alias", ""))
    shown = alias[1] if alias else name.lstrip("_")
    parameter = Parameter(shown, kind, binding.annotation, default, cls.module.name)
    return _Attribute(name, parameter, given.get("init") != "False")


def _has_default_method(cls: Class, name: str) -> bool:
    """Whether a method is decorated with `@name.default`."""
    functions = (each.function for bindings in cls.summary.body.values() for each in bindings)
    return any(function is not None and f"{name}.default" in function.decorators for function in functions)
