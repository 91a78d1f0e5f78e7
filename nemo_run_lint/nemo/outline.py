"""What a file holds, in plain data: experiments with their tasks and what these wait for, functions, executors.

What is not written out is said as it is written: the name of a task may be an f-string.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

from nemo_run_lint.nemo.buildable import Buildable
from nemo_run_lint.nemo.entrypoint import Entrypoint
from nemo_run_lint.nemo.executor import Settings, executors_of
from nemo_run_lint.nemo.experiment import Experiment, ExperimentBuilder, Submission
from nemo_run_lint.nemo.factory import Factory
from nemo_run_lint.nemo.function import Function
from nemo_run_lint.nemo.handed_over import dependencies, group
from nemo_run_lint.nemo.script import Script
from nemo_run_lint.nemo.task import Task
from nemo_run_lint.project import File
from nemo_run_lint.syntax.values import text

#: How NeMo Run runs what has no executor.
_DEFAULT_EXECUTOR = "LocalExecutor"


@dataclass(frozen=True)
class ParameterOutline:
    """A parameter of a function; annotation and default as written, empty where there is none."""

    name: str
    annotation: str = ""
    default: str = ""


@dataclass(frozen=True)
class FunctionOutline:
    """A function with a part to play under NeMo Run.

    role        `task`, `entrypoint`, `factory` or `experiment builder`
    docstring   its text, without indentation; empty where there is none
    """

    name: str
    role: str
    line: int
    end_line: int
    docstring: str
    parameters: tuple[ParameterOutline, ...]
    returns: str = ""


@dataclass(frozen=True)
class TaskOutline:
    """A task of an experiment.

    name      as written, without quotes where it is plain text; empty where none is given
    function  what is run: a function as written, or `script`
    executor  the class of its executor; empty where that is not known
    after     the places, among the tasks of the experiment, of those it waits for
    """

    name: str
    function: str
    line: int
    executor: str
    after: tuple[int, ...] = ()


@dataclass(frozen=True)
class ExperimentOutline:
    """An experiment that the file makes.

    title     as written, without quotes where it is plain text
    function  the function in which it is made; empty at module level
    is_open   whether others may add tasks that are not seen here
    """

    title: str
    line: int
    end_line: int
    function: str
    tasks: tuple[TaskOutline, ...]
    is_open: bool


@dataclass(frozen=True)
class ExecutorOutline:
    """An executor that the file makes, with its fields as written."""

    kind: str
    line: int
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Outline:
    """A file.

    docstring  of the module, without indentation; empty where there is none
    imported   the modules that it imports, as written
    """

    path: str
    docstring: str
    experiments: tuple[ExperimentOutline, ...]
    functions: tuple[FunctionOutline, ...]
    executors: tuple[ExecutorOutline, ...]
    imported: tuple[str, ...]


def outline(file: File) -> Outline:
    """The outline of a file."""
    made = [each for each in file.all(Experiment) if each.call is not None]
    functions = sorted(_functions(file), key=lambda each: each.line)
    executors = [_executor(file, each) for each in file.all(Settings) if each.is_executor]
    docstring = file.tree.module.get_docstring()
    return Outline(
        file.path,
        docstring or "",
        tuple(_experiment(file, each) for each in sorted(made, key=lambda each: file.tree.order(each.node))),
        tuple(functions),
        tuple(sorted(executors, key=lambda each: each.line)),
        tuple(dict.fromkeys(file.names.imported)),
    )


# -- functions ---------------------------------------------------------------------------------------------------


def _functions(file: File) -> Iterator[FunctionOutline]:
    seen: set[cst.FunctionDef] = set()
    found = (*file.all(Entrypoint), *file.all(Factory), *file.all(ExperimentBuilder), *file.all(Task))
    for function in found:
        if function.node not in seen and not function.is_test:
            seen.add(function.node)
            yield _function(file, function)


def _function(file: File, function: Function) -> FunctionOutline:
    span = file.positions.span(function.node)
    returns = function.node.returns
    return FunctionOutline(
        function.name,
        function.role,
        span.line,
        span.end_line,
        function.docstring or "",
        tuple(_parameter(file, each) for each in function.parameters),
        file.code(returns.annotation) if returns is not None else "",
    )


def _parameter(file: File, parameter: cst.Param) -> ParameterOutline:
    annotation, default = parameter.annotation, parameter.default
    stars = parameter.star if isinstance(parameter.star, str) else ""
    return ParameterOutline(
        f"{stars}{parameter.name.value}",
        file.code(annotation.annotation) if annotation is not None else "",
        file.code(default) if default is not None else "",
    )


# -- experiments -------------------------------------------------------------------------------------------------


def _experiment(file: File, experiment: Experiment) -> ExperimentOutline:
    function = file.tree.enclosing(experiment.node, cst.FunctionDef)
    within = file.tree.enclosing(experiment.node, cst.With) or experiment.node
    added = experiment.tasks or _given(file, experiment)
    tasks = [task for place, each in enumerate(added) for task in _tasks(file, each, added[:place])]
    return ExperimentOutline(
        _said(file, experiment.title),
        file.positions.span(experiment.node).line,
        file.positions.span(within).end_line,
        function.name.value if isinstance(function, cst.FunctionDef) else "",
        tuple(tasks),
        experiment.escapes,
    )


def _given(file: File, experiment: Experiment) -> Sequence[Submission]:
    """The tasks that are handed to an experiment as a list, in the team guide's form."""
    listed = [each for each in file.all(Submission) if each.how == "run.Task"]
    return [each for each in listed if experiment.call is not None and file.tree.inside(each.node, experiment.call)]


