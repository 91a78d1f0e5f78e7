"""How a thing of another module is written at a place of the file, and what has to be imported for that.

An import that the file has is used before a new one is made. Where the name means something else at that place, or
would, there is no answer rather than a second meaning.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit
from nemo_run_lint.syntax.bindings import Binding, Kind, dotted
from nemo_run_lint.syntax.values import text

#: Modules that another one imports by itself: who has `os` has `os.path`.
_BROUGHT_ALONG = {"os.path": "os"}


@dataclass(frozen=True)
class Spelling:
    """What to write, `Optional` or `typing.Optional`, and the edits that make it mean that."""

    text: str
    edits: tuple[NodeEdit, ...] = ()


def spelling(file: File, path: str, use: cst.CSTNode, by_module: bool = False) -> Spelling | None:
    """How `path` (`typing.Optional`) can be written at `use`; None where that is not simple to tell.

    `by_module`: a new import is that of the module (`import textwrap`, `textwrap.dedent`), not of the name.
    """
    module, _, name = path.rpartition(".")
    root = _BROUGHT_ALONG.get(module, module)
    for binding in _imported(file, use):
        if binding.path == path:
            return Spelling(binding.name)
        if binding.path in (root, module):
            rest = module.removeprefix(root) if binding.path == root else ""
            return Spelling(f"{binding.name}{rest}.{name}")
    wanted = root.split(".")[0] if by_module else name
    if not by_module and module in file.names.star_imports and not _is_taken(file, name, use):
        return Spelling(name)
    if _is_taken(file, wanted, use):
        return None
    if by_module:
        edit = _new_import(file, f"import {root}", use)
        return Spelling(path, (edit,)) if edit is not None else None
    edit = _beside(file, module, name, use) or _new_import(file, f"from {module} import {name}", use)
    return Spelling(name, (edit,)) if edit is not None else None


def spelt(file: File, name: str, use: cst.CSTNode) -> Spelling | None:
    """How a public name of nemo_run, such as `Config`, can be written at `use`."""
    return spelling(file, f"nemo_run.{name}", use)


def spelt_like(file: File, name: str, written: cst.BaseExpression) -> Spelling | None:
    """How `Config` is written beside a `run.Partial` or `Partial` that the file has at this place."""
    if isinstance(written, cst.Attribute) and file.names.qualified(written.value) == "nemo_run":
        return Spelling(f"{file.code(written.value)}.{name}")
    return spelt(file, name, written)


def _imported(file: File, use: cst.CSTNode) -> Iterator[Binding]:
    """The names that module-level imports certainly have given a meaning at `use`; later ones and shadowed ones not."""
    for name, bindings in file.names.module.bindings.items():
        if any(each.kind is not Kind.IMPORT or each.path != bindings[0].path for each in bindings):
            continue
        plain = next((each for each in bindings if _is_plain_import(file, each.node)), None)
        if plain is not None and not _is_shadowed(file, name, use) and _comes_before(file, plain.node, use):
            yield plain


def _is_plain_import(file: File, node: cst.CSTNode) -> bool:
    """Whether an import stands in the module itself, not in an `if`, a `try` or a function."""
    line = file.tree.enclosing(node, cst.SimpleStatementLine)
    return line is not None and isinstance(file.tree.parent(line), cst.Module)


def _comes_before(file: File, node: cst.CSTNode, use: cst.CSTNode) -> bool:
    """Whether an import has been made when `use` is evaluated: in a function's body, that is later anyway."""
    scope = file.names.scope_of(use)
    while scope.is_class and scope.parent is not None:
        scope = scope.parent
    return scope is not file.names.module or file.tree.order(node) < file.tree.order(use)


def _is_shadowed(file: File, name: str, use: cst.CSTNode) -> bool:
    """Whether a scope between the module and `use` gives a name another meaning."""
    scope = file.names.scope_of(use)
    while scope.parent is not None:
        if name in scope.bindings or name in scope.outer:
            return True
        scope = scope.parent
    return False


def _is_taken(file: File, name: str, use: cst.CSTNode) -> bool:
    return name in file.names.module.bindings or _is_shadowed(file, name, use)


def _beside(file: File, module: str, name: str, use: cst.CSTNode) -> NodeEdit | None:
    """The edit that adds a name to an import of others from that module."""
    for statement in file.tree.nodes(cst.ImportFrom):
        if statement.relative or statement.module is None or isinstance(statement.names, cst.ImportStar):
            continue
        is_here = dotted(statement.module) == module and _is_plain_import(file, statement)
        if is_here and _comes_before(file, statement, use):
            return NodeEdit(statement.names[-1], f", {name}", "after")
    return None


def _new_import(file: File, written: str, use: cst.CSTNode) -> NodeEdit | None:
    """The edit that puts an import before the file's own; where they come too late, before all statements."""
    lines = [line for line in file.tree.module.body if not _opens(line)]
    first = next((line for line in lines if _is_import(line) and _comes_before(file, line, use)), None)
    line = first or next(iter(lines), None)
    decorators = getattr(line, "decorators", ())
    return NodeEdit(decorators[0] if decorators else line, f"{written}\n", "before") if line is not None else None


def _opens(line: cst.CSTNode) -> bool:
    """Whether nothing may stand before a line: the docstring, and imports from `__future__`."""
    first = line.body[0] if isinstance(line, cst.SimpleStatementLine) else None
    if isinstance(first, cst.Expr):
        return text(first.value) is not None
    return isinstance(first, cst.ImportFrom) and first.module is not None and dotted(first.module) == "__future__"


def _is_import(line: cst.CSTNode) -> bool:
    return isinstance(line, cst.SimpleStatementLine) and isinstance(line.body[0], (cst.Import, cst.ImportFrom))
