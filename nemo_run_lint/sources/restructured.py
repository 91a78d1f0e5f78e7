"""The Python blocks of reStructuredText: `.. code-block:: python`, `.. code:: python`, and sessions after prompts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from nemo_run_lint.sources.code_block import CodeBlock, Taken, line_at, python_of
from nemo_run_lint.sources.python import LINE_END

_DIRECTIVE = re.compile(
    r"(?P<indent>[ \t]*)\.\. (?:code|code-block|sourcecode|testcode|doctest|ipython)::[ \t]*(?P<language>[\w-]*)"
)
_OPTION = re.compile(r"[ \t]*:[\w-]+:")
_PROMPT = re.compile(r"[ \t]*>>> ")


def code_blocks(text: str, taken: Taken = python_of) -> Iterator[CodeBlock]:
    """The blocks of code in a reStructuredText, in order: of each what `taken` takes."""
    lines = LINE_END.split(text)
    place = 0
    while place < len(lines):
        directive = _DIRECTIVE.match(lines[place])
        if directive is not None:
            end = _end(lines, place + 1, _width(directive["indent"]))
            yield from _directive(directive, lines, place + 1, end, taken)
            place = end
        elif _PROMPT.match(lines[place]):
            end = next((each for each in range(place, len(lines)) if not lines[each].strip()), len(lines))
            yield from taken("pycon", _block(lines, place, end, 0))
            place = end
        else:
            place += 1


def _directive(
    directive: re.Match[str], lines: Sequence[str], begin: int, end: int, taken: Taken
) -> Iterator[CodeBlock]:
    language = directive["language"].lower() or "python"
    while begin < end and _OPTION.match(lines[begin]):
        begin += 1
    widths = [_width(line) for line in lines[begin:end] if line.strip()]
    if widths:
        yield from taken(language, _block(lines, begin, end, min(widths)))


def _end(lines: Sequence[str], begin: int, indent: int) -> int:
    """Where the text that is indented more than `indent` ends."""
    for place in range(begin, len(lines)):
        if lines[place].strip() and _width(lines[place]) <= indent:
            return place
    return len(lines)


def _width(line: str) -> int:
    return len(line) - len(line.lstrip())


def _block(lines: Sequence[str], begin: int, end: int, indent: int) -> CodeBlock:
    found = (line_at(place + 1, lines[place], lines[place][indent:]) for place in range(begin, end))
    return CodeBlock(tuple(found))
