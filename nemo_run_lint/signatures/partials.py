"""What is left to give to a `functools.partial`."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import replace

from nemo_run_lint.signatures.functions import Answer
from nemo_run_lint.signatures.handing_on import Parameters
from nemo_run_lint.signatures.signature import Kind, Parameter, Reason, Unknown


def of_partial(whole: Answer, call: ast.Call, module: str) -> Answer:
    """What `partial(f, ...)` takes, from what `f` takes; what it is given is written in the names of `module`."""
    starred = any(isinstance(each, ast.Starred) for each in call.args)
    given = {each.arg: ast.unparse(each.value) for each in call.keywords if each.arg is not None}
    if isinstance(whole, Unknown):
        return whole
    if starred or len(given) != len(call.keywords):
        return Unknown(Reason.COMPUTED, ast.unparse(call.func))
    count = len(call.args) - 1
    return tuple(
        replace(
            each,
            parameters=_left(each.parameters, count, given, module),
            built=_left(each.built, count, given, module) if each.built is not None else None,
        )
        for each in whole
    )


def _left(parameters: Parameters, count: int, given: Mapping[str, str], module: str) -> Parameters:
    """The parameters after the first `count` are filled; what is given by name, and what follows, needs a name."""
    placed = [each for each in parameters if each.by_place]
    found: list[Parameter] = []
    by_name = False
    for each in parameters[min(count, len(placed)) :]:
        if each.by_keyword and each.name in given:
            by_name = by_name or each.by_place
            each = replace(each, default=given[each.name], module=module, factory=False)
        if by_name and each.kind is Kind.VAR_POSITIONAL:
            continue
        found.append(replace(each, kind=Kind.KEYWORD_ONLY) if by_name and each.by_place else each)
    return tuple(found)
