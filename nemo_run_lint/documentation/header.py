"""The docstring of an experiment's module: a title, prose, and the team's fields (Author, Parameters, ...).

Written by people, so read generously: fields with a colon, as headings, in bold, with lists or a line of text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

_FIELDS = {
    "author": "author",
    "authors": "author",
    "date": "date",
    "version": "version",
    "description": "description",
    "dependencies": "dependencies",
    "parameters": "parameters",
    "expected output": "outputs",
    "expected outputs": "outputs",
    "outputs": "outputs",
    "note": "notes",
    "notes": "notes",
}

_FIELD = re.compile(
    rf"(?:#+[ \t]*|[:@])?\**(?P<name>{'|'.join(name.replace(' ', '[ _-]+') for name in sorted(_FIELDS, reverse=True))})"
    r"\**[ \t]*(?:\**:\**[ \t]*(?P<rest>.*)|$)",
    re.IGNORECASE,
)
_BULLET = re.compile(r"[ \t]*(?:[-*+\u2022]|\d+[.)])[ \t]+(?P<rest>.*)")
_UNDERLINE = re.compile(r"[ \t]*([-=~])\1{2,}[ \t]*$")
_NOTHING = re.compile(r"(?:none|nothing|n/a|-)?[.]?", re.IGNORECASE)
_ITEM = re.compile(
    r"(?P<name>[`*\"']*[\w./<>{}\[\]*-]+[`*\"']*)[ \t]*(?:\((?P<type>[^)]*)\))?[ \t]*(?::|--|\u2013|\u2014| -)[ \t]+"
)


@dataclass(frozen=True)
class Item:
    """An entry of a list: what it is about, its type if there is one, what is said of it."""

    name: str
    text: str = ""
    type: str = ""


@dataclass(frozen=True)
class Header:
    """A docstring.

    title       its first line, without a full stop
    paragraphs  the prose that follows, up to the first field
    fields      from a field's name (`author`, `outputs`) to its lines
    """

    title: str = ""
    paragraphs: tuple[str, ...] = ()
    fields: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def line(self, name: str) -> str:
        """What a field says, on one line."""
        said = " ".join(" ".join(self.fields.get(name, ())).split())
        return "" if _NOTHING.fullmatch(said) else said

    def prose(self, name: str) -> tuple[str, ...]:
        """What a field says, a paragraph each."""
        found = paragraphs("\n".join(self.fields.get(name, ())))
        return tuple(each for each in found if not _NOTHING.fullmatch(each))

    def items(self, name: str) -> tuple[Item, ...]:
        """The entries of a field."""
        return tuple(_item(text) for text in _listed(self.fields.get(name, ())) if not _NOTHING.fullmatch(text))


def header(docstring: str) -> Header:
    """What the docstring of a module says; `docstring` has no indentation."""
    fields: dict[str, list[str]] = {}
    before: list[str] = []
    lines = before
    for line in docstring.splitlines():
        found = _FIELD.match(line)
        if found is not None:
            name = _FIELDS[re.sub(r"[ _-]+", " ", found["name"].lower())]
            lines = fields.setdefault(name, [])
            lines += [found["rest"]] if found["rest"] else []
        elif not _UNDERLINE.match(line):
            lines.append(line)
    first, *others = paragraphs("\n".join(before)) or ("",)
    return Header(first.removesuffix("."), tuple(others), fields)


def paragraphs(text: str) -> tuple[str, ...]:
    """Text as paragraphs, each on one line."""
    return tuple(" ".join(part.split()) for part in re.split(r"\n[ \t]*\n", text) if part.strip())


def _listed(lines: Sequence[str]) -> Iterator[str]:
    """The entries of a list; what follows it behind an empty line is something else."""
    entry: list[str] = []
    has_ended = False
    for line in lines:
        bullet = _BULLET.match(line)
        if bullet is not None or not line.strip():
            if entry:
                yield " ".join(entry)
            has_ended = not line.strip() and bool(entry)
            entry = [bullet["rest"].strip()] if bullet is not None else []
        elif not has_ended:
            entry.append(line.strip())
    if entry:
        yield " ".join(entry)


def _item(text: str) -> Item:
    found = _ITEM.match(text)
    if found is None:
        return Item(text)
    return Item(found["name"].strip("`*\"'"), text[found.end() :].strip(), (found["type"] or "").strip())
