"""From the syntax of a module to its summary.

Functions and classes are only cut out of it, and read each by itself when somebody asks for them: of most modules
nothing is asked but a name or two. What stands in a branch is read with the module.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import lru_cache, partial

from nemo_run_lint import timings
from nemo_run_lint.signatures.decorators import decorating
from nemo_run_lint.signatures.forwarding import forward
from nemo_run_lint.signatures.lazy import lazy_names
from nemo_run_lint.signatures.parsing import if_valid, in_place, only_definition
from nemo_run_lint.signatures.pieces import Piece, cut, cut_class
from nemo_run_lint.signatures.source_text import (
    LONGEST_EXPRESSION,
    SourceText,
    bound_inside,
    declared_global,
    makes_names,
    unix_lines,
)
from nemo_run_lint.signatures.statements import own_nodes, parameters_of
from nemo_run_lint.signatures.summary import Binding, ClassSummary, FunctionSummary, Guard, Later, ModuleSummary

#: `try`, and since Python 3.11 `try` with `except*`, which has the same parts.
_TRY: tuple[type[ast.Try], ...] = (ast.Try, getattr(ast, "TryStar", ast.Try))

_YIELDS = (ast.Yield, ast.YieldFrom)


def summarise(text: str, tree: ast.Module | None = None) -> ModuleSummary:
    """The summary of a module with this source; `tree` is the same, parsed, and is held by the summary.

    Raises SyntaxError, ValueError, RecursionError or MemoryError as `ast.parse` does, but not for what is wrong inside
    of a function or class.
    """
    text = unix_lines(text)
    if tree is not None:
        return _Reader(text, SourceText(text), holds_tree=True).module(tree)
    parts = cut(text)
    if parts is not None:
        with suppress(SyntaxError):
            return _Reader(text, SourceText(parts.rest), pieces=parts.pieces).module(ast.parse(parts.rest))
    return _Reader(text, SourceText(text)).module(ast.parse(text))


def function_summary(text: str, node: ast.FunctionDef | ast.AsyncFunctionDef) -> FunctionSummary:
    """The summary of one function of a source, also of a nested one."""
    return _Reader(text, _lines_of(text)).function(node)


def class_summary(text: str, node: ast.ClassDef) -> ClassSummary:
    """The summary of one class of a source, also of a nested one."""
    return _Reader(text, _lines_of(text)).definition(node)


@lru_cache(maxsize=2)
def _lines_of(text: str) -> SourceText:
    """The lines of a source, once for all functions of it."""
    return SourceText(text)


def _later(text: str, piece: Piece) -> FunctionSummary | ClassSummary | None:
    with timings.step(timings.MODULES):
        return _read(text, piece)


def _read(text: str, piece: Piece) -> FunctionSummary | ClassSummary | None:
    """What was cut out of a source; None if it is not valid for the Python that runs this."""
    written = text[piece.start : piece.end]
    parts = cut_class(written, piece.header - piece.start) if piece.kind == "class" else None
    if parts is not None:
        pieces = [each.moved(piece.first - 1, piece.start) for each in parts.pieces.values()]
        known = if_valid(partial(_read_from, text, piece, parts.rest, {each.first: each for each in pieces}))
        if isinstance(known, ClassSummary):
            return known._replace(end=piece.first + _until_comments(written).count("\n"))
    return if_valid(partial(_read_from, text, piece, written, {}))


def _read_from(
    text: str, piece: Piece, written: str, pieces: Mapping[int, Piece]
) -> FunctionSummary | ClassSummary | None:
    """The same from the text of a piece, from which others may be cut in turn. Raises what `ast.parse` does."""
    lines = in_place(written, piece.first)
    node = only_definition(ast.parse(lines))
    reader = _Reader(text, SourceText(lines), pieces)
    if isinstance(node, ast.ClassDef):
        return reader.definition(node)
    return reader.function(node) if node is not None else None


def _until_comments(text: str) -> str:
    """A text without the blank lines and comments at its end."""
    text = text.rstrip()
    while text[text.rfind("\n") + 1 :].lstrip().startswith("#"):
        text = text[: text.rfind("\n") + 1].rstrip()
    return text


class _Reader:
    """Reads summaries out of one source, or a part of it."""

    def __init__(
        self,
        text: str,
        lines: SourceText,
        pieces: Mapping[int, Piece] | None = None,
        holds_tree: bool = False,
    ) -> None:
        """`text`: the whole source, its lines ended by newlines; `lines`: those that were parsed.

        `pieces`: what is cut out of them, by the lines of the source, in which they stand where they stand in it.
        `holds_tree`: whether functions and classes are read later from the nodes of the tree.
        """
        self._source = text
        self._text = lines
        self._pieces = pieces or {}
        self._holds_tree = holds_tree
        self._names: dict[str, list[Binding]] = {}
        self._stars: list[tuple[str, tuple[Guard, ...]]] = []
        self._submodules: list[tuple[str, tuple[Guard, ...]]] = []
        self._exports: list[str] | None = None
        self._makes_names = False
        self._patches: list[str] = []

    # -- definitions -----------------------------------------------------------------------------------------

    def module(self, tree: ast.Module) -> ModuleSummary:
        self._makes_names = makes_names(self._source)
        self._block(tree.body, (), self._names)
        for line, name in declared_global(self._source):
            self._bind(self._names, name, Binding("other", line))
        for line, name in bound_inside(self._source):
            if name not in self._names:
                self._bind(self._names, name, Binding("other", line))
        self._makes_names = self._makes_names or "__getattr__" in self._names
        return ModuleSummary(
            {name: tuple(bindings) for name, bindings in self._names.items()},
            tuple(self._stars),
            tuple(self._submodules),
            tuple(self._exports) if self._exports is not None else None,
            self._makes_names,
            lazy_names(tree) if self._makes_names else {},
            tuple(self._patches),
        )

    def function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> FunctionSummary:
        return FunctionSummary(
            node.name,
            node.lineno,
            min([node.lineno, *(each.lineno for each in node.decorator_list)]),
            node.end_lineno or node.lineno,
            tuple(
                (
                    each.arg,
                    int(kind),
                    self._text.of(each.annotation),
                    self._text.of(default) if default is not None else None,
                )
                for each, kind, default in parameters_of(node.args)
            ),
            self._text.of(node.returns),
            tuple(map(self._text.of, node.decorator_list)),
            isinstance(node, ast.AsyncFunctionDef),
            self._text.may_yield(node) and any(isinstance(each, _YIELDS) for each in own_nodes(node)),
            forward(node) if node.args.kwarg is not None else None,
            decorating(node),
        )

    def definition(self, node: ast.ClassDef) -> ClassSummary:
        body: dict[str, list[Binding]] = {}
        self._block(node.body, (), body)
        return ClassSummary(
            node.name,
            node.lineno,
            min([node.lineno, *(each.lineno for each in node.decorator_list)]),
            node.end_lineno or node.lineno,
            tuple(map(self._text.of, node.bases)),
            tuple((each.arg or "**", self._text.of(each.value)) for each in node.keywords),
            tuple(map(self._text.of, node.decorator_list)),
            {name: tuple(bindings) for name, bindings in body.items()},
        )

    # -- statements ------------------------------------------------------------------------------------------

    def _block(self, body: Iterable[ast.stmt], guards: tuple[Guard, ...], names: dict[str, list[Binding]]) -> None:
        for statement in body:
            self._statement(statement, guards, names)

    def _statement(self, node: ast.stmt, guards: tuple[Guard, ...], names: dict[str, list[Binding]]) -> None:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            self._bind(names, node.name, self._function(node, guards))
        elif isinstance(node, ast.ClassDef):
            self._bind(names, node.name, Binding("class", node.lineno, guards, definition=self.definition(node)))
        elif isinstance(node, ast.Import):
            self._import(node, guards, names)
        elif isinstance(node, ast.ImportFrom):
            self._import_from(node, guards, names)
        elif isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Delete)):
            self._assignment(node, guards, names)
        elif isinstance(node, ast.Expr):
            self._expression(node.value)
        elif isinstance(node, ast.Pass):
            self._cut_out(node.lineno, names)
        elif type(node).__name__ == "TypeAlias":  # since Python 3.12
            self._bind(
                names,
                getattr(node, "name").id,
                Binding("value", node.lineno, guards, self._text.of(getattr(node, "value"))),
            )
        else:
            self._compound(node, guards, names)

    def _compound(self, node: ast.stmt, guards: tuple[Guard, ...], names: dict[str, list[Binding]]) -> None:
        if isinstance(node, ast.If):
            self._if(node, guards, names)
        elif isinstance(node, _TRY):
            raises = "raise" if any(map(_raises, node.body)) else ""
            self._block([*node.body, *node.orelse], (*guards, Guard("try", node.lineno, 0, raises)), names)
            for place, handler in enumerate(node.handlers, 1):
                caught = Guard("try", node.lineno, place, self._text.of(handler.type))
                if handler.name is not None:
                    self._bind(names, handler.name, Binding("other", handler.lineno, (*guards, caught)))
                self._block(handler.body, (*guards, caught), names)
            self._block(node.finalbody, guards, names)
        elif isinstance(node, (ast.For, ast.AsyncFor, ast.While)):
            inside = (*guards, Guard("loop", node.lineno, 0, ""))
            if not isinstance(node, ast.While):
                self._other(node.target, inside, names)
            self._block([*node.body, *node.orelse], inside, names)
        elif isinstance(node, (ast.With, ast.AsyncWith)):
            for item in node.items:
                if item.optional_vars is not None:
                    self._other(item.optional_vars, guards, names)
            self._block(node.body, guards, names)
        elif isinstance(node, ast.Match):
            for place, case in enumerate(node.cases):
                inside = (*guards, Guard("if", node.lineno, place, ""))
                for captured in _captured(case.pattern):
                    self._bind(names, captured, Binding("other", node.lineno, inside))
                self._block(case.body, inside, names)

    def _if(self, node: ast.If, guards: tuple[Guard, ...], names: dict[str, list[Binding]]) -> None:
        branch, current, others = 0, node, "True"  # the others: that none of the branches before runs
        while True:
            test = self._text.of(current.test)
            runs = _both(others, test) if branch else test
            self._block(current.body, (*guards, Guard("if", node.lineno, branch, runs)), names)
            others, branch = _both(others, f"not ({test})" if test else ""), branch + 1
            if len(current.orelse) != 1 or not isinstance(current.orelse[0], ast.If):
                break
            current = current.orelse[0]
        self._block(current.orelse, (*guards, Guard("if", node.lineno, -branch, others)), names)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, guards: tuple[Guard, ...]) -> Binding:
        if self._holds_tree:
            return Later.reading("function", node.lineno, guards, partial(self.function, node))
        return Binding("function", node.lineno, guards, function=self.function(node))

    def _cut_out(self, line: int, names: dict[str, list[Binding]]) -> None:
        """What stood in a line where now is `pass`."""
        piece = self._pieces.get(line)
        if piece is not None:
            self._bind(
                names, piece.name, Later.reading(piece.kind, piece.line, (), partial(_later, self._source, piece))
            )

    def _bind(self, names: dict[str, list[Binding]], name: str, binding: Binding) -> None:
        names.setdefault(name, []).append(binding)

    def _import(self, node: ast.Import, guards: tuple[Guard, ...], names: dict[str, list[Binding]]) -> None:
        for alias in node.names:
            if alias.asname is None and "." in alias.name:
                self._submodules.append((alias.name, guards))
            bound = alias.asname or alias.name.partition(".")[0]
            source = alias.name if alias.asname else bound
            self._bind(names, bound, Binding("import", node.lineno, guards, source))

    def _import_from(self, node: ast.ImportFrom, guards: tuple[Guard, ...], names: dict[str, list[Binding]]) -> None:
        source = "." * node.level + (node.module or "")
        for alias in node.names:
            if alias.name == "*":
                self._stars.append((source, guards))
            else:
                binding = Binding("import", node.lineno, guards, source, alias.name)
                self._bind(names, alias.asname or alias.name, binding)

    def _assignment(
        self,
        node: ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Delete,
        guards: tuple[Guard, ...],
        names: dict[str, list[Binding]],
    ) -> None:
        targets = node.targets if isinstance(node, (ast.Assign, ast.Delete)) else [node.target]
        value = None if isinstance(node, ast.Delete) else node.value
        for target in targets:
            if isinstance(target, ast.Name):
                if names is self._names and target.id == "__all__":
                    self._export(node, value)
                annotation = self._text.of(node.annotation) if isinstance(node, ast.AnnAssign) else ""
                written = self._text.of(value)
                is_value = isinstance(node, (ast.Assign, ast.AnnAssign)) and (value is None or written)
                kind = "value" if is_value else "deleted" if isinstance(node, ast.Delete) else "other"
                binding = Binding(kind, node.lineno, guards, written, annotation=annotation)
                self._bind(names, target.id, binding)
            elif isinstance(target, (ast.Tuple, ast.List)):
                self._unpack(target, value, guards, names)
            elif isinstance(target, ast.Subscript) and self._text.of(target.value) == "globals()":
                named = target.slice.value if isinstance(target.slice, ast.Constant) else None
                if isinstance(named, str):
                    self._bind(self._names, named, Binding("other", node.lineno, guards))
            elif isinstance(target, ast.Subscript) and "sys.modules" in self._text.of(target.value):
                self._makes_names = True
            elif isinstance(target, ast.Attribute):
                self._patches.append(self._text.of(target))

    def _unpack(
        self,
        target: ast.Tuple | ast.List,
        value: ast.expr | None,
        guards: tuple[Guard, ...],
        names: dict[str, list[Binding]],
    ) -> None:
        """`A, B = 1, 2` part by part; `X, HAVE_X = safe_import("x")` as `safe_import("x")[0]` and `[1]`."""
        parts = value.elts if isinstance(value, (ast.Tuple, ast.List)) and len(value.elts) == len(target.elts) else None
        starred = any(isinstance(each, ast.Starred) for each in target.elts)
        for place, element in enumerate(target.elts):
            if not isinstance(element, ast.Name):
                self._other(element, guards, names)
            elif parts is not None and not isinstance(parts[place], ast.Starred):
                self._bind(names, element.id, Binding("value", target.lineno, guards, self._text.of(parts[place])))
            elif isinstance(value, ast.Call) and self._text.of(value) and not starred:
                self._bind(
                    names, element.id, Binding("value", target.lineno, guards, f"{self._text.of(value)}[{place}]")
                )
            else:
                self._other(element, guards, names)

    def _other(self, target: ast.expr, guards: tuple[Guard, ...], names: dict[str, list[Binding]]) -> None:
        for node in ast.walk(target):
            if isinstance(node, ast.Name):
                self._bind(names, node.id, Binding("other", node.lineno, guards))

    def _expression(self, node: ast.expr) -> None:
        """`setattr(Model, "__init__", ...)`, `__all__.extend([...])`."""
        if not isinstance(node, ast.Call):
            return
        function = self._text.of(node.func)
        named = node.args[1] if function == "setattr" and len(node.args) == 3 else None
        if isinstance(named, ast.Constant) and isinstance(named.value, str):
            self._patches.append(f"{self._text.of(node.args[0])}.{named.value}")
        elif function in ("__all__.extend", "__all__.append", "__all__.remove"):
            self._exports = None

    def _export(self, node: ast.stmt, value: ast.expr | None) -> None:
        listed = _texts(value)
        if isinstance(node, ast.AugAssign):
            self._exports = [*self._exports, *listed] if self._exports is not None and listed is not None else None
        else:
            self._exports = listed


def _captured(pattern: ast.pattern) -> Iterator[str]:
    """The names that a pattern of `match` binds."""
    for node in ast.walk(pattern):
        name = node.rest if isinstance(node, ast.MatchMapping) else getattr(node, "name", None)
        if name is not None:
            yield name


def _raises(node: ast.stmt) -> bool:
    """Whether a `raise` stands in a statement, perhaps under an `if`."""
    return isinstance(node, ast.Raise) or (isinstance(node, ast.If) and any(map(_raises, [*node.body, *node.orelse])))


def _both(first: str, second: str) -> str:
    """The condition that both hold; empty where one is empty, which is not known, or where it gets too long."""
    both = f"{first} and ({second})" if first != "True" else second
    return both if first and second and len(both) <= LONGEST_EXPRESSION else ""


def _texts(value: ast.expr | None) -> list[str] | None:
    """The strings of a literal list, tuple or set; None for anything else."""
    if not isinstance(value, (ast.List, ast.Tuple, ast.Set)):
        return None
    constants = [each.value for each in value.elts if isinstance(each, ast.Constant)]
    texts = [each for each in constants if isinstance(each, str)]
    return texts if len(texts) == len(value.elts) else None
