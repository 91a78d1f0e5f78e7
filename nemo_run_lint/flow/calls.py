"""Calls: into functions whose source is there, of classes, and of the few that are known by name."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from nemo_run_lint.flow import fiddle, known_calls, making, methods
from nemo_run_lint.flow.own import own_signature
from nemo_run_lint.flow.state import State, joined
from nemo_run_lint.flow.values import (
    NOTHING,
    UNSET,
    Closure,
    Deferred,
    Experiment,
    Instance,
    Mapped,
    Method,
    Named,
    OneOf,
    Plain,
    Sequence,
    Spot,
    Value,
    alternatives,
    one_of,
)
from nemo_run_lint.flow.values import Config as ConfigObject
from nemo_run_lint.signatures.binding import Given, bind
from nemo_run_lint.signatures.callables import signature_of_function
from nemo_run_lint.signatures.literals import Shape
from nemo_run_lint.signatures.signature import Parameter, Place, Reason, Signature, Unknown
from nemo_run_lint.signatures.statements import parameters_of
from nemo_run_lint.signatures.symbols import Class, Function, Module

if TYPE_CHECKING:
    from nemo_run_lint.flow.interpreter import Interpreter

#: Decorators that leave what a function returns as it is.
_PASSING = frozenset(
    "nemo_run.cli.factory nemo_run.cli.entrypoint functools.lru_cache functools.cache builtins.staticmethod "
    "builtins.classmethod typing.overload torch.no_grad pytest.fixture".split()
)

#: Packages of which no function changes what it is given; methods of builtin classes may: `object.__setattr__`.
_HARMLESS = frozenset("builtins logging math os time json re warnings typing pprint rich".split())


def call(flow: Interpreter, node: ast.Call, state: State) -> Value:
    """What a call gives; what it does to objects is done to `state`."""
    callee = flow.evaluate(node.func, state)
    return apply(flow, node, callee, arguments(flow, node, state), state)


def arguments(flow: Interpreter, node: ast.Call, state: State) -> Given[Value]:
    """What a call gives to its callee; stars are unpacked where it is known what they hold."""
    placed: list[Value] = []
    more_placed = more_keywords = False
    for each in node.args:
        value = flow.evaluate(each.value if isinstance(each, ast.Starred) else each, state)
        if isinstance(each, ast.Starred):
            thing = state.object(value)
            known = isinstance(thing, Sequence) and not thing.is_open and not more_placed
            placed += thing.elements if known and isinstance(thing, Sequence) else ()
            more_placed = more_placed or not known
        elif not more_placed:
            placed.append(value)
    keywords: dict[str, Value] = {}
    for keyword in node.keywords:
        value = flow.evaluate(keyword.value, state)
        if keyword.arg is not None:
            keywords[keyword.arg] = value
            continue
        thing = state.object(value)
        items = thing.items if isinstance(thing, Mapped) and not thing.is_open else {}
        certain = {
            name: each for name, each in items.items() if isinstance(name, str) and UNSET not in alternatives(each)
        }
        keywords |= certain
        is_all = isinstance(thing, Mapped) and not thing.is_open and len(certain) == len(items)
        more_keywords = more_keywords or not is_all
    return Given(tuple(placed), keywords, more_placed, more_keywords)


def apply(flow: Interpreter, node: ast.Call, callee: Value, given: Given[Value], state: State) -> Value:
    """What calling a value gives."""
    if isinstance(callee, OneOf):
        return _each(flow, node, callee, given, state)
    known = known_calls.handler(flow, callee)
    if known is not None:
        return known(flow, node, given, state)
    if flow.activation.converts and isinstance(callee, (Named, Closure)) and not _is_exempt(flow, callee):
        return making.configured(flow, node, "Config", callee, given, node.func, state, is_fiddles=True)
    if isinstance(callee, Method):
        return methods.call(flow, node, callee, given, state)
    thing = state.object(callee)
    if isinstance(thing, Deferred):
        merged = Given(
            (*thing.placed, *given.placed), {**thing.keywords, **given.keywords}, given.more_placed, given.more_keywords
        )
        return apply(flow, node, thing.function, merged, state)
    if isinstance(callee, Closure):
        return _checked(flow, node, callee, given, follow(flow, callee, given, node, state), state)
    if isinstance(callee, Named) and isinstance(callee.symbol, Function):
        return _function(flow, node, callee, given, state)
    if isinstance(callee, Named) and isinstance(callee.symbol, Class):
        return _made(flow, node, callee.symbol, given, state)
    if flow.public(callee) is not None:
        accepted = accepts(flow, callee)
        if isinstance(accepted, tuple):
            name = making.target_name(flow, callee, node.func)
            making.check_arguments(flow, node, name, accepted, given, state, partly=False, own=True)
    return unfollowed(flow, callee, given, state)


def _each(flow: Interpreter, node: ast.Call, callee: OneOf, given: Given[Value], state: State) -> Value:
    """Each of several functions, on its own way."""
    values: list[Value] = []
    after: State | None = None
    for each in callee.alternatives:
        branch = state.fork()
        with flow.reports.suppressed(everything=True):  # which of them is called is not known
            values.append(apply(flow, node, each, given, branch))
        after = joined(after, branch)
    if after is not None:
        state.become(after)
    return one_of(values)


def unfollowed(flow: Interpreter, callee: Value, given: Given[Value], state: State) -> Value:
    """A call of what cannot be looked into: whatever it is given may be changed by it."""
    package, _, name = (flow.path(callee) or "").partition(".")
    if package not in _HARMLESS or (package == "builtins" and "." in name):
        state.share([*given.placed, *given.keywords.values()])
    return NOTHING


def _is_exempt(flow: Interpreter, callee: Value) -> bool:
    """Whether run.autoconvert calls a function instead of configuring it: one that is converted itself."""
    return any(path == "autoconvert" for path, _ in _nemo_decorators(flow, callee))


def _nemo_decorators(flow: Interpreter, callee: Value) -> Iterable[tuple[str | None, ast.expr]]:
    node, module = _definition(flow, callee)
    for decorator in getattr(node, "decorator_list", ()):
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        yield flow.public(_decorator(flow, called, module)), decorator


def _definition(flow: Interpreter, callee: Value) -> tuple[ast.AST | None, Module | None]:
    if isinstance(callee, Closure):
        return callee.node, callee.module
    if isinstance(callee, Named) and isinstance(callee.symbol, Function):
        return flow.index.node(callee.symbol), callee.symbol.module
    return None, None


def _decorator(flow: Interpreter, node: ast.expr, module: Module | None) -> Value:
    """What a decorator is, by the global names of its module."""
    if isinstance(node, ast.Name) and module is not None:
        return flow.global_name(module, node.id, State())
    if isinstance(node, ast.Attribute):
        owner = _decorator(flow, node.value, module)
        return flow.member(owner, node.attr) if isinstance(owner, Named) else NOTHING
    return NOTHING


# -- functions -------------------------------------------------------------------------------------------------


def _function(flow: Interpreter, node: ast.Call, callee: Named, given: Given[Value], state: State) -> Value:
    symbol = callee.symbol
    if not isinstance(symbol, Function) or not _is_worth_following(flow, symbol):
        return unfollowed(flow, callee, given, state)
    syntax = flow.index.node(symbol)
    if not isinstance(syntax, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return unfollowed(flow, callee, given, state)
    closure = Closure(syntax, symbol.module, (), symbol)
    if symbol.binding != "class":
        return _checked(flow, node, callee, given, flow.memory.recalled(flow, closure, given, node, state), state)
    owner: Value = Named(symbol.owner) if symbol.owner is not None else NOTHING
    given = Given((owner, *given.placed), given.keywords, given.more_placed, given.more_keywords)
    return flow.memory.recalled(flow, closure, given, node, state)


def _checked(flow: Interpreter, node: ast.Call, callee: Value, given: Given[Value], made: Value, state: State) -> Value:
    """What calling a function made; when that is a config, the call has to fit as well."""
    accepted = accepts(flow, callee)
    if isinstance(accepted, tuple) and any(isinstance(state.object(each), ConfigObject) for each in alternatives(made)):
        name = making.target_name(flow, callee, node.func)
        making.check_arguments(flow, node, name, accepted, given, state, partly=False)
    return made


def _is_worth_following(flow: Interpreter, function: Function) -> bool:
    """Whether configs may be made or changed in a function: its module imports nemo_run, or is the project's."""
    of_python = any(function.place.path.startswith(str(each)) for each in flow.index.environment.stdlib)
    if function.module is flow.own or not (function.place.distribution or of_python):
        return True
    bindings = (each for name in function.module.summary.names.values() for each in name)
    return any(each.kind == "import" and each.source.partition(".")[0] in ("nemo_run", "fiddle") for each in bindings)


