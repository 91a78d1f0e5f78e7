"""How a block of code ends: by a return, a raise, an exit of 0 or of another status, or by falling out of it."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from nemo_run_lint.project import File
from nemo_run_lint.syntax.bindings import dotted

_LOOPS = (cst.For, cst.While)
_EXITS = frozenset({"sys.exit", "os._exit", "os.abort", "os.kill", "os.killpg"})
_EXIT_WORDS = frozenset("raise reraise fail abort die exit quit panic terminate kill rethrow".split())


def ways(file: File, block: cst.CSTNode, steps: int = 3) -> set[str]:
    """How a block can end: `falls` out of its bottom, `raises`, `exits`, `exits-zero`, `returns`, `loops`."""
    found: set[str] = set()
    statements: Sequence[cst.CSTNode] = getattr(block, "body", ())
    for statement in statements:
        of_statement = _ways_of(file, statement, steps)
        found |= of_statement - {"falls"}
        if "falls" not in of_statement:
            return found
    return found | {"falls"}


def _ways_of(file: File, statement: cst.CSTNode, steps: int) -> set[str]:
    if isinstance(statement, cst.SimpleStatementLine):
        return ways(file, statement, steps)
    if isinstance(statement, cst.Raise):
        return {"exits-zero"} if _raises_zero(file, statement) else {"raises"}
    if isinstance(statement, cst.Return):
        inside = exit_of(file, statement.value, steps) if isinstance(statement.value, cst.Call) else None
        return {inside or "returns"}
    if isinstance(statement, (cst.Break, cst.Continue)):
        return {"loops"}
    if isinstance(statement, cst.Expr):
        value = statement.value.expression if isinstance(statement.value, cst.Await) else statement.value
        return {(exit_of(file, value, steps) if isinstance(value, cst.Call) else None) or "falls"}
    if isinstance(statement, cst.Assert):
        never = file.names.is_builtin(statement.test, "False")
        return {"raises"} if never else {"raises", "falls"}
    if isinstance(statement, (cst.If, *_LOOPS, cst.With, cst.Try, cst.TryStar, cst.Match)):
        return _ways_of_branches(file, statement, steps)
    return {"falls"}


def _ways_of_branches(file: File, statement: cst.CSTNode, steps: int) -> set[str]:
    if isinstance(statement, cst.With):
        return ways(file, statement.body, steps)
    if isinstance(statement, cst.If):
        other = statement.orelse
        below = (
            _ways_of(file, other, steps)
            if isinstance(other, cst.If)
            else ways(file, other.body, steps)
            if other
            else {"falls"}
        )
        return ways(file, statement.body, steps) | below
    if isinstance(statement, (cst.Try, cst.TryStar)):
        ends = ways(file, statement.finalbody.body, steps) if statement.finalbody else {"falls"}
        if "falls" not in ends:
            return ends
        parts = [statement.body, *(clause.body for clause in statement.handlers)]
        return set().union(ends - {"falls"}, *(ways(file, part, steps) for part in parts))
    if isinstance(statement, cst.Match):
        return {"falls"}.union(*(ways(file, case.body, steps) for case in statement.cases))
    return {"falls"} | ways(file, statement.body, steps) - {"loops"}  # type: ignore[attr-defined]


def exit_of(file: File, call: cst.Call, steps: int = 3) -> str | None:
    """`exits` or `exits-zero` for a call that ends the program, `raises` for one that only raises, else None."""
    if file.names.qualified(call.func) in _EXITS or file.names.is_builtin(call.func, "exit", "quit"):
        return "exits-zero" if _is_zero(file, call.args) else "exits"
    called = file.values.definition(call.func)
    if isinstance(called, cst.FunctionDef):
        ends = ways(file, called.body, steps - 1) if steps else {"falls"}
        return "exits" if ends <= {"raises", "exits"} else None
    name = (dotted(call.func) or "").split(".")[-1]
    return "exits" if name.lower().split("_")[0] in _EXIT_WORDS and "log" not in name.lower() else None


def exits_zero(file: File, node: cst.CSTNode) -> bool:
    """Whether a statement or call ends the program with status 0: sys.exit(), exit(0), raise SystemExit."""
    if isinstance(node, cst.Raise):
        return _raises_zero(file, node)
    return isinstance(node, cst.Call) and _is_exit(file, node) and _is_zero(file, node.args)


def _is_exit(file: File, call: cst.Call) -> bool:
    path = file.names.qualified(call.func)
    return path in ("sys.exit", "os._exit") or file.names.is_builtin(call.func, "exit", "quit")


def _raises_zero(file: File, statement: cst.Raise) -> bool:
    raised = statement.exc
    if isinstance(raised, cst.Call):
        return file.names.is_builtin(raised.func, "SystemExit") and _is_zero(file, raised.args)
    return raised is not None and file.names.is_builtin(raised, "SystemExit")


def exits_with_message(file: File, call: cst.Call) -> bool:
    """Whether it is sys.exit with something that may be text, which Python prints."""
    return _is_exit(file, call) and any(not isinstance(given.value, cst.Integer) for given in call.args)


def _is_zero(file: File, arguments: Sequence[cst.Arg]) -> bool:
    if not arguments:
        return True
    status = arguments[0].value
    zero = isinstance(status, cst.Integer) and status.evaluated_value == 0
    return not arguments[0].star and (zero or file.names.is_builtin(status, "None", "False"))
