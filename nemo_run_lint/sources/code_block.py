"""A piece of Python inside another text: each of its lines knows where it stands there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

#: What a block of Python is called.
PYTHON = frozenset("python py python3 ipython ipython3 py3".split())

#: What a block of an interpreter's session is called.
SESSION = frozenset("pycon python-console doctest ipythonconsole".split())


@dataclass(frozen=True)
class Line:
    """A line of code.

    number  of the line around it, from 1
    text    the code, without a line end
    before  what stands before it there; None where the code stands there otherwise, as after a tab that is half of it
    shift   how many more characters stand before a character there than in the code
    """

    number: int
    text: str
    before: str | None
    shift: int

    def within(self, around: Line) -> Line:
        """The same, where the line around it is itself one of a text in another."""
        before = None if self.before is None or around.before is None else around.before + self.before
        return Line(self.number, self.text, before, self.shift + around.shift)


@dataclass(frozen=True)
class CodeBlock:
    """A block of Python, its lines in order; of a session, only what was typed."""

    lines: tuple[Line, ...]
    is_session: bool = False


#: What is taken from a block of code in a language: blocks of code to look into, or none.
Taken = Callable[[str, CodeBlock], Iterator[CodeBlock]]


def line_at(number: int, around: str, text: str) -> Line:
    """The line with this code at the end of the line `around` it."""
    shift = len(around) - len(text)
    return Line(number, text, around[:shift] if around.endswith(text) else None, shift)


def sessions(block: CodeBlock) -> Iterator[CodeBlock]:
    """What is typed after the prompts of a session, as one block; none if there is no prompt."""
    import doctest  # which brings a debugger and more

    source = "".join(f"{line.text}\n" for line in block.lines)
    try:
        examples = doctest.DocTestParser().get_examples(source)
    except ValueError:  # no blank behind a prompt, or an odd indentation
        return
    found: list[Line] = []
    for example in examples:
        for place, code in enumerate(example.source.rstrip("\n").split("\n")):
            line = block.lines[example.lineno + place]
            found.append(line_at(line.number, line.text, code).within(line))
    if found:
        yield CodeBlock(tuple(found), is_session=True)


def python_of(language: str, block: CodeBlock) -> Iterator[CodeBlock]:
    """The Python in a block of this language: all of it, or what is typed in a session."""
    if language in SESSION or (language in PYTHON and _is_session(block.lines)):
        yield from sessions(block)
    elif language in PYTHON and any(line.text.strip() for line in block.lines):
        yield block


def _is_session(lines: Iterable[Line]) -> bool:
    first = next((line.text for line in lines if line.text.strip()), "")
    return first.lstrip().startswith(">>> ")
