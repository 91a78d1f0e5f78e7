"""Where code meets signatures, by the text alone: the calls of `run.Config` and `run.Partial`, and the overrides.

What a share of resolved targets or checked overrides is a share of. The linter has no say in it: only `ast` is asked.
"""

from __future__ import annotations

import ast
import csv
import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

DISTRIBUTION = "nemo_toolkit"

Function = ast.FunctionDef | ast.AsyncFunctionDef
Scope = ast.Module | Function | ast.Lambda | ast.ClassDef

#: A line from 1 and a column from 1, in characters.
Place = tuple[int, int]

_BUILDABLE = re.compile(r"nemo_run\.(\w+\.)*(Config|Partial)")
_FACTORY = re.compile(r"nemo_run\.(\w+\.)*factory")
_RECIPE = re.compile(r"(\w+_)?recipe")


@dataclass(frozen=True)
class Override:
    """`recipe.trainer.max_steps = 1`: the attributes, from the root on."""

    place: Place
    attributes: tuple[ast.Attribute, ...]

    @property
    def text(self) -> str:
        """What is assigned to, as written."""
        return ast.unparse(self.attributes[-1])


@dataclass(frozen=True)
class Target:
    """`run.Config(Model, hidden=1)`: the call, and everything that it stands in, outermost first."""

    call: ast.Call
    place: Place
    around: tuple[ast.AST, ...]

    @property
    def text(self) -> str:
        """What is configured, as written; empty where the call names nothing."""
        return ast.unparse(self.call.args[0]) if self.call.args else ""

    @property
    def function(self) -> Function | None:
        """The innermost function around it."""
        return next((node for node in reversed(self.around) if isinstance(node, Function)), None)


class Source:
    """One file, as bytes: `ast` counts its columns in them.

    shown   its path below the site directory
    name    what the module is imported by
    makers  the names of the factories of all files
    """

    def __init__(self, site: Path, path: Path) -> None:
        self.path = path
        self.shown = path.relative_to(site)
        parts = self.shown.with_suffix("").parts
        self.package = parts[:-1]
        self.name = ".".join(parts).removesuffix(".__init__")
        self.makers: set[str] = set()
        self.data = path.read_bytes()
        self.text = self.data.decode()
        self.tree = ast.parse(self.data)

    @cached_property
    def _lines(self) -> list[bytes]:
        return self.data.splitlines(keepends=True)

    @cached_property
    def _starts(self) -> list[int]:
        starts = [0]
        for line in self._lines:
            starts.append(starts[-1] + len(line))
        return starts

    def offset(self, line: int, column: int) -> int:
        """Where in `data` a place is that `ast` counts so."""
        return self._starts[line - 1] + column

    def place(self, node: ast.expr) -> Place:
        """Where `node` starts."""
        return self.place_at(node.lineno, node.col_offset)

    def place_at(self, line: int, column: int) -> Place:
        """The place that `ast` counts so."""
        return line, len(self._lines[line - 1][:column].decode()) + 1

    @cached_property
    def imports(self) -> dict[str, str]:
        """What the file's imports, wherever they stand, call a name: `{"run": "nemo_run"}`."""
        names = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    name = alias.name if alias.asname else alias.name.split(".")[0]
                    names[alias.asname or name] = name
            elif isinstance(node, ast.ImportFrom):
                above = self.package[: len(self.package) - node.level + 1] if node.level else ()
                module = ".".join((*above, *([node.module] if node.module else [])))
                names.update({alias.asname or alias.name: f"{module}.{alias.name}" for alias in node.names})
        return names

    @property
    def imports_nemo_run(self) -> bool:
        """Whether any import is of nemo_run or of something in it."""
        return any(name.partition(".")[0] == "nemo_run" for name in self.imports.values())

    def dotted(self, node: ast.expr) -> str:
        """The path that `node` is imported by, `nemo_run.Config`; subscripts do not count. Empty for other things."""
        match node:
            case ast.Name(name):
                return self.imports.get(name, name)
            case ast.Attribute(value, attribute):
                path = self.dotted(value)
                return f"{path}.{attribute}" if path else ""
            case ast.Subscript(value):
                return self.dotted(value)
        return ""

    def is_buildable(self, node: ast.expr | None) -> bool:
        """Whether `node` names `run.Config` or `run.Partial`."""
        return node is not None and _BUILDABLE.fullmatch(self.dotted(node)) is not None

    @cached_property
    def targets(self) -> list[Target]:
        """Every call of `run.Config` and `run.Partial`, in order."""
        found = [
            Target(node, self.place(node), around)
            for node, around in _with_ancestors(self.tree)
            if isinstance(node, ast.Call) and self.is_buildable(node.func)
        ]
        return sorted(found, key=lambda target: target.place)

    @cached_property
    def factories(self) -> set[str]:
        """The names of the functions that say to return a Config or Partial, or are decorated as factories."""
        return {node.name for node in ast.walk(self.tree) if isinstance(node, Function) and self._is_factory(node)}

    def _is_factory(self, function: Function) -> bool:
        called = (node.func if isinstance(node, ast.Call) else node for node in function.decorator_list)
        return self.is_buildable(function.returns) or any(_FACTORY.fullmatch(self.dotted(node)) for node in called)

    @cached_property
    def overrides(self) -> list[Override]:
        """Every assignment to an attribute below a name that, in its function, holds a Config or Partial, in order.

        Such a name is called `recipe` or `..._recipe`, is a parameter annotated so, or is somewhere assigned what
        `run.Config`, `run.Partial` or a function that is called like a factory returns.
        """
        found = []
        for scope in (node for node in ast.walk(self.tree) if isinstance(node, Scope)):
            held = self._held(scope)
            for node in _own_nodes(scope):
                for target in _assigned(node):
                    attributes, root = _chain(target)
                    if isinstance(target, ast.Attribute) and (root in held or _RECIPE.fullmatch(root)):
                        found.append(Override(self.place(target), attributes))
        return sorted(found, key=lambda override: override.place)

    def _held(self, scope: Scope) -> set[str]:
        held = {argument.arg for argument in _parameters(scope) if self.is_buildable(argument.annotation)}
        for node in _own_nodes(scope):
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
                made_by = node.value.func
                if self.is_buildable(made_by) or self.dotted(made_by).split(".")[-1] in self.makers:
                    held.update(target.id for target in node.targets if isinstance(target, ast.Name))
        return held