def follow(flow: Interpreter, callee: Closure, given: Given[Value], node: ast.Call, state: State) -> Value:
    """What a function returns that is followed into, by what is known of its arguments."""
    converts = None
    for decorator in getattr(callee.node, "decorator_list", ()):
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        value = _decorator(flow, called, callee.module)
        if flow.public(value) == "autoconvert":
            converts = decorator
        elif not _is_passing(flow, value):
            return unfollowed(flow, callee, given, state)
    if not flow.stack.may_follow(callee.node):
        return unfollowed(flow, callee, given, state)
    with flow.following(callee, Spot(flow.activation.module, node), converts is not None):
        _fill(flow, callee, given, state)
        value = _run(flow, callee, state)
        if not flow.activation.is_captured:
            state.drop(flow.activation.frames[0])
    if converts is not None:
        value = making.converted(flow, value, converts, state)
    return value


def follow_alone(flow: Interpreter, callee: Closure, state: State) -> None:
    """Follow a function that nothing is known about who calls it: its defaults may or may not hold."""
    converts = any(path == "autoconvert" for path, _ in _nemo_decorators(flow, callee))
    with flow.following(callee, None, converts):
        frame = flow.activation.frames[0]
        for each, _, default in parameters_of(callee.node.args):
            value = flow.evaluate(default, state) if default is not None else NOTHING
            is_function = isinstance(value, Closure) or (isinstance(value, Named) and flow.path(value) is not None)
            state.bind(frame, each.arg, value if is_function else _annotated(flow, each.annotation, state))
        _run(flow, callee, state)


