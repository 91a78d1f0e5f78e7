"""The tests of a project: which functions each of them uses, whether it launches, and whether it tries the edges.

A test counts with its fixtures, helpers and the values that its cases are made of. One that is always skipped does not
count, nor does one that imports a function and never uses it.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from nemo_run_lint.review.modules import Definition, Module, Modules, chain, chains

Function = ast.FunctionDef | ast.AsyncFunctionDef

#: What launches an experiment, or prepares to.
_LAUNCHING = frozenset({"dryrun", "launch"})
_REFUSING = frozenset({"raises", "assertRaises", "assertRaisesRegex", "RaisesGroup"})


@dataclass(frozen=True)
class Place:
    """A line of a test, and what it does."""

    path: str
    line: int
    text: str


@dataclass(frozen=True, eq=False)
class Trial:
    """A test.

    uses      what it names of the project's functions and classes
    launches  where it launches something, or makes a dry run
    edges     where it expects a failure, or tries a value at the edge of what makes sense
    scripts   the Python files that it names
    """

    name: str
    path: str
    line: int
    uses: frozenset[Definition]
    launches: tuple[Place, ...] = ()
    edges: tuple[Place, ...] = ()
    scripts: frozenset[str] = frozenset()


class Trials:
    """The tests of files; what several of them are made of is looked at once."""

    def __init__(self, modules: Modules) -> None:
        self._modules = modules
        self._pieces: dict[ast.AST, _Piece] = {}

    def of(self, module: Module) -> list[Trial]:
        """The tests of a module."""
        if _is_skipped(module.values.get("pytestmark")):
            return []
        around = (module, *conftests(module, self._modules))
        return [self._trial(around, test, owner) for test, owner in _tests(module)]

    def _trial(self, around: Sequence[Module], test: Function, owner: ast.ClassDef | None) -> Trial:
        pieces = [self._piece(module, node) for module, node in _reach(around, test, owner, self._piece)]
        uses = frozenset(each for piece in pieces for each in piece.uses if not self._modules.is_test(each.path))
        calls = {each for piece in pieces for each in piece.calls}
        launches = [place for piece in pieces for place in piece.launches]
        for each in sorted(calls & uses, key=lambda each: (each.path, each.line)):
            inside = launching(each.module, each.node) if each.is_function else ()
            launches += [Place(place.path, place.line, f"`{each.name}` calls {place.text}") for place in inside]
        return Trial(
            f"{owner.name}.{test.name}" if owner is not None else test.name,
            around[0].path,
            test.lineno,
            uses,
            tuple(dict.fromkeys(launches)),
            tuple(dict.fromkeys(place for piece in pieces for place in piece.edges)),
            frozenset(script for piece in pieces for script in piece.scripts),
        )

    def _piece(self, module: Module, node: ast.AST) -> _Piece:
        if node not in self._pieces:
            self._pieces[node] = _piece(module, node, self._modules)
        return self._pieces[node]


@dataclass(frozen=True)
class _Piece:
    """What one function, decorator or value says.

    names     what it reads, and its parameters, which may be fixtures
    """

    names: tuple[str, ...]
    uses: frozenset[Definition]
    calls: frozenset[Definition]
    launches: tuple[Place, ...]
    edges: tuple[Place, ...]
    scripts: frozenset[str]


def _piece(module: Module, node: ast.AST, modules: Modules) -> _Piece:
    return _Piece(
        tuple(dict.fromkeys(_named(node))),
        _defined(modules, module, chains(node)),
        _defined(modules, module, (each.func for each in ast.walk(node) if isinstance(each, ast.Call))),
        tuple(launching(module, node)),
        tuple(_edges(module, node)),
        frozenset(_scripts(node)),
    )


def conftests(module: Module, modules: Modules) -> Iterator[Module]:
    """The modules in which pytest looks for the fixtures of a test file, the nearest first."""
    directory = Path(os.path.abspath(module.path)).parent
    for each in (directory, *directory.parents):
        if not each.is_relative_to(modules.root):
            return
        found = modules.at(str(each / "conftest.py"))
        if found is not None:
            yield found


def launching(module: Module, node: ast.AST) -> Iterator[Place]:
    """Where a piece of code launches an experiment or task, or makes a dry run."""
    experiments = _experiments(module, node)
    for call in ast.walk(node):
        if not isinstance(call, ast.Call):
            continue
        parts = chain(call.func)
        is_launched = isinstance(call.func, ast.Attribute) and call.func.attr in _LAUNCHING
        is_run = len(parts) == 2 and parts[1] == "run" and parts[0] in experiments
        if is_launched or is_run or module.stands_for(call.func, "nemo_run") == "run":
            yield Place(module.path, call.lineno, f"`{ast.unparse(call.func)}(...)`")


def _experiments(module: Module, node: ast.AST) -> set[str]:
    """The names that hold an experiment there."""
    found = set()
    for each in ast.walk(node):
        if isinstance(each, (ast.With, ast.AsyncWith)):
            pairs = [(item.context_expr, item.optional_vars) for item in each.items]
        elif isinstance(each, ast.Assign):
            pairs = [(each.value, target) for target in each.targets]
        else:
            continue
        for value, target in pairs:
            is_made = isinstance(value, ast.Call) and module.stands_for(value.func, "nemo_run") == "Experiment"
            if is_made and isinstance(target, ast.Name):
                found.add(target.id)
    return found


# -- a test and all that belongs to it ---------------------------------------------------------------------------


def _reach(
    around: Sequence[Module], test: Function, owner: ast.ClassDef | None, piece: Callable[[Module, ast.AST], _Piece]
) -> list[tuple[Module, ast.AST]]:
    """The pieces of code that one test is made of; `around`: its module, and those of its fixtures."""
    found: dict[ast.AST, Module] = {}
    stack: list[tuple[Module, ast.AST]] = [(around[0], test)]
    if owner is not None:
        stack += [(around[0], each) for each in (*owner.decorator_list, *filter(_is_setup, owner.body))]
    while stack:
        module, node = stack.pop()
        if node not in found:
            found[node] = module
            local = (_local(name, module, around, owner) for name in piece(module, node).names)
            stack += [each for each in local if each is not None]
    return [(module, node) for node, module in found.items()]


def _local(
    name: str, module: Module, around: Sequence[Module], owner: ast.ClassDef | None
) -> tuple[Module, ast.AST] | None:
    """What a name means in a test file: a helper, a fixture, the values of cases, or a method beside it."""
    for each in owner.body if owner is not None else ():
        if isinstance(each, Function) and each.name == name:
            return around[0], each
    for place in (module, *around):
        node = place.definitions.get(name) or place.values.get(name)
        if node is not None and not (isinstance(node, ast.ClassDef) and node.name.startswith("Test")):
            return place, node
    return None


def _scripts(node: ast.AST) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Constant) and isinstance(each.value, str) and each.value.endswith(".py"):
            yield each.value.removeprefix("./")


def _defined(modules: Modules, module: Module, nodes: Iterable[ast.expr]) -> frozenset[Definition]:
    found = (modules.definition(module, node) for node in nodes)
    return frozenset(each for each in found if each is not None)


def _named(node: ast.AST) -> Iterator[str]:
    """The names that a piece of code reads, its parameters (fixtures), and the methods of `self` that it calls."""
    for each in ast.walk(node):
        if isinstance(each, ast.Name):
            yield each.id
        elif isinstance(each, ast.arg):
            yield each.arg
        elif isinstance(each, ast.Attribute) and isinstance(each.value, ast.Name) and each.value.id in ("self", "cls"):
            yield each.attr


def _tests(module: Module) -> Iterator[tuple[Function, ast.ClassDef | None]]:
    for node in module.definitions.values():
        if isinstance(node, ast.ClassDef):
            if _holds_tests(node) and not _is_always_skipped(node):
                yield from ((each, node) for each in node.body if _is_test(each))  # type: ignore[misc]
        elif _is_test(node):
            yield node, None


def _is_test(node: ast.AST) -> bool:
    return isinstance(node, Function) and node.name.startswith("test") and not _is_always_skipped(node)


def _holds_tests(node: ast.ClassDef) -> bool:
    return node.name.startswith("Test") or any("TestCase" in (chain(base) or [""])[-1] for base in node.bases)


def _is_setup(node: ast.AST) -> bool:
    return isinstance(node, Function) and node.name.lower() in ("setup", "setup_method", "setup_class", "setupclass")


def _is_always_skipped(node: Function | ast.ClassDef) -> bool:
    if any(map(_is_skipped, node.decorator_list)):
        return True
    statements = [each for each in node.body if not _is_docstring(each)]
    first = statements[0] if statements else None
    is_call = isinstance(first, ast.Expr) and isinstance(first.value, ast.Call)
    return is_call and chain(first.value.func) == ["pytest", "skip"]  # type: ignore[union-attr]


def _is_skipped(mark: ast.expr | None) -> bool:
    """Whether it is `pytest.mark.skip` or `unittest.skip`, alone or in a list, which no condition decides."""
    if isinstance(mark, (ast.List, ast.Tuple)):
        return any(map(_is_skipped, mark.elts))
    return mark is not None and chain(mark.func if isinstance(mark, ast.Call) else mark)[-1:] == ["skip"]


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


# -- the edges -----------------------------------------------------------------------------------------------------


def _edges(module: Module, node: ast.AST) -> Iterator[Place]:
    for call in ast.walk(node):
        parts = chain(call.func) if isinstance(call, ast.Call) else []
        if not isinstance(call, ast.Call) or not parts:
            continue
        if parts[-1] in _REFUSING:
            expected = f" {ast.unparse(call.args[0])}" if call.args else " a failure"
            yield Place(module.path, call.lineno, f"`{'.'.join(parts)}` expects{expected[:80]}")
        elif parts[-1] == "parametrize":
            extreme = next((each for each in _values(call, module) if _is_extreme(each)), None)
            if extreme is not None:
                yield Place(module.path, call.lineno, f"`parametrize` tries `{ast.unparse(extreme)}`")
        elif parts[-1] == "given" and module.stands_for(call.func, "hypothesis") == "given":
            yield Place(module.path, call.lineno, "Hypothesis looks for values that fail")


def _values(call: ast.Call, module: Module) -> Iterator[ast.expr]:
    """The values of the cases, also where they have a name of their own."""
    given = [*call.args[1:2], *(each.value for each in call.keywords if each.arg == "argvalues")]
    for each in given:
        named = module.values.get(each.id) if isinstance(each, ast.Name) else None
        yield from (node for node in ast.walk(named or each) if isinstance(node, ast.expr))


def _is_extreme(value: ast.expr) -> bool:
    """Whether a value is empty, zero, negative, None, or no number."""
    if isinstance(value, ast.Constant):
        return value.value in (0, "", None, b"") and value.value is not False
    if isinstance(value, ast.UnaryOp):
        return isinstance(value.op, ast.USub) and isinstance(value.operand, ast.Constant)
    if isinstance(value, (ast.List, ast.Tuple, ast.Set)):
        return not value.elts
    if isinstance(value, ast.Dict):
        return not value.keys
    is_float = isinstance(value, ast.Call) and chain(value.func) == ["float"] and len(value.args) == 1
    return is_float and isinstance(value.args[0], ast.Constant)  # type: ignore[attr-defined]
