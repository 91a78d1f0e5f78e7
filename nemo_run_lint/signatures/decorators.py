"""What a function does to its argument when it is used as a decorator, told from its own text: nothing is listed.

Names it calls on the way are kept as written; who asks looks them up and goes on there.
"""

from __future__ import annotations

import ast
from collections.abc import Set
from typing import NamedTuple

from nemo_run_lint.signatures.decorator_bodies import UNKNOWN, Body, Outcome
from nemo_run_lint.signatures.forwarding import dotted
from nemo_run_lint.signatures.statements import FUNCTIONS, first_parameter, patched_attribute, statements

#: What a parameter for the decorated is called; tells functions that only call another one from any other such.
_SUBJECTS = frozenset(["cls", "f", "fn", "func", "function", "klass", "method", "wrapped"])


class Decorating(NamedTuple):
    """What may come of the subject.

    plain   used as `@function`
    called  used as `@function(...)`
    given   the same, with an argument for the function's first parameter
    """

    plain: tuple[Outcome, ...]
    called: tuple[Outcome, ...]
    given: tuple[Outcome, ...]


def decorating(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Decorating | None:
    """What the function does as a decorator; None for one that clearly is none, or of which nothing can be told."""
    if isinstance(node, ast.AsyncFunctionDef) or not _may_decorate(node):
        return None
    try:
        return _followed(node, first_parameter(node))
    except RecursionError:  # some thousand branches, or calls of what calls return
        return None


def _followed(node: ast.FunctionDef, first: str | None) -> Decorating | None:
    plain = Body(node, first).outcomes() if first else {UNKNOWN}
    optional = first if first is not None and _defaults_to_none(node, first) else None
    called = Body(node, None, optional).made()
    given = Body(node, None).made() if optional else called
    if not (_tells(plain, set() if first in _SUBJECTS else {"by", "made"}) or _tells(called) or _tells(given)):
        return None
    return Decorating(_sorted(plain), _sorted(called), _sorted(given))


def _tells(outcomes: set[Outcome], trivial: Set[str] = frozenset({"made"})) -> bool:
    """Whether something is known, and more than that another function is called, as most functions do."""
    known = {each.how for each in outcomes}
    return "patched" in known or ("unknown" not in known and not known <= trivial)


def _sorted(outcomes: set[Outcome]) -> tuple[Outcome, ...]:
    """In an order, so that equal sources have equal summaries; beside an unknown one only what is patched counts."""
    return tuple(sorted(each for each in outcomes if UNKNOWN not in outcomes or each.how in ("unknown", "patched")))


def _may_decorate(node: ast.FunctionDef) -> bool:
    """A quick look: whether it returns its argument, or a function of its own, or changes its argument."""
    first = first_parameter(node)
    is_subject = first in _SUBJECTS
    defines = False
    returned: list[ast.expr] = []
    for statement in statements(node.body):
        if isinstance(statement, ast.Return):
            if isinstance(statement.value, (ast.Name, ast.Call, ast.Lambda, ast.IfExp)):
                returned.append(statement.value)
        elif isinstance(statement, FUNCTIONS):
            defines = True
        elif is_subject and patched_attribute(statement, str(first)) is not None:
            return True
    defines = defines or is_subject
    return any(defines or isinstance(each, ast.Lambda) or dotted(each) == first for each in returned)


def _defaults_to_none(node: ast.FunctionDef, name: str) -> bool:
    placed = [*node.args.posonlyargs, *node.args.args]
    pairs = zip(reversed(placed), reversed(node.args.defaults), strict=False)
    return any(each.arg == name and isinstance(value, ast.Constant) and value.value is None for each, value in pairs)
