"""What a callable takes that hands its `**kwargs` on: its own parameters, and those of what they are handed to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from nemo_run_lint.signatures.forwarding import Forward
from nemo_run_lint.signatures.signature import Kind, Parameter

Parameters = tuple[Parameter, ...]

#: Stands, as in a stub, for the default of what is taken out of `**kwargs` in the body.
_TAKEN_DEFAULT = "..."


def is_open(parameters: Iterable[Parameter]) -> bool:
    """Whether any keyword is taken."""
    return any(each.kind is Kind.VAR_KEYWORD for each in parameters)


def handed_on(own: Parameters, forward: Forward, receiver: Parameters) -> Parameters | None:
    """What a callable takes that hands its `**kwargs` on to one that takes `receiver`; None if that takes anything.

    forward  how they are handed on; what it gives by place or name cannot be given once more
    """
    placed = [each for each in receiver if each.by_place]
    takes_more = any(each.kind is Kind.VAR_POSITIONAL for each in receiver)
    if is_open(receiver) or (forward.positional > len(placed) and not takes_more):
        return None
    taken = {each.name for each in own} | {each.name for each in placed[: forward.positional]} | {*forward.keywords}
    left = [each for each in receiver if each.name not in taken or each.kind is Kind.VAR_POSITIONAL]
    parameters = [
        *(each for each in own if each.by_place),
        *_by_place(own, left, forward.starred),
        *(each for each in own if each.kind is Kind.KEYWORD_ONLY),
        *_by_keyword(left, forward.starred),
        *(Parameter(name, Kind.KEYWORD_ONLY, default=_TAKEN_DEFAULT) for name in forward.taken),
    ]
    return tuple({each.name: each for each in parameters}.values())


def _by_place(own: Parameters, left: list[Parameter], starred: bool) -> list[Parameter]:
    """What more may be given by place: what the own `*args` take, or what they are handed on to."""
    if not starred:
        return [each for each in own if each.kind is Kind.VAR_POSITIONAL]
    return [each for each in left if each.by_place or each.kind is Kind.VAR_POSITIONAL]


def _by_keyword(left: list[Parameter], starred: bool) -> list[Parameter]:
    """What more may be given by keyword alone."""
    if starred:
        return [each for each in left if each.kind is Kind.KEYWORD_ONLY]
    return [replace(each, kind=Kind.KEYWORD_ONLY) for each in left if each.by_keyword]
