"""What IPython understands and Python does not (magics, shell lines, questions), blanked at equal length.

`%time`, `!ls`, `train?` and `files = !ls` become blanks, `pass` or a name of the same length; a cell under `%%bash` is
none of Python's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from nemo_run_lint.sources.python import parses

#: Cell magics whose cell is Python all the same.
_OF_PYTHON = frozenset("capture debug ipytest prun time timeit".split())

_CELL_MAGIC = re.compile(r"\s*%%(\w+)")
_LINE_MAGIC = re.compile(r"[ \t]*(?:[%!?]|[\w.*]+(?:\(\))?\?{1,2}[ \t]*$|/\w|[,;]\w+[ \t])")
_ASSIGNED = re.compile(r"(?P<target>[ \t]*[\w.,\[\]\"' \t]+?=[ \t]*)(?P<magic>[%!].*)")

#: What moves from one state of the text to another: strings, comments, brackets.
_PIECE = re.compile(r'"""|\'\'\'|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|#.*|[\[({]|[\])}]')


def blanked(cell: str) -> str | None:
    """The Python of a cell, every character in its place; None if it is in another language."""
    if parses(cell):
        return cell
    magic = _CELL_MAGIC.match(cell)
    if magic is None:
        return _lines_blanked(cell)
    if magic[1] not in _OF_PYTHON:
        return None
    begin = cell.index("%%")
    end = cell.find("\n", begin)
    end = len(cell) if end < 0 else end
    rest = cell[:begin] + " " * (end - begin) + cell[end:]
    return rest if parses(rest) else _lines_blanked(rest)


def _lines_blanked(cell: str) -> str:
    lines = cell.split("\n")
    found: list[str] = []
    quote, depth, continued = "", 0, False
    place = 0
    while place < len(lines):
        line = lines[place]
        if not quote and not depth and not continued and (magic := _without_magic(line, found)) is not None:
            found.append(magic)
            while lines[place].endswith("\\") and place + 1 < len(lines):  # a shell command that goes on
                place += 1
                found.append(" " * len(lines[place]))
        else:
            found.append(line)
            quote, depth = _after(line, quote, depth)
            continued = line.endswith("\\") and not quote
        place += 1
    return "\n".join(found)


def _without_magic(line: str, before: Sequence[str]) -> str | None:
    """The line without its magic, at equal length; None if there is none. A suite gets something to hold."""
    if _LINE_MAGIC.match(line):
        indent = line[: len(line) - len(line.lstrip())]
        above = next((each.partition("#")[0].rstrip() for each in reversed(before) if each.strip()), "")
        fillers = ("pass", "0") if indent and above.endswith(":") else ("",)
        return next((indent + each).ljust(len(line)) for each in fillers if len(indent + each) <= len(line))
    assigned = _ASSIGNED.fullmatch(line)
    if assigned is None or "==" in assigned["target"]:
        return None
    return (assigned["target"] + "_").ljust(len(line))


def _after(line: str, quote: str, depth: int) -> tuple[str, int]:
    """The open triple quote and the depth of brackets after a line."""
    place = 0
    while place < len(line):
        if quote:
            end = _closing(line, quote, place)
            if end is None:
                return quote, depth
            quote, place = "", end
            continue
        piece = _PIECE.search(line, place)
        if piece is None:
            break
        if piece[0] in ('"""', "'''"):
            quote = piece[0]
        elif piece[0] in "[({":
            depth += 1
        elif piece[0] in "])}":
            depth = max(depth - 1, 0)
        place = piece.end()
    return quote, depth


def _closing(line: str, quote: str, start: int) -> int | None:
    """Where a triple quote ends in a line, past its last character."""
    place = start
    while (found := line.find(quote, place)) >= 0:
        backslashes = len(line[start:found]) - len(line[start:found].rstrip("\\"))
        if backslashes % 2 == 0:
            return found + len(quote)
        place = found + 1
    return None
