"""How the names in a stretch of a file were understood: as the rules see them, with the statement that says so.

Everything is asked of the same scopes, index and records of NeMo Run as the rules ask; nothing is guessed anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import libcst as cst

from nemo_run_lint.finding import Span
from nemo_run_lint.flow.misfits import shown_path, signature_text
from nemo_run_lint.nemo.api import public
from nemo_run_lint.nemo.known import apis, known
from nemo_run_lint.nemo.versions import Known, Missing
from nemo_run_lint.project import File
from nemo_run_lint.signatures.callables import signatures
from nemo_run_lint.signatures.index import Index
from nemo_run_lint.signatures.names import absolute
from nemo_run_lint.signatures.origins import Origins
from nemo_run_lint.signatures.signature import Place, Unknown
from nemo_run_lint.signatures.symbols import Class, Function, Module, OneOf, Symbol, Variable
from nemo_run_lint.syntax.bindings import Binding, Kind, dotted

#: How much of a statement is shown, how many bindings of a name, and how many names.
_LONGEST, _MOST_BINDINGS, _MOST_NAMES = 80, 3, 24


@dataclass(frozen=True)
class Said:
    """What a place of the file says of a name: it is "imported by" this code on that line; 0 where no line says it."""

    how: str
    code: str = ""
    line: int = 0


@dataclass(frozen=True)
class Resolved:
    """What a name stands for.

    written     as it stands in the file: `C`, `llm.pretrain`
    path        the import path that it leads to: `nemo_run.Config`; empty where it cannot be told
    said        what binds it, or holds its value
    definitions where it is defined, with the distribution that brought the file
    accepts     what it takes when it is called, as far as that is known
    nemo        what it is in NeMo Run, and in which release; empty for what is not NeMo Run's
    unknown     why it is not known what it stands for or takes; empty where it is, or does not matter
    """

    written: str
    path: str = ""
    said: tuple[Said, ...] = ()
    definitions: tuple[Place, ...] = ()
    accepts: tuple[str, ...] = ()
    nemo: str = ""
    unknown: str = ""


def resolved(file: File, index: Index, node: cst.CSTNode, span: Span) -> tuple[Resolved, ...]:
    """The names that stand in the lines of a finding at `node`, and in the heads of the calls around it.

    Of a name that stands there more than once, the first; not those that nothing is known of and that need nothing.
    """
    resolver = _Resolver(file, index)
    found: dict[str, Resolved] = {}
    for name in _names(file, node, span):
        written = dotted(name) or ""
        if written and written not in found and len(found) < _MOST_NAMES:
            told = resolver.resolved(name, written)
            if told.said or told.path or told.nemo:
                found[written] = told
    return tuple(found.values())


def _names(file: File, node: cst.CSTNode, span: Span) -> Iterator[cst.BaseExpression]:
    """Names with all that follows them in dots: those of the calls around `node` first, then those in the lines."""
    calls = [each for each in (node, *file.tree.ancestors(node)) if isinstance(each, cst.Call)]
    for call in reversed(calls):
        yield from _outermost(call.func.value if isinstance(call.func, cst.Subscript) else call.func)
        yield from (name for each in call.args[:1] for name in _outermost(each.value))
    statement = _statement(file, node)
    for name in file.tree.below(statement, cst.Name, cst.Attribute):
        is_keyword = isinstance(above := file.tree.parent(name), cst.Arg) and above.keyword is name
        is_part_or_bound = isinstance(above, (cst.Attribute, cst.AssignTarget, cst.Param))
        if not is_keyword and not is_part_or_bound and span.line <= file.positions.span(name).line <= span.end_line:
            yield name


def _statement(file: File, node: cst.CSTNode) -> cst.CSTNode:
    """The smallest statement around a node; the node itself where it is one."""
    statements = (cst.BaseSmallStatement, cst.BaseCompoundStatement, cst.SimpleStatementLine)
    found = (each for each in (node, *file.tree.ancestors(node)) if isinstance(each, statements))
    return next(found, node)


def _outermost(node: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
    if dotted(node) is not None:
        yield node


class _Resolver:
    """What one file's names stand for."""

    def __init__(self, file: File, index: Index) -> None:
        self._file = file
        self._index = index
        self._origins = Origins(index, file.path)
        self._own = index.own(file.path, file.text, file.tree.ast)

    def resolved(self, node: cst.BaseExpression, written: str) -> Resolved:
        root: cst.BaseExpression = node
        while isinstance(root, cst.Attribute):
            root = root.value
        bindings = self._file.names.lookup(root) if isinstance(root, cst.Name) else ()
        said = tuple(self._said(root, bindings))
        path = self._file.names.qualified(node)
        told = known(self._file, node)
        if told is not None or public(path) is not None:
            shown = self._absolute(path) if path is not None else ""
            return Resolved(written, shown, said, nemo=self._of_nemo(told), accepts=tuple(self._recorded(told)))
        symbol = self._symbol(node, path, bindings)
        if symbol is None:
            return Resolved(written, "", said)
        symbols = symbol.alternatives if isinstance(symbol, OneOf) else (symbol,)
        places = tuple(each.place for each in symbols if isinstance(each, (Class, Function, Variable)))
        accepts, unknown = self._accepts(symbol, path or "")
        return Resolved(written, self._absolute(path or ""), said, places, accepts, unknown=unknown)

    # -- by the file -----------------------------------------------------------------------------------------

    def _said(self, root: cst.BaseExpression, bindings: Iterable[Binding]) -> Iterator[Said]:
        for binding in [*bindings][:_MOST_BINDINGS]:
            yield from self._bound(root, binding)
        if not isinstance(root, cst.Name) or self._file.names.lookup(root):
            return
        if self._file.names.qualified(root):
            yield Said("from a star import")

    def _bound(self, root: cst.BaseExpression, binding: Binding) -> Iterator[Said]:
        line = self._line(binding.node)
        if binding.kind is Kind.IMPORT and isinstance(binding.node, cst.ImportAlias):
            yield Said("imported by", self._import(binding.node), line)
        elif binding.kind in (Kind.FUNCTION, Kind.CLASS):
            yield Said(f"the {binding.kind.value} of this file", "", line)
        elif binding.kind is Kind.PARAMETER:
            owner = self._file.tree.enclosing(binding.node, cst.FunctionDef, cst.Lambda)
            of = f"of `{owner.name.value}`" if isinstance(owner, cst.FunctionDef) else "of a lambda"
            yield Said(f"a parameter {of}", "", line)
            given = [each for each in self._file.values.sources(root) if each not in (root, binding.node)]
            yield from (Said("given", self._code(each), self._line(each)) for each in given[:_MOST_BINDINGS])
        else:
            yield Said("set by" if binding.value is not None else "bound by", self._code(binding.node), line)

    def _import(self, alias: cst.ImportAlias) -> str:
        """A statement that imports this name alone, as the file would write it."""
        statement = self._file.tree.enclosing(alias, cst.Import, cst.ImportFrom)
        name = alias.evaluated_name + (f" as {alias.evaluated_alias}" if alias.evaluated_alias else "")
        if not isinstance(statement, cst.ImportFrom):
            return f"import {name}"
        module = "." * len(statement.relative) + (dotted(statement.module) or "" if statement.module else "")
        return f"from {module} import {name}"

    def _code(self, node: cst.CSTNode) -> str:
        """What is written at a node, of a statement with a body in its head, on one line."""
        if isinstance(getattr(node, "body", None), cst.BaseSuite):
            head = self._file.span(node)
            written = "\n".join(self._file.lines[head.line - 1 : head.end_line])
        else:
            written = self._file.code(node)
        text = " ".join(written.split())
        return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."

    def _line(self, node: cst.CSTNode) -> int:
        return self._file.positions.span(node).line

    # -- by the modules --------------------------------------------------------------------------------------

    def _absolute(self, path: str) -> str:
        """An import path without the dots of a relative import, if the name of the file's module is known."""
        if not path.startswith("."):
            return path
        is_package = self._own.is_package
        return absolute(self._own.name, is_package, path) or path

    def _symbol(self, node: cst.BaseExpression, path: str | None, bindings: Iterable[Binding]) -> Symbol | None:
        if path is not None:
            return self._origins.symbol(path)
        definitions = [each for each in bindings if each.kind in (Kind.FUNCTION, Kind.CLASS)]
        of_module = [each for each in definitions if each in self._file.names.module.bindings.get(each.name, ())]
        if len(of_module) != 1 or isinstance(node, cst.Attribute):
            return None
        return self._index.lookup(self._own, of_module[0].name)

    def _accepts(self, symbol: Symbol, path: str) -> tuple[tuple[str, ...], str]:
        """What a symbol takes when it is called, or why that is not known."""
        if isinstance(symbol, Module):
            return (), ""
        answer = signatures(self._index, symbol)
        if not isinstance(answer, Unknown):
            return tuple(signature_text(each, set()) for each in answer), ""
        named = f" (`{answer.what}`)" if answer.what and answer.what != path else ""
        return (), f"{answer.reason.value}{named}"

    # -- by the records of NeMo Run --------------------------------------------------------------------------

    def _of_nemo(self, told: Known | Missing | None) -> str:
        release = apis(self._file)[-1].version
        if isinstance(told, Missing):
            return f"nothing: the {told.owner.kind} `{told.owner.path}` of NeMo Run {release} has no `{told.name}`"
        if told is None:
            return f"of NeMo Run {release}, which does not tell more of it"
        article = "an" if told.kind == "object" else "the"
        return f"{article} {told.kind} {'of ' * (told.kind == 'object')}`{told.path}` of NeMo Run {release}"

    def _recorded(self, told: Known | Missing | None) -> Iterator[str]:
        parameters = apis(self._file)[-1].parameters(told) if isinstance(told, Known) else None
        if isinstance(told, Known) and parameters is not None:
            stars = {"star": "*", "stars": "**"}
            parts = [stars.get(each.kind, "") + each.name + "=..." * (each.default is not None) for each in parameters]
            whole = f"`{told.name}({', '.join(parts)})`"
            yield whole if len(whole) <= 2 * _LONGEST else f"`{told.name}({', '.join(parts[:6])}, ...)`"


def shown_place(place: Place) -> str:
    """`team/training.py:12`, and what brought it: `/env/nemo/llm.py:3 (nemo-toolkit 2.4.0)`."""
    brought = f" ({place.distribution})" if place.distribution else ""
    return f"{shown_path(place.path)}:{place.line}{brought}"
