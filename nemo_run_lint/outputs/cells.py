"""Text as the cells of a terminal, so that carets stand under what they mean.

A tab reaches the next fourth cell, a wide character fills two, a combining one none. What could act on the terminal,
or hide text from its reader (ESC, bidirectional controls), is spelt out: nothing of a linted file is sent as it is.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

TAB = 4

#: Invisible but harmless, and part of emoji and of some scripts: zero-width joiner and non-joiner.
_JOINERS = "\u200c\u200d"


def escaped(text: str) -> str:
    """`text` on one line, with every character that is not plainly visible spelt out, a newline too."""
    return "".join(_spelt(character) or character for character in text)


def _spelt(character: str) -> str:
    """How an unprintable character is written, as in a Python string; empty for one that can be shown."""
    if character.isprintable() or character in _JOINERS:
        return ""
    if unicodedata.category(character) in {"Zs", "Cn", "Co"} and not _is_noncharacter(character):
        return ""
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")


def _is_noncharacter(character: str) -> bool:
    """Whether no character will ever be there; XML forbids some of them."""
    return ord(character) & 0xFFFE == 0xFFFE or "\ufdd0" <= character <= "\ufdef"


def _width(character: str) -> int:
    if character in _JOINERS or unicodedata.category(character) in {"Mn", "Me"} or "\u1160" <= character <= "\u11ff":
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


@dataclass(frozen=True)
class Cells:
    """One line of source, laid out.

    cells   what each cell of the terminal shows; a wide character leaves the second of its two empty
    starts  the cell where each character begins, and behind the last one the end of the line
    """

    cells: tuple[str, ...]
    starts: tuple[int, ...]

    def at(self, column: int) -> int:
        """The cell of a column counted from 1; behind the line for a column that is behind it."""
        return self.starts[min(column - 1, len(self.starts) - 1)]

    def crop(self, start: int, width: int) -> str:
        """The `width` cells from cell `start` on, with `…` where something is left out."""
        shown = list(self.cells[start : start + width])
        if start and self.cells:
            shown[:1] = "…"
            if len(shown) > 1 and shown[1] == "":  # the second half of a wide character that begins outside
                shown[1] = " "
        if start + width < len(self.cells):
            if shown[-1] == "":
                shown[-2] = " "
            shown[-1] = "…"
        return "".join(shown).rstrip()


def laid_out(line: str) -> Cells:
    """The cells of a line without its newline."""
    cells: list[str] = []
    starts: list[int] = []
    for character in line:
        if character.isascii() and character.isprintable():
            starts.append(len(cells))
            cells.append(character)
            continue
        width = 1 if character.isascii() else _width(character)
        starts.append(len(cells) if width or not cells else len(cells) - 1)
        if character == "\t":
            cells += " " * (TAB - len(cells) % TAB)
        elif spelt := _spelt(character):
            cells += spelt
        elif width == 0 and cells:
            place = -1 if cells[-1] else -2
            cells[place] += character
        else:
            cells += [character, ""][: max(width, 1)]
    return Cells(tuple(cells), (*starts, len(cells)))
