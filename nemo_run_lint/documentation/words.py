"""Words as Markdown: what comes from code is shown as code, and nothing in prose is taken for HTML."""

from __future__ import annotations

import re

_CODE = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)")

#: What would begin a heading, a list, a quotation, a rule, code or a table.
_BLOCK_START = re.compile(r"(?=#{1,6}(?:\s|$)|[-+*](?:\s|$)|>|[-=_*]{3,}|```|~~~|\|)|\d+(?=[.)](?:\s|$))")


def code(text: str, in_table: bool = False) -> str:
    """Text as a span of code, whatever is in it; nothing for nothing."""
    plain = printable(text)
    if not plain.strip():
        return ""
    ticks = "`" * (max(map(len, re.findall(r"`+", plain)), default=0) + 1)
    space = " " if plain.startswith("`") or plain.endswith("`") else ""
    return _in_table(f"{ticks}{space}{plain}{space}{ticks}", in_table)


def prose(text: str, in_table: bool = False) -> str:
    """Prose on one line; its spans of code stay, and nothing in it is HTML."""
    plain, told, end = printable(text), "", 0
    for span in _CODE.finditer(plain):
        told += _without_html(plain[end : span.start()]) + span[0]
        end = span.end()
    return _in_table(told + _without_html(plain[end:]), in_table)


def paragraph(text: str) -> str:
    """Prose that begins a line: it is not taken for a heading, a list, a quotation or the like."""
    told = prose(text)
    start = _BLOCK_START.match(told)
    return f"{told[: start.end()]}\\{told[start.end() :]}" if start is not None else told


def _without_html(text: str) -> str:
    return re.sub(r"&(?=#?\w+;)", "&amp;", text).replace("<", "&lt;")


def _in_table(text: str, in_table: bool) -> str:
    return text.replace("|", "\\|") if in_table else text


def printable(text: str) -> str:
    """Text on one line; what cannot be seen is written as Python would."""
    plain = " ".join(text.split())
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in plain)
