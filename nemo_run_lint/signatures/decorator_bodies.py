"""What becomes of the argument of a decorator, the subject, on the way through its body and the functions in it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import count
from typing import NamedTuple

from nemo_run_lint.signatures.forwarding import dotted
from nemo_run_lint.signatures.statements import (
    FUNCTIONS,
    Function,
    assignments,
    blocks_of,
    changes,
    first_parameter,
    patched_attribute,
    statements,
)

#: How many names, calls and functions are followed for one decorator; real ones need a dozen.
_STEPS = 60


class Outcome(NamedTuple):
    """One thing that may come of the decorated one, the subject.

    how     `same`: it is returned
            `wraps`: a function with `@wraps(subject)`; detail: its parameters, unless it hands all of its own on to the
            subject as they are
            `replaced`: a function of its own; detail: its parameters
            `by`: what `detail` makes of it, used as `@detail`
            `made`: what `detail` makes of it, used as `@detail(...)`
            `shown`: it is given to `detail`, whose result is not used
            `patched`: its attribute `detail`, an `__init__`, `__signature__` or such, is assigned to
            `unknown`: anything else
    detail  a dotted name, perhaps called with options; or parameters, as written
    """

    how: str
    detail: str = ""


UNKNOWN = Outcome("unknown")
_SAME = Outcome("same")


class Body:
    """A function whose calls are followed, and the functions around it.

    subject  what is decorated, a name or `name.__init__`; None where it is not among the names
    absent   a parameter that was left at its default None
    """

    def __init__(self, node: Function, subject: str | None, absent: str | None = None, outer: Body | None = None):
        self._node, self._subject, self._absent, self._outer = node, subject, absent, outer
        self._steps: Iterator[int] = outer._steps if outer is not None else count()
        self._functions: dict[str, Function] = {}
        self._values: dict[str, list[ast.expr]] = {}
        self._own = list(statements(node.body))
        for statement in self._own:
            if isinstance(statement, Function):
                self._functions[statement.name] = statement
            elif isinstance(statement, ast.Assign):
                for name, value in assignments(statement):
                    self._values.setdefault(name, []).append(value)

    # -- what a call of the function gives -------------------------------------------------------------------

    def outcomes(self) -> set[Outcome]:
        """What is returned when the function gets the subject."""
        values, ends = self._returned(self._node.body)
        found: set[Outcome] = {UNKNOWN} if ends or not values else set()
        return self._effects().union(found, *map(self._outcome, values))

    def made(self) -> set[Outcome]:
        """What becomes of the subject when it is given to what the function returns."""
        values, ends = self._returned(self._node.body)
        found: set[Outcome] = {UNKNOWN} if ends or not values else set()
        return found.union(*map(self._applied, values))

    def _returned(self, body: Sequence[ast.stmt]) -> tuple[list[ast.expr], bool]:
        """What may be returned, and whether the end may be reached instead."""
        found: list[ast.expr] = []
        for statement in body:
            if isinstance(statement, ast.Return):
                return [*found, statement.value or ast.Constant(None)], False
            if isinstance(statement, ast.Raise):
                return found, False
            blocks = self._taken(statement) if isinstance(statement, ast.If) else blocks_of(statement)
            ways = [self._returned(block) for block in blocks]
            found += [value for values, _ in ways for value in values]
            if ways and not any(ends for _, ends in ways):
                return found, False
        return found, True

    def _taken(self, statement: ast.If) -> list[list[ast.stmt]]:
        """The blocks of an `if` that may run."""
        holds = self._holds(statement.test)
        return blocks_of(statement) if holds is None else [statement.body if holds else statement.orelse]

    def _ways(self, node: ast.IfExp) -> list[ast.expr]:
        """The parts of an `a if test else b` that it may stand for."""
        holds = self._holds(node.test)
        return [node.body, node.orelse] if holds is None else [node.body if holds else node.orelse]

    def _holds(self, test: ast.expr) -> bool | None:
        """Whether a condition about the subject holds: that it is there, that it can be called; None: not known."""
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            inner = self._holds(test.operand)
            return None if inner is None else not inner
        if isinstance(test, ast.BoolOp):
            parts = {self._holds(each) for each in test.values}
            decided = isinstance(test.op, ast.Or)
            return decided if decided in parts else None if None in parts else not decided
        if isinstance(test, ast.Compare) and isinstance(test.ops[0], (ast.Is, ast.IsNot)):
            there = self._is_there(test.left) if dotted(test.left) else None
            is_none = isinstance(test.comparators[0], ast.Constant) and test.comparators[0].value is None
            return there is isinstance(test.ops[0], ast.IsNot) if is_none and there is not None else None
        if isinstance(test, ast.Call) and dotted(test.func) == "callable" and test.args:
            return self._is_there(test.args[0])
        return self._is_there(test)

    def _is_there(self, node: ast.expr) -> bool | None:
        """Whether it stands for the subject (True) or for a parameter that was left out (False)."""
        if self._is_subject(node):
            return True
        absent = {each._absent for each in self._chain() if each._absent is not None}
        return False if dotted(node) in absent else None

    # -- what an expression stands for -----------------------------------------------------------------------

    def _chain(self) -> Iterator[Body]:
        body: Body | None = self
        while body is not None:
            yield body
            body = body._outer

    def _is_subject(self, node: ast.expr | None, steps: int = 8) -> bool:
        """Whether it certainly stands for the subject."""
        name = dotted(node) if node is not None else ""
        if not name or not steps:
            return False
        for body in self._chain():
            values = body._values.get(name, [])
            if name == body._subject:
                return not values
            if values:
                return all(body._is_subject(value, steps - 1) for value in values)
            if name in body._locals:
                return False
        return False

    def _function(self, node: ast.expr) -> tuple[Function, Body] | None:
        """The function in here that a name stands for, and the function around it."""
        name = dotted(node)
        for body in self._chain():
            if name in body._functions:
                return body._functions[name], body
        return None

    def _assigned(self, node: ast.expr) -> list[ast.expr]:
        """What a variable was assigned."""
        name = dotted(node)
        return next((body._values[name] for body in self._chain() if name in body._values), []) if name else []

    def _outcome(self, node: ast.expr) -> set[Outcome]:
        """What an expression makes of the subject."""
        if next(self._steps) > _STEPS:
            return {UNKNOWN}
        if self._is_subject(node):
            return {_SAME}
        if isinstance(node, ast.IfExp):
            return set().union(*map(self._outcome, self._ways(node)))
        if isinstance(node, ast.Lambda):
            return {Outcome("replaced", ast.unparse(node.args))}
        if isinstance(node, ast.Call):
            return self._outcome_of_call(node)
        defined = self._function(node) if isinstance(node, ast.Name) else None
        if defined is not None:
            return {defined[1]._outcome_of_function(defined[0])}
        return self._outcome_of_variable(node)

    def _outcome_of_variable(self, node: ast.expr) -> set[Outcome]:
        """All that it was assigned, and if it is the subject's own name, the subject before that."""
        values = self._assigned(node)
        if not values:
            return {UNKNOWN}
        body = Body(self._node, self._subject, self._absent, self)
        body._values = {name: each for name, each in body._values.items() if name != dotted(node)}
        found: set[Outcome] = {_SAME} if dotted(node) == self._subject and not self._is_replaced() else set()
        return found.union(*map(body._outcome, values))

    def _is_replaced(self) -> bool:
        """Whether the subject's name certainly stands for something else before anything is returned."""
        for statement in self._node.body:
            if isinstance(statement, ast.Assign) and self._subject in [dotted(each) for each in statement.targets]:
                return True
            if any(isinstance(each, ast.Return) for each in statements([statement])):
                return False
        return False

    def _outcome_of_function(self, node: Function) -> Outcome:
        """What a function that is defined in here is to the subject."""
        marked = any(patched_attribute(each, node.name) is not None for each in self._own)
        wraps = [self._wraps(each) for each in node.decorator_list]
        updated = any(self._updates(each.value, node.name) for each in self._own if isinstance(each, ast.Expr))
        if marked:
            return UNKNOWN
        if (wraps and wraps[0]) or (updated and not wraps):
            return Outcome("wraps", "" if self._hands_on(node) else ast.unparse(node.args))
        return UNKNOWN if wraps else Outcome("replaced", ast.unparse(node.args))

    def _wraps(self, node: ast.expr) -> bool:
        """`functools.wraps(subject)`."""
        return (
            isinstance(node, ast.Call)
            and dotted(node.func).rpartition(".")[2] == "wraps"
            and bool(node.args)
            and self._is_subject(node.args[0])
        )

    def _updates(self, node: ast.expr, name: str) -> bool:
        """`functools.update_wrapper(name, subject)`."""
        return self._is_update(node) and isinstance(node, ast.Call) and dotted(node.args[0]) == name

    def _is_update(self, node: ast.expr) -> bool:
        return (
            isinstance(node, ast.Call)
            and dotted(node.func).rpartition(".")[2] == "update_wrapper"
            and len(node.args) >= 2
            and self._is_subject(node.args[1])
        )

    def _hands_on(self, node: Function) -> bool:
        """Whether a wrapper gives the subject exactly what it got."""
        star, stars = node.args.vararg, node.args.kwarg
        if star is None or stars is None or changes(node, {star.arg, stars.arg}):
            return False
        if self._is_declared(star.annotation):
            return True
        inside = Body(node, None, outer=self)
        calls = [each for each in ast.walk(node) if isinstance(each, ast.Call) and inside._is_subject(each.func)]
        got = [each.arg for each in [*node.args.posonlyargs, *node.args.args]] + [f"*{star.arg}"]
        named = sorted([*((each.arg, each.arg) for each in node.args.kwonlyargs), ("**", stars.arg)])
        return bool(calls) and all(
            list(map(ast.unparse, call.args)) == got
            and sorted((each.arg or "**", dotted(each.value)) for each in call.keywords) == named
            for call in calls
        )

    def _is_declared(self, star: ast.expr | None) -> bool:
        """Whether `*args: P.args` is said to be what the subject, a `Callable[P, T]`, takes."""
        if not (isinstance(star, ast.Attribute) and star.attr == "args"):
            return False
        everyone = [each for body in self._chain() for each in ast.walk(body._node.args) if isinstance(each, ast.arg)]
        subject = next(
            (each.annotation for each in everyone if each.annotation and self._is_subject_name(each.arg)), None
        )
        written = ast.unparse(subject) if subject is not None else ""
        return f"Callable[{dotted(star.value)}, " in written and "Concatenate" not in written

    def _is_subject_name(self, name: str) -> bool:
        return any(name == body._subject for body in self._chain())

    def _outcome_of_call(self, node: ast.Call) -> set[Outcome]:
        name = dotted(node.func).rpartition(".")[2]
        if name == "cast" and len(node.args) == 2:
            return self._outcome(node.args[1])
        if self._is_update(node) or self._wraps(node.func):
            inner = self._function(node.args[0]) if node.args else None
            hands_on = inner is not None and inner[1]._hands_on(inner[0])
            return {Outcome("wraps", "" if hands_on or inner is None else ast.unparse(inner[0].args))}
        if not node.args or not self._is_subject(node.args[0]):
            return {UNKNOWN}
        return self._applied(node.func, node)

    def _applied(self, node: ast.expr, call: ast.Call | None = None) -> set[Outcome]:
        """What becomes of the subject when it is given to what an expression stands for; `call` does so."""
        if next(self._steps) > _STEPS:
            return {UNKNOWN}
        if isinstance(node, ast.IfExp):
            return set().union(*(self._applied(each, call) for each in self._ways(node)))
        if isinstance(node, ast.Lambda):
            return self._applied_lambda(node)
        if isinstance(node, ast.Call):
            return self._applied_result(node)
        defined = self._function(node)
        if defined is not None:
            function, around = defined
            if all(dotted(getattr(each, "func", each)).endswith("wraps") for each in function.decorator_list):
                return Body(function, first_parameter(function), None, around).outcomes()
            return {UNKNOWN}
        values = self._assigned(node)
        if values:
            return set().union(*(Body(self._node, self._subject, None, self)._applied(each, call) for each in values))
        return self._by(node, call)

    def _applied_lambda(self, node: ast.Lambda) -> set[Outcome]:
        body = ast.FunctionDef(name="", args=node.args, body=[ast.Return(node.body)], decorator_list=[])
        return Body(body, first_parameter(node), None, self).outcomes()

    def _applied_result(self, node: ast.Call) -> set[Outcome]:
        """Of `decorator(...)(subject)`, also where the first half is `partial(decorator, ...)`."""
        if dotted(node.func).rpartition(".")[2] == "cast" and len(node.args) == 2:
            return self._applied(node.args[1])
        if dotted(node.func).rpartition(".")[2] == "partial" and len(node.args) == 1:
            root = list(self._chain())[-1]._node
            if dotted(node.args[0]) == root.name:
                inside = Body(root, first_parameter(root), None, self)
                return inside.outcomes()
            return self._applied(node.args[0], ast.Call(node.args[0], [ast.Constant(None)], node.keywords))
        defined = self._function(node.func)
        if defined is not None:
            function, around = defined
            return {UNKNOWN} if function.decorator_list else Body(function, None, None, around).made()
        return {Outcome("made", ast.unparse(node))} if self._is_of_module(node.func) else {UNKNOWN}

    def _by(self, node: ast.expr, call: ast.Call | None) -> set[Outcome]:
        """The outcome of `node(subject, ...)` where `node` is a name of the module."""
        if not self._is_of_module(node):
            return {UNKNOWN}
        options = call is not None and (len(call.args) > 1 or bool(call.keywords))
        return {Outcome("by", ast.unparse(ast.Call(node, call.args[1:], call.keywords) if call and options else node))}

    def _is_of_module(self, node: ast.expr) -> bool:
        root = dotted(node).partition(".")[0]
        return bool(root) and not any(root in body._locals for body in self._chain())

    @cached_property
    def _locals(self) -> set[str]:
        """The names that the function itself binds; those of loops and such are never called."""
        arguments = self._node.args
        found = {each.arg for each in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]}
        found |= {each.arg for each in (arguments.vararg, arguments.kwarg) if each is not None}
        for statement in self._own:
            if isinstance(statement, (ast.Import, ast.ImportFrom)):
                found |= {(each.asname or each.name).partition(".")[0] for each in statement.names}
            elif isinstance(statement, (*FUNCTIONS, ast.ClassDef)):
                found.add(statement.name)
        return found | self._values.keys()

    # -- what is done beside it ------------------------------------------------------------------------------

    def _effects(self) -> set[Outcome]:
        """What the function does to the subject without returning it."""
        if self._subject is None:
            return set()
        found: set[Outcome] = set()
        for statement in self._own:
            patch = patched_attribute(statement, self._subject)
            if patch is not None and not self._is_kept(*patch):
                found.add(Outcome("patched", patch[0]))
            elif isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
                call = statement.value
                shown = any(self._is_subject(each) for each in call.args[:1])
                if shown and isinstance(call.func, ast.Name) and self._is_of_module(call.func):
                    found.add(Outcome("shown", call.func.id))
        return found

    def _is_kept(self, attribute: str, value: ast.expr | None) -> bool:
        """Whether what an attribute is set to takes what it took before: `@wraps(cls.__init__) def __init__(...)`."""
        if value is None:
            return True
        inside = Body(self._node, f"{self._subject}.{attribute}", None, self)
        inside._values.pop(f"{self._subject}.{attribute}", None)
        return inside._outcome(value) <= {_SAME, Outcome("wraps")}