def _annotated(flow: Interpreter, annotation: ast.expr | None, state: State) -> Value:
    """What a parameter is by its annotation, where nobody passes anything else: an experiment."""
    if isinstance(annotation, (ast.Name, ast.Attribute)):
        with flow.reports.suppressed(everything=True):
            if flow.public(flow.evaluate(annotation, state)) == "Experiment":
                return Experiment()
    return NOTHING


def _is_passing(flow: Interpreter, decorator: Value) -> bool:
    path = flow.path(decorator) or ""
    public = flow.public(decorator)
    return path in _PASSING or f"nemo_run.{public}" in _PASSING


def _run(flow: Interpreter, callee: Closure, state: State) -> Value:
    """The body of the running activation; `state` becomes what is known after it."""
    function = callee.node
    if isinstance(function, ast.Lambda):
        return flow.evaluate(function.body, state)
    end = flow.execute(function.body, state.fork())
    values: list[Value] = [Plain(Shape("None", None))] if end is not None else []
    for value, returned in flow.activation.returned:
        values.append(value)
        end = joined(end, returned)
    if end is not None:
        state.become(end)
    is_plain = isinstance(function, ast.FunctionDef) and not flow.activation.yields
    return one_of(values) if values and is_plain else NOTHING


def _fill(flow: Interpreter, callee: Closure, given: Given[Value], state: State) -> None:
    """Give every parameter its argument or default."""
    listed = list(parameters_of(callee.node.args))
    parameters = [Parameter(each.arg, kind, "", "" if default is not None else None) for each, kind, default in listed]
    bound = bind(parameters, given)
    frame = flow.activation.frames[0]
    arguments = callee.node.args
    for (each, _, default), parameter in zip(listed, parameters, strict=True):
        uncertain = (given.more_placed and parameter.by_place) or (given.more_keywords and parameter.by_keyword)
        if each.arg in bound.arguments:
            value = bound.arguments[each.arg]
        elif each is arguments.vararg:
            places = sum(every.by_place for every in parameters)
            value = flow.new(Sequence("tuple", given.placed[places:], given.more_placed), state)
        elif each is arguments.kwarg:
            items: Mapping[object, Value] = {name: given.keywords[name] for name in bound.swallowed}
            value = flow.new(Mapped(items, given.more_keywords), state)
        else:
            value = flow.evaluate(default, state) if default is not None and not uncertain else NOTHING
        state.bind(frame, each.arg, value)


# -- classes ---------------------------------------------------------------------------------------------------


def _made(flow: Interpreter, node: ast.Call, cls: Class, given: Given[Value], state: State) -> Value:
    """An object of a class, with what it was made of where its fields are the parameters."""
    accepted = flow.accepts(Named(cls))
    if flow.public(Named(cls)) is not None and isinstance(accepted, tuple):
        making.check_arguments(flow, node, cls.summary.name, accepted, given, state, partly=False, own=True)
    known: dict[str, Value] | None = None
    if isinstance(accepted, tuple) and not given.more_placed and not given.more_keywords:
        known = fiddle.arguments_of(accepted, given)
    if known is None:
        state.share([*given.placed, *given.keywords.values()])
    return flow.new(Instance(cls, known, Spot(flow.activation.module, node)), state)


def accepts(flow: Interpreter, value: Value) -> tuple[Signature, ...] | Unknown:
    """What a callable accepts."""
    if isinstance(value, OneOf):
        found: list[Signature] = []
        for each in value.alternatives:
            accepted = accepts(flow, each)
            if isinstance(accepted, Unknown):
                return accepted
            found += accepted
        return tuple(found)
    if isinstance(value, Named):
        accepted = flow.signatures(value.symbol)
        own = own_signature(flow.path(value) or "") if isinstance(accepted, Unknown) and flow.public(value) else None
        return accepted if own is None else (own,)
    if isinstance(value, Closure):
        if value.symbol is not None:
            if value.frames and value.frames != (0,):
                place = Place(value.module.path, value.node.lineno)
                known = signature_of_function(flow.index, value.module, value.symbol.summary, place)
                return known if isinstance(known, Unknown) else (known,)
            return flow.signatures(value.symbol)
        return Unknown(Reason.LOCAL)
    return Unknown(Reason.COMPUTED)


def shape(value: Value, state: State) -> Shape | None:
    """The kind of a literal value."""
    if isinstance(value, Plain):
        return value.shape
    thing = state.object(value)
    if isinstance(thing, Sequence) and thing.kind in ("list", "tuple", "set"):
        return Shape(thing.kind)  # type: ignore[arg-type]
    return Shape("dict") if isinstance(thing, Mapped) else None
