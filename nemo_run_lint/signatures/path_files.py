"""What `.pth` files in site-packages add to the search path, read as text.

Python executes their lines that start with `import`; here such a line only names the file in which setuptools writes
down, as literals, where the modules of an editable install lie.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress

from nemo_run_lint import ordinary_file
from nemo_run_lint.signatures.search_path import Editable, Listings

#: A larger file was not written by an installer.
_BYTES = 1 << 20

#: What Python's parser and its `literal_eval` raise.
_REFUSED = (SyntaxError, ValueError, TypeError, RecursionError, MemoryError)

_FINDER = re.compile(r"import[ \t]+(__editable___\w+_finder)\b")


def with_added(sites: Iterable[str], listings: Listings) -> tuple[list[str], Editable]:
    """The site directories, each followed by the directories that its `.pth` files add, and their editable installs."""
    directories: list[str] = []
    modules: dict[str, str] = {}
    namespaces: dict[str, list[str]] = {}
    for site in sites:
        directories.append(site)
        for line in _lines(site, listings.of(site).files):
            if finder := _FINDER.match(line):
                tables = _literals(os.path.join(site, f"{finder[1]}.py"))
                modules.update((name, path) for name, path in _entries(tables.get("MAPPING")) if isinstance(path, str))
                for name, paths in _entries(tables.get("NAMESPACES")):
                    portions = paths if isinstance(paths, list) else []
                    namespaces.setdefault(name, []).extend(path for path in portions if isinstance(path, str))
            elif line.strip() and not line.startswith(("#", "import ", "import\t")):
                directory = os.path.normpath(os.path.join(site, line.rstrip()))
                if os.path.isdir(directory):
                    directories.append(directory)
    return directories, Editable(modules, namespaces)


def _lines(site: str, names: Iterable[str]) -> Iterator[str]:
    """The lines of the `.pth` files among the files of a site directory."""
    for name in sorted(names):
        if name.endswith(".pth") and not name.startswith("."):
            yield from (_text(os.path.join(site, name)) or "").splitlines()


def _text(path: str) -> str | None:
    """None for what is no text: unreadable, huge or binary."""
    try:
        text = ordinary_file.read(path, _BYTES).decode("utf-8-sig")
    except (OSError, ValueError):
        return None
    return None if len(text) > _BYTES or "\0" in text else text


def _literals(path: str) -> dict[str, object]:
    """The variables of a module that are assigned a literal."""
    found: dict[str, object] = {}
    try:
        statements = ast.parse(_text(path) or "").body
    except _REFUSED:
        return found
    for statement in statements:
        if isinstance(statement, (ast.Assign, ast.AnnAssign)) and statement.value is not None:
            target = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
            if isinstance(target, ast.Name):
                with suppress(*_REFUSED):
                    found[target.id] = ast.literal_eval(statement.value)
    return found


def _entries(table: object) -> Iterator[tuple[str, object]]:
    """What a dictionary has under texts; nothing for anything else."""
    if isinstance(table, dict):
        yield from ((name, value) for name, value in table.items() if isinstance(name, str))
