"""The generated part of a page, as Markdown, with a Mermaid picture of the tasks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from nemo_run_lint.documentation.described import Described, Parameter, Part
from nemo_run_lint.documentation.header import Item
from nemo_run_lint.documentation.words import code, paragraph, printable, prose
from nemo_run_lint.nemo.outline import ExecutorOutline, ExperimentOutline, TaskOutline

#: What ends a quoted label of Mermaid, or means something in one.
_MERMAID = re.compile(r"[^\w .,:/()=+@!?-]|^\d+[.)]|[-+](?= )|(?<![^\W_])_|_(?![^\W_])")


def body(experiment: Described) -> str:
    """The generated part of the page of an experiment, without the comments around it."""
    return "\n" + "".join(f"{block}\n\n" for block in _blocks(experiment))


def _blocks(experiment: Described) -> Iterator[str]:
    yield from map(paragraph, experiment.description)
    about = [("Author", prose(experiment.author)), ("Version", prose(experiment.version))]
    about.append(("Source", code(experiment.path)))
    yield "\n".join(f"- **{name}:** {value}" for name, value in about if value)
    yield from _parameters(experiment)
    yield from _tasks(experiment)
    yield from _executors(experiment.executors)
    yield from _list("Dependencies", experiment.dependencies)
    yield from _list("Expected outputs", experiment.outputs)
    if experiment.notes:
        yield "## Notes"
        yield from map(paragraph, experiment.notes)


def _parameters(experiment: Described) -> Iterator[str]:
    parts = [part for part in experiment.launched_by if part.parameters]
    if not parts and not experiment.parameters:
        return
    yield "## Parameters"
    is_alone = len(parts) == 1 and not experiment.parameters
    for part in parts:
        yield from _table_of(part, heading=not is_alone, described=experiment.description)
    if experiment.parameters:
        yield _parameter_table(experiment.parameters)


def _tasks(experiment: Described) -> Iterator[str]:
    if not experiment.experiments and not experiment.tasks:
        return
    yield "## Tasks"
    for each in experiment.experiments:
        if len(experiment.experiments) > 1:
            yield f"### {code(each.title) if each.title else 'Without a title'}"
        if each.tasks:
            yield f"```mermaid\n{picture(each)}\n```"
            yield _task_table(each.tasks)
        elif each.is_open:
            yield "They are added by functions that get hold of the experiment."
        else:
            yield "None are added here."
    for part in experiment.tasks:
        yield from _table_of(part, heading=True)


def _task_table(tasks: Sequence[TaskOutline]) -> str:
    rows = []
    for task in tasks:
        after = ", ".join(code(_called(tasks[place]), in_table=True) for place in task.after)
        cells = (_called(task), task.function, task.executor)
        rows.append((*(code(each, in_table=True) for each in cells), after))
    return _table(("task", "runs", "executor", "after"), rows)


def _called(task: TaskOutline) -> str:
    return task.name or task.function


def _executors(executors: Iterable[ExecutorOutline]) -> Iterator[str]:
    told = list(executors)
    if told:
        yield "## Executors"
    for each in told:
        yield f"### {code(each.kind)}"
        fields = [(code(name, in_table=True), code(value, in_table=True)) for name, value in each.fields]
        yield _table(("field", "value"), fields) if fields else "With nothing set."


def _table_of(part: Part, heading: bool, described: Sequence[str] = ()) -> Iterator[str]:
    if heading:
        yield f"### {code(part.name)}"
    if part.summary and part.summary not in described:
        yield paragraph(part.summary)
    if part.parameters:
        yield _parameter_table(part.parameters)


def _parameter_table(parameters: Iterable[Parameter]) -> str:
    rows = [
        (*(code(each, in_table=True) for each in (told.name, told.type, told.default)), prose(told.text, in_table=True))
        for told in parameters
    ]
    return _table(("parameter", "type", "default", "meaning"), rows)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _list(heading: str, items: Sequence[Item]) -> Iterator[str]:
    if items:
        yield f"## {heading}"
        yield "\n".join(f"- {_item(item)}" for item in items)


def _item(item: Item) -> str:
    is_word = " " not in item.name or bool(item.text)
    name = code(item.name) if is_word else paragraph(item.name)
    kind = f" ({code(item.type)})" if item.type else ""
    return f"{name}{kind}: {prose(item.text)}" if item.text else f"{name}{kind}"


# -- the picture -------------------------------------------------------------------------------------------------


def picture(experiment: ExperimentOutline) -> str:
    """A flow chart of the tasks; nodes have ids of their own, since a name may hold anything."""
    lines = ["flowchart LR"]
    lines += [f'    t{place}["{_label(task)}"]' for place, task in enumerate(experiment.tasks)]
    lines += [f"    t{other} --> t{place}" for place, task in enumerate(experiment.tasks) for other in task.after]
    return "\n".join(lines)


def _label(task: TaskOutline) -> str:
    """The name, and what is run where that is another word, as Mermaid reads a quoted label."""
    told = _called(task) if task.function in ("", task.name) or not task.name else f"{task.name}: {task.function}"
    return "".join(_MERMAID.sub(lambda found: "".join(f"#{ord(each)};" for each in found[0]), printable(told)))
