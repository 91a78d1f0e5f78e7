"""Which lines of a source are not as they were: by what is written there, not by how a diff would lay it out.

A function is changed as a whole or not at all, wherever it stands now; so is what a class body itself says, a `with`
block (an experiment is described in one), and the block under `if __name__ == "__main__"`. Elsewhere a statement is.
Line ends do not count.
"""

from __future__ import annotations

import ast
import warnings
from bisect import bisect_left
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nemo_run_lint.sources.python import LINE_END

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_WHOLE = (ast.With, ast.AsyncWith)


@dataclass(frozen=True)
class _Piece:
    """A stretch of lines that changes as one.

    place  the class or function around it, or the function itself: `Model.forward`; empty in the module's body
    names  the variables that a statement sets, and those that it speaks of
    """

    text: str
    place: str
    first: int
    last: int
    is_function: bool = False
    sets: frozenset[str] = frozenset()
    uses: frozenset[str] = frozenset()

    @property
    def key(self) -> tuple[str, str]:
        return self.place, self.text

    @property
    def lines(self) -> range:
        return range(self.first, self.last + 1)


def changed_lines(before: str, after: str) -> frozenset[int]:
    """The lines of `after`, from 1, that are not as in `before`, or stand in something that has changed.

    A statement that is gone has changed the function or class around it; from the body of the module, the assignments
    of the variables that it used. Where one of the two does not parse, every line of another text has changed.
    """
    old_lines, new_lines = LINE_END.split(before), LINE_END.split(after)
    if old_lines == new_lines:
        return frozenset()
    old, new = _pieces(before, old_lines), _pieces(after, new_lines)
    if old is None or new is None:
        return frozenset(range(1, len(new_lines) + 1))
    bodies = {piece.key for piece in old if piece.is_function}
    changed = [piece for piece in new if piece.is_function and piece.key not in bodies]
    statements = [piece for piece in new if not piece.is_function]
    others, gone = _others([piece for piece in old if not piece.is_function], statements)
    classes = {piece.place for piece in (*others, *gone) if piece.place}
    used = frozenset[str]().union(*(piece.uses for piece in gone if not piece.place))
    changed += [piece for piece in statements if piece in others or piece.place in classes or piece.sets & used]
    return frozenset(line for piece in changed for line in piece.lines)


def _others(old: Sequence[_Piece], new: Sequence[_Piece]) -> tuple[set[_Piece], list[_Piece]]:
    """The pieces that are new, different or moved, and those that are gone with nothing in their place."""
    others: set[_Piece] = set()
    gone: list[_Piece] = []
    before = after = 0
    kept = _kept([each.key for each in old], [each.key for each in new])
    for same, counterpart in [*kept, (len(old), len(new))]:
        others |= set(new[after:counterpart])
        gone += old[before:same] if after == counterpart else []
        before, after = same + 1, counterpart + 1
    return others, gone


def _kept(old: Sequence[object], new: Sequence[object]) -> list[tuple[int, int]]:
    """The places, old and new, of what stayed and kept its order; of equal ones the first stays the first."""
    shorter = min(len(old), len(new))
    start = next((at for at in range(shorter) if old[at] != new[at]), shorter)
    end = next((at for at in range(shorter - start) if old[-1 - at] != new[-1 - at]), shorter - start)
    known: dict[object, deque[int]] = {}
    for place in range(start, len(old) - end):
        known.setdefault(old[place], deque()).append(place)
    middle = [(known[new[at]].popleft(), at) for at in range(start, len(new) - end) if known.get(new[at])]
    behind = [(len(old) - at, len(new) - at) for at in range(end, 0, -1)]
    return [*((at, at) for at in range(start)), *_rising(middle), *behind]


def _rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """As many of the pairs, whose second numbers rise, as can be taken so that their first ones rise too."""
    ends: list[int] = []  # of the best chains of each length, where the last pair starts
    last: list[int] = []  # and which pair that is
    before: list[int] = []  # of each pair, the one before it in its chain
    for number, (place, _) in enumerate(pairs):
        at = bisect_left(ends, place)
        before.append(last[at - 1] if at else -1)
        ends[at : at + 1], last[at : at + 1] = [place], [number]
    chain = []
    number = last[-1] if last else -1
    while number >= 0:
        chain.append(pairs[number])
        number = before[number]
    return chain[::-1]


def _pieces(text: str, lines: Sequence[str]) -> list[_Piece] | None:
    """The text in pieces, in the order of the lines; blank lines belong to none. None if it does not parse."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
        found = list(_of_body(tree.body, "", lines))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    taken = {line for piece in found for line in piece.lines}
    others = (number for number, line in enumerate(lines, 1) if number not in taken and line.strip())
    return sorted([*found, *(_Piece(lines[each - 1], "", each, each) for each in others)], key=lambda each: each.first)


def _of_body(body: Sequence[ast.stmt], place: str, lines: Sequence[str]) -> Iterator[_Piece]:
    for statement in body:
        first = _first_line(statement)
        last = statement.end_lineno or statement.lineno
        if isinstance(statement, _FUNCTIONS):
            yield _Piece("\n".join(lines[first - 1 : last]), f"{place}.{statement.name}".lstrip("."), first, last, True)
            continue
        below = [] if isinstance(statement, _WHOLE) or _is_main(statement) else list(_bodies(statement))
        inside = f"{place}.{statement.name}".lstrip(".") if isinstance(statement, ast.ClassDef) else place
        head = min([last, *(_first_line(each[0]) - 1 for each in below)])
        if head >= first:
            sets, uses = _variables(statement) if not below else (frozenset[str](), frozenset[str]())
            yield _Piece("\n".join(lines[first - 1 : head]), inside, first, head, False, sets, uses)
        for each in below:
            yield from _of_body(each, inside, lines)


def _bodies(statement: ast.stmt) -> Iterator[Sequence[ast.stmt]]:
    """The blocks of a compound statement, those of its clauses too."""
    clauses = (*getattr(statement, "handlers", ()), *getattr(statement, "cases", ()))
    for holder in (statement, *clauses):
        for name in ("body", "orelse", "finalbody"):
            if block := getattr(holder, name, None):
                yield block


def _first_line(statement: ast.stmt) -> int:
    decorators = getattr(statement, "decorator_list", ())
    return min(statement.lineno, *(each.lineno for each in decorators)) if decorators else statement.lineno


def _is_main(statement: ast.stmt) -> bool:
    """Whether it is `if __name__ == "__main__":`, without `else`."""
    if not isinstance(statement, ast.If) or statement.orelse:
        return False
    return any(isinstance(each, ast.Name) and each.id == "__name__" for each in ast.walk(statement.test))


def _variables(statement: ast.stmt) -> tuple[frozenset[str], frozenset[str]]:
    names = [each for each in ast.walk(statement) if isinstance(each, ast.Name)]
    sets = frozenset(each.id for each in names if isinstance(each.ctx, ast.Store))
    return sets, frozenset(each.id for each in names)
