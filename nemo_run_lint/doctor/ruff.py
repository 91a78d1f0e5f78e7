"""ruff, whose RUF102 removes a `# noqa: NRL401` unless it is told that these codes are another linter's."""

from __future__ import annotations

import io
import os
import re
import tokenize
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from nemo_run_lint.doctor.told import Level, Place, Told, lines
from nemo_run_lint.settings import SettingsError
from nemo_run_lint.settings.text import text, toml

_NAMES = (".ruff.toml", "ruff.toml", "pyproject.toml")

_COMMENT = re.compile(r"#.*\bnoqa\s*:[^#]*\bNRL\d", re.IGNORECASE)

_CODE = "NRL"

#: invalid-rule-code; nothing else of ruff minds the codes of others.
_RULE = "RUF102"

#: No sane chain of `extend` is longer.
_MOST = 10


def examine(place: Place) -> Iterator[Told]:
    """Tells if ruff is set up here and does not know the codes."""
    try:
        file = _nearest(place)
        said = _chain(file) if file is not None else []
    except SettingsError as error:
        yield Told(Level.ADVICE, f"the settings of ruff cannot be read: {error}")
        return
    if file is None:
        return
    external = _codes(said, "external")
    if any(_CODE.startswith(each) for each in external):
        yield Told(Level.OK, f"ruff keeps `# noqa: {_CODE}401` comments, by `external`", file)
        return
    is_selected = _reach(said, "select", "extend-select") > _reach(said, "ignore", "extend-ignore")
    used = next(_comments(place), None) if is_selected else None
    if used is not None:
        message = f"ruff's {_RULE} is on, and removes `# noqa: {_CODE}` comments such as the one in {used}"
        yield Told(Level.PROBLEM, message, file, _written(file, external))
    else:
        message = (
            f"ruff's {_RULE}{'' if is_selected else ', if it were on,'} would remove a `# noqa: {_CODE}401` comment"
        )
        yield Told(Level.ADVICE, message, file, _written(file, external))


def _nearest(place: Place) -> Path | None:
    """The file by which ruff goes: the nearest one upwards."""
    files = (directory / name for directory in place.upwards for name in _NAMES)
    return next((file for file in files if os.path.isfile(file) and _own(file) is not None), None)


def _own(file: Path) -> dict[str, Any] | None:
    """What a file says to ruff; None if it is a pyproject.toml that says nothing. Raises SettingsError."""
    content = toml(text(file), file)
    if file.name != "pyproject.toml":
        return content
    tool = content.get("tool")
    own = tool.get("ruff") if isinstance(tool, dict) else None
    return own if isinstance(own, dict) else None


def _chain(file: Path) -> list[dict[str, Any]]:
    """What the file says, and behind it those that it extends: of each the linter's table, and the whole."""
    found: list[dict[str, Any]] = []
    for _ in range(_MOST):
        own = _own(file) or {}
        lint = own.get("lint")
        found += [lint if isinstance(lint, dict) else {}, own]
        extended = own.get("extend")
        if not isinstance(extended, str) or "\0" in extended:
            break
        file = Path(os.path.abspath(file.parent / os.path.expanduser(os.path.expandvars(extended))))
    return found


def _codes(said: Sequence[dict[str, Any]], key: str) -> list[str]:
    """The first list under that key."""
    found: list[Any] = next((each[key] for each in said if isinstance(each.get(key), list)), [])
    return [code for code in found if isinstance(code, str) and code]


def _reach(said: Sequence[dict[str, Any]], *keys: str) -> int:
    """How exactly the codes under some keys mean the rule that removes comments; 0 if not at all."""
    codes = [code for key in keys for code in _codes(said, key)]
    return max(
        (1 if code == "ALL" else len(code) for code in codes if code == "ALL" or _RULE.startswith(code)), default=0
    )


def _written(file: Path, external: list[str]) -> tuple[str, ...]:
    codes = ", ".join(f'"{each}"' for each in (*external, _CODE))
    return ("[tool.ruff.lint]" if file.name == "pyproject.toml" else "[lint]", f"external = [{codes}]")


def _comments(place: Place) -> Iterator[str]:
    """Where comments name the codes."""
    for directory, files in place.walk():
        for file in (directory / name for name in files if name.endswith((".py", ".pyi"))):
            text = "\n".join(lines(file))
            if _COMMENT.search(text):
                yield from (f"{os.path.relpath(file, place.directory)}:{line}" for line in _lines_in(text))


def _lines_in(text: str) -> Iterator[int]:
    """The lines of a source on which such comments stand, as far as it can be read."""
    with suppress(SyntaxError, tokenize.TokenError, IndentationError):
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT and _COMMENT.search(token.string):
                yield token.start[0]
