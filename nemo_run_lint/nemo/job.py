"""The functions that run as jobs, and what is handed over to be run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import libcst as cst

from nemo_run_lint.nemo.buildable import Buildable
from nemo_run_lint.nemo.entrypoint import Entrypoint
from nemo_run_lint.nemo.executor import made_by
from nemo_run_lint.nemo.experiment import Submission
from nemo_run_lint.nemo.function import Function
from nemo_run_lint.nemo.task import Task
from nemo_run_lint.project import File
from nemo_run_lint.syntax.values import text

Attempt = cst.Try | cst.TryStar


@dataclass(eq=False)
class Job(Function):
    """A function that is run as a job: a command, or what a run.Partial wraps for itself and not as an argument."""

    is_entrypoint: bool = False

    @classmethod
    def find(cls, file: File) -> Iterable[Job]:
        """Every entrypoint of a task, and every function that is wrapped to be run; no tests."""
        for entrypoint in file.all(Entrypoint):
            given = entrypoint.settings
            if given is not None and ("type" not in given or text(given["type"]) == "task"):
                yield cls(file, entrypoint.node, entrypoint.made, is_entrypoint=True)
        for task in file.all(Task):
            if any(_is_run(file, made) for made in task.made) and not task.is_test:
                yield cls(file, task.node, task.made)

    @property
    def what(self) -> str:
        """How to speak of it in a message."""
        return f"the {'entrypoint' if self.is_entrypoint else 'task'} `{self.name}`"

    @cached_property
    def attempts(self) -> Sequence[Attempt]:
        """The `try` statements of its own body."""
        return attempts(self.file, self.node)

    @property
    def helpers(self) -> Iterator[Job]:
        """The functions of the file that it calls without looking at what they return, as parts of it."""
        for call in self.file.tree.below(self.node.body, cst.Call, into_functions=False):
            called = self.file.values.definition(call.func)
            dropped = isinstance(self.file.tree.parent(call), (cst.Expr, cst.Return))
            if dropped and isinstance(called, cst.FunctionDef) and not is_job(self.file, called):
                yield Job(self.file, called, self.made, self.is_entrypoint)

    @property
    def is_submitted(self) -> bool:
        """Whether it is certainly what a job runs: an entrypoint, or handed to exp.add, run.run or run.Task here."""
        if self.is_entrypoint:
            return True
        handed = self.file.all(_Handed)[0].sources
        return self.node in handed or any(made in handed for made in self.made)

    @property
    def is_plain(self) -> bool:
        """Whether no decorator but nemo_run's may replace it by something else."""
        decorators = [each.decorator for each in self.node.decorators]
        called = [each.func if isinstance(each, cst.Call) else each for each in decorators]
        return all((self.file.names.qualified(each) or "").split(".")[0] == "nemo_run" for each in called)


@dataclass(eq=False)
class _Handed:
    """All that submissions of the file hand over."""

    sources: set[cst.CSTNode]

    @classmethod
    def find(cls, file: File) -> Iterable[_Handed]:
        return (cls({source for each in file.all(Submission) for source in submitted(file, each)}),)


def is_job(file: File, definition: cst.CSTNode | None) -> bool:
    """Whether a function of the file is a job's."""
    return file.at(Job, definition) is not None


def _is_run(file: File, made: cst.CSTNode) -> bool:
    """Whether what a wrapper makes is a task, not a function that another task gets as an argument."""
    buildable = file.at(Buildable, made)
    if buildable is not None and buildable.kind == "Config":
        return False
    for above in file.tree.ancestors(made):
        if file.at(Buildable, above) is not None:
            return False
        if isinstance(above, cst.BaseStatement):
            break
    return True


def submitted(file: File, submission: Submission) -> Iterator[cst.CSTNode]:
    """What a submission hands over, or every task of a group; through variables and what helpers return."""
    stack: list[cst.CSTNode] = [submission.task] if submission.task is not None else []
    while stack:
        for source in made_by(file, stack.pop()):
            if isinstance(source, (cst.List, cst.Tuple)):
                stack += [element.value for element in source.elements]
            else:
                yield source


def attempts(file: File, function: cst.FunctionDef) -> list[Attempt]:
    """The `try` statements of a function's own body."""
    below, body = file.tree.below, function.body
    return [*below(body, cst.Try, into_functions=False), *below(body, cst.TryStar, into_functions=False)]
