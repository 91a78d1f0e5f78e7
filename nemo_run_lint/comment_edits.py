"""Edits of comments that silence: taken out without a trace, or left with other selectors."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nemo_run_lint.finding import Edit, Span


def without(lines: Sequence[str], span: Span, kept: Sequence[str]) -> Edit:
    """The edit that takes the suppression at `span` out of its comment, or all of its selectors but `kept`.

    `lines` are those of the file, without their ends.
    """
    line = lines[span.line - 1]
    start, end = span.column - 1, span.end_column - 1
    if kept:
        return Edit(span, with_selectors(line[start:end], kept))
    behind = line.find("#", end)
    if behind >= 0:  # another comment follows: it moves up
        return Edit(Span(span.line, span.column, span.line, behind + 1), "")
    before = len(line[:start].rstrip())
    if before or span.line == len(lines):
        return Edit(Span(span.line, before + 1, span.line, len(line) + 1), "")
    return Edit(Span(span.line, 1, span.line + 1, 1), "")


def with_selectors(written: str, selectors: Sequence[str]) -> str:
    """A comment as `written`, with these selectors instead of its own; it stays as it was otherwise."""
    if "[" in written:
        opened, closed = written.index("[") + 1, written.index("]")
    else:
        opened, closed = written.index(":", written.lower().index("noqa")) + 1, len(written)
    listed = written[opened:closed]
    separator = re.search(r"[,\s]+", listed.strip())
    told = (separator[0] if separator else ", ").join(selectors)
    return written[:opened] + listed.replace(listed.strip(), told) + written[closed:]