def sources(site: Path) -> list[Source]:
    """The files of NeMo that import nemo_run."""
    mentioning = (Source(site, path) for path in _modules(site) if b"nemo_run" in path.read_bytes())
    found = [source for source in mentioning if source.imports_nemo_run]
    makers = set().union(*(source.factories for source in found))
    for source in found:
        source.makers = makers
    return found


def copied(site: Path, directory: Path) -> Path:
    """`directory`, into which NeMo's own code goes, so that it can be changed."""
    for path in (*_modules(site), _record(site)):
        copy = directory / path.relative_to(site)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    return directory


def _record(site: Path) -> Path:
    (record,) = site.glob(f"{DISTRIBUTION}-*.dist-info/RECORD")
    return record


def _modules(site: Path) -> list[Path]:
    """NeMo's modules, by the list of its distribution."""
    with _record(site).open(newline="", encoding="utf-8") as rows:
        return sorted(site / row[0] for row in csv.reader(rows) if row[0].endswith(".py"))


def _with_ancestors(tree: ast.AST) -> Iterator[tuple[ast.AST, tuple[ast.AST, ...]]]:
    waiting: list[tuple[ast.AST, tuple[ast.AST, ...]]] = [(tree, ())]
    while waiting:
        node, around = waiting.pop()
        yield node, around
        waiting.extend((child, (*around, node)) for child in ast.iter_child_nodes(node))


def _own_nodes(scope: Scope) -> Iterator[ast.AST]:
    """The nodes of `scope`, without what functions and classes inside it hold."""
    waiting: list[ast.AST] = [*ast.iter_child_nodes(scope)]
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, Scope):
            waiting.extend(ast.iter_child_nodes(node))


def _parameters(scope: Scope) -> Sequence[ast.arg]:
    if isinstance(scope, Function | ast.Lambda):
        return [*scope.args.posonlyargs, *scope.args.args, *scope.args.kwonlyargs]
    return ()


def _assigned(node: ast.AST) -> Iterator[ast.expr]:
    match node:
        case ast.Assign(targets):
            for target in targets:
                yield from target.elts if isinstance(target, ast.Tuple | ast.List) else (target,)
        case ast.AugAssign(target) | ast.AnnAssign(target):
            yield target


def _chain(node: ast.expr) -> tuple[tuple[ast.Attribute, ...], str]:
    """The attributes of `a.b[0].c`, the outermost last, and the name that they start from; empty for no name."""
    attributes: list[ast.Attribute] = []
    while isinstance(node, ast.Attribute | ast.Subscript):
        if isinstance(node, ast.Attribute):
            attributes.append(node)
        node = node.value
    return tuple(reversed(attributes)), node.id if isinstance(node, ast.Name) else ""
