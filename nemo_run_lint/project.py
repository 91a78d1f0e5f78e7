"""What a rule can ask about the file it looks at."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

import libcst as cst

from nemo_run_lint.finding import Span
from nemo_run_lint.sources.kinds import is_notebook
from nemo_run_lint.syntax.bindings import dotted
from nemo_run_lint.syntax.names import Names
from nemo_run_lint.syntax.positions import Positions
from nemo_run_lint.syntax.tree import Tree
from nemo_run_lint.syntax.values import Values

if TYPE_CHECKING:
    from typing_extensions import Self

    from nemo_run_lint.file_tree import Project
    from nemo_run_lint.signatures.index import Index
    from nemo_run_lint.signatures.origins import Origins
    from nemo_run_lint.signatures.symbols import Class

#: What a test calls around code that should fail.
_EXPECTING = frozenset({"raises", "assertRaises", "assertRaisesRegex"})

ThingT = TypeVar("ThingT", bound="Thing")


class Thing(Protocol):
    """A thing that can be found in a file; its class knows how to find its own kind."""

    @classmethod
    def find(cls, file: File) -> Iterable[Self]:
        """Every one in `file`."""
        ...


class File:
    """One source file, read but never executed."""

    def __init__(
        self,
        path: str,
        text: str,
        tree: Tree,
        versions: tuple[str, ...] = (),
        index: Index | None = None,
        project: Project | None = None,
    ) -> None:
        """`path`: what the user calls the file; `text`: its source; `tree`: the same, parsed.

        `versions`: the releases of NeMo Run that it is to work with, oldest first; none where that is not known.
        `index`: the modules that it may import; None where nothing but the file itself is looked at.
        `project`: the files around it; None likewise.
        """
        self.path = path
        self.text = text
        self.tree = tree
        self.versions = versions
        self.index = index
        self.surrounding = project
        self._things: dict[type, Sequence[Any]] = {}
        self._by_node: dict[type, dict[int, Any]] = {}
        self._in_test: dict[cst.CSTNode, bool] = {}

    @property
    def project(self) -> Project:
        """The files around it, for a ProjectRule, which is not asked about a file without them."""
        if self.surrounding is None:
            raise ValueError("this file was read alone, without its project")
        return self.surrounding

    @cached_property
    def lines(self) -> Sequence[str]:
        """The text, line by line, as Python counts them."""
        return re.split(r"\r\n?|\n", self.text)

    @cached_property
    def comments(self) -> dict[tuple[int, int], str]:
        """The comments, by the line and column in which they begin."""
        comments = (token for token in self.tokens if token.type == tokenize.COMMENT)
        return {(token.start[0], token.start[1] + 1): token.string for token in comments}

    @cached_property
    def tokens(self) -> Sequence[tokenize.TokenInfo]:
        """The text as Python's tokenizer sees it, for what has no node."""
        return tuple(tokenize.generate_tokens(io.StringIO(self.text, newline=None).readline))

    @property
    def is_notebook(self) -> bool:
        """Whether it is a notebook, whose text is that of its code cells."""
        return is_notebook(self.path)

    @cached_property
    def names(self) -> Names:
        """Scopes and imports."""
        return Names(self.tree, self._origins)

    @cached_property
    def _origins(self) -> Origins | None:
        if self.index is None:
            return None
        from nemo_run_lint.signatures.origins import Origins

        return Origins(self.index, self.path)

    @cached_property
    def values(self) -> Values:
        """Where values come from."""
        return Values(self.tree, self.names)

    @cached_property
    def positions(self) -> Positions:
        """Where nodes stand."""
        return Positions(self.tree)

    def imports(self, package: str) -> bool:
        """Whether the file imports `package` or anything of it, anywhere."""
        return any(path.split(".")[0] == package for path in self.names.imported)

    def imported_class(self, node: cst.CSTNode) -> Class | None:
        """The class of another module that a name or attribute stands for; None for anything else."""
        path = self.names.qualified(node)
        if path is None or self._origins is None:
            return None
        from nemo_run_lint.signatures.symbols import Class

        symbol = self._origins.symbol(path)
        return symbol if isinstance(symbol, Class) else None

    def all(self, kind: type[ThingT]) -> Sequence[ThingT]:
        """Every thing of one kind, found once: `file.all(Buildable)`."""
        if kind not in self._things:
            self._things[kind] = ()  # a thing that asks for itself while it is being found sees none
            self._things[kind] = tuple(kind.find(self))
        return cast("Sequence[ThingT]", self._things[kind])

    def at(self, kind: type[ThingT], node: cst.CSTNode | None) -> ThingT | None:
        """The thing of one kind whose `node` this is: `file.at(Buildable, call)`; None if there is none."""
        things: Sequence[Any] = self.all(kind)
        if not things:  # or they are still being found
            return None
        if kind not in self._by_node:
            self._by_node[kind] = {id(thing.node): thing for thing in things}
        return cast("ThingT | None", self._by_node[kind].get(id(node)))

    def forget(self) -> None:
        """Let go of all things, which know the file that they stand in: so nothing is left for the collector."""
        self._things.clear()
        self._by_node.clear()

    def span(self, node: cst.CSTNode) -> Span:
        """Where a finding at `node` points: the node, or only the header of a statement with a body."""
        if isinstance(getattr(node, "body", None), cst.BaseSuite):
            return self.positions.header(node)
        return self.positions.span(node)

    def in_test(self, node: cst.CSTNode) -> bool:
        """Whether `node` stands in a test function or a pytest fixture, which make things only to look at them."""
        if node not in self._in_test:
            functions = (above for above in (node, *self.tree.ancestors(node)) if isinstance(above, cst.FunctionDef))
            is_test = any(function.name.value.startswith("test_") or _is_fixture(function) for function in functions)
            self._in_test[node] = is_test
        return self._in_test[node]

    def expects_failure(self, node: cst.CSTNode) -> bool:
        """Whether `node` stands under pytest.raises(...) or self.assertRaises(...), where failing is right."""
        return any(
            isinstance(item.item, cst.Call) and (dotted(item.item.func) or "").split(".")[-1] in _EXPECTING
            for above in self.tree.ancestors(node)
            if isinstance(above, cst.With)
            for item in above.items
        )

    def code(self, node: cst.CSTNode) -> str:
        """The source text of `node`."""
        return self.tree.module.code_for_node(node)


def _is_fixture(function: cst.FunctionDef) -> bool:
    written = [each.decorator for each in function.decorators]
    called = [each.func if isinstance(each, cst.Call) else each for each in written]
    return any((dotted(each) or "").split(".")[-1] == "fixture" for each in called)
