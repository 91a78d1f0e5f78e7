"""What belongs to an experiment: the part of its file that no other experiment has, and what it imports of the project.

A file without an experiment is judged on its own where no reviewed experiment imports it.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from nemo_run_lint.nemo.outline import ExecutorOutline, ExperimentOutline, FunctionOutline, Outline
from nemo_run_lint.review.modules import Definition, Module, Modules, Node, chain, chains

#: The outline of a file; None where there can be none.
OutlineOf = Callable[[str], Outline | None]

#: Imports are followed so far: what an experiment imports, and what that imports.
_FURTHEST = 2


@dataclass(frozen=True, eq=False)
class Scope:
    """What one answer is about.

    experiment  None for a file without one
    left_out    the lines of the file that belong to other experiments
    names       what the file names of the project's other modules: from how it is written to what it is
    files       the file, and the project's modules that it leads to
    """

    outline: Outline
    module: Module
    experiment: ExperimentOutline | None
    left_out: tuple[range, ...]
    names: Mapping[str, Definition]
    files: tuple[str, ...]
    outline_of: OutlineOf

    @property
    def path(self) -> str:
        """What the user calls the file."""
        return self.outline.path

    def holds(self, line: int) -> bool:
        """Whether a line of the file belongs to it."""
        return not any(line in lines for lines in self.left_out)

    @cached_property
    def imported(self) -> tuple[Definition, ...]:
        """What it uses of the project's other modules, in the order of their paths."""
        found = {(each.path, each.line): each for each in self.names.values()}
        return tuple(found[key] for key in sorted(found))

    def covers(self, path: str, line: int) -> bool:
        """Whether a line of any file belongs to it: its own, and those of what it imports and uses."""
        if path == self.path:
            return self.holds(line)
        return any(path == each.path and line in _lines(each.node) for each in self.imported)

    @cached_property
    def functions(self) -> tuple[FunctionOutline, ...]:
        """The functions of the file that have a part to play under NeMo Run."""
        return tuple(each for each in self.outline.functions if self.holds(each.line))

    @cached_property
    def handed(self) -> tuple[Definition, ...]:
        """The imported functions that are handed over, not called or configured as a value: they run as jobs."""
        nodes = (each for node in self.own_nodes for each in ast.walk(node))
        made = (each for each in nodes if isinstance(each, ast.Call))
        calls = [each for each in made if self.module.stands_for(each.func, "nemo_run") != "Config"]
        given = [value for call in calls for value in (*call.args, *(each.value for each in call.keywords))]
        written = {".".join(chain(each)) for value in given for each in _flat(value)}
        found = {self.names[each] for each in written & self.names.keys()}
        return tuple(each for each in self.imported if each.is_function and each in found)

    @cached_property
    def own_nodes(self) -> tuple[ast.stmt, ...]:
        """The statements of the file that belong to it."""
        return tuple(each for each in self.module.tree.body if self.holds(each.lineno))

    @cached_property
    def definitions(self) -> tuple[Definition, ...]:
        """The functions and classes of the file and those that it imports."""
        held = (name for name, node in self.module.definitions.items() if self.holds(node.lineno))
        own = (Definition(self.module, name) for name in held)
        return (*own, *self.imported)

    @cached_property
    def pieces(self) -> tuple[tuple[str, ast.AST], ...]:
        """Its code: the file's statements and the imported functions, each with the path of its file."""
        own = ((self.path, node) for node in self.own_nodes)
        return (*own, *((each.path, each.node) for each in self.imported if each.is_function))

    @cached_property
    def executors(self) -> tuple[tuple[Module, ExecutorOutline], ...]:
        """The executors that are made in it, with the module that makes them."""
        found = [(self.module, each) for each in self.outline.executors if self.holds(each.line)]
        for definition in self.imported:
            outline = self.outline_of(definition.path)
            lines = _lines(definition.node)
            made = outline.executors if outline is not None else ()
            found += [(definition.module, each) for each in made if each.line in lines]
        return tuple(found)


def scopes(outline: Outline, modules: Modules, outline_of: OutlineOf) -> list[Scope]:
    """One for each experiment of a file, or one for the whole file."""
    module = modules.at(outline.path)
    if module is None:
        return []
    files = tuple(_reached(module, modules))
    found = []
    for experiment in outline.experiments or (None,):
        left_out = tuple(_lines_of_others(outline, module, experiment)) if experiment is not None else ()
        own = [each for each in module.tree.body if not any(each.lineno in lines for lines in left_out)]
        names = dict(_imported(module, own, modules))
        found.append(Scope(outline, module, experiment, left_out, names, files, outline_of))
    return found


def _imported(module: Module, nodes: Sequence[ast.stmt], modules: Modules) -> Iterator[tuple[str, Definition]]:
    """What the code names of the project's other modules, by the name that it writes."""
    for node in nodes:
        for each in chains(node):
            definition = modules.definition(module, each)
            if definition is not None and definition.module is not module and not modules.is_test(definition.path):
                yield ".".join(chain(each)), definition


def _reached(module: Module, modules: Modules) -> list[str]:
    found, newest = {module.path: module}, [module]
    for _ in range(_FURTHEST):
        newest = [
            each
            for importer in newest
            for each in modules.imported(importer)
            if each.path not in found and not modules.is_test(each.path)
        ]
        found |= {each.path: each for each in newest}
    return [*found]


def _lines_of_others(outline: Outline, module: Module, own: ExperimentOutline) -> Iterator[range]:
    """The lines of the functions that only other experiments of a file have: what makes them, what runs in them."""
    mine = {own.function, *(task.function for task in own.tasks)}
    for other in outline.experiments:
        for name in {other.function, *(task.function for task in other.tasks)} - mine - {""}:
            node = module.definitions.get(name)
            if other is not own and node is not None:
                yield _lines(node)


def _lines(node: Node) -> range:
    """The lines of a definition, from its first decorator on."""
    first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
    return range(first, (node.end_lineno or node.lineno) + 1)


def _flat(value: ast.expr) -> Iterator[ast.expr]:
    """A value, or the elements of a list of values."""
    if isinstance(value, (ast.List, ast.Tuple)):
        yield from value.elts
    elif isinstance(value, ast.Starred):
        yield from _flat(value.value)
    else:
        yield value
