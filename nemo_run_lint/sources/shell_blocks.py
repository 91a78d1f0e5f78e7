"""Where shell commands stand in files of other kinds: blocks of pages, `!` lines and `%%bash` cells of notebooks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from nemo_run_lint.sources.code_block import CodeBlock, Line, line_at
from nemo_run_lint.sources.notebook import Code, Notebook
from nemo_run_lint.sources.python import LINE_END

#: What a block of shell commands is called, and one of a terminal, where only what follows a prompt was typed.
_SHELL = frozenset("bash sh shell zsh".split())
_TERMINAL = frozenset("console shell-session sh-session shellsession bash-session terminal".split())

_PROMPT = re.compile(r"[ \t]*(?:\([\w.-]+\)[ \t]*)?[$%][ \t]+")
_SHELL_CELL = re.compile(r"\s*%%(?:bash|sh|script\s+(?:bash|sh))\b")
_SHELL_LINE = re.compile(r"[ \t]*!(?!!)")


def shell_of(language: str, block: CodeBlock) -> Iterator[CodeBlock]:
    """The shell commands in a block of this language: all of it, or what is typed in a terminal."""
    if language not in _SHELL | _TERMINAL:
        return
    if any(_PROMPT.match(line.text) for line in block.lines):
        typed = tuple(_typed(block.lines))
        if typed:
            yield CodeBlock(typed)
    elif language in _SHELL:
        yield block


def _typed(lines: Sequence[Line]) -> Iterator[Line]:
    """What follows the prompts, with the lines that go on from there."""
    goes_on = False
    for line in lines:
        prompt = _PROMPT.match(line.text)
        if prompt is not None:
            line = line_at(line.number, line.text, line.text[prompt.end() :]).within(line)
        elif not goes_on:
            continue
        yield line
        goes_on = line.text.endswith("\\")


def shell_in(notebook: Notebook) -> Iterator[CodeBlock]:
    """The shell commands of a notebook, each block at the lines of the notebook's text."""
    text = LINE_END.split(notebook.text)
    for code in notebook.code:
        lines = LINE_END.split(code.source)
        if _SHELL_CELL.match(code.source):
            first = next(place for place, line in enumerate(lines) if line.strip()) + 1
            yield CodeBlock(tuple(Line(code.first + place, lines[place], "", 0) for place in range(first, len(lines))))
        elif not code.is_blank:
            yield from _lines_in(code, lines, text)


def _lines_in(code: Code, lines: Sequence[str], text: Sequence[str]) -> Iterator[CodeBlock]:
    place = 0
    while place < len(lines):
        mark = _SHELL_LINE.match(lines[place])
        number = code.first + place
        if mark is None or text[number - 1].strip() not in ("", "pass", "0"):
            place += 1
            continue
        found = [line_at(number, lines[place], lines[place][mark.end() :])]
        while lines[place].endswith("\\") and place + 1 < len(lines):
            place += 1
            found.append(Line(code.first + place, lines[place], "", 0))
        yield CodeBlock(tuple(found))
        place += 1
