"""What reads the output: how wide it is, whether it shows colours, and how it is written to."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from nemo_run_lint.outputs.format import DEFAULT_WIDTH, Outcome

if TYPE_CHECKING:
    from nemo_run_lint.result import Result


def outcome(result: Result, source: Callable[[str], str | None], color: str, quiet: bool = False) -> Outcome:
    """What a run found, for the terminal that reads it; `color` as `--color` says."""
    width = DEFAULT_WIDTH
    if sys.stdout.isatty():
        import shutil

        width = shutil.get_terminal_size().columns
    return Outcome(
        result.findings,
        result.files,
        result.silenced,
        source,
        color=wants_color(color),
        width=width,
        quiet=quiet,
        unchanged=result.unchanged,
    )


def wants_color(choice: str) -> bool:
    """Whether to write colours: as asked, or by NO_COLOR, FORCE_COLOR, and whether a terminal reads."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (sys.stdout.isatty() and os.environ.get("TERM") != "dumb")


def write(pieces: Iterable[str], err: bool = False) -> None:
    """Print, whatever characters the terminal's encoding lacks; with `err`, where errors are printed."""
    stream = sys.stderr if err else sys.stdout
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="backslashreplace")
    stream.writelines(pieces)
