"""Statements put under `if __name__ == "__main__":`, with what goes with them."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from nemo_run_lint.nemo.edits import above, indented
from nemo_run_lint.nemo.launching import is_guard
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit, NodeFix

_DEFINING = (cst.FunctionDef, cst.ClassDef)


def guarded(file: File, node: cst.CSTNode) -> NodeFix | None:
    """The module's statement that holds `node` under the guard, and those behind it that read what it binds.

    None where a function reads that, or an import or definition would have to go under the guard too.
    """
    body = file.tree.module.body
    places = {id(line): place for place, line in enumerate(body)}
    first = next((place for place, line in enumerate(body) if file.tree.inside(node, line)), None)
    if first is None:
        return None
    last = first
    while True:
        part = body[first : last + 1]
        if any(_defines(line) for line in part):
            return None
        readers = _readers(file, part)
        if any(file.tree.enclosing(each, cst.FunctionDef, cst.Lambda) is not None for each in readers):
            return None
        behind = [places[id(above)] for each in readers for above in file.tree.ancestors(each) if id(above) in places]
        if not behind:
            break
        if min(behind) < first:
            return None
        last = max(behind)
    start, end = file.span(body[first]).line, file.positions.span(body[last]).end_line
    text = f'if __name__ == "__main__":\n{indented(file, start, end)}\n'
    return NodeFix("put it under the guard", (NodeEdit(body[first], text, "lines", until=body[last]),), safe=False)


def moved_under_guard(file: File, node: cst.CSTNode) -> NodeFix | None:
    """The module's statement that holds `node` as the first one under the guard that follows.

    None where something else reads what it binds, and for a statement of several lines.
    """
    line = next((line for line in file.tree.module.body if file.tree.inside(node, line)), None)
    guard = _only_guard(file)
    if not isinstance(line, cst.SimpleStatementLine) or guard is None:
        return None
    readers, span = _readers(file, [line]), file.span(line)
    is_alone = span.line == span.end_line and file.tree.order(line) < file.tree.order(guard)
    if not is_alone or not all(file.tree.inside(each, guard.body) for each in readers):
        return None
    edits = (NodeEdit(line, "", "lines"), above(file, guard.body.body[0], file.lines[span.line - 1]))
    return NodeFix("put it under the guard", edits, safe=False)


def _only_guard(file: File) -> cst.If | None:
    """The one `if __name__ == "__main__":` of the module, with a block and nothing else."""
    guards = [each for each in file.tree.module.body if isinstance(each, cst.If) and is_guard(each)]
    guard = guards[0] if len(guards) == 1 else None
    if guard is None or guard.orelse is not None or not isinstance(guard.body, cst.IndentedBlock):
        return None
    test = guard.test
    is_plain = isinstance(test, cst.Comparison) and isinstance(test.comparisons[0].operator, cst.Equal)
    return guard if is_plain and "__main__" in file.code(test) else None


def _defines(line: cst.CSTNode) -> bool:
    imports = isinstance(line, cst.SimpleStatementLine) and isinstance(line.body[0], (cst.Import, cst.ImportFrom))
    return imports or isinstance(line, _DEFINING)


def _readers(file: File, part: Sequence[cst.CSTNode]) -> list[cst.Name]:
    """The names outside of these statements that read what they bind."""
    own = {id(line) for line in part}

    def is_own(node: cst.CSTNode) -> bool:
        return id(node) in own or any(id(above) in own for above in file.tree.ancestors(node))

    bindings = file.names.module.bindings.items()
    bound = {name for name, bound_at in bindings if any(is_own(each.node) for each in bound_at)}
    called = (name for word in bound for name in file.tree.called(word))
    return [name for name in called if _is_variable(file, name) and not is_own(name)]


def _is_variable(file: File, name: cst.Name) -> bool:
    """Whether a name is no keyword of a call and no last part of `a.b`; what sets it counts as well."""
    above = file.tree.parent(name)
    is_label = isinstance(above, (cst.Arg, cst.Attribute)) and (
        getattr(above, "keyword", None) is name or getattr(above, "attr", None) is name
    )
    scope = file.names.scope_of(name)
    while scope.parent is not None and name.value not in scope.bindings:
        scope = scope.parent
    return not is_label and scope is file.names.module
