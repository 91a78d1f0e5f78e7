"""The text of a file that fixes are applied to, and the way back to its bytes: of a module, a notebook, a page.

There is no way back for a text that would break the file, so that no fix can.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from nemo_run_lint.fixer import Change
from nemo_run_lint.sources.kinds import is_document, is_notebook, is_shell
from nemo_run_lint.sources.python import Decoded, UndecodableError, decode, parses


@dataclass(frozen=True)
class Fixable:
    """What can be fixed.

    text   as findings count lines and columns in it
    bytes  those of the file when these changes have made another text of this one; None if the file would be broken
    """

    text: str
    bytes: Callable[[str, Sequence[Change]], bytes | None]


def fixable(path: str, data: bytes) -> Fixable | None:
    """The text in `data`, which stands in the file `path`; None if what no change touches would not stay as it is."""
    if is_notebook(path):
        return _notebook(data)
    source = _decoded(path, data)
    if source is None or source.text.encode(source.encoding) != data:
        return None
    is_sound = _keeps_blocks(path, source.text) if is_document(path) else _as_it_is if is_shell(path) else parses

    def again(text: str, changes: Sequence[Change]) -> bytes | None:
        try:
            written = text.encode(source.encoding)
        except UnicodeError:
            return None
        is_same = _decoded(path, written) == Decoded(text, source.encoding)
        return written if is_same and is_sound(text) else None

    return Fixable(source.text, again)


def _as_it_is(text: str) -> bool:
    """A shell script is none the worse for a name in it."""
    return True


def _decoded(path: str, data: bytes) -> Decoded | None:
    try:
        return decode(data)
    except UndecodableError:
        if not is_document(path):
            return None
    try:  # a page that speaks of `coding:` on its first lines
        return Decoded(data.decode(), "utf-8")
    except UnicodeDecodeError:
        return None


def _keeps_blocks(path: str, before: str) -> Callable[[str], bool]:
    """Whether a page still has the blocks that it had, and those that parsed parse."""
    from nemo_run_lint.sources.documents import parts

    def blocks(page: str) -> list[bool]:
        return [part.error is None for part in parts(path, page)]

    known = blocks(before)
    return lambda after: blocks(after) == known


def _notebook(data: bytes) -> Fixable | None:
    from nemo_run_lint.sources.notebook import NotebookError, edited, read_notebook, rewritten

    try:
        notebook = read_notebook(data)
    except NotebookError:
        return None
    broken = [code.cell for code in notebook.broken]

    def again(text: str, changes: Sequence[Change]) -> bytes | None:
        try:
            written = rewritten(data, edited(notebook, changes))
            read = read_notebook(written)
        except (NotebookError, UnicodeError):
            return None
        # a change that reaches out of its cell is not made, and one that breaks a cell leaves it blank
        return written if read.text == text and [code.cell for code in read.broken] == broken else None

    return Fixable(notebook.text, again)
