"""What a function does as a decorator, by its text alone; what comes of it is tested with `callables`."""

from __future__ import annotations

import ast
import textwrap

import pytest

from nemo_run_lint.signatures.decorators import Decorating, decorating


def read(text: str) -> Decorating | None:
    (node,) = ast.parse(textwrap.dedent(text)).body
    assert isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    return decorating(node)


def plain(text: str) -> list[str]:
    """What comes of the subject of `@d`, each as `how` or `how: detail`."""
    found = read(text)
    assert found is not None
    return [": ".join(filter(None, each)) for each in found.plain]


PLAIN = {
    "the argument": ("def d(f):\n    f.x = 1\n    return f", ["same"]),
    "the argument, cast": ("def d(f):\n    return cast(F, f)", ["same"]),
    "the argument by another name": ("def d(f):\n    g = f\n    return g", ["same"]),
    "the argument of a method": ("def d(self, f):\n    self.all.append(f)\n    return f", ["same"]),
    "the argument of a class method": ("@classmethod\ndef d(cls, f):\n    return f", ["same"]),
    "a lambda": ("def d(f):\n    return lambda x, *y: f(x)", ["replaced: x, *y"]),
    "what another decorator makes": ("def d(f):\n    return other.deco(f)", ["by: other.deco"]),
    "the same with options": ("def d(f):\n    return other(f, x=1)", ["by: other(x=1)"]),
    "what a called decorator makes": ("def d(f):\n    return other(1)(f)", ["made: other(1)"]),
    "what another decorator makes, by the same name": ("def d(f):\n    f = other(f)\n    return f", ["by: other"]),
    "the same, perhaps": ("def d(f):\n    if x:\n        f = other(f)\n    return f", ["by: other", "same"]),
    "one or the other": ("def d(f):\n    return f if x else other(f)", ["by: other", "same"]),
    "an attribute of it": ("def d(f):\n    return f.inner", None),
    "a wrapper that takes less": (
        "def d(f):\n    @wraps(f)\n    def g(x):\n        return f(x, 1)\n    return g",
        ["wraps: x"],
    ),
    "a wrapper that changes what it got": (
        "def d(f):\n    @wraps(f)\n    def g(*a, **k):\n        k['x'] = 1\n        return f(*a, **k)\n    return g",
        ["wraps: *a, **k"],
    ),
    "a wrapper of a method": (
        "def d(f):\n    @wraps(f)\n    def g(self, *a, **k):\n        return f(self, *a, **k)\n    return g",
        ["wraps"],
    ),
    "a wrapper whose types say that it takes the same": (
        "def d(f: Callable[P, T]):\n    @wraps(f)\n    def g(*a: P.args, **k: P.kwargs):\n        return call(f, *a, **k)\n    return g",
        ["wraps"],
    ),
    "a wrapper whose types say that it takes less": (
        "def d(f: Callable[Concatenate[int, P], T]):\n    @wraps(f)\n    def g(*a: P.args, **k: P.kwargs):\n        return call(f, *a, **k)\n    return g",
        ["wraps: *a: P.args, **k: P.kwargs"],
    ),
    "a wrapper with a signature of its own": (
        "def d(f):\n    @wraps(f)\n    def g(*a, **k):\n        return f(*a, **k)\n    g.__signature__ = s\n    return g",
        None,
    ),
    "a wrapper or the argument, by a try": (
        "def d(f):\n    try:\n        import x\n        @wraps(f)\n        def g(*a, **k):\n            return f(*a, **k)\n        return g\n    except ImportError:\n        return f",
        ["same", "wraps"],
    ),
    "the argument with another signature": (
        "def d(f):\n    f.__signature__ = s\n    return f",
        ["patched: __signature__", "same"],
    ),
    "what a name of the function stands for": ("def d(f):\n    from x import y\n    return y(f)", None),
    "what a parameter makes of it": ("def d(f, g):\n    return g(f)", None),
}


@pytest.mark.parametrize("title", PLAIN)
def test_what_is_returned_decides(title: str) -> None:
    text, expected = PLAIN[title]
    if expected is None:
        found = read(text)
        assert found is None or [each.how for each in found.plain] == ["unknown"]
    else:
        assert plain(text) == expected


def test_a_decorator_with_an_optional_argument_is_told_in_both_ways() -> None:
    found = read("""
        def d(name=None):
            def inner(f):
                return f
            if name is None:
                return other(1)
            return inner
        """)
    assert found is not None
    assert [each.how for each in found.called] == ["made"]
    assert sorted(each.how for each in found.given) == ["made", "same"]


@pytest.mark.parametrize(
    "text",
    [
        "def f(): ...",
        "def f(x): return x + 1",
        "def f(x): return g(x)",
        "def f(x):\n    y = g(x)\n    return y",
        "async def f(fn): return fn",
        "def f(fn): print(fn)",
        "def f(x):\n    def inner(): ...\n    inner()",
    ],
)
def test_of_other_functions_nothing_is_kept(text: str) -> None:
    assert read(text) is None


def test_functions_that_lead_to_each_other_and_very_long_ones_end() -> None:
    cycle = "def d(f):\n    def a(g):\n        return b(g)\n    def b(g):\n        return a(g)\n    return a(f)"
    branches = "def d(f):\n" + "".join(f"    if x == {n}:\n        return f\n" for n in range(3_000)) + "    return f"
    names = "def d(f):\n    g0 = f\n" + "".join(f"    g{n} = g{n - 1}\n" for n in range(1, 3_000)) + "    return g2999"
    calls = "def d(f, **k):\n    return f(**k)" + ".g()" * 450
    for text in (cycle, branches, names, calls):
        assert read(text) is None
