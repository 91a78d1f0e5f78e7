"""What is done to texts: lines and tokens deleted, doubled, swapped or taken from others; odd characters, other layout.

After most mutations the text still parses: one that breaks it is kept now and then only, since a text that does not
parse shows little of the linter.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from hypothesis import strategies as st

from nemo_run_lint.sources.python import parses

#: A text's pieces, broken text included: strings, comments, words, blanks, line ends, all else by the character.
_TOKEN = re.compile(
    r'"""(?:[^\\]|\\.)*?"""|\'\'\'(?:[^\\]|\\.)*?\'\'\'|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|#[^\r\n]*|\w+|[ \t]+|\r\n|.',
    re.DOTALL,
)
_WORD = re.compile(r"[^\W\d]\w*")
_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+\Z")

#: What is put where it need not belong.
ODDITIES = (
    *(
        "\t",
        "\f",
        "\r",
        "\\\n",
        "\0",
        "\ufeff",
        "\u2028",
        "\x85",
        "\ud800",
        "é",
        "😀",
        "ﬁ",
        "\u0345",
        "\x1a",
        "\v",
        ";",
        ",",
    ),
    *(
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "*",
        "**",
        ":",
        "=",
        ":=",
        "->",
        "@",
        ".",
        "...",
        "'",
        '"',
        '"""',
        "#",
        "\\",
        "`",
        "!",
    ),
    *(
        "lambda: 0",
        "await ",
        "yield ",
        "not ",
        "async ",
        "None",
        "*a",
        "**b",
        "print",
        "# noqa",
        "f'{x!r:>{y}}'",
        "0x",
        "1e999",
    ),
    *(
        ">>> ",
        "```",
        "%%time",
        "%cd",
        "!ls",
        "?",
        "x = !ls",
        "<!-- nemo-run-lint: ignore[ALL] -->",
        ".. code::",
        "import nemo_run\n",
    ),
    *(
        "# nemo-run-lint: ignore[ALL] -- x",
        "# nemo-run-lint: disable[NRL4]",
        "# nemo-run-lint: enable[NRL4]",
        "# type: ignore",
    ),
)

#: What a statement is put into.
_AROUND = (
    "if x:",
    "try:",
    "with x as y:",
    "while True:",
    "for x in y:",
    "def f():",
    "async def f():",
    "class C:",
    "else:",
)

Draw = st.DrawFn
Parts = list[str]


def lines(text: str) -> Parts:
    """The lines of `text`, each with its end."""
    return _LINE.findall(text)


def tokens(text: str) -> Parts:
    """The pieces of `text`."""
    return _TOKEN.findall(text)


def _of_parts(split: Callable[[str], Parts], change: Callable[[Draw, Parts], None]) -> Callable[[Draw, str, str], str]:
    def mutated(draw: Draw, text: str, other: str) -> str:
        parts = split(text)
        if parts:
            change(draw, parts)
        return "".join(parts)

    return mutated


def _place(draw: Draw, parts: Sequence[str]) -> int:
    return draw(st.integers(0, len(parts) - 1))


def _delete(draw: Draw, parts: Parts) -> None:
    first = _place(draw, parts)
    del parts[first : first + draw(st.sampled_from([1, 1, 1, 2, 5]))]


def _double(draw: Draw, parts: Parts) -> None:
    place = _place(draw, parts)
    parts[place:place] = [parts[place]] * draw(st.sampled_from([1, 1, 1, 2, 40]))


def _swap(draw: Draw, parts: Parts) -> None:
    one, other = _place(draw, parts), _place(draw, parts)
    parts[one], parts[other] = parts[other], parts[one]


def _insert_oddity(draw: Draw, parts: Parts) -> None:
    parts.insert(_place(draw, parts), draw(st.sampled_from(ODDITIES)))


def _replace_with_oddity(draw: Draw, parts: Parts) -> None:
    parts[_place(draw, parts)] = draw(st.sampled_from(ODDITIES))


def _rename(draw: Draw, parts: Parts) -> None:
    """One name becomes another of the text, once or everywhere."""
    names = [place for place, part in enumerate(parts) if _WORD.fullmatch(part)]
    if names:
        old, new = parts[draw(st.sampled_from(names))], parts[draw(st.sampled_from(names))]
        only = draw(st.sampled_from([None, *names])) if draw(st.booleans()) else None
        for place in names:
            if parts[place] == old and only in (None, place):
                parts[place] = new


