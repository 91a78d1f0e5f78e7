"""A picture of a terminal, as SVG, from text with ANSI colours: the README's picture is made of real output by it.

    nemo-run-lint check --color always x.py | python .ci/picture.py picture.svg --title 'nemo-run-lint check x.py'

The text stays text, to be selected and searched. Every run of characters is pinned to its columns, so the picture looks
the same whichever monospaced font the reader has.
"""

from __future__ import annotations

import argparse
import re
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

CELL, LINE, SIZE = 8.4, 20, 14  # of one character, of one line, of the font; in pixels
PADDING, BAR = 18, 38

FONT = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace"
BACKGROUND, FRAME, BAR_COLOR, TEXT, TITLE = "#1b1f27", "#343b48", "#272c36", "#d5d9e2", "#98a1b2"
BUTTONS = ("#ec6a5e", "#f4bf4f", "#61c554")
COLORS = {"31": "#ff7b72", "32": "#7ee787", "33": "#f2c14e", "34": "#6ea8fe", "35": "#d2a8ff", "36": "#5fd3de"}


def runs(line: str) -> Iterator[tuple[str, str]]:
    """The stretches of one style: the codes of SGR, such as `1;31`, and the text."""
    codes = ""
    for piece in re.split(r"(\x1b\[[\d;]*m)", line):
        if piece.startswith("\x1b["):
            codes = "" if piece in ("\x1b[m", "\x1b[0m") else piece[2:-1]
        elif piece:
            yield codes, piece


def attributes(codes: str) -> str:
    """The attributes of an SVG text in that style."""
    numbers = codes.split(";")
    fill = next((f' fill="{COLORS[number]}"' for number in numbers if number in COLORS), "")
    weight = ' font-weight="700"' if "1" in numbers else ""
    faint = ' opacity="0.6"' if "2" in numbers else ""
    return fill + weight + faint


def width(text: str) -> int:
    """How many columns of a terminal `text` takes up."""
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return len(text) + wide - sum(unicodedata.category(character) in {"Mn", "Me"} for character in text)


def text_line(line: str, y: float) -> str:
    """One line of the terminal; the newline inside keeps lines apart when they are copied."""
    spans, column = [], 0
    for codes, run in runs(line):
        for piece in filter(None, re.split(r"([^\x00-\x7f]+)", run)):
            place = f'x="{PADDING + column * CELL:.1f}" textLength="{width(piece) * CELL:.1f}"'
            spans.append(f"<tspan {place}{attributes(codes)}>{escape(piece)}</tspan>")
            column += width(piece)
    return f'<text y="{y:g}" xml:space="preserve">{"".join(spans)}\n</text>' if spans else ""


def picture(text: str, title: str) -> str:
    """The whole SVG."""
    lines = text.rstrip("\n").split("\n")
    columns = max([60, len(title) + 16, *(sum(width(piece) for _, piece in runs(line)) for line in lines)])
    across, down = columns * CELL + 2 * PADDING, BAR + len(lines) * LINE + 2 * PADDING - 4
    top = f"M.5 {BAR}V10a9.5 9.5 0 0 1 9.5-9.5h{across - 20:g}a9.5 9.5 0 0 1 9.5 9.5V{BAR}z"
    buttons = (f'<circle cx="{22 + 20 * n}" cy="{BAR / 2:g}" r="6" fill="{color}"/>' for n, color in enumerate(BUTTONS))
    body = (text_line(line, BAR + PADDING + LINE * n + SIZE - 2) for n, line in enumerate(lines))
    label = escape(title, {'"': "&quot;"})
    size = f'width="{across:g}" height="{down:g}" viewBox="0 0 {across:g} {down:g}"'
    inner = f'width="{across - 1:g}" height="{down - 1:g}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label="{label}">',
        f'<rect x=".5" y=".5" {inner} rx="9.5" fill="{BACKGROUND}" stroke="{FRAME}"/>',
        f'<path d="{top}" fill="{BAR_COLOR}"/>',
        *buttons,
        f'<g font-family="{FONT}" font-size="{SIZE}" fill="{TEXT}">',
        f'<text x="{across / 2:g}" y="{BAR / 2 + 5:g}" text-anchor="middle" fill="{TITLE}">{escape(title)}</text>',
        *filter(None, body),
        "</g>",
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def main() -> None:
    """Read coloured text on stdin, write the picture."""
    parser = argparse.ArgumentParser(description="Make an SVG picture of a terminal from ANSI-coloured text on stdin.")
    parser.add_argument("svg", type=Path)
    parser.add_argument("--title", default="", help="what stands on the window: the command")
    arguments = parser.parse_args()
    text = sys.stdin.buffer.read().decode("utf-8")
    arguments.svg.write_text(picture(text, arguments.title), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
