"""A file of settings as TOML: read whole or refused in a sentence, and the line on which a key stands.

In pyproject.toml the settings have a table; in a file of their own they stand without a header.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nemo_run_lint.settings.model import SettingsError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

TABLE = "nemo-run-lint"

#: The files that may hold settings; of those in one directory the first counts, as in ruff.
NAMES = (".nemo-run-lint.toml", "nemo-run-lint.toml", "pyproject.toml")

#: What is larger was not written by a person.
_LARGEST = 10_000_000

_HEADER = re.compile(r"\s*\[\[?\s*(.+?)\s*\]\]?\s*(?:#.*)?$")
_PART = re.compile(r"""\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([A-Za-z0-9_-]+))\s*(\.)?""")


def text(file: Path) -> str:
    """What a TOML file holds. Raises SettingsError if it cannot be read, or is no text."""
    try:
        if not os.path.isfile(file):
            os.stat(file)
            raise SettingsError(f"{file} is {'a directory' if os.path.isdir(file) else 'no ordinary file'}")
        with open(file, "rb") as opened:
            data = opened.read(_LARGEST + 1)
        if len(data) > _LARGEST:
            raise SettingsError(f"{file} is larger than {_LARGEST:,} bytes, which no settings are")
        return data.decode("utf-8-sig")
    except (OSError, ValueError) as error:
        if isinstance(error, UnicodeDecodeError):
            line = error.object.count(b"\n", 0, error.start) + 1
            raise SettingsError(f"{file} is not UTF-8, as TOML must be: byte {error.start} (line {line})") from None
        if isinstance(error, FileNotFoundError):
            raise SettingsError(f"{file} does not exist") from None
        raise SettingsError(f"{file} cannot be read: {getattr(error, 'strerror', None) or error}") from None


def toml(content: str, source: str | Path) -> dict[str, Any]:
    """`content` as TOML. Raises SettingsError, with a sentence that names its source, if it is none."""
    try:
        found: dict[str, Any] = tomllib.loads(content)
        return found
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{source} is not valid TOML: {error}") from None
    except RecursionError:
        raise SettingsError(f"{source} is not valid TOML: it is nested too deeply") from None
    except ValueError as error:  # a number of too many digits
        raise SettingsError(f"{source} is not valid TOML: {error}") from None


def has_header(file: Path) -> bool:
    """Whether the settings have a table of their own in this file, beside what other tools say."""
    return file.name == "pyproject.toml"


def own_table(file: Path) -> Any:
    """The settings that a file holds, unchecked; None if it is a pyproject.toml without [tool.nemo-run-lint].

    Raises SettingsError for a file that cannot be read or is no TOML.
    """
    content = toml(text(file), file)
    if not has_header(file):
        return content
    tool = content.get("tool", {})
    return tool.get(TABLE) if isinstance(tool, dict) else None


def line_of(content: str, keys: Sequence[str]) -> int | None:
    """The line, from 1, on which a key is written: `("tool", "nemo-run-lint", "select")`; None if it is not found.

    Looked for in the text, since TOML's reader keeps no lines: what is inside of a longer string may deceive it.
    """
    wanted, table = tuple(keys), tuple[str, ...]()
    for number, line in enumerate(content.splitlines(), 1):
        header = _HEADER.match(line)
        if header is not None and (parts := _parts(header[1], "")) is not None:
            table = parts
            written = parts
        elif (parts := _parts(line, "=")) is not None:
            written = (*table, *parts)
        else:
            continue
        if written[: len(wanted)] == wanted:
            return number
    return None


def _parts(written: str, end: str) -> tuple[str, ...] | None:
    """The parts of a dotted key, which `end` follows; None if it is none."""
    found, position = [], 0
    while part := _PART.match(written, position):
        quoted, literal, bare, dot = part.groups()
        found.append(_unquoted(quoted) if quoted is not None else literal if literal is not None else bare)
        position = part.end()
        if not dot:
            rest = written[position:]
            return tuple(found) if (rest.startswith(end) if end else not rest) else None
    return None


def _unquoted(written: str) -> str:
    try:
        return str(json.loads(f'"{written}"'))
    except ValueError:
        return written
