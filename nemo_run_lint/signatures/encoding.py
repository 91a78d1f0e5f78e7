"""Summaries as JSON: arrays in the order of the fields, without those at the end that have their default.

The types of a summary's fields are the format: what reads differently is refused, for it may come from somebody else.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from hashlib import blake2b
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from nemo_run_lint.signatures.signature import Kind
from nemo_run_lint.signatures.summary import FunctionSummary, ModuleSummary

#: Makes a value of one type of what JSON holds, or raises RefusedError.
_Reader = Callable[[Any], Any]

_KINDS = frozenset(map(int, Kind))


class RefusedError(Exception):
    """Something else than a summary."""


def encoded(summary: ModuleSummary) -> bytes:
    """A summary as bytes."""
    return json.dumps(_plain(summary), separators=(",", ":")).encode()


def decoded(data: bytes) -> ModuleSummary | None:
    """The summary that was made these bytes; None for anything else."""
    try:
        summary: ModuleSummary = _reader(ModuleSummary)(json.loads(data))
    except (ValueError, RecursionError, RefusedError):
        return None
    return summary


@cache
def schema() -> str:
    """What tells this format from any other: it changes with the types of a summary's fields."""
    records: dict[str, str] = {}
    waiting: list[Any] = [ModuleSummary]
    while waiting:
        kind = waiting.pop()
        waiting += get_args(kind)
        if _is_record(kind) and kind.__name__ not in records:
            hints = get_type_hints(kind)
            records[kind.__name__] = repr((hints, kind._field_defaults))
            waiting += hints.values()
    return blake2b(repr(sorted(records.items())).encode(), digest_size=8).hexdigest()


def _is_record(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, tuple) and hasattr(kind, "_fields")


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(map(_plain, _shortened(value) if hasattr(value, "_fields") else value))
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    return value


def _shortened(record: Any) -> Sequence[Any]:
    """The fields of a record up to the last that has not its default."""
    defaults = record._field_defaults
    values = [getattr(record, name) for name in record._fields]  # what is only read when it is asked for is asked for
    while values and (name := record._fields[len(values) - 1]) in defaults and values[-1] == defaults[name]:
        values.pop()
    return values


# -- reading -----------------------------------------------------------------------------------------------------


@cache
def _reader(kind: Any) -> _Reader:
    origin, parts = get_origin(kind), get_args(kind)
    if _is_record(kind):
        return _record(kind)
    if origin is tuple:
        return _several(_reader(parts[0])) if parts[1:] == (...,) else _row(tuple(map(_reader, parts)))
    if origin is not None and isinstance(origin, type) and issubclass(origin, Mapping):
        return _table(_reader(parts[1]))
    if origin in (Union, UnionType):
        return _optional(_reader(next(part for part in parts if part is not NoneType)))
    return _exactly(kind)


def _record(kind: Any) -> _Reader:
    readers: list[_Reader] = []
    fewest = len(kind._fields) - len(kind._field_defaults)

    def read(value: Any) -> Any:
        if not readers:  # only now: a class holds bindings, and a binding may hold a class
            readers.extend(map(_reader, get_type_hints(kind).values()))
        if type(value) is not list or not fewest <= len(value) <= len(readers):
            raise RefusedError
        record = kind(*[reader(each) for reader, each in zip(readers, value, strict=False)])
        if isinstance(record, FunctionSummary) and not all(each[1] in _KINDS for each in record.parameters):
            raise RefusedError
        return record

    return read


def _several(reader: _Reader) -> _Reader:
    def read(value: Any) -> Any:
        if type(value) is not list:
            raise RefusedError
        return tuple(map(reader, value))

    return read


def _row(readers: tuple[_Reader, ...]) -> _Reader:
    def read(value: Any) -> Any:
        if type(value) is not list or len(value) != len(readers):
            raise RefusedError
        return tuple([reader(each) for reader, each in zip(readers, value, strict=True)])

    return read


def _table(reader: _Reader) -> _Reader:
    def read(value: Any) -> Any:
        if type(value) is not dict:
            raise RefusedError
        return {name: reader(each) for name, each in value.items()}

    return read


def _optional(reader: _Reader) -> _Reader:
    def read(value: Any) -> Any:
        return None if value is None else reader(value)

    return read


def _exactly(kind: type) -> _Reader:
    def read(value: Any) -> Any:
        if type(value) is not kind:
            raise RefusedError
        return value

    return read
