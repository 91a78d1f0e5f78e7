"""What the `except` clauses of jobs do about failure.

nemo_run's runner calls the function and nothing else: the job has failed when an exception or a status other than 0
leaves it. A handler is followed over its branches; what may raise after it (`if errors: raise`) makes it no offence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import libcst as cst

from nemo_run_lint.nemo.endings import exit_of, exits_with_message, ways
from nemo_run_lint.nemo.job import Attempt, Job
from nemo_run_lint.nemo.training import guards_training, is_training
from nemo_run_lint.nemo.work import is_log, is_work, works
from nemo_run_lint.project import File
from nemo_run_lint.syntax.bindings import dotted

AnyHandler = cst.ExceptHandler | cst.ExceptStarHandler
_LOOPS = (cst.For, cst.While)
_BROAD = frozenset({"Exception", "BaseException"})
#: What ends a program or a loop on purpose.
_ON_PURPOSE = frozenset({"KeyboardInterrupt", "SystemExit", "GeneratorExit", "StopIteration", "StopAsyncIteration"})
#: What is no failure of training, or leads to another way of doing it.
_NO_FAILURE = _ON_PURPOSE | {"ImportError", "ModuleNotFoundError"}


@dataclass(eq=False)
class Handler:
    """An `except` of a job's function."""

    job: Job
    attempt: Attempt
    node: AnyHandler

    @classmethod
    def find(cls, file: File) -> Iterable[Handler]:
        """Every `except` in the functions that run as jobs."""
        for job in {job.node: job for job in file.all(Job)}.values():
            yield from handlers(job)

    @property
    def shown(self) -> str:
        """How it is written: `except ValueError`."""
        caught = self.node.type
        return f"except {self.job.file.code(caught)}" if caught is not None else "except:"

    @cached_property
    def caught(self) -> list[str]:
        """The names of the exceptions it catches, without their modules; `BaseException` for a bare one."""
        if self.node.type is None:
            return ["BaseException"]
        return exceptions(self.job.file, self.node.type)

    @property
    def is_broad(self) -> bool:
        """Whether it catches whatever goes wrong."""
        return not _BROAD.isdisjoint(self.caught)

    @property
    def is_on_purpose(self) -> bool:
        """Whether it only catches what ends a program or a loop on purpose, or a missing module."""
        return set(self.caught) <= _NO_FAILURE

    @cached_property
    def ways(self) -> set[str]:
        """How it can end: `falls` out of its bottom, `raises`, `exits`, `exits-zero`, `returns`, `loops`."""
        return ways(self.job.file, self.node.body)

    @property
    def stops_the_job(self) -> bool:
        """Whether it raises or exits non-zero on some way, itself or in what comes after it."""
        return not self.ways.isdisjoint({"raises", "exits"}) or _raises_later(self)

    @property
    def tries_again(self) -> bool:
        """Whether it does the work in another way: trains itself, or calls again what the `try` called."""
        file, below = self.job.file, self.job.file.tree.below
        again = [call for call in below(self.node.body, cst.Call, into_functions=False) if works(file, call)]
        tried = {dotted(call.func) for call in below(self.attempt.body, cst.Call, into_functions=False)} - {None}
        return any(dotted(call.func) in tried or is_training(file, call) for call in again)

    @property
    def guards_training(self) -> bool:
        """Whether what it guards trains."""
        return guards_training(self.job.file, self.attempt.body)

    @property
    def guards_work(self) -> bool:
        """Whether what it guards is more than an import, cleaning up or telling others."""
        return is_work(self.job.file, self.attempt.body) and not is_cleanup(self.job.file, self.attempt)

    @property
    def hides_failure(self) -> bool:
        """Whether the work of the job may fail in it, and the job ends well all the same."""
        file = self.job.file
        if self.is_broad:
            aside = is_for_one_item(file, self.attempt) or self.gives_default
            hides = self.guards_training or (self.guards_work and not aside)
        else:
            hides = self.guards_training and not self.is_on_purpose
        return hides and not self.stops_the_job and "exits-zero" not in self.ways and not self.tries_again

    @property
    def gives_default(self) -> bool:
        """Whether it gives another value to a variable that the `try` assigns: `version = None`."""
        tried, given = (self._assigned(block) for block in (self.attempt.body, self.node.body))
        return not tried.isdisjoint(given)

    def _assigned(self, block: cst.BaseSuite) -> set[str | None]:
        assigns = self.job.file.tree.below(block, cst.Assign, into_functions=False)
        return {dotted(target.target) for assign in assigns for target in assign.targets} - {None}

    @property
    def logs(self) -> bool:
        """Whether it tells anybody: a logger, print, warnings, traceback, a message for sys.exit."""
        calls = self.job.file.tree.below(self.node.body, cst.Call, into_functions=False)
        return any(is_log(call) or exits_with_message(self.job.file, call) for call in calls)

    @property
    def hands_on(self) -> bool:
        """Whether the exception leaves it: raised again or as the cause of another one, or kept and raised later."""
        raised = list(self.job.file.tree.below(self.node.body, cst.Raise, into_functions=False))
        if any(each.cause is not None and self.job.file.names.is_builtin(each.cause.item, "None") for each in raised):
            return False
        return self.ways <= {"raises"} or (not raised and self.stops_the_job and "exits" not in self.ways)


