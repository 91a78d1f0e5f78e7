"""What the decorators of a function or class do to what it takes, every name on the way looked up.

Decorators are analysed, not listed; what is listed here is written in C, decides by a type at run time, or is commonly
not installed where the linter runs.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import NamedTuple

from nemo_run_lint.signatures.decorator_bodies import Outcome
from nemo_run_lint.signatures.decorators import Decorating
from nemo_run_lint.signatures.index import Index
from nemo_run_lint.signatures.signature import Reason, Unknown
from nemo_run_lint.signatures.symbols import Builtin, Class, Function, Module, OneOf, Symbol, Variable

#: Where these are defined. They keep what a function takes; classes are given to none of them but `total_ordering`.
_KEEPING = frozenset(
    {
        "contextlib.asynccontextmanager",
        "contextlib.contextmanager",
        "functools.cache",
        "functools.lru_cache",
        "functools.singledispatch",
        "functools.total_ordering",
        "types.coroutine",
        "typing.no_type_check",
        "torch.autograd.grad_mode.enable_grad",
        "torch.autograd.grad_mode.inference_mode",
        "torch.autograd.grad_mode.no_grad",
    }
)

#: Keep what a function takes, but not what a class takes.
_KEEPING_FUNCTIONS = frozenset({"typing_extensions.deprecated", "warnings.deprecated"})

#: The same, by the names under which they are imported: for where PyTorch is not installed.
_KEEPING_AS_WRITTEN = frozenset(
    "torch.enable_grad torch.inference_mode torch.no_grad torch.jit.export torch.jit.ignore torch.jit.unused".split()
)

#: What turns a function into a decorator that keeps what its subject takes: used as `@it`, and used as `@it(...)`.
_MAKES_KEEPING = frozenset({"decorator.decorator", "wrapt.decorators.decorator"})
_MAKES_KEEPING_WHEN_CALLED = frozenset({"contextlib.asynccontextmanager", "contextlib.contextmanager"})

_ATTRS = {"attr._make.attrs": "attr.s", "attr._next_gen.define": "attrs.define"}

#: How many decorators that use each other are followed.
_DEPTH = 12


class Effect(NamedTuple):
    """One thing that a decorator may do.

    how      `wraps`, `replaced`, `patched` as in `Outcome`, with the same detail; `dataclass`, `attr.s`,
             `attrs.define`: it makes a class with such fields; `uncallable`: what is left cannot be called;
             `unknown`; and `same`
    module   the module in whose names `detail` is written
    options  the arguments of `dataclass` and such, as written
    """

    how: str
    detail: str = ""
    module: str = ""
    options: tuple[tuple[str, str], ...] = ()


class _Use(NamedTuple):
    """How a decorator is used: `@function`, or `@function(...)` if it is called first."""

    function: ast.expr
    called: bool
    arguments: tuple[ast.expr, ...] = ()
    keywords: tuple[ast.keyword, ...] = ()


_SAME = frozenset({Effect("same")})


def effects(index: Index, module: Module, decorator: str) -> frozenset[Effect]:
    """All that may come of a decorator of this text in a module."""
    unknown = frozenset({Effect("unknown", decorator)})
    try:
        return index.ask(module, ("effects", decorator), lambda: _of_text(index, module, decorator, _DEPTH), unknown)
    except RecursionError:
        return unknown


def _unknown(decorator: str) -> frozenset[Effect]:
    return frozenset({Effect("unknown", decorator)})


def _of_text(index: Index, module: Module, decorator: str, depth: int, is_call: bool = True) -> frozenset[Effect]:
    """The effects of a decorator as written; if not `is_call`, `f(x=1)` stands for `f(subject, x=1)`."""
    node = index.parse(decorator)
    if node is None or not depth:
        return _unknown(decorator)
    if isinstance(node, ast.Call):
        return _of_use(index, module, _Use(node.func, is_call, tuple(node.args), tuple(node.keywords)), depth)
    return _of_use(index, module, _Use(node, called=False), depth)


def _of_use(index: Index, module: Module, use: _Use, depth: int) -> frozenset[Effect]:
    symbol = index.evaluate(use.function, module)
    if isinstance(symbol, Unknown) and symbol.reason is Reason.COMPUTED and isinstance(use.function, ast.Attribute):
        symbol = method_of_variable(index, module, use.function)
    return frozenset().union(*(_of_symbol(index, each, use, depth) for each in possible(symbol)))


def possible(symbol: Symbol) -> Sequence[Symbol]:
    """What a symbol may be. Where one branch asks a module for a name that it lacks, it is the other that runs."""
    if not isinstance(symbol, OneOf):
        return [symbol]
    missing = [each for each in symbol.alternatives if isinstance(each, Unknown) and each.reason is Reason.NO_SUCH_NAME]
    return [each for each in symbol.alternatives if each not in missing] or missing


def method_of_variable(index: Index, module: Module, function: ast.Attribute) -> Symbol:
    """The method that `registry.register` stands for, where `registry = Registry(...)`."""
    instance = index.evaluate(function.value, module)
    if isinstance(instance, Variable) and isinstance(instance.value, ast.Call):
        owner = index.evaluate(instance.value.func, instance.module)
        if isinstance(owner, Class):
            return index.member(owner, function.attr)
    return Unknown(Reason.COMPUTED, function.attr)


def _of_symbol(index: Index, symbol: Symbol, use: _Use, depth: int) -> frozenset[Effect]:
    written = ast.unparse(use.function)
    listed = _listed(symbol, written, use)
    if listed is not None:
        return frozenset({listed})
    if isinstance(symbol, Function):
        return _of_function(index, symbol, use, depth)
    if isinstance(symbol, Class) and use.called:
        called = index.member(symbol, "__call__")
        if isinstance(called, Function):
            return _of_function(index, called, use._replace(called=False), depth)
    if isinstance(symbol, Variable) and isinstance(symbol.value, ast.Call) and symbol.value.args:
        function = index.evaluate(symbol.value.func, symbol.module)
        if isinstance(function, Class) and function.name == "functools.partial":
            first, *more = symbol.value.args
            keywords = (*symbol.value.keywords, *use.keywords)
            inner = _Use(first, use.called, (*more, *use.arguments), keywords)
            return _of_use(index, symbol.module, inner, depth - 1) if depth else _unknown(written)
    return _unknown(written)


def _listed(symbol: Symbol, written: str, use: _Use) -> Effect | None:
    if isinstance(symbol, Unknown):
        is_absent = symbol.reason is Reason.NOT_INSTALLED
        return Effect("same") if is_absent and written in _KEEPING_AS_WRITTEN else None
    name = symbol.name if isinstance(symbol, (Builtin, Class, Function)) else ""
    if name in _KEEPING or (isinstance(symbol, Builtin) and name in ("staticmethod", "classmethod")):
        return Effect("same")
    if name in _KEEPING_FUNCTIONS:
        return Effect("patched", "__new__")
    if name == "functools.cached_property" or (isinstance(symbol, Builtin) and name == "property"):
        return Effect("uncallable", written)
    if name == "dataclasses.dataclass" or name in _ATTRS:
        options = tuple((each.arg or "**", ast.unparse(each.value)) for each in use.keywords)
        positional = (("**", ""),) if use.arguments else ()
        return Effect(_ATTRS.get(name, "dataclass"), options=(*options, *positional))
    return None


def _of_function(index: Index, function: Function, use: _Use, depth: int) -> frozenset[Effect]:
    written = ast.unparse(use.function)
    for decorator in function.summary.decorators:
        decoration = index.parse(decorator)
        maker = (
            index.evaluate(decoration, function.module) if isinstance(decoration, (ast.Name, ast.Attribute)) else None
        )
        made = maker.name if isinstance(maker, (Class, Function)) else ""
        if made in _MAKES_KEEPING or (made in _MAKES_KEEPING_WHEN_CALLED and use.called):
            return _SAME
        if any(each.how != "same" and each[:2] != ("wraps", "") for each in effects(index, function.module, decorator)):
            return _unknown(written)
    outcomes = _outcomes(function.summary.decorating, function, use)
    if not outcomes or not depth:
        return _unknown(written)
    return frozenset().union(*(_of_outcome(index, function.module, each, written, depth) for each in outcomes))


def _outcomes(decorating: Decorating | None, function: Function, use: _Use) -> Sequence[Outcome]:
    """What the function does as a decorator that is used so."""
    if decorating is None:
        return ()
    if not use.called:
        return decorating.plain
    names = [each[0] for each in function.summary.parameters]
    is_given = bool(use.arguments) or any(each.arg in names[:1] for each in use.keywords)
    return decorating.given if is_given else decorating.called


def _of_outcome(index: Index, module: Module, outcome: Outcome, written: str, depth: int) -> frozenset[Effect]:
    if outcome.how in ("by", "made"):
        return _of_text(index, module, outcome.detail, depth - 1, outcome.how == "made")
    if outcome.how == "shown":
        return _shown(index, module, outcome.detail)
    if outcome.how == "unknown":
        return _unknown(written)
    return frozenset({Effect(outcome.how, outcome.detail, module.name)})


def _shown(index: Index, module: Module, function: str) -> frozenset[Effect]:
    """What a function does to its first argument, its result left aside."""
    symbol = index.lookup(module, function)
    decorating = symbol.summary.decorating if isinstance(symbol, Function) else None
    patched = [each for each in decorating.plain if each.how == "patched"] if decorating is not None else []
    return frozenset(Effect(each.how, each.detail, module.name) for each in patched)
