"""What run.Config and run.Partial call, at a place of a text that may be broken: followed as the rules follow it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nemo_run_lint.finding import Span
from nemo_run_lint.flow.fiddle import RESERVED, accepted, takes_any
from nemo_run_lint.flow.interpreter import analyse
from nemo_run_lint.language_server.repair import CURSOR, argument_at, closed_at, mended, with_cursor
from nemo_run_lint.language_server.text import Text, bytes_before, column_of
from nemo_run_lint.signatures.index import Index
from nemo_run_lint.signatures.signature import Parameter, Signature, Unknown
from nemo_run_lint.sources.python import LINE_END, parsed


@dataclass(frozen=True)
class Named:
    """What is written at a place in a run.Config or run.Partial: its target, or a keyword.

    span      where it is written
    accepted  what the target accepts
    keyword   the name of the argument; empty for the target
    """

    span: Span
    accepted: tuple[Signature, ...] | Unknown
    keyword: str = ""


@dataclass(frozen=True)
class Offered:
    """The parameters that may be given next, and the part of the text, as offsets, that the name is to replace."""

    begin: int
    end: int
    is_named: bool
    parameters: Sequence[tuple[Parameter, Signature]]


def named_at(index: Index, path: str, text: str, line: int, column: int) -> Named | None:
    """What is written at a place, counted as findings count; None for what is no part of a config."""
    lines = Text(text).lines
    if not 0 < line <= len(lines):
        return None
    place = line, bytes_before(lines[line - 1], column)
    trees = (_named_in(index, path, text, tree, lines, place) for tree in _trees(text, lines, line, column))
    return next((each for each in trees if each is not None), None)


def _trees(text: str, lines: Sequence[str], line: int, column: int) -> Iterator[ast.Module]:
    """The tree of a text; of one that does not parse, those that hold the statement at a place, then one without it."""
    whole = parsed(text)
    if isinstance(whole, ast.Module):
        yield whole
        return
    starts = [0, *(end.end() for end in LINE_END.finditer(text))]
    yield from closed_at(text, min(starts[line - 1] + column - 1, len(text)))
    without = mended(text)
    if without is not None:
        yield without


def _named_in(
    index: Index, path: str, text: str, tree: ast.Module, lines: Sequence[str], place: tuple[int, int]
) -> Named | None:
    holding = [call for call in ast.walk(tree) if isinstance(call, ast.Call) and _holds(call, place)]
    if not holding:
        return None
    targets = analyse(index, path, text, tree).targets
    found = (each for call in reversed(holding) if call in targets for each in _named(call, place))
    node, keyword = next(found, (None, ""))
    if node is None:
        return None
    call = next(call for call in reversed(holding) if call in targets)
    return Named(_span(node, keyword, lines), targets[call], keyword)


def offered_at(index: Index, path: str, text: str, offset: int) -> Offered | None:
    """The parameters of the target that may be given at an offset; None outside of the arguments of a config."""
    argument = argument_at(text, offset)
    if argument is None:
        return None
    for tree in with_cursor(text, argument):
        call = next((each for each in ast.walk(tree) if isinstance(each, ast.Call) and _has_cursor(each)), None)
        found = analyse(index, path, text, tree).targets.get(call) if call is not None else None
        if call is not None and isinstance(found, tuple):
            left = [(each, signature) for signature in found for each in _left(call, signature)]
            unique = {each.name: (each, signature) for each, signature in reversed(left)}
            ordered = sorted(unique.values(), key=lambda pair: (not pair[0].required, left.index(pair)))
            return Offered(argument.begin, argument.end, argument.is_named, ordered)
    return None


def parameter_of(signatures: Sequence[Signature], name: str) -> tuple[Parameter, Signature] | None:
    """The parameter of that name, and whose it is."""
    for signature in signatures:
        for each in (*signature.called, *signature.parameters):
            if each.name == name and each.by_keyword:
                return each, signature
    return None


def _named(call: ast.Call, place: tuple[int, int]) -> Iterator[tuple[ast.AST, str]]:
    """What of a config is written at a place."""
    target = (
        call.args[0] if call.args else next((each.value for each in call.keywords if each.arg == "fn_or_cls"), None)
    )
    if target is not None and _holds(target, place):
        yield target, ""
    for keyword in call.keywords:
        if keyword.arg is not None and keyword.arg not in RESERVED:
            begin = keyword.lineno, keyword.col_offset
            if begin <= place <= (keyword.lineno, keyword.col_offset + len(keyword.arg.encode())):
                yield keyword, keyword.arg


def _holds(node: ast.expr, place: tuple[int, int]) -> bool:
    return (node.lineno, node.col_offset) <= place <= (node.end_lineno or 0, node.end_col_offset or 0)


def _span(node: ast.AST, keyword: str, lines: Sequence[str]) -> Span:
    line, begin = getattr(node, "lineno"), getattr(node, "col_offset")
    end_line, end = getattr(node, "end_lineno"), getattr(node, "end_col_offset")
    if keyword:
        end_line, end = line, begin + len(keyword.encode())
    return Span(line, column_of(lines[line - 1], begin), end_line, column_of(lines[end_line - 1], end))


def _has_cursor(call: ast.Call) -> bool:
    return any(keyword.arg == CURSOR for keyword in call.keywords)


def _left(call: ast.Call, signature: Signature) -> Iterator[Parameter]:
    """The parameters that the arguments of a call do not fill yet: of those that both making and building accept."""
    given = {keyword.arg for keyword in call.keywords}
    is_open = any(isinstance(each, ast.Starred) for each in call.args)
    placed = 0 if is_open else max(len(call.args) - 1, 0)
    given |= {each.name for each in [each for each in signature.parameters if each.by_place][:placed]}
    for each in {each.name: each for each in (*signature.parameters, *signature.called)}.values():
        is_free = each.by_keyword and each.name not in given | RESERVED
        if is_free and _accepts(signature.parameters, each.name) and _accepts(signature.called, each.name):
            yield each


def _accepts(parameters: Sequence[Parameter], name: str) -> bool:
    return takes_any(parameters) or name in accepted(parameters)
