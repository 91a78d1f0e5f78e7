"""A rule's fix, which speaks of nodes, as edits of the text.

It is given up where it would lose a comment, whatever the rule thought: the rules see the code, not what stands around.
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import islice
from typing import TYPE_CHECKING

from nemo_run_lint.finding import Edit, Fix, Span
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit, NodeFix
from nemo_run_lint.sources.python import LINE_END

if TYPE_CHECKING:
    from libcst import CSTNode


def placed(file: File, fix: NodeFix) -> Fix | None:
    """The fix with its edits where they belong; None where a comment would be lost."""
    edits = tuple(dict.fromkeys(_placed(file, edit) for edit in fix.edits))
    return Fix(fix.message, edits, fix.safe) if not any(_loses_comment(file, edit) for edit in edits) else None


def _placed(file: File, edit: NodeEdit) -> Edit:
    span, text = _span(file, edit), edit.text
    if edit.where == "below":
        text = text + "\n" if span.column == 1 else "\n" + text
    elif edit.where == "lines" and span.end_column > 1:  # the file does not end in a line end, and need not afterwards
        text = text.removesuffix("\n")
        if not text and span.line > 1:
            span = Span(span.line - 1, len(file.lines[span.line - 2]) + 1, span.end_line, span.end_column)
    return Edit(span, LINE_END.sub(file.tree.module.default_newline, text))


def _span(file: File, edit: NodeEdit) -> Span:
    positions, where = file.positions, edit.where
    if where == "behind the header":
        header = positions.header(edit.node)
        return Span(header.end_line, header.end_column, header.end_line, header.end_column)
    if where == "behind the parameters":
        place = _closing(file, positions.span(getattr(edit.node, "name")))
        return Span(*place, *place)
    first = positions.span(edit.node)
    last = positions.span(edit.until) if edit.until is not None else first
    if where in ("whole", "opening", "closing"):
        return _in_parentheses(file, edit.node, first, where)
    start, end = (first.line, first.column), (last.end_line, last.end_column)
    if where == "replace" and edit.until is not None:
        end = (last.line, last.column)
    elif where == "before":
        end = start
    elif where in ("after", "up to"):
        start = (first.end_line, first.end_column)
        end = (last.line, last.column) if where == "up to" else end
    elif where == "inside":
        end = (last.end_line, last.end_column - 1)
        start = start if edit.until is not None else end
    elif where == "lines":
        start, end = (first.line, 1), _next_line(file, last)
    elif where == "below":
        start = end = _next_line(file, last)
    return Span(*start, *end)


def _in_parentheses(file: File, node: CSTNode, span: Span, where: str) -> Span:
    """An expression with its own parentheses, or the outermost of these; the tokenizer alone knows where they stand."""
    pairs = len(getattr(node, "lpar", ()))
    if not pairs:
        return span
    start, end = (span.line, span.column - 1), (span.end_line, span.end_column - 1)
    opening = [token for token in file.tokens if token.string == "(" and token.end <= start][-pairs]
    closing = [token for token in file.tokens if token.string == ")" and token.start >= end][pairs - 1]
    first, last = (closing if where == "closing" else opening), (opening if where == "opening" else closing)
    return Span(first.start[0], first.start[1] + 1, last.end[0], last.end[1] + 1)


def _closing(file: File, name: Span) -> tuple[int, int]:
    """The place behind the parenthesis that ends the parameters of a function, given its name."""
    depth = 0
    first = bisect_left(file.tokens, (name.end_line, name.end_column - 1), key=lambda token: token.start)
    for token in islice(file.tokens, first, None):
        depth += (token.string in ("(", "[", "{")) - (token.string in (")", "]", "}"))
        if token.string == ")" and not depth:
            return token.end[0], token.end[1] + 1
    raise ValueError("no parameters")


def _next_line(file: File, span: Span) -> tuple[int, int]:
    """Where the line behind a node begins; the end of the file, where there is none."""
    if span.end_line < len(file.lines):
        return span.end_line + 1, 1
    return span.end_line, len(file.lines[span.end_line - 1]) + 1


def _loses_comment(file: File, edit: Edit) -> bool:
    """Whether a comment stands in the text that is replaced, and not in what replaces it."""
    span = edit.span
    if not any("#" in line for line in file.lines[span.line - 1 : span.end_line]):
        return False
    start, end = (span.line, span.column), (span.end_line, span.end_column)
    replaced = [comment for place, comment in file.comments.items() if start <= place < end]
    return any(edit.text.count(comment) < replaced.count(comment) for comment in replaced)