def handlers(job: Job) -> list[Handler]:
    """The `except` clauses of a job's own body."""
    return [Handler(job, attempt, clause) for attempt in job.attempts for clause in attempt.handlers]


def exceptions(file: File, node: cst.BaseExpression) -> list[str]:
    """The names of the exceptions of an `except` or a `suppress`, without their modules."""
    value = file.values.value(node)
    if isinstance(value, cst.Tuple):
        return [name for element in value.elements for name in exceptions(file, element.value)]
    return [(dotted(value) or "?").split(".")[-1]]


def _raises_later(handler: Handler) -> bool:
    """Whether behind the handler, or on the next round of its loop, an error may be raised after all."""
    file, tree, attempt = handler.job.file, handler.job.file.tree, handler.attempt
    goes_on = not handler.ways.isdisjoint({"falls", "loops"})
    loop = tree.enclosing(attempt, *_LOOPS, cst.FunctionDef)
    for node in _raising(file, handler.job.node):
        if any(tree.inside(node, part) for part in (attempt.body, handler.node, attempt.orelse) if part is not None):
            continue
        final = tree.enclosing(node, cst.Finally)
        closing = final is not None and tree.inside(attempt, tree.parent(final))
        again = isinstance(loop, _LOOPS) and tree.inside(node, loop)
        behind = tree.order(node) > tree.order(handler.node) and not file.names.excludes(attempt, node)
        clause = tree.enclosing(node, cst.ExceptHandler, cst.ExceptStarHandler)
        reached = clause is None or tree.inside(handler.node, clause)
        if reached and (closing or (goes_on and (again or behind))):
            return True
    return False


def _raising(file: File, function: cst.FunctionDef) -> Iterator[cst.CSTNode]:
    """What in a function may end it with an error."""
    yield from file.tree.below(function.body, cst.Raise, into_functions=False)
    yield from file.tree.below(function.body, cst.Assert, into_functions=False)
    calls = file.tree.below(function.body, cst.Call, into_functions=False)
    yield from (call for call in calls if exit_of(file, call) == "exits")


def is_cleanup(file: File, attempt: cst.CSTNode) -> bool:
    """Whether an attempt stands in a handler or a `finally`."""
    above = file.tree.enclosing(attempt, cst.ExceptHandler, cst.ExceptStarHandler, cst.Finally, cst.FunctionDef)
    return above is not None and not isinstance(above, cst.FunctionDef)


def is_for_one_item(file: File, attempt: cst.CSTNode) -> bool:
    """Whether an attempt is made for one item of many, or one request after another."""
    loop = file.tree.enclosing(attempt, *_LOOPS, cst.FunctionDef)
    return isinstance(loop, _LOOPS) and not (isinstance(loop, cst.For) and _is_retry(file, loop))


def _is_retry(file: File, loop: cst.For) -> bool:
    """Whether a loop counts attempts rather than going through items."""
    counts = isinstance(loop.iter, cst.Call) and file.names.is_builtin(loop.iter.func, "range")
    named = isinstance(loop.target, cst.Name) and re.search(r"^_+$|attempt|retr|trial|tries", loop.target.value)
    return counts and bool(named)
