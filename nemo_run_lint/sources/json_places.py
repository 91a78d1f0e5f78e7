"""Where the values of a JSON text stand, so that some can be replaced and every other byte stays.

The text must be valid JSON: `json.loads` has read it before.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{}:,]|[^\s\[\]{}:,"]+')


@dataclass(eq=False)
class Value:
    """One value: where it begins and ends in the text, and what it holds if it is an object or an array."""

    begin: int
    end: int = 0
    members: dict[str, Value] = field(default_factory=dict)
    elements: list[Value] = field(default_factory=list)


def places(text: str) -> Value:
    """The places of all values of a JSON text; of a name that is given twice the last value counts, as for Python."""
    root = Value(0)
    around: list[tuple[Value, str | None]] = [(root, None)]  # the open containers, and the name whose value comes next
    is_name = False
    for kind, begin, end in _tokens(text):
        container, name = around[-1]
        if kind == ":":
            is_name = False
        elif kind == ",":
            is_name = text[container.begin] == "{"
        elif kind in "}]":
            around.pop()
            container.end = end
            is_name = False
        elif is_name and kind == '"':
            around[-1] = (container, json.loads(text[begin:end]))
        else:
            value = Value(begin, end)
            if name is not None:
                container.members[name] = value
            else:
                container.elements.append(value)
            if kind in "{[":
                around.append((value, None))
                is_name = kind == "{"
    return root.elements[0]


def _tokens(text: str) -> Iterator[tuple[str, int, int]]:
    """The first character of each token, with its place."""
    for token in _TOKEN.finditer(text):
        yield text[token.start()], token.start(), token.end()
