"""Findings written to files: `--output FORMAT=FILE`, and what is added to the summary of a GitHub job.

A file is replaced when all is written, or stays as it was. What is no regular file (a pipe, /dev/stdout) is written to
as it is. Everything is UTF-8 with plain newlines, whatever the terminal takes.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from nemo_run_lint.outputs.format import DEFAULT_WIDTH, FORMATS, Outcome, renderer
from nemo_run_lint.replacing import replace_content
from nemo_run_lint.rule_files import did_you_mean

#: The format without which nobody sees in GitHub Actions what was found.
_GITHUB = "github"

#: Names of open descriptors: to replace such a file would leave its reader the old one.
_DEVICES = (f"{os.sep}dev{os.sep}", f"{os.sep}proc{os.sep}")


class OutputError(Exception):
    """Findings cannot be written where they should; the text is a sentence for the user."""


@dataclass(frozen=True)
class Destination:
    """A file, and the format in which findings are written to it."""

    format: str
    path: Path


def destinations(written: Sequence[str], formats: Sequence[str] = FORMATS) -> list[Destination]:
    """What `FORMAT=FILE` means, for each of `written`, where there are these formats. Nothing is created yet.

    Raises OutputError for an unknown format, for a file that cannot be written as far as can be seen, and for two
    outputs to one file.
    """
    found: list[Destination] = []
    taken: dict[str, str] = {}
    for each in written:
        destination = _destination(each, formats)
        _check(destination.path)
        place = os.path.realpath(destination.path)
        if place in taken:
            raise OutputError(f"`{taken[place]}` and `{each}` write to the same file")
        taken[place] = each
        found.append(destination)
    return found


def _destination(written: str, formats: Sequence[str]) -> Destination:
    name, equals, path = written.partition("=")
    if not equals or not path:
        raise OutputError(f"`{written}` does not say what to write where; write FORMAT=FILE: `json=findings.json`")
    if name not in formats:
        near = did_you_mean(name, formats) or f"; there are {', '.join(formats)}"
        raise OutputError(f"`{written}`: there is no format `{name}`{near}")
    if path == "-":
        raise OutputError(f"`{written}`: standard output is for --output-format; --output takes a file")
    return Destination(name, Path(path))


def _check(path: Path) -> None:
    """Raise OutputError if `path` cannot be written to, as far as can be seen without trying."""
    try:
        if path.is_dir():
            raise OutputError(f"cannot write `{path}`: it is a directory")
        replaced = _is_replaced(path)
        if path.exists() and not os.access(path, os.W_OK):
            raise OutputError(f"cannot write `{path}`: permission denied")
        if not replaced:
            return
        parent = Path(os.path.realpath(path)).parent
        if not parent.exists():
            raise OutputError(f"cannot write `{path}`: there is no directory `{parent}`")
        if not parent.is_dir():
            raise OutputError(f"cannot write `{path}`: `{parent}` is no directory")
        if not os.access(parent, os.W_OK | os.X_OK):
            raise OutputError(f"cannot write `{path}`: the directory `{parent}` is not writable")
    except (OSError, ValueError) as error:
        raise _cannot_write(path, error) from None


def write_to(destination: Destination, outcome: Outcome) -> None:
    """Write `outcome` to a file, without colours and links.

    Raises OutputError, and leaves the file as it was then; BrokenPipeError if standard output is meant and closed.
    """
    plain = replace(outcome, color=False, links=False, width=DEFAULT_WIDTH)
    write_pieces(destination.path, renderer(destination.format)(plain))


def write_pieces(path: Path, pieces: Iterable[str]) -> None:
    """Write text to a file. Raises as `write_to`."""
    try:
        if _is_replaced(path):
            replace_content(str(path), _encoded(pieces))
        else:
            _write_into(path, _encoded(pieces))
    except OSError as error:
        if isinstance(error, BrokenPipeError) and _standard_stream(path.stat()) == 1:
            raise
        raise _cannot_write(path, error) from None


def _encoded(pieces: Iterable[str]) -> Iterator[bytes]:
    return (piece.encode("utf-8", "backslashreplace") for piece in pieces)


def _is_replaced(path: Path) -> bool:
    """Whether `path` is, or will be, a regular file that nobody holds open for our output."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return True
    return (
        stat.S_ISREG(status.st_mode)
        and not os.path.abspath(path).startswith(_DEVICES)
        and _standard_stream(status) is None
    )


def _standard_stream(status: os.stat_result) -> int | None:
    """The descriptor of standard output or error, if a file of that status is behind it."""
    for descriptor in (1, 2):
        with suppress(OSError):
            if os.path.samestat(status, os.fstat(descriptor)):
                return descriptor
    return None


def _write_into(path: Path, pieces: Iterable[bytes]) -> None:
    """Write to what is there already, behind what the process has printed so far if that goes there too."""
    descriptor = _standard_stream(path.stat())
    if descriptor is None:
        descriptor = os.open(path, os.O_WRONLY | os.O_TRUNC)
    else:
        (sys.stdout if descriptor == 1 else sys.stderr).flush()
        descriptor = os.dup(descriptor)
    with os.fdopen(descriptor, "wb") as opened:
        opened.writelines(pieces)


def automatic_format(environ: Mapping[str, str], asked: str) -> str:
    """The format to print in: what was asked for; or else in GitHub Actions its own, and `full` elsewhere."""
    return asked or (_GITHUB if _in_github(environ) else "full")


def write_step_summary(environ: Mapping[str, str], outcome: Outcome) -> None:
    """Add `outcome` to the page of a GitHub job, if this runs in one. Raises OutputError."""
    path = environ.get("GITHUB_STEP_SUMMARY", "")
    if not path or not _in_github(environ):
        return
    pieces = list(_encoded(renderer("step_summary")(replace(outcome, color=False, links=False))))
    try:
        with open(path, "ab") as opened:
            opened.writelines(pieces)
    except OSError as error:
        raise _cannot_write(Path(path), error) from None


def _in_github(environ: Mapping[str, str]) -> bool:
    return environ.get("GITHUB_ACTIONS") == "true"


def _cannot_write(path: Path, error: Exception) -> OutputError:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return OutputError(f"cannot write `{path}`: {reason[:1].lower()}{reason[1:]}")
