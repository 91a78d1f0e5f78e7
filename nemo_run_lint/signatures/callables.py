"""What functions, classes and what else can be called accept: what `inspect.signature` would tell, from the source."""

from __future__ import annotations

import ast
from dataclasses import replace

from nemo_run_lint.signatures import named_tuples
from nemo_run_lint.signatures.classes import called_by_name, of_class
from nemo_run_lint.signatures.effects import method_of_variable, possible
from nemo_run_lint.signatures.functions import ANYTHING, Answer, bound, of_function, signature_of_function
from nemo_run_lint.signatures.handing_on import handed_on, is_open
from nemo_run_lint.signatures.index import Index
from nemo_run_lint.signatures.partials import of_partial
from nemo_run_lint.signatures.signature import Reason, Signature, Unknown
from nemo_run_lint.signatures.symbols import Builtin, Class, Function, OneOf, Symbol, Variable

__all__ = ["ANYTHING", "signature_of_function", "signatures"]


def signatures(index: Index, symbol: Symbol) -> tuple[Signature, ...] | Unknown:
    """What something takes when it is called; several if it is one of several, each of which may be meant."""
    if isinstance(symbol, OneOf):
        return _of_any(index, symbol)
    if isinstance(symbol, (Class, Function, Variable)):
        too_deep = Unknown(Reason.TOO_DEEP, symbol.name)
        try:
            return index.ask(symbol.module, ("signatures", symbol), lambda: _worked_out(index, symbol), too_deep)
        except RecursionError:
            return too_deep
    if isinstance(symbol, Unknown):
        return symbol
    return Unknown(Reason.BUILTIN if isinstance(symbol, Builtin) else Reason.NOT_CALLABLE, symbol.name)


def _of_any(index: Index, symbol: OneOf) -> Answer:
    found: list[Signature] = []
    for each in possible(symbol):
        answer = signatures(index, each)
        if isinstance(answer, Unknown):
            return answer
        found += answer
    return tuple(dict.fromkeys(found))


def _worked_out(index: Index, symbol: Class | Function | Variable) -> Answer:
    def ask(other: Symbol) -> Answer:
        return signatures(index, other)

    if isinstance(symbol, Class):
        return of_class(index, symbol, ask)
    if isinstance(symbol, Variable):
        return _of_variable(index, symbol)
    answer = of_function(index, symbol)
    forward = symbol.summary.forward
    if isinstance(answer, Unknown) or forward is None or forward.how != "call" or not is_open(answer[0].parameters):
        return answer
    receiver = called_by_name(index, symbol, forward, ask) if answer[0].built is None else None
    if receiver is None:
        return answer
    return tuple(replace(each, built=handed_on(each.parameters, forward, receiver)) for each in answer)


def _of_variable(index: Index, variable: Variable) -> Answer:
    """What a variable takes that holds a named tuple, a `functools.partial`, or a method of another variable."""
    value = variable.value
    name = variable.name.rpartition(".")[2]
    if isinstance(value, ast.Attribute):
        method = method_of_variable(index, variable.module, value)
        answer = signatures(index, method)
        is_bound = isinstance(method, Function) and method.binding == "plain"
        return tuple(map(bound, answer)) if is_bound and isinstance(answer, tuple) else answer
    if not isinstance(value, ast.Call):
        return Unknown(Reason.COMPUTED, variable.name)
    fields = named_tuples.of_call(index, variable.module, value)
    if fields is not None:
        return fields if isinstance(fields, Unknown) else (Signature(name, variable.place, fields),)
    function = index.evaluate(value.func, variable.module)
    if isinstance(function, Class) and function.name == "functools.partial" and value.args:
        return of_partial(
            signatures(index, index.evaluate(value.args[0], variable.module)), value, variable.module.name
        )
    return Unknown(Reason.COMPUTED, variable.name)
