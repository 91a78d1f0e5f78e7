"""Pages of documentation: each block of Python as a text of its own, at its own lines, and the way back to the page.

A block sees the imports of the blocks before it and, unless the settings say so, nothing else of them: two examples of
one page may both define `train`. What does not parse is passed over unless that is asked for.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from nemo_run_lint.finding import Edit, Finding, Fix, Span
from nemo_run_lint.sources import markdown, restructured
from nemo_run_lint.sources.code_block import CodeBlock, Line, Taken, python_of
from nemo_run_lint.sources.kinds import MARKDOWN, RESTRUCTURED
from nemo_run_lint.sources.python import LINE_END, parsed
from nemo_run_lint.sources.shell_blocks import shell_of

#: How pages are read, by the end of their name.
READERS: Mapping[str, Callable[[str, Taken], Iterator[CodeBlock]]] = {
    **dict.fromkeys(MARKDOWN, markdown.code_blocks),
    **dict.fromkeys(RESTRUCTURED, restructured.code_blocks),
}

_COMMENT = re.compile(r"(?:<!--|\.\.)\s*nemo-run-lint:\s*(?P<said>.+?)\s*(?:-->|$)")


@dataclass(frozen=True)
class Part:
    """One block of a page.

    text     Python whose lines are those of the page: the block, the imports of earlier ones, comments, blanks
    block    the block
    newline  how lines end in the page
    error    why it is no Python, where it is not
    """

    text: str
    block: CodeBlock
    newline: str = "\n"
    error: SyntaxError | None = None

    @cached_property
    def lines(self) -> Mapping[int, Line]:
        """The lines of the block, by number."""
        return {line.number: line for line in self.block.lines}

    def placed(self, finding: Finding) -> Finding | None:
        """A finding in the text as one in the page; None for one that is not in the block itself."""
        span = self._span(finding.span)
        if span is None:
            return None
        return replace(finding, span=span, fix=self._fix(finding.fix) if finding.fix is not None else None)

    def _span(self, span: Span) -> Span | None:
        first, last = self.lines.get(span.line), self.lines.get(span.end_line)
        if first is None or last is None:
            return None
        column, end_column = max(span.column + first.shift, 1), max(span.end_column + last.shift, 1)
        return Span(span.line, column, span.end_line, end_column)

    def _fix(self, fix: Fix) -> Fix | None:
        """The same in the page; None where the page does not hold the code as it is."""
        edits = []
        for edit in fix.edits:
            span = self._span(edit.span)
            touched = [self.lines.get(number) for number in range(edit.span.line, edit.span.end_line + 1)]
            before = [line.before for line in touched if line is not None and line.before is not None]
            is_long = "\n" in edit.text or len(touched) > 1
            if span is None or len(before) < len(touched) or (is_long and self.block.is_session):
                return None
            edits.append(Edit(span, edit.text.replace("\n", f"{self.newline}{before[0]}")))
        return Fix(fix.message, tuple(edits), fix.safe)


def parts(path: str, text: str, see: str = "imports") -> Iterator[Part]:
    """The blocks of the page that a file of this name holds; what each may `see` of those before it is in its text.

    Raises markdown.MissingMarkdownError.
    """
    page = LINE_END.split(text)
    comments = _comments(page)
    line_end = LINE_END.search(text)
    newline = line_end[0] if line_end is not None else "\n"
    before: dict[int, str] = {}
    for block in _blocks(path, text, python_of):
        lines = {line.number: line.text for line in block.lines}
        tree = parsed(_laid_out(lines))
        told = dict(_for_block(comments, min(lines), page))
        error = tree if isinstance(tree, SyntaxError) else None
        yield Part(_laid_out({**before, **told, **lines}), block, newline, error)
        for statement in tree.body if isinstance(tree, ast.Module) and see != "alone" else ():
            if see == "page" or isinstance(statement, (ast.Import, ast.ImportFrom)):
                first = min([statement.lineno, *(each.lineno for each in getattr(statement, "decorator_list", ()))])
                own = range(first, (statement.end_lineno or first) + 1)
                before |= {number: lines[number] for number in own if number in lines}


def shell_parts(path: str, text: str) -> Iterator[Part]:
    """The blocks of shell commands in the page; the text of each is nothing but the comments that speak of it.

    Raises markdown.MissingMarkdownError.
    """
    page = LINE_END.split(text)
    comments = _comments(page)
    for block in _blocks(path, text, shell_of):
        first = min((line.number for line in block.lines), default=1)
        yield Part(_laid_out(dict(_for_block(comments, first, page))), block)


def _blocks(path: str, text: str, taken: Taken) -> Iterator[CodeBlock]:
    return READERS[os.path.splitext(path)[1].lower()](text, taken)


def _comments(page: Sequence[str]) -> list[tuple[int, str]]:
    """What the page says to the linter, by line."""
    return [(number, said[1]) for number, line in enumerate(page, 1) if (said := _COMMENT.search(line))]


def _laid_out(lines: Mapping[int, str]) -> str:
    """A text with these lines at their numbers."""
    return "".join(f"{lines.get(number, '')}\n" for number in range(1, max(lines, default=0) + 1))


def _for_block(comments: Sequence[tuple[int, str]], first: int, lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The comments of the page that speak of the block whose code begins in line `first`, as comments of Python."""
    for number, said in comments:
        kind, bracket, rest = said.partition("[")
        between = [line for line in lines[number : first - 2] if line.strip()]
        is_before = number < first and not any(not _COMMENT.search(line) for line in between)
        if kind.strip() == "file-ignore" or (kind.strip() == "ignore" and is_before):
            yield number, f"# nemo-run-lint: file-ignore{bracket}{rest}"