def _indent(draw: Draw, parts: Parts) -> None:
    """A stretch of lines goes below a header, or gets more or less of an indentation."""
    first = _place(draw, parts)
    last = min(first + draw(st.sampled_from([1, 1, 3, 10])), len(parts))
    header = draw(st.sampled_from([*_AROUND, ""]))
    before = re.match(r"[ \t\f]*", parts[first])
    indent = before[0] if before else ""
    more = draw(st.sampled_from(["    ", "\t", " ", "  \f", "        \t"]))
    parts[first:last] = [*([f"{indent}{header}\n"] if header else []), *(more + line for line in parts[first:last])]


def _indent_all(draw: Draw, parts: Parts) -> None:
    """All of the text goes below a header, but for its imports at the beginning."""
    first = draw(st.sampled_from([place for place, line in enumerate(parts) if "import" not in line] or [0]))
    header = draw(st.sampled_from(_AROUND))
    closing = {"try:": ["finally:\n", "    pass\n"]}.get(header, [])
    parts[first:] = [f"{header}\n", *(f"    {line}" if line.strip() else line for line in parts[first:]), *closing]


def _join(draw: Draw, parts: Parts) -> None:
    """A line end becomes a semicolon, a backslash or nothing."""
    place = _place(draw, parts)
    parts[place] = parts[place].rstrip("\r\n") + draw(st.sampled_from(["; ", " \\\n", "", "  # ", "\f\n", " "]))


def _insert_from(other_split: Callable[[str], Parts]) -> Callable[[Draw, str, str], str]:
    def mutated(draw: Draw, text: str, other: str) -> str:
        parts, others = other_split(text), other_split(other)
        if parts and others:
            first = _place(draw, others)
            taken = others[first : first + draw(st.sampled_from([1, 1, 3, 8]))]
            place = _place(draw, parts)
            parts[place : place + draw(st.integers(0, 1))] = taken
        return "".join(parts)

    return mutated


MUTATIONS: Mapping[str, Callable[[Draw, str, str], str]] = {
    "delete a line": _of_parts(lines, _delete),
    "delete a token": _of_parts(tokens, _delete),
    "double a line": _of_parts(lines, _double),
    "double a token": _of_parts(tokens, _double),
    "swap lines": _of_parts(lines, _swap),
    "swap tokens": _of_parts(tokens, _swap),
    "insert an oddity": _of_parts(tokens, _insert_oddity),
    "an oddity for a token": _of_parts(tokens, _replace_with_oddity),
    "rename": _of_parts(tokens, _rename),
    "indent": _of_parts(lines, _indent),
    "indent all": _of_parts(lines, _indent_all),
    "join lines": _of_parts(lines, _join),
    "lines of another": _insert_from(lines),
    "tokens of another": _insert_from(tokens),
}


@st.composite
def mutated(draw: Draw, texts: st.SearchStrategy[str], is_sound: Callable[[str], bool] = parses) -> str:
    """One of `texts` after up to five mutations; one that makes it unsound is mostly taken back."""
    text = draw(texts)
    for _ in range(draw(st.integers(0, 5))):
        mutation = MUTATIONS[draw(st.sampled_from(list(MUTATIONS)))]
        after = mutation(draw, text, draw(texts) if draw(st.booleans()) else text)
        if len(after) < 60_000 and (is_sound(after) or not is_sound(text) or draw(st.integers(0, 11)) == 11):
            text = after
    return text


@st.composite
def encoded(draw: Draw, texts: st.SearchStrategy[str]) -> bytes:
    """A text as the bytes of a file: its line ends, byte order mark, encoding and last line end as they may be."""
    text = draw(texts)
    end = draw(st.sampled_from(["\n", "\n", "\n", "\r\n", "\r"]))
    text = text if end == "\n" else re.sub(r"\r\n?|\n", end, text)
    if draw(st.integers(0, 3)) == 3:
        text = text.rstrip("\r\n")
    if draw(st.integers(0, 3)) == 3:
        text = text.replace("    ", "\t")
    encoding = draw(
        st.sampled_from(["utf-8"] * 20 + ["utf-8-sig", "utf-8-sig", "latin-1", "shift_jis", "utf-7", "utf-16"])
    )
    if encoding in ("utf-8", "utf-8-sig"):
        return text.encode(encoding, "surrogatepass")
    return f"# -*- coding: {encoding} -*-{end}{text}".encode(encoding, "replace")
