"""Text that Python can parse, made of text in which somebody is typing.

As little as possible is left out: the argument at the cursor gets a name, open brackets are closed, and lines that
still do not parse become `pass`. Lines keep their numbers.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nemo_run_lint.sources.python import LINE_END

#: The name of the argument at the cursor.
CURSOR = "nemo_run_lint_cursor"

#: So many lines are left out at most, until the text is given up.
_MOST_LINES = 12

#: What moves from one state of the text to another; a string without an end ends with its line, or with the text.
_PIECE = re.compile(
    r"""(?s:'''(?:[^\\]|\\.)*?(?:'''|\Z)|\"\"\"(?:[^\\]|\\.)*?(?:\"\"\"|\Z))|'(?:[^'\\\n]|\\.)*(?:'|$)"""
    r"""|"(?:[^"\\\n]|\\.)*(?:"|$)|\#.*|[\[({]|[\])}]|,|^(?:def|class|import|from|with|async|@)(?=[ \w])""",
    re.MULTILINE,
)
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_WORD_BEFORE, _WORD_AFTER = re.compile(r"\w*\Z"), re.compile(r"\w*")
_IS_NAMED = re.compile(r"\s*=(?!=)")
_WITHOUT_VALUE = re.compile(r"(?<=\w)\s*=(?=\s*[,)])")
_BLOCK = re.compile(r"on line (\d+)")
_ONLY_CLOSING = re.compile(r"[\s\])},]*(?:#.*)?")


@dataclass(frozen=True)
class _Opened:
    """A bracket that is open: where it is, how many commas follow it, and where the last of these ends."""

    place: int
    sign: str
    commas: int
    last: int


@dataclass(frozen=True)
class Argument:
    """The place of a keyword argument that is being typed: from where to where its name reaches so far.

    opened    the brackets that are open there, as their signs
    outer     where the first of them is
    is_named  whether a `=` follows
    """

    begin: int
    end: int
    opened: str
    outer: int
    is_named: bool


def argument_at(text: str, offset: int) -> Argument | None:
    """The keyword argument that somebody is typing at `offset`, in any call; not its first argument."""
    opened = _opened(text, offset)
    if not opened or opened[-1].sign != "(" or not opened[-1].commas:
        return None
    begin = offset - len(_word(_WORD_BEFORE, text[:offset]))
    between = "\n".join(line.partition("#")[0] for line in text[opened[-1].last : begin].split("\n"))
    if between.strip() or text[begin : begin + 1].isdigit():
        return None
    end = offset + len(_word(_WORD_AFTER, text[offset:]))
    signs = "".join(each.sign for each in opened)
    return Argument(begin, end, signs, opened[0].place, _IS_NAMED.match(text, end) is not None)


def with_cursor(text: str, argument: Argument) -> Iterator[ast.Module]:
    """Trees of the text in which the argument is called CURSOR, the truest first."""
    before, after = text[: argument.begin], text[argument.end :]
    name = CURSOR if argument.is_named else f"{CURSOR}=0"
    closing = "".join(_CLOSING[sign] for sign in reversed(argument.opened))
    rest = _after_statement(text[: argument.outer], after)
    whole, closed = before + name + after, f"{before}{CURSOR}=0{closing}\n"
    candidates = (whole, f"{before}{name},{after}", closed + rest)
    for candidate in (*candidates, *map(_valued, candidates)):
        tree = _tried(candidate)
        if isinstance(tree, ast.Module):
            yield tree
    for candidate in (whole, closed + rest, closed):
        tree = mended(candidate)
        if tree is not None:
            yield tree


def closed_at(text: str, offset: int) -> Iterator[ast.Module]:
    """Trees of a text that does not parse, in which the statement ends with the word at `offset`, brackets closed."""
    opened = _opened(text, offset)
    end = offset + len(_word(_WORD_AFTER, text[offset:]))
    if not opened:
        return
    value = "=0" if _IS_NAMED.match(text, end) else ""
    closing = "".join(_CLOSING[each.sign] for each in reversed(opened))
    rest = _after_statement(text[: opened[0].place], text[end:])
    closed = f"{text[:end]}{value}{closing}\n"
    for candidate in (closed + rest, closed):
        tree = mended(candidate, end)
        if tree is not None:
            yield tree


def mended(text: str, kept: int | None = None) -> ast.Module | None:
    """The tree of a text without the lines that do not parse, which become `pass`; None if that does not help.

    kept    an offset in the line that has to stay
    """
    lines = LINE_END.split(text)
    kept_line = len(LINE_END.findall(text, 0, kept)) + 1 if kept is not None else 0
    left_out: set[int] = set()
    for _ in range(_MOST_LINES):
        found = _tried("\n".join(lines))
        if isinstance(found, ast.Module) or found is None:
            return found
        header = _BLOCK.search(found.msg or "") if isinstance(found, IndentationError) else None
        number = int(header[1]) if header else found.lineno or 0
        if not 0 < number <= len(lines) or CURSOR in lines[number - 1] or number == kept_line:
            return None
        lines[number - 1] = "" if number in left_out else _left_out(lines, number)
        left_out.add(number)
    return None


def _left_out(lines: Sequence[str], number: int) -> str:
    """What stands in the place of a line, so that a block below it stays one."""
    content = lines[number - 1]
    following = next((line for line in lines[number:] if line.strip()), "")
    is_header = _depth(following) > _depth(content)
    return f"{content[: _depth(content)]}{'if 1:' if is_header else 'pass'}"


def _valued(text: str) -> str:
    """The text where arguments whose value is not written yet have one."""
    return _WITHOUT_VALUE.sub("= 0", text)


def _tried(text: str) -> ast.Module | SyntaxError | None:
    """The tree, or the first thing that is wrong; None for what cannot be mended."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except SyntaxError as error:
        return error
    except (ValueError, RecursionError, MemoryError):
        return None


def _opened(text: str, offset: int) -> list[_Opened]:
    """The brackets that are open at `offset`; none inside of a string or a comment.

    Nothing is open any more where a line begins with what only begins a statement.
    """
    opened: list[_Opened] = []
    for piece in _PIECE.finditer(text):
        sign = piece[0]
        if piece.start() >= offset:
            break
        if sign in _CLOSING:
            opened.append(_Opened(piece.start(), sign, 0, piece.end()))
        elif sign in ("]", ")", "}"):
            opened = opened[:-1]
        elif sign == ",":
            if opened:
                last = opened[-1]
                opened[-1] = _Opened(last.place, last.sign, last.commas + 1, piece.end())
        elif sign[0] in "'\"#":
            is_over = piece.end() < offset or (piece.end() == offset and sign[0] != "#" and _is_closed(sign))
            if not is_over:
                return []
        else:
            opened = []
    return opened


def _is_closed(string: str) -> bool:
    quote = string[:3] if string[:3] in ("'''", '"""') else string[0]
    return len(string) >= 2 * len(quote) and string.endswith(quote)


def _after_statement(before: str, after: str) -> str:
    """What follows a statement that begins in the last line of `before`: neither deeper, nor closing brackets."""
    first = LINE_END.split(before)[-1]
    lines = LINE_END.split(after)[1:]
    for place, line in enumerate(lines):
        if line.strip() and _depth(line) <= _depth(first) and not _ONLY_CLOSING.fullmatch(line):
            return "\n" * place + "\n".join(lines[place:])
    return ""


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())


def _word(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text) if pattern is _WORD_BEFORE else pattern.match(text)
    return found[0] if found else ""