def _tasks(file: File, submission: Submission, before: Sequence[Submission]) -> Iterator[TaskOutline]:
    """A task, or the members of a group, which wait for the same."""
    name, line = _said(file, submission.name), file.positions.span(submission.node).line
    after = tuple(_waits_for(file, submission, before))
    executor = _executor_kind(file, submission)
    several = group(file, submission)
    elements = several.elements if isinstance(several, (cst.List, cst.Tuple)) else ()
    handed = [each.value for each in elements] or ([submission.task] if submission.task is not None else [])
    for each in handed:
        yield TaskOutline(name, _run(file, each), line, executor, after)


def _waits_for(file: File, submission: Submission, before: Sequence[Submission]) -> Iterator[int]:
    """The places of the tasks in `before`, each group's members counted, that a task is to wait for."""
    written = dependencies(submission)
    source = file.values.value(written) if written is not None else None
    elements = source.elements if isinstance(source, (cst.List, cst.Tuple)) else ()
    places: dict[cst.CSTNode | str, range] = {}
    count = 0
    for each in before:
        several = group(file, each)
        members = len(several.elements) if isinstance(several, (cst.List, cst.Tuple)) else 1
        own = range(count, count + members)
        places[each.node] = own
        if each.literal_name is not None:
            places[each.literal_name] = own
        count += members
    for element in elements:
        value = file.values.value(element.value)
        key = text(value) or value
        yield from places.get(key, ())


def _executor_kind(file: File, submission: Submission) -> str:
    written = submission.executor
    if written is None:
        has_default = submission.experiment is not None and submission.experiment.is_on_localhost_by_default
        return _DEFAULT_EXECUTOR if has_default else ""
    kinds = executors_of(file, written)
    known = sorted(kind for kind in kinds if kind is not None)
    return " or ".join(known) if known and None not in kinds else ""


def _run(file: File, task: cst.BaseExpression) -> str:
    """What a task runs, in a word or two."""
    made = _made(file, file.values.value(task))
    buildable = file.at(Buildable, made)
    if buildable is not None and buildable.target is not None:
        return " ".join(file.code(buildable.target).split())
    if any(each.node is made for each in file.all(Script)):
        return "script"
    return " ".join(file.code(task).split())


def _made(file: File, task: cst.CSTNode) -> cst.CSTNode:
    """What a call of a function of the file returns, where that is one thing; anything else as it is."""
    function = file.values.definition(task.func) if isinstance(task, cst.Call) else None
    if not isinstance(function, cst.FunctionDef):
        return task
    returned = [each.value for each in file.tree.below(function.body, cst.Return, into_functions=False)]
    return file.values.value(returned[0]) if len(returned) == 1 and returned[0] is not None else task


# -- executors and words -----------------------------------------------------------------------------------------


def _executor(file: File, settings: Settings) -> ExecutorOutline:
    fields = tuple((each.name, " ".join(file.code(each.value).split())) for each in settings.given)
    return ExecutorOutline(settings.kind, file.positions.span(settings.node).line, fields)


def _said(file: File, expression: cst.BaseExpression | None) -> str:
    """Plain text without its quotes, anything else as it is written; what a variable holds if that is plain."""
    if expression is None:
        return ""
    plain = text(file.values.value(expression))
    return plain if plain is not None else " ".join(file.code(expression).split())
