"""The `__init__` and `__new__` that no one writes: of dataclasses, attrs classes, named tuples and protocols."""

from __future__ import annotations

from nemo_run_lint.signatures import attrs_fields, named_tuples
from nemo_run_lint.signatures.dataclass_fields import generates_init, init_parameters
from nemo_run_lint.signatures.functions import ANYTHING, Answer
from nemo_run_lint.signatures.handing_on import Parameters
from nemo_run_lint.signatures.index import Index
from nemo_run_lint.signatures.signature import Signature, Unknown
from nemo_run_lint.signatures.symbols import Class

PROTOCOLS = frozenset({"typing.Protocol", "typing_extensions.Protocol"})


def generated(index: Index, cls: Class, name: str) -> Answer | None:
    """What the method takes that is generated for a class, without `self`; None if it is written, or inherited."""
    parameters = _init(index, cls) if name == "__init__" else _new(index, cls)
    if parameters is None or isinstance(parameters, Unknown):
        return parameters
    return (Signature(cls.summary.name, cls.place, parameters),)


def _init(index: Index, cls: Class) -> Parameters | Unknown | None:
    by_attrs = attrs_fields.init_parameters(index, cls)  # which may replace one that is written
    if by_attrs is not None:
        return by_attrs
    if "__init__" in cls.summary.body:
        return None
    by_dataclass = generates_init(index, cls)
    if isinstance(by_dataclass, Unknown):
        return by_dataclass
    if by_dataclass:
        return init_parameters(index, cls)
    return ANYTHING if _is_plain_protocol(index, cls) else None


def _new(index: Index, cls: Class) -> Parameters | Unknown | None:
    return named_tuples.of_class(index, cls) if "__new__" not in cls.summary.body else None


def _is_plain_protocol(index: Index, cls: Class) -> bool:
    """Whether it is a protocol that inherits no `__init__`: it is given one that looks for another when called."""
    if not any(isinstance(base, Class) and base.name in PROTOCOLS for base in index.bases(cls)):
        return False
    return not any(isinstance(each, Class) and "__init__" in each.summary.body for each in index.ancestry(cls)[1:])
