"""An experiment as its page tells it, in plain data: put together from the code, its docstrings, and what it declares.

Nothing in it changes with the day, the machine or the line on which something stands, so that a page stays fresh.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from nemo_run_lint.documentation.declared import Declared, declared
from nemo_run_lint.documentation.header import Header, Item, header, paragraphs
from nemo_run_lint.nemo.docstring import Docstring
from nemo_run_lint.nemo.laid_out import made_in
from nemo_run_lint.nemo.outline import ExecutorOutline, ExperimentOutline, FunctionOutline, Outline, outline
from nemo_run_lint.project import File
from nemo_run_lint.syntax.values import text

_LAUNCHING = ("entrypoint", "experiment builder")

#: The type of the parameter by which NeMo Run hands over what the command line said.
_CONTEXT = re.compile(r"(?:^|\.)RunContext$")


@dataclass(frozen=True)
class Parameter:
    """A parameter: type and default as they are written, and what is said of it; each may be empty."""

    name: str
    type: str = ""
    default: str = ""
    text: str = ""


@dataclass(frozen=True)
class Part:
    """A function, or a class that is an experiment: what it is for, and its parameters."""

    name: str
    summary: str
    parameters: tuple[Parameter, ...]


@dataclass(frozen=True)
class Described:
    """All that a page tells of an experiment's file.

    path         of the file, in the project
    description  in paragraphs
    launched_by  the functions and classes that make experiments
    tasks        the functions that become tasks
    """

    path: str
    title: str
    description: tuple[str, ...]
    author: str
    version: str
    launched_by: tuple[Part, ...]
    parameters: tuple[Parameter, ...]
    experiments: tuple[ExperimentOutline, ...]
    tasks: tuple[Part, ...]
    executors: tuple[ExecutorOutline, ...]
    dependencies: tuple[Item, ...]
    outputs: tuple[Item, ...]
    notes: tuple[str, ...]


def described(file: File, path: str, name: str) -> Described | None:
    """What there is to say of a file, called `path` in its project, by the name of the experiment.

    None if it makes no experiment.
    """
    classes = declared(file)
    if not classes and not made_in(file):
        return None
    lines, said = outline(file), header(file.tree.module.get_docstring() or "")
    listed = {item.name: item for item in said.items("parameters")}
    launching = [_part(each, listed) for each in lines.functions if each.role in _LAUNCHING]
    launching += [_part_of_class(each) for each in classes]
    told = {parameter.name for part in launching for parameter in part.parameters}
    return Described(
        path=path,
        title=_title(classes, said, name),
        description=_description(classes, said, launching),
        author=_joined([each.author for each in classes]) or said.line("author") or _constant(file, "__author__"),
        version=_joined([each.version for each in classes]) or said.line("version") or _constant(file, "__version__"),
        launched_by=tuple(launching),
        parameters=tuple(_of_item(item) for item in listed.values() if item.name not in told),
        experiments=lines.experiments,
        tasks=tuple(_part(each, {}) for each in lines.functions if each.role == "task"),
        executors=lines.executors,
        dependencies=tuple(_dependencies(file, lines, said, classes)),
        outputs=_outputs(said, classes),
        notes=(*said.prose("notes"), *(note for each in classes for note in each.notes)),
    )


def _title(classes: Iterable[Declared], said: Header, name: str) -> str:
    return said.title or next((each.name for each in classes if each.name), "") or name


def _description(classes: list[Declared], said: Header, launching: list[Part]) -> tuple[str, ...]:
    from_classes = tuple(each.description for each in classes if each.description) if len(classes) == 1 else ()
    found = (*said.paragraphs, *said.prose("description"), *from_classes)
    return found or tuple(part.summary for part in launching[:1] if part.summary and len(launching) == 1)


def _joined(said: list[str]) -> str:
    return ", ".join(dict.fromkeys(filter(None, said)))


def _constant(file: File, name: str) -> str:
    """The text that the module assigns to a name; empty if it does not."""
    for binding in file.names.module.bindings.get(name, ()):
        found = text(binding.value)
        if found is not None:
            return found
    return ""


def _part(function: FunctionOutline, listed: dict[str, Item]) -> Part:
    descriptions = Docstring(function.docstring).descriptions if function.docstring.strip() else {}

    def said(name: str) -> str:
        plain = name.lstrip("*")
        return descriptions.get(plain, "") or (listed[plain].text if plain in listed else "")

    shown = (each for each in function.parameters if not _CONTEXT.search(each.annotation))
    parameters = (Parameter(each.name, each.annotation, each.default, said(each.name)) for each in shown)
    return Part(function.name, next(iter(paragraphs(function.docstring)), ""), tuple(parameters))


def _part_of_class(declared: Declared) -> Part:
    parameters = (Parameter(each.name, "", each.default, each.text) for each in declared.parameters)
    return Part(declared.class_name, declared.description, tuple(parameters))


def _of_item(item: Item) -> Parameter:
    return Parameter(item.name, item.type, "", item.text)


def _outputs(said: Header, classes: Iterable[Declared]) -> tuple[Item, ...]:
    return tuple(dict.fromkeys((*said.items("outputs"), *(item for each in classes for item in each.outputs))))


# -- what it needs -----------------------------------------------------------------------------------------------


def _dependencies(file: File, lines: Outline, said: Header, classes: Iterable[Declared]) -> Iterator[Item]:
    """What the docstring and the classes name, and what is imported from elsewhere and not named yet."""
    named = [*said.items("dependencies"), *(Item(name) for each in classes for name in each.dependencies)]
    yield from dict.fromkeys(named)
    known = {_normal(re.split(r"[\s=<>~!;\[(]", item.name)[0]) for item in named}
    for module in sorted({path.partition(".")[0] for path in lines.imported if not path.startswith(".")}):
        if module and _normal(module) not in known and not _is_own(file, module):
            yield Item(module)


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _is_own(file: File, module: str) -> bool:
    """Whether a module is Python's or the project's."""
    if module in sys.stdlib_module_names:
        return True
    exists: Callable[[str], bool] = file.project.holds
    path = file.project.relative(file.path) or ""
    above = path.split("/")[:-1]
    places = ["/".join(above[:length]) for length in range(len(above) + 1)] + ["src"]
    return any(exists(os.path.join(place, end)) for place in places for end in (f"{module}.py", module))
