"""The Python blocks of Markdown: `.md`, `.mdx`, `.qmd`, MyST; also in lists, quotes, admonitions and directives.

markdown-it-py finds them; it is an extra (`nemo-run-lint[markdown]`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nemo_run_lint.sources.code_block import CodeBlock, Line, Taken, line_at, python_of
from nemo_run_lint.sources.python import LINE_END

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token


#: `python`, `{python}`, `{code-cell} ipython3`, `{.python .numberLines}`, `python title="train.py"`.
_INFO = re.compile(r"\{?\s*\.?(?P<word>[\w.+-]+)\s*\}?\s*(?P<rest>[\w-]*)")

#: Directives of MyST that hold code; of others, what they hold is Markdown again.
_CODE_DIRECTIVES = frozenset("code code-block code-cell sourcecode".split())

#: What opens an admonition whose text is indented: mkdocs writes `!!! note`, and `??? note` for one that folds.
_ADMONITION = re.compile(r"\s*(?:!!!|\?\?\?\+?)\s")

#: Options of a directive, which stand before its code.
_OPTION = re.compile(r"\s*:[\w-]+:")

#: How deep text in text is looked into.
_DEEPEST = 8


class MissingMarkdownError(Exception):
    """markdown-it-py is not installed. The message says what to do."""


def code_blocks(text: str, taken: Taken = python_of) -> Iterator[CodeBlock]:
    """The blocks of code in a Markdown text, in order: of each what `taken` takes. Raises MissingMarkdownError."""
    lines = [Line(number, line, "", 0) for number, line in enumerate(LINE_END.split(text), 1)]
    yield from _Reader(_parser(), taken).blocks(lines, _DEEPEST)


def _parser() -> MarkdownIt:
    try:
        from markdown_it import MarkdownIt
    except ImportError:
        raise MissingMarkdownError("Markdown needs markdown-it-py: pip install 'nemo-run-lint[markdown]'") from None
    return MarkdownIt("commonmark").disable(["inline", "text_join"], ignoreInvalid=True)


@dataclass(frozen=True)
class _Reader:
    parser: MarkdownIt
    taken: Taken

    def blocks(self, lines: Sequence[Line], steps: int) -> Iterator[CodeBlock]:
        text = "\n".join(line.text for line in lines)
        for token in self.parser.parse(text):
            if token.map is None or not steps:
                continue
            if token.type == "fence":
                yield from self.fence(token, lines, steps)
            elif token.type == "code_block" and _is_admonition(lines, token.map[0]):
                yield from self.blocks(_inside(token, lines, token.map[0]), steps - 1)

    def fence(self, token: Token, lines: Sequence[Line], steps: int) -> Iterator[CodeBlock]:
        info = _INFO.match(token.info.strip())
        if info is None or token.map is None:
            return
        inside = _inside(token, lines, token.map[0] + 1)
        word, rest = info["word"].lower(), info["rest"].lower()
        is_directive = token.info.strip().startswith("{")
        if is_directive and word in _CODE_DIRECTIVES:
            yield from self.taken(rest or "python", _block(_without_options(inside)))
        elif is_directive and token.info.strip().endswith("}") and word.isalpha() and rest == "":
            found = list(self.taken(word, _block(inside)))
            yield from found or (self.blocks(inside, steps - 1) if word not in ("python", "py") else ())
        else:
            yield from self.taken(word, _block(inside))


def _inside(token: Token, lines: Sequence[Line], first: int) -> list[Line]:
    """The lines of a token's content, at their places."""
    found = []
    content = token.content.split("\n")
    for place, code in enumerate(content[:-1] if token.content.endswith("\n") else content):
        if first + place >= len(lines):
            break
        around = lines[first + place]
        found.append(line_at(around.number, around.text, code).within(around))
    return found


def _block(lines: Sequence[Line]) -> CodeBlock:
    return CodeBlock(tuple(lines))


def _without_options(lines: Sequence[Line]) -> Sequence[Line]:
    """The code of a directive, without the options before it: `:key: value`, or between two lines of `---`."""
    if lines and lines[0].text.rstrip() == "---":
        ends = (place for place, line in enumerate(lines[1:], 1) if line.text.rstrip() == "---")
        return lines[next(ends, 0) + 1 :]
    start = 0
    while start < len(lines) and (_OPTION.match(lines[start].text) or (start and not lines[start].text.strip())):
        start += 1
    return lines[start:]


def _is_admonition(lines: Sequence[Line], first: int) -> bool:
    """Whether indented text belongs to an admonition and is no code."""
    above = (line.text for line in reversed(lines[:first]) if line.text.strip())
    return _ADMONITION.match(next(above, "")) is not None
