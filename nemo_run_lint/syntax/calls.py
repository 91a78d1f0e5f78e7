"""What a call gives: by keyword, by position, to a parameter."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst


def keyword(call: cst.Call, name: str) -> cst.BaseExpression | None:
    """The value given as `name=`."""
    return next((given.value for given in call.args if given.keyword is not None and given.keyword.value == name), None)


def positional(call: cst.Call, place: int) -> cst.BaseExpression | None:
    """The value at a position counted from 0, if no star stands before it."""
    before = call.args[: place + 1]
    if len(before) <= place or any(given.star or given.keyword is not None for given in before):
        return None
    return before[place].value


def argument(
    call: cst.Call, named: Sequence[cst.Param], parameter: cst.Param, bound: bool = False
) -> cst.BaseExpression | None:
    """What `call` gives to `parameter`, one of the callee's `named` ones; `bound`: the first is `self`."""
    place = next(index for index, each in enumerate(named) if each is parameter) - bound
    positional = 0
    for given in call.args:
        if given.keyword is not None:
            if given.keyword.value == parameter.name.value:
                return given.value
        elif given.star:
            positional = len(named) + 1  # nothing positional is certain behind a star
        else:
            if positional == place:
                return given.value
            positional += 1
    return None
