"""What pydantic's models accept: their fields by keyword, under their aliases, as pydantic tells it to `inspect`."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import replace
from keyword import iskeyword
from typing import NamedTuple

from nemo_run_lint.signatures.dataclass_fields import CLASS_VAR, COMPUTED_DEFAULT, annotated
from nemo_run_lint.signatures.functions import Answer, bound, of_function
from nemo_run_lint.signatures.index import Index
from nemo_run_lint.signatures.signature import Kind, Parameter, Reason, Signature, Unknown
from nemo_run_lint.signatures.symbols import Class, Function

_BASE = "pydantic.main.BaseModel"

#: What a model is given beyond its fields, where that is allowed.
_EXTRA = Parameter("extra_data", Kind.VAR_KEYWORD)

#: Settings that make up names or signatures.
_UNFOLLOWED = frozenset({"alias_generator", "**"})


class _Settings(NamedTuple):
    extra: str = "ignore"
    by_alias: bool = True


def is_model(index: Index, cls: Class) -> bool:
    """Whether a class is a model, or the base of all models."""
    return any(isinstance(each, Class) and each.name == _BASE for each in index.ancestry(cls))


def of_model(index: Index, cls: Class) -> Answer:
    """What a model takes."""
    line = index.ancestry(cls)
    classes = [each for each in line if isinstance(each, Class)]
    version = index.environment.installed("pydantic") or ""
    if not version.startswith("2.") or any(isinstance(each, Unknown) for each in line):
        return Unknown(Reason.METACLASS if not version.startswith("2.") else Reason.BASE, cls.name)
    settings = _settings(index, classes)
    fields = _fields(index, classes)
    init = index.member(cls, "__init__")
    shown = of_function(index, init) if isinstance(init, Function) else None
    if isinstance(settings, Unknown):
        return settings
    if isinstance(fields, Unknown):
        return fields
    if not isinstance(shown, tuple) or not isinstance(init, Function):
        return Unknown(Reason.CLASS_PATCHED, cls.name)
    signature = bound(shown[0])
    if cls.name == _BASE:
        return (replace(signature, name=cls.summary.name),)
    is_plain = init.owner is not None and init.owner.name == _BASE
    written = (*signature.parameters[:-1], _EXTRA) if is_plain else signature.parameters
    parameters = _merged(written, fields, settings)
    place = cls.place if is_plain else signature.place
    return (Signature(cls.summary.name, place, parameters, _accepted(parameters, fields, settings, is_plain)),)


class _Field(NamedTuple):
    """A field: its own name, and the parameter under which it is given."""

    name: str
    parameter: Parameter


def _merged(init: Sequence[Parameter], fields: Mapping[str, _Field], settings: _Settings) -> tuple[Parameter, ...]:
    """The parameters of `__init__`, then, if that takes any keyword, the fields that are not among them."""
    by_name = {
        name: field.parameter if settings.by_alias else replace(field.parameter, name=name)
        for name, field in fields.items()
    }
    own = [each for each in init if each.kind is not Kind.VAR_KEYWORD]
    own = [replace(each, name=by_name[each.name].name) if each.name in by_name else each for each in own]
    open_ended = [each for each in init if each.kind is Kind.VAR_KEYWORD]
    if not open_ended:
        return tuple(own)
    taken = {each.name for each in own}
    more = [each for name, each in by_name.items() if name not in taken and each.name not in taken]
    return (*own, *more, *(open_ended if settings.extra == "allow" else ()))


def _accepted(
    parameters: Sequence[Parameter], fields: Mapping[str, _Field], settings: _Settings, is_plain: bool
) -> tuple[Parameter, ...] | None:
    """What a call of the model really takes: keywords that are no field are ignored, unless they are forbidden."""
    if not is_plain:
        return None
    aliased = {field.parameter.name for name, field in fields.items() if field.parameter.name != name}
    more = [
        Parameter(name, Kind.KEYWORD_ONLY, default=COMPUTED_DEFAULT)
        for name in fields
        if fields[name].parameter.name in aliased
    ]
    shown = [
        replace(each, default=each.default or COMPUTED_DEFAULT) if each.name in aliased else each for each in parameters
    ]
    rest = [Parameter("data", Kind.VAR_KEYWORD)] if settings.extra != "forbid" else []
    closed = [each for each in (*shown, *more) if each.kind is not Kind.VAR_KEYWORD]
    return tuple({each.name: each for each in [*closed, *rest]}.values())


def _settings(index: Index, classes: Sequence[Class]) -> _Settings | Unknown:
    """What `model_config`, an inner `Config` and the class statement say, the nearest last."""
    found: dict[str, str] = {}
    for each in reversed(classes):
        found.update(each.summary.keywords)
        for binding in each.summary.body.get("Config", ()):
            inner = binding.definition.body if binding.definition is not None else {}
            found.update({name: bindings[-1].source for name, bindings in inner.items()})
        for binding in each.summary.body.get("model_config", ()):
            if binding.source:
                found.update(_written(index.parse(binding.source)))
    if _UNFOLLOWED & found.keys():
        return Unknown(Reason.COMPUTED, f"{classes[0].name}.model_config")
    extra = found.get("extra", "ignore").rpartition(".")[2].strip("\"'")
    return _Settings(extra, found.get("validate_by_alias", "True") == "True")


def _written(config: ast.expr | None) -> Mapping[str, str]:
    """The entries of `ConfigDict(extra="allow")` or `{"extra": "allow"}`, each as written."""
    if isinstance(config, ast.Call) and not config.args:
        return {each.arg or "**": ast.unparse(each.value) for each in config.keywords}
    if isinstance(config, ast.Dict):
        keys = [each.value if isinstance(each, ast.Constant) else "**" for each in config.keys]
        return {str(key): ast.unparse(value) for key, value in zip(keys, config.values, strict=True)}
    return {"**": ""}


def _fields(index: Index, classes: Sequence[Class]) -> dict[str, _Field] | Unknown:
    """The fields of all ancestors, the eldest first; one that is written again keeps its place."""
    found: dict[str, _Field] = {}
    for cls in reversed(classes):
        for name, binding in annotated(cls):
            if name.startswith("_") or name == "model_config" or CLASS_VAR.match(binding.annotation):
                continue
            field = _field(index, cls, name)
            if field is None or binding.guards:
                return Unknown(Reason.COMPUTED, f"{cls.name}.{name}")
            found[name] = field
    return found


def _field(index: Index, cls: Class, name: str) -> _Field | None:
    """A field of a class; None if its alias or default is not to be seen."""
    bindings = cls.summary.body[name]
    annotation = next(each.annotation for each in bindings if each.annotation)
    sources = [each.source for each in bindings if each.source]
    written = index.parse(annotation)
    inside = [each for each in ast.walk(written) if isinstance(each, ast.Call)] if written is not None else []
    value = index.parse(sources[-1]) if sources else None
    options: dict[str, ast.expr] = {}
    for call in [*inside, *([value] if isinstance(value, ast.Call) else [])]:
        if _is_field(index, cls, call):
            options.update(zip(("default",), call.args, strict=False))
            options.update({each.arg or "**": each.value for each in call.keywords})
    if "**" in options:
        return None
    if value is not None and not (isinstance(value, ast.Call) and _is_field(index, cls, value)):
        options["default"] = value
    alias = options.get("alias", options.get("validation_alias"))
    if isinstance(alias, ast.Name):
        return None
    given = alias.value if isinstance(alias, ast.Constant) else None
    default = options.get("default")
    is_required = default is None or (isinstance(default, ast.Constant) and default.value is ...)
    made = COMPUTED_DEFAULT if "default_factory" in options else None
    if default is not None and not is_required:
        made = ast.unparse(default)
    parameter = Parameter(
        given if isinstance(given, str) and given.isidentifier() and not iskeyword(given) else name,
        Kind.KEYWORD_ONLY,
        annotation,
        made,
        cls.module.name,
    )
    return _Field(name, parameter)


def _is_field(index: Index, cls: Class, call: ast.Call) -> bool:
    function = index.evaluate(call.func, cls.module)
    return isinstance(function, Function) and function.name == "pydantic.fields.Field"
