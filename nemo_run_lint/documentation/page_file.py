"""A page as a file: the generated part stands between two comments, and what is outside of them is somebody's own."""

from __future__ import annotations

import re

BEGIN = "<!-- nemo-run-lint: docs begin -->"
END = "<!-- nemo-run-lint: docs end -->"

_BEGIN = re.compile(rb"^[ \t]*%s[ \t]*\r?\n" % re.escape(BEGIN.encode()), re.MULTILINE)
_END = re.compile(rb"^[ \t]*%s[ \t]*\r?$" % re.escape(END.encode()), re.MULTILINE)


class PageError(Exception):
    """A page that must be left as it is. The message is a sentence about it that follows its path."""


def new_page(title: str, generated: str) -> bytes:
    """A page that was not there before, with a heading of its own."""
    return _encoded(f"# {title}\n\n{BEGIN}\n{generated}{END}\n")


def renewed(page: bytes, generated: str) -> bytes:
    """A page with another generated part, in its own line ends; the rest stays byte for byte.

    Raises PageError if it has no place for that.
    """
    begins, ends = list(_BEGIN.finditer(page)), list(_END.finditer(page))
    if not begins and not ends:
        raise PageError(f"is written by hand, and is left as it is; the lines `{BEGIN}` and `{END}` would make a place")
    if len(begins) != 1 or len(ends) != 1 or ends[0].start() < begins[0].end():
        raise PageError(f"must have one line `{BEGIN}` and, below it, one line `{END}`; it is left as it is")
    told = _encoded(generated)
    if begins[0][0].endswith(b"\r\n"):
        told = told.replace(b"\n", b"\r\n")
    return page[: begins[0].end()] + told + page[ends[0].start() :]


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace")
