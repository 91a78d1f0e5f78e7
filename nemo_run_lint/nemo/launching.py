"""Launching a job from a script, and what happens to the script in the job.

For a run.Partial the job first executes a copy of the launching script, under the name `__external_main__`, and then
imports the function (nemo_run 0.11.1, `core/runners/fdl_runner.py` and `maybe_load_external_main`). In a container the
copy is looked for at a path that is not there, so that nothing of the script can be imported. A run.Script, a
notebook, and a run in the launching process know nothing of this.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

import libcst as cst

from nemo_run_lint.nemo.api import EXECUTORS, public
from nemo_run_lint.nemo.buildable import Buildable
from nemo_run_lint.nemo.executor import made_by, settings_of
from nemo_run_lint.nemo.experiment import Experiment, Submission, is_read
from nemo_run_lint.nemo.handed_over import is_none, is_true, kinds
from nemo_run_lint.project import File
from nemo_run_lint.syntax.bindings import Kind, dotted
from nemo_run_lint.syntax.calls import keyword, positional

#: Where the job finds the copy of the script.
_ON_HOST = frozenset({"LocalExecutor", "SlurmExecutor"})


class Answer(Enum):
    """What can be told from the text."""

    YES = "yes"
    MAYBE = "maybe"
    NO = "no"


@dataclass(eq=False)
class Launch:
    """A call that launches jobs: exp.run(...), or run.run(...) with an executor; not one that runs in this process."""

    file: File
    node: cst.Call
    tasks: list[Submission]

    @classmethod
    def find(cls, file: File) -> Iterable[Launch]:
        """Every one."""
        submissions = file.all(Submission)
        for experiment in file.all(Experiment):
            for call in experiment.called("run"):
                if not is_true(file, keyword(call, "direct") or positional(call, 3)):
                    yield cls(file, call, list(experiment.tasks))
        for submission in submissions:
            if submission.how == "run.run" and _launches(file, submission):
                yield cls(file, submission.node, [submission])

    @property
    def shown(self) -> str:
        """The call in words: `exp.run()`."""
        return f"{self.file.code(self.node.func)}()"

    @cached_property
    def runs_function(self) -> Answer:
        """Whether a function is among what is launched; everything else are scripts."""
        if not self.tasks:
            return Answer.MAYBE
        answers = [_runs_function(self.file, task) for task in self.tasks]
        return max(answers, key=[Answer.NO, Answer.MAYBE, Answer.YES].index)

    @cached_property
    def reloads_script(self) -> Answer:
        """Whether a job executes the script again: not in a container, and only for a function."""
        where = [reloads(self.file, task) for task in self.tasks] or [Answer.MAYBE]
        ranks = [Answer.NO, Answer.MAYBE, Answer.YES]
        return min(self.runs_function, max(where, key=ranks.index), key=ranks.index)

    @property
    def at_import(self) -> list[cst.CSTNode]:
        """What at module level, outside `if __name__ == ...`, leads to it."""
        return [each for each in reached_from(self.file, self.node) if not is_conditional(self.file, each)]

    @property
    def is_reached(self) -> bool:
        """Whether the file launches it itself when it is run as a script, guarded or not."""
        return bool(reached_from(self.file, self.node))


def _launches(file: File, submission: Submission) -> bool:
    call = submission.node
    if submission.executor is None or is_none(file, submission.executor) or submission.has_star:
        return False
    given = [keyword(call, "direct"), keyword(call, "dryrun"), positional(call, 4), positional(call, 5)]
    return not any(is_true(file, each) for each in given)


def _runs_function(file: File, submission: Submission) -> Answer:
    if submission.task is None:
        return Answer.MAYBE
    found = set()
    for source in handed(file, submission):
        is_script = isinstance(source, cst.Call) and public(file.names.qualified(source.func)) == "Script"
        found.add(Answer.NO if is_script else Answer.YES if file.at(Buildable, source) is not None else Answer.MAYBE)
    if Answer.YES in found:
        return Answer.YES
    return Answer.NO if found == {Answer.NO} else Answer.MAYBE


def handed(file: File, submission: Submission) -> Iterator[cst.CSTNode]:
    """What a submission hands over, or every task of its group; through variables and what helpers return."""
    stack: list[cst.CSTNode] = [submission.task] if submission.task is not None else []
    seen: set[cst.CSTNode] = set()
    while stack:
        for source in made_by(file, stack.pop()):
            if source in seen:
                continue
            seen.add(source)
            if isinstance(source, (cst.List, cst.Tuple)):
                stack += [element.value for element in source.elements]
            elif isinstance(source, cst.ListComp):
                stack.append(source.elt)
            elif isinstance(source, cst.BinaryOperation):
                stack += [source.left, source.right]
            elif not isinstance(source, cst.Integer):
                yield source


def reloads(file: File, submission: Submission) -> Answer:
    """Whether the job of a function finds the copy of the script: by the kind of its executor, and its container."""
    found = kinds(file, submission)
    if None in found:
        return Answer.MAYBE
    if not found & _ON_HOST:
        return Answer.NO
    if "SlurmExecutor" in found:
        settings = [] if submission.executor is None else settings_of(file, submission.executor)
        slurm = [each for each in settings if each.kind == "SlurmExecutor"]
        if (
            slurm
            and found == {"SlurmExecutor"}
            and all(_has_image(file, each.get("container_image")) for each in slurm)
        ):
            return Answer.NO
        if not slurm or any(each.sets("container_image") or each.has_star for each in slurm):
            return Answer.MAYBE
    return Answer.YES


def in_container(file: File, submission: Submission) -> str | None:
    """The kind of executor that certainly runs a task in a container or in the cloud; None when none does."""
    found = kinds(file, submission)
    if found == {"SlurmExecutor"}:
        return "SlurmExecutor(container_image=...)" if reloads(file, submission) is Answer.NO else None
    if None in found or found & _ON_HOST or not found <= EXECUTORS:
        return None
    return min(kind for kind in found if kind is not None)


def _has_image(file: File, image: cst.BaseExpression | None) -> bool:
    return image is not None and isinstance(file.values.value(image), (cst.SimpleString, cst.FormattedString))


def is_script(file: File) -> bool:
    """Whether the file can be a script that a job executes again: Python, no notebook and no page of documentation."""
    return file.path.endswith(".py") or file.path == "-"


def is_test(file: File, node: cst.CSTNode) -> bool:
    """Whether a node stands in a test, which has other reasons to do half of a thing."""
    parts = file.path.replace("\\", "/").split("/")
    in_tests = "tests" in parts[:-1] or parts[-1].startswith("test_")
    return in_tests or file.in_test(node)


# -- what the script itself runs -----------------------------------------------------------------------------


def reached_from(file: File, node: cst.CSTNode) -> list[cst.CSTNode]:
    """What stands at module level and leads to `node`: itself, or the calls of functions of the file around it."""
    found: list[cst.CSTNode] = []
    stack, seen = [node], {node}
    while stack:
        current = stack.pop()
        function = file.tree.enclosing(current, cst.FunctionDef, cst.Lambda)
        if function is None:
            found.append(current)
        elif isinstance(function, cst.FunctionDef):
            fresh = [call for call in file.values.calls(function) if call not in seen]
            seen.update(fresh)
            stack += fresh
    return sorted(found, key=file.tree.order)


def guard_of(file: File, node: cst.CSTNode) -> cst.If | None:
    """The `if __name__ == "__main__":` in whose body a node stands."""
    child = node
    for above in file.tree.ancestors(node):
        if isinstance(above, cst.If) and child is above.body and is_guard(above):
            return above
        child = above
    return None


def is_guard(node: cst.If) -> bool:
    """Whether an `if` asks for the name of the module."""
    return any(isinstance(each, cst.Name) and each.value == "__name__" for each in _names_in(node.test))


def _names_in(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    stack = [node]
    while stack:
        current = stack.pop()
        yield current
        stack += [child for child in current.children if not isinstance(child, cst.BaseParenthesizableWhitespace)]


def is_conditional(file: File, node: cst.CSTNode) -> bool:
    """Whether something at module level may not run when a job executes the script again.

    Under `if __name__ == ...`, behind one that leaves, or under another `if` that asks what only a run can tell.
    """
    child = node
    for above in file.tree.ancestors(node):
        if isinstance(above, (cst.If, cst.IfExp)) and child is not above.test:
            asked = list(_names_in(above.test))
            if any(isinstance(each, (cst.Call, cst.Attribute, cst.Subscript)) for each in asked):
                return True
            if any(isinstance(each, cst.Name) and each.value == "__name__" for each in asked):
                return True
        child = above
    earlier = (each for each in file.tree.module.body if isinstance(each, cst.If) and is_guard(each))
    return any(_leaves(each.body) for each in earlier if file.tree.order(each) < file.tree.order(node))


def _leaves(block: cst.BaseSuite) -> bool:
    last = block.body[-1] if block.body else None
    small = last.body[-1] if isinstance(last, cst.SimpleStatementLine) else last
    call = small.value if isinstance(small, cst.Expr) else None
    exits = isinstance(call, cst.Call) and (dotted(call.func) or "").rpartition(".")[2] in ("exit", "_exit", "quit")
    return isinstance(small, cst.Raise) or exits


# -- functions that jobs run ---------------------------------------------------------------------------------


@dataclass(eq=False)
class LaunchedFunction:
    """A function of the file that a launched task calls.

    written     the target as written, in the run.Partial
    """

    file: File
    node: cst.FunctionDef
    written: cst.BaseExpression
    submission: Submission
    launch: Launch

    @classmethod
    def find(cls, file: File) -> Iterable[LaunchedFunction]:
        """Every one, once for each run.Partial that wraps it."""
        found: dict[tuple[cst.FunctionDef, cst.CSTNode], LaunchedFunction] = {}
        for launch in file.all(Launch):
            for submission in launch.tasks:
                for source in handed(file, submission):
                    partial = file.at(Buildable, source)
                    target = partial.target if partial is not None and partial.kind == "Partial" else None
                    function = file.values.definition(target) if target is not None else None
                    if (
                        target is not None
                        and isinstance(function, cst.FunctionDef)
                        and file.values.enclosing_class(function) is None
                    ):
                        found.setdefault((function, target), cls(file, function, target, submission, launch))
        return found.values()

    @property
    def name(self) -> str:
        """Its name."""
        return self.node.name.value

    def with_callees(self) -> list[cst.FunctionDef]:
        """The function, and the functions of the file that it calls, directly or through others."""
        found, stack = {self.node: None}, [self.node]
        while stack:
            for call in self.file.tree.below(stack.pop().body, cst.Call):
                callee = self.file.values.definition(call.func)
                if isinstance(callee, cst.FunctionDef) and callee not in found and isinstance(call.func, cst.Name):
                    found[callee] = None
                    stack.append(callee)
        return list(found)

    def globals_read(self) -> Iterator[cst.Name]:
        """Where it, or a function that it calls, reads a name of the module."""
        for function in self.with_callees():
            for name in self.file.tree.below(function.body, cst.Name):
                bindings = self.file.names.lookup(name) if is_read(self.file, name) else ()
                module = self.file.names.module.bindings.get(name.value, ())
                if bindings and all(binding in module for binding in bindings):
                    yield name


def only_under_guard(file: File, name: cst.Name) -> cst.If | None:
    """The `if __name__ == "__main__":` under which alone a name of the module gets its meaning."""
    bindings = file.names.module.bindings.get(name.value, ())
    guards = [guard_of(file, binding.node) for binding in bindings if binding.kind is not Kind.PARAMETER]
    return guards[0] if guards and all(guard is not None for guard in guards) else None
