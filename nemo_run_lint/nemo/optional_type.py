"""Writing `Optional[...]` into a file: the type, and the import where it is missing."""

from __future__ import annotations

import libcst as cst

from nemo_run_lint.nemo.annotation import is_none, members
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit
from nemo_run_lint.syntax.names import Kind, dotted


def optional_edits(file: File, annotation: cst.BaseExpression, inner: str) -> tuple[NodeEdit, ...] | None:
    """The edits that make `annotation` an `Optional[inner]`, with the import; None where that is not simple to tell."""
    optional = _spelling(file, "Optional", annotation)
    if optional is None:
        return None
    return (NodeEdit(annotation, f"{optional[0]}[{inner}]"), *optional[1])


def none_or(node: cst.BaseExpression) -> cst.BaseExpression | None:
    """The `int` of `int | None`; None for any other type."""
    rest = [member for member in members(node) if not is_none(member)]
    return rest[0] if len(members(node)) == 2 and len(rest) == 1 else None


def _spelling(file: File, name: str, use: cst.CSTNode) -> tuple[str, tuple[NodeEdit, ...]] | None:
    """How `typing.<name>` can be written at `use`, and the edits that import it."""
    bound = file.names.module.bindings.get(name, [])
    if bound:
        return (name, ()) if all(each.path == f"typing.{name}" for each in bound) else None
    if "typing" in file.names.star_imports:
        return name, ()
    for bindings in file.names.module.bindings.values():
        is_module = [each.path for each in bindings] == ["typing"] and bindings[0].kind is Kind.IMPORT
        if is_module and _is_top_level(file, bindings[0].node):
            return f"{bindings[0].name}.{name}", ()
    for statement in file.tree.nodes(cst.ImportFrom):
        of_typing = isinstance(statement.module, cst.Name) and statement.module.value == "typing"
        if not of_typing or statement.relative or isinstance(statement.names, cst.ImportStar):
            continue
        if _is_top_level(file, statement):
            return name, (NodeEdit(statement.names[-1], f", {name}", "after"),)
    return _new_import(file, name, use)


def _new_import(file: File, name: str, use: cst.CSTNode) -> tuple[str, tuple[NodeEdit, ...]] | None:
    for line in file.tree.module.body:
        if file.tree.inside(use, line):
            return None
        first = line.body[0] if isinstance(line, cst.SimpleStatementLine) else None
        is_import = isinstance(first, (cst.Import, cst.ImportFrom))
        if is_import and not (isinstance(first, cst.ImportFrom) and dotted(first.module or first) == "__future__"):
            return name, (NodeEdit(line, f"from typing import {name}\n", "before"),)
    return None


def _is_top_level(file: File, node: cst.CSTNode) -> bool:
    """Whether an import stands in the module itself, not in an `if`, a `try` or a function."""
    line = file.tree.enclosing(node, cst.SimpleStatementLine)
    return line is not None and isinstance(file.tree.parents[line], cst.Module)
