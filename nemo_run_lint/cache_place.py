"""The directory in which things are remembered: where it is, and what marks it as one that nobody has to keep.

Every run imports this, also one that is answered at once, so it imports next to nothing.
"""

from __future__ import annotations

import os
import sys

#: The environment variable that names it.
CACHE_VARIABLE = "NEMO_RUN_LINT_CACHE_DIR"

_NAME = "nemo-run-lint"

#: What is written into it first: what tells backups to leave it out (https://bford.info/cachedir/), and git.
MARKS = {
    "CACHEDIR.TAG": (
        "Signature: 8a477f597d28d172789f06886806bc55\n# What nemo-run-lint remembers; it may be deleted at any time.\n"
    ),
    ".gitignore": "# What nemo-run-lint remembers.\n*\n",
}


def cache_directory(named: str | os.PathLike[str] | None = None) -> str:
    """Its absolute path: as named, here or by the environment, or else in the user's own place for such things."""
    chosen = named or os.environ.get(CACHE_VARIABLE)
    if chosen:
        return os.path.abspath(chosen)
    home = os.path.expanduser("~")
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA") or os.path.join(home, "AppData", "Local")
        return os.path.join(os.path.abspath(local), _NAME, "Cache")
    if sys.platform == "darwin":
        return os.path.join(os.path.abspath(home), "Library", "Caches", _NAME)
    place = os.environ.get("XDG_CACHE_HOME", "").strip() or os.path.join(home, ".cache")
    return os.path.join(os.path.abspath(place), _NAME)


def make(directory: str | os.PathLike[str]) -> None:
    """Make the directory, unless it is there, and mark it. Raises OSError."""
    os.makedirs(directory, exist_ok=True)
    for name, text in MARKS.items():
        mark = os.path.join(directory, name)
        if not os.path.lexists(mark):
            with open(mark, "w", encoding="utf-8", newline="\n") as file:
                file.write(text)


def clear(directory: str | os.PathLike[str]) -> None:
    """Remove the marks, and the directory if nothing else is in it. Raises OSError."""
    for name, text in MARKS.items():
        mark = os.path.join(directory, name)
        if os.path.isfile(mark):
            with open(mark, encoding="utf-8", errors="replace") as file:
                is_own = file.read(len(text) + 1) == text
            if is_own:
                os.unlink(mark)
    if os.path.isdir(directory) and not os.listdir(directory):
        os.rmdir(directory)
