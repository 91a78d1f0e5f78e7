"""Examples in the docstrings of a module: each as a text of its own, at its own lines, as `documents` does for pages.

An example sees what its module imports, and the imports of the examples before it in the same docstring. A docstring
with a backslash is passed over, unless it is raw: its characters are not where they seem to be.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence

from nemo_run_lint.sources import restructured
from nemo_run_lint.sources.code_block import CodeBlock, Line, line_at, python_of
from nemo_run_lint.sources.documents import Part
from nemo_run_lint.sources.python import LINE_END, parsed

_QUOTE = re.compile(r"[rRuU]?(\"\"\"|'''|\"|')")
_FENCE = re.compile(r"(?P<indent>\s*)(?P<mark>`{3,}|~{3,})\s*\{?\s*\.?(?P<language>[\w-]*)")

#: What announces an indented block: `Example::`, but no directive.
_ANNOUNCED = re.compile(r"(?!\s*\.\.\s).*::\s*$")

_WITH_DOCSTRING = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def docstring_parts(text: str) -> Iterator[Part]:
    """The examples in the docstrings of a module; none if it does not parse."""
    tree = parsed(text)
    if not isinstance(tree, ast.Module):
        return
    source = LINE_END.split(text)
    line_end = LINE_END.search(text)
    newline = line_end[0] if line_end is not None else "\n"
    imports = [ast.unparse(each) for each in tree.body if isinstance(each, (ast.Import, ast.ImportFrom))]
    seen = [each for each in imports if not each.startswith("from __future__")]
    for node in ast.walk(tree):
        if isinstance(node, _WITH_DOCSTRING) and (lines := _docstring(node, source)):
            yield from _parts(lines, seen, newline)


def _docstring(node: ast.AST, source: Sequence[str]) -> list[Line]:
    """The lines of the docstring of a definition, without their indentation; none where they cannot be told."""
    body = getattr(node, "body", [])
    first = body[0].value if body and isinstance(body[0], ast.Expr) else None
    if not isinstance(first, ast.Constant) or not isinstance(first.value, str) or first.end_lineno is None:
        return []
    begin, end = first.lineno - 1, first.end_lineno
    column = len(source[begin].encode()[: first.col_offset].decode())
    last = len(source[end - 1].encode()[: first.end_col_offset].decode())
    quote = _QUOTE.match(source[begin], column)
    if quote is None or source[end - 1][last - len(quote[1]) : last] != quote[1]:
        return []
    whole = list(source[begin:end])
    whole[-1] = whole[-1][: last - len(quote[1])]
    is_raw = quote[0][0] in "rR"
    if (not is_raw and any("\\" in line for line in whole)) or "".join(whole).count(quote[1]) > 1:
        return []  # an escape, or several strings side by side
    widths = [len(line) - len(line.lstrip()) for line in whole[1:] if line.strip()]
    indents = [quote.end(), *([min(widths)] * (len(whole) - 1) if widths else [0] * (len(whole) - 1))]
    shown = zip(range(begin + 1, end + 1), whole, indents, strict=True)
    return [line_at(number, line, line[indent:]) for number, line, indent in shown]


def _parts(lines: Sequence[Line], imports: Sequence[str], newline: str) -> Iterator[Part]:
    own: list[str] = []
    for block in sorted(_blocks(lines), key=lambda block: block.lines[0].number):
        code = {line.number: line.text for line in block.lines}
        tree = parsed(_laid_out(code))
        if isinstance(tree, ast.Module):
            before = {min(code) - 1: "; ".join([*imports, *own])} if min(code) > 1 else {}
            yield Part(_laid_out({**before, **code}), block, newline)
            own += [ast.unparse(each) for each in tree.body if isinstance(each, (ast.Import, ast.ImportFrom))]


def _blocks(lines: Sequence[Line]) -> Iterator[CodeBlock]:
    """What is Python in a docstring: sessions, directives, fences, and what is indented behind `::` and parses."""
    text = "\n".join(line.text for line in lines)
    fenced = list(_fenced(lines))
    taken = {line.number for block in fenced for line in block.lines}
    yield from fenced
    for block in restructured.code_blocks(text):
        placed = _placed(block, lines)
        if taken.isdisjoint(line.number for line in placed.lines):
            taken |= {line.number for line in placed.lines}
            yield placed
    for block in _indented(lines):
        if taken.isdisjoint(line.number for line in block.lines):
            yield block


def _placed(block: CodeBlock, lines: Sequence[Line]) -> CodeBlock:
    """A block of the docstring as one of the module."""
    around = [lines[each.number - 1] for each in block.lines]
    found = [
        Line(at.number, each.text, each.before, each.shift).within(at)
        for each, at in zip(block.lines, around, strict=True)
    ]
    return CodeBlock(tuple(found), block.is_session)


def _fenced(lines: Sequence[Line]) -> Iterator[CodeBlock]:
    place = 0
    while place < len(lines):
        fence = _FENCE.match(lines[place].text)
        place += 1
        if fence is None:
            continue
        begin = place
        while place < len(lines) and not lines[place].text.strip().startswith(fence["mark"]):
            place += 1
        inside = [_without(each, len(fence["indent"])) for each in lines[begin:place]]
        yield from python_of(fence["language"].lower(), CodeBlock(tuple(inside))) if inside else ()
        place += 1


def _indented(lines: Sequence[Line]) -> Iterator[CodeBlock]:
    """What stands indented behind a line that ends in `::`, where it is Python."""
    for place, line in enumerate(lines):
        if not _ANNOUNCED.fullmatch(line.text):
            continue
        width = len(line.text) - len(line.text.lstrip())
        end = place + 1
        while end < len(lines) and (not lines[end].text.strip() or _width(lines[end]) > width):
            end += 1
        inside = [each for each in lines[place + 1 : end] if each.text.strip()]
        if inside:
            least = min(map(_width, inside))
            code = CodeBlock(tuple(_without(each, least) for each in lines[place + 1 : end]))
            yield from python_of("python", code)


def _width(line: Line) -> int:
    return len(line.text) - len(line.text.lstrip())


def _without(line: Line, indent: int) -> Line:
    """A line without so much of its indentation."""
    cut = min(indent, _width(line))
    return line_at(line.number, line.text, line.text[cut:]).within(line)


def _laid_out(lines: Mapping[int, str]) -> str:
    """A text with these lines at their numbers."""
    return "".join(f"{lines.get(number, '')}\n" for number in range(1, max(lines, default=0) + 1))
