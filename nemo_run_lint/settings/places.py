"""Patterns of paths that were written for one directory, as another directory would write them."""

from __future__ import annotations

import os
from fnmatch import fnmatchcase
from pathlib import Path

#: What means everything below the directory for which it is written.
EVERYTHING = "/**"


def moved(pattern: str, written_in: Path, to: Path) -> tuple[str, ...]:
    """The patterns that mean below `to` what `pattern` means that was written for `written_in`; none if nothing.

    A pattern without a slash, other than at its end, means a name at any depth, and that it does wherever `to` is.
    """
    if written_in == to:
        return (pattern,)
    sign, plain = ("!", pattern[1:]) if pattern.startswith("!") else ("", pattern)
    way = _way(written_in, to)
    if "/" not in plain.rstrip("/"):
        is_inside = any(fnmatchcase(each, plain.rstrip("/")) for each in way or ())
        return (pattern, sign + EVERYTHING) if is_inside else (pattern,)
    plain = plain.lstrip("/")
    if way is not None:
        return tuple(sign + rest for rest in dict.fromkeys(_after(plain.split("/"), way)))
    below = _way(to, written_in)
    return (f"{sign}/{'/'.join(below)}/{plain}",) if below is not None else ()


def _way(start: Path, end: Path) -> list[str] | None:
    """The names on the way down from one directory to another; None if the other does not lie below."""
    way = os.path.relpath(end, start).split(os.sep)
    return None if way[0] == os.pardir else way


def _after(pattern: list[str], way: list[str]) -> list[str]:
    """What is left of a pattern, part by part, when the path has gone the way."""
    if not way:
        return ["/" + "/".join(pattern)] if pattern and pattern != [""] else [EVERYTHING]
    if not pattern or pattern == [""]:
        return [EVERYTHING]
    first, *others = pattern
    if first == "**":
        return [*_after(pattern, way[1:]), *_after(others, way)] if others else [EVERYTHING]
    return _after(others, way[1:]) if fnmatchcase(way[0], first) else []
