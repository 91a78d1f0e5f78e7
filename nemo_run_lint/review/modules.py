"""The project's own modules, read with `ast`: what a file imports from them, and where that is defined.

Imports are looked up the way a script and pytest find them: from the file's directory up to the project's.
"""

from __future__ import annotations

import ast
import os
import sys
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePath

from nemo_run_lint.sources.discovery import shown
from nemo_run_lint.sources.python import TooLargeError, UndecodableError, UnreadableError, decode, read

Node = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef

#: A name that is handed on more often is not followed.
_LONGEST_WAY = 5

#: Directories of tests.
_TESTS = frozenset({"test", "tests", "testing"})

#: In bytes; nobody writes longer modules by hand.
_LARGEST = 1_000_000


@dataclass(frozen=True)
class Origin:
    """What an imported name stands for: a module as written, `level` dots before it, and a name in it or none."""

    module: str
    level: int
    name: str = ""

    @property
    def parts(self) -> list[str]:
        """The module's name and the name in it, taken apart."""
        return [part for part in (*self.module.split("."), self.name) if part]


@dataclass(frozen=True, eq=False)
class Module:
    """A module of the project; `path` is what the user calls its file."""

    path: str
    tree: ast.Module

    @property
    def is_package(self) -> bool:
        """Whether it stands for a package, whose modules it may hand on."""
        return os.path.basename(self.path) == "__init__.py"

    @cached_property
    def definitions(self) -> dict[str, Node]:
        """The functions and classes at its top level, also those under an `if` or `try`."""
        found: dict[str, Node] = {}
        stack: list[ast.stmt] = list(self.tree.body)
        while stack:
            statement = stack.pop(0)
            if isinstance(statement, Node):
                found.setdefault(statement.name, statement)
            elif isinstance(statement, (ast.If, ast.Try)):
                handled = (each for handler in getattr(statement, "handlers", ()) for each in handler.body)
                stack += [*statement.body, *handled, *statement.orelse]
        return found

    @cached_property
    def values(self) -> dict[str, ast.expr]:
        """What is assigned to names at its top level."""
        found: dict[str, ast.expr] = {}
        for statement in self.tree.body:
            if isinstance(statement, (ast.Assign, ast.AnnAssign)) and statement.value is not None:
                targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
                found.update({each.id: statement.value for each in targets if isinstance(each, ast.Name)})
        return found

    @cached_property
    def imports(self) -> dict[str, Origin]:
        """What its imports bring, wherever they stand, by the name that they bind."""
        found: dict[str, Origin] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    name = alias.asname or alias.name.partition(".")[0]
                    found[name] = Origin(alias.name if alias.asname else name, 0)
            elif isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    found[alias.asname or alias.name] = Origin(node.module or "", node.level, alias.name)
            elif isinstance(node, ast.Assign) and (named := _imported_by_name(node.value)):
                found.update({each.id: Origin(named, 0) for each in node.targets if isinstance(each, ast.Name)})
        return found

    @cached_property
    def imported_modules(self) -> set[tuple[str, int]]:
        """What stands in its import statements, with the dots before it; a name taken from a module may be one too."""
        found: set[tuple[str, int]] = set()
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                found |= {(alias.name, 0) for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                found.add((node.module or "", node.level))
                found |= {(".".join(filter(None, (node.module, alias.name))), node.level) for alias in node.names}
            elif isinstance(node, ast.Assign) and (named := _imported_by_name(node.value)):
                found.add((named, 0))
        return found

    def stands_for(self, node: ast.expr, package: str) -> str | None:
        """What of `package` an expression names: `Experiment` for `run.Experiment`; None for anything else."""
        parts = chain(node)
        origin = self.imports.get(parts[0]) if parts else None
        if origin is None or origin.level:
            return None
        full = [*origin.parts, *parts[1:]]
        return ".".join(full[1:]) if full[0] == package else None


@dataclass(frozen=True)
class Definition:
    """A function or class at the top of a module of the project."""

    module: Module
    name: str

    @property
    def node(self) -> Node:
        """Its syntax."""
        return self.module.definitions[self.name]

    @property
    def path(self) -> str:
        """What the user calls its file."""
        return self.module.path

    @property
    def line(self) -> int:
        """The line of its `def` or `class`."""
        return self.node.lineno

    @property
    def is_function(self) -> bool:
        """Whether it is a function."""
        return not isinstance(self.node, ast.ClassDef)


class Modules:
    """The modules below a directory, each read once."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._read: dict[str, Module | None] = {}
        self._imports: dict[Module, list[Module]] = {}
        self._found: dict[tuple[str, str, int], str | None] = {}

    def at(self, path: str) -> Module | None:
        """The module in a file; None where it cannot be read or parsed."""
        absolute = os.path.abspath(path)
        if absolute not in self._read:
            tree = _parsed(absolute)
            self._read[absolute] = Module(shown(absolute), tree) if tree is not None else None
        return self._read[absolute]

    def is_test(self, path: str) -> bool:
        """Whether a file is for tests by its name, or by the directory below the root that it is in."""
        pure = PurePath(os.path.relpath(os.path.abspath(path), self.root))
        named = pure.stem.startswith("test_") or pure.stem.endswith("_test") or pure.stem == "conftest"
        return named or not _TESTS.isdisjoint(part.lower() for part in pure.parts[:-1])

    def imported(self, module: Module) -> list[Module]:
        """The project's modules that a module imports, in the order of their paths."""
        if module not in self._imports:
            paths = {self._file(name, level, module) for name, level in module.imported_modules}
            found = (self.at(path) for path in sorted(filter(None, paths)))
            self._imports[module] = [each for each in found if each is not None and each is not module]
        return self._imports[module]

    def definition(self, module: Module, node: ast.expr) -> Definition | None:
        """What a name or dotted name of a module stands for, if that is defined in the project."""
        parts = chain(node)
        return self._definition(module, parts, _LONGEST_WAY) if parts else None

    def _definition(self, module: Module, parts: Sequence[str], steps: int) -> Definition | None:
        first = parts[0]
        if first in module.imports and steps:
            return self._imported(module, module.imports[first], parts[1:], steps - 1)
        return Definition(module, first) if first in module.definitions else None

    def _imported(self, module: Module, origin: Origin, rest: Sequence[str], steps: int) -> Definition | None:
        full = [*origin.parts, *rest]
        for cut in range(len(full), -1, -1):
            path = self._file(".".join(full[:cut]), origin.level, module) if cut or origin.level else None
            found = self.at(path) if path is not None else None
            if found is not None:
                return self._definition(found, full[cut:], steps) if full[cut:] and found is not module else None
        return None

    def _file(self, name: str, level: int, importer: Module) -> str | None:
        directory = os.path.dirname(os.path.abspath(importer.path))
        key = (name, directory, level)
        if key not in self._found:
            self._found[key] = next(filter(os.path.isfile, self._places(name, level, Path(directory))), None)
        return self._found[key]

    def _places(self, name: str, level: int, directory: Path) -> Iterator[str]:
        """The files that a module may be in."""
        if level:
            directories = [[directory, *directory.parents][level - 1]] if level <= len(directory.parents) else []
        elif name.partition(".")[0] in sys.stdlib_module_names:
            return
        else:
            above = [each for each in (directory, *directory.parents) if each.is_relative_to(self.root)]
            directories = [*above, *(each / "src" for each in above)]
        for each in directories:
            below = each.joinpath(*filter(None, name.split(".")))
            yield str(below / "__init__.py")
            if name:
                yield f"{below}.py"


def chain(node: ast.expr) -> list[str]:
    """`a.b.c` as its parts; empty for anything that is no dotted name."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.insert(0, node.attr)
        node = node.value
    return [node.id, *parts] if isinstance(node, ast.Name) else []


def chains(node: ast.AST) -> Iterator[ast.expr]:
    """The names and dotted names that are read in a piece of code, each as a whole."""
    stack = [node]
    while stack:
        current = stack.pop()
        if isinstance(current, (ast.Name, ast.Attribute)) and chain(current):
            if isinstance(current.ctx, ast.Load):
                yield current
        else:
            stack += ast.iter_child_nodes(current)


def _parsed(path: str) -> ast.Module | None:
    try:
        text = decode(read(path, _LARGEST)).text
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (UnreadableError, TooLargeError, UndecodableError, SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _imported_by_name(value: ast.expr) -> str | None:
    """The module that `importlib.import_module("a.b")` names."""
    if not isinstance(value, ast.Call) or chain(value.func)[-1:] != ["import_module"] or not value.args:
        return None
    named = value.args[0]
    is_plain = isinstance(named, ast.Constant) and isinstance(named.value, str) and not named.value.startswith(".")
    return named.value if is_plain else None  # type: ignore[attr-defined]
