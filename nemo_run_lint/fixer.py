"""The fixes of findings, applied to a text or a file: a fix as a whole or not at all, and only to what parses then."""

from __future__ import annotations

import ast
import os
import re
import tempfile
import warnings
from collections.abc import Iterable, Sequence
from contextlib import suppress

from nemo_run_lint.finding import Edit, Finding
from nemo_run_lint.sources.python import decode

_LINE_END = re.compile(r"\r\n?|\n")


def apply(text: str, findings: Iterable[Finding]) -> tuple[str, list[Finding]]:
    """`text` after the fixes of `findings`, and those that were fixed; of fixes that overlap the first counts."""
    starts = [0, *(end.end() for end in _LINE_END.finditer(text))]
    taken: list[tuple[int, int, str]] = []
    fixed = []
    for finding in findings:
        edits = [_placed(edit, starts) for edit in finding.fix.edits] if finding.fix is not None else []
        if edits and not any(_overlap(edit, other) for edit in edits for other in taken):
            taken += edits
            fixed.append(finding)
    for begin, end, new in sorted(taken, reverse=True):
        text = text[:begin] + new + text[end:]
    return text, fixed


def rewritten(data: bytes, findings: Sequence[Finding]) -> tuple[bytes, list[Finding]]:
    """The bytes of a Python file after the fixes of `findings`, and the findings that were fixed.

    Encoding, byte order mark and line ends stay. If the result would not parse, nothing is fixed. Raises
    UndecodableError for what is no Python text.
    """
    source = decode(data)
    text, fixed = apply(source.text, findings)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
        return text.encode(source.encoding), fixed
    except (SyntaxError, ValueError):  # a UnicodeEncodeError is a ValueError
        return data, []


def replace_file(path: str, data: bytes) -> None:
    """Put `data` in a file's place at once: who reads it meanwhile sees the old content or the new. The mode stays.

    Raises OSError where that cannot be done, and leaves the file as it was.
    """
    target = os.path.realpath(path)  # a link stays one
    descriptor, temporary = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=os.path.dirname(target))
    try:
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(data)
        os.chmod(temporary, os.stat(target).st_mode)
        os.replace(temporary, target)
    except OSError:
        with suppress(OSError):
            os.unlink(temporary)
        raise


def _placed(edit: Edit, starts: Sequence[int]) -> tuple[int, int, str]:
    """An edit by offsets instead of lines and columns."""
    span = edit.span
    return starts[span.line - 1] + span.column - 1, starts[span.end_line - 1] + span.end_column - 1, edit.text


def _overlap(one: tuple[int, int, str], other: tuple[int, int, str]) -> bool:
    """Whether two edits touch the same text, or insert at the same place."""
    return one[:2] == other[:2] or (one[0] < other[1] and other[0] < one[1])
