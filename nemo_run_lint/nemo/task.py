"""Functions that become tasks, wherever in the file they are wrapped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar

import libcst as cst

from nemo_run_lint.nemo.buildable import Buildable
from nemo_run_lint.nemo.entrypoint import Entrypoint
from nemo_run_lint.nemo.experiment import ExperimentBuilder, Submission
from nemo_run_lint.nemo.factory import Factory
from nemo_run_lint.nemo.function import Function
from nemo_run_lint.project import File


@dataclass(eq=False)
class Task(Function):
    """A function that run.Partial, run.Config or run.Task wraps, directly, by a variable or by `self.x`."""

    role: ClassVar[str] = "task"

    @classmethod
    def find(cls, file: File) -> Iterable[Task]:
        """Every function of the file that is wrapped, and is no entrypoint, factory or experiment builder."""
        others = (*file.all(Entrypoint), *file.all(Factory), *file.all(ExperimentBuilder))
        taken = {function.node for function in others}
        found: dict[cst.FunctionDef, Task] = {}
        for target, wrapper in _wrapped(file):
            for source in file.values.sources(target):
                if isinstance(source, cst.FunctionDef) and source not in taken:
                    found.setdefault(source, cls(file, source)).made.append(wrapper)
        return found.values()

    @property
    def is_job(self) -> bool:
        """Whether it is called by the job itself: wrapped by run.Partial or run.Task, not only by run.Config."""
        made = [self.file.at(Buildable, each) for each in self.made if isinstance(each, cst.Call)]
        return any(each is None or each.kind != "Config" for each in made)


def _wrapped(file: File) -> Iterator[tuple[cst.CSTNode, cst.Call]]:
    """The targets of every wrapper, with the wrapper; functools.partial(function) is looked into."""
    for buildable in file.all(Buildable):
        if buildable.target is not None:
            yield from _targets(file, buildable.target, buildable.node)
    for submission in file.all(Submission):
        if submission.how == "run.Task" and submission.task is not None:
            yield from _targets(file, submission.task, submission.node)


def _targets(file: File, target: cst.CSTNode, wrapper: cst.Call) -> Iterator[tuple[cst.CSTNode, cst.Call]]:
    yield target, wrapper
    for source in file.values.sources(target):
        if isinstance(source, cst.Call) and source.args and file.names.qualified(source.func) == "functools.partial":
            yield source.args[0].value, wrapper
