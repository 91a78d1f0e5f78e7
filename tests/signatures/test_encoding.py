from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nemo_run_lint.signatures.encoding import decoded, encoded
from nemo_run_lint.signatures.modules import read_text
from nemo_run_lint.signatures.summary import ModuleSummary

SOURCE = '''
import a.b
from .c import *
try:
    from d import e as f
except ImportError:
    f = None
__all__ = ["Model"]

def wraps(function):
    def inner(*args, **kwargs):
        return function(*args, **kwargs)
    return inner

@wraps
class Model(f, metaclass=Meta):
    """A model."""
    size: int = 1
    class Inner:
        deep: "str" = "\u2026"
    def __init__(self, a, /, b=2, *, c: int = 3, **more) -> None:
        super().__init__(b, **more)

Model.__init__ = wraps(Model.__init__)

def __getattr__(name):
    from .g import lazy
'''


def summary() -> ModuleSummary:
    read = read_text(SOURCE)
    assert read is not None
    return read


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every part of a JSON value."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(way for key, each in inside for way in places(each, (*path, key)))]


def with_part(value: Any, path: tuple[Any, ...], part: Any) -> Any:
    if not path:
        return part
    copied = dict(value) if isinstance(value, dict) else list(value)
    copied[path[0]] = with_part(value[path[0]], path[1:], part)
    return copied


def test_a_summary_is_the_same_after_it_was_written_and_read() -> None:
    assert decoded(encoded(summary())) == summary()


@pytest.mark.parametrize("module", ["dataclasses", "typing", "argparse", "enum", "ast", "logging", "subprocess"])
def test_so_is_one_of_a_real_module(module: str) -> None:
    import importlib.util
    from pathlib import Path

    spec = importlib.util.find_spec(module)
    assert spec is not None
    assert spec.origin is not None
    read = read_text(Path(spec.origin).read_text(encoding="utf-8"))
    assert read is not None
    assert decoded(encoded(read)) == read


PLAIN = json.loads(encoded(summary()))


@settings(max_examples=300)
@given(st.sampled_from(places(PLAIN)), st.sampled_from([None, 7, -1, 2.5, True, "x", [], {}, [[]], [1, 2], {"a": 1}]))
def test_what_is_no_summary_is_refused_or_read_as_one(path: tuple[Any, ...], part: Any) -> None:
    changed = json.dumps(with_part(PLAIN, path, part)).encode()
    read = decoded(changed)
    assert read is None or decoded(encoded(read)) == read


@pytest.mark.parametrize("data", [b"", b"null", b"[]", b"{}", b"[1]", b"\xff", b"[" * 100_000, b'[{"a":[["import"]]}]'])
def test_nonsense_is_refused(data: bytes) -> None:
    assert decoded(data) is None


def test_a_kind_of_parameter_that_there_is_not_is_refused() -> None:
    data = encoded(read_text("def f(a): pass") or ModuleSummary({}))
    assert decoded(data) is not None
    assert decoded(data.replace(b'["a",1,', b'["a",9,')) is None
