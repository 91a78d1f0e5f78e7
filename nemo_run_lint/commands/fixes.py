"""What commands do with fixes: they show them as a diff, or apply them, all or those that a person wants."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import Enum
from typing import TYPE_CHECKING, Any

import click

from nemo_run_lint.commands.terminal import wants_color
from nemo_run_lint.finding import Finding
from nemo_run_lint.outputs.ansi import CYAN, GREEN, RED, paint
from nemo_run_lint.outputs.cells import escaped
from nemo_run_lint.outputs.summary import by_severity, counted
from nemo_run_lint.settings import Settings
from nemo_run_lint.sources.discovery import shown

if TYPE_CHECKING:
    from nemo_run_lint.commands.check import Sources
    from nemo_run_lint.fixing import Rewritten

#: The colours of a diff's lines, by how they begin.
_COLORS = {"@": CYAN, "-": RED, "+": GREEN}


class Mode(Enum):
    """What is done with fixes."""

    DIFF = "show them"
    APPLY = "apply them"
    ASK = "apply those that a person wants"


def mode(given: dict[str, Any], own: Settings, is_stdin: bool) -> Mode | None:
    """What the command line, and `own` settings, ask for; None for nothing. Raises UsageError."""
    if given["interactive"]:
        if given["diff"]:
            raise click.UsageError(
                "--interactive asks before it changes files, and --diff changes none: give one of them"
            )
        if is_stdin:
            raise click.UsageError("--interactive cannot ask while `-` reads the source from standard input")
        if not sys.stdin.isatty() or not sys.stdout.isatty():
            raise click.UsageError("--interactive asks on a terminal, and this is none: use --fix or --diff")
        return Mode.ASK
    if given["diff"]:
        return Mode.DIFF
    return Mode.APPLY if (own.fix if given["fix"] is None else given["fix"]) else None


def wanted(found: Sequence[Finding], sources: Sources, mode: Mode, unsafe: bool, color: str) -> list[Rewritten]:
    """What becomes of the sources by the fixes of `found`; of those that a person wants, if that is asked for."""
    from nemo_run_lint.fixing import rewritten

    given = {shown(sources.filename): sources.stdin} if sources.is_stdin else {}
    asks = None
    if mode is Mode.ASK:
        from nemo_run_lint.commands.asking import Review

        asks = Review(wants_color(color)).wants
    with refusals():
        return rewritten(found, sources.settings_for, unsafe=unsafe, wanted=asks, given=given)


def write_files(changed: Sequence[Rewritten]) -> None:
    """Put what was rewritten in the place of the files; ends the program with status 2 if that cannot be done."""
    from nemo_run_lint.fixing import replace_files

    with refusals():
        replace_files(changed)


@contextmanager
def refusals() -> Iterator[None]:
    """Fixes that cannot be made or written end the program with a sentence."""
    from nemo_run_lint.fixing import FixError

    try:
        yield
    except FixError as error:
        click.echo(f"nemo-run-lint: {error}", err=True)
        sys.exit(2)


def show(
    changed: Sequence[Rewritten], found: Sequence[Finding], color: str, unsafe: bool = False, quiet: bool = False
) -> bool:
    """Print what fixes would change, and how many; whether they would change anything."""
    from nemo_run_lint.fixing import diff

    lines = diff(changed)
    if sys.stdout.isatty() or wants_color(color):
        lines = (_for_terminal(line, wants_color(color)) for line in lines)
    sys.stdout.flush()
    sys.stdout.buffer.writelines(lines)
    sys.stdout.buffer.flush()
    tell_left_out(changed)
    fixed = [finding for each in changed for finding in each.fixed]
    if not quiet:
        more = 0 if unsafe else sum(finding.fix is not None and not finding.fix.safe for finding in found)
        kind = "additional fix" if fixed else "fix"
        hint = f" ({counted(more, kind, f'{kind}es')} available with `--unsafe-fixes`)" if more else ""
        told = f"Would fix {by_severity(fixed)}" if fixed else "No errors would be fixed"
        click.echo(f"{told}{hint}.", err=True)
    return bool(fixed)


def tell_left_out(changed: Sequence[Rewritten]) -> None:
    """Name the fixes that could not be applied."""
    for each in changed:
        if each.left_out:
            names = ", ".join(f"`{name}`" for name in each.left_out)
            reason = "the file would not parse, would need another encoding, or would never be done"
            click.echo(f"nemo-run-lint: {escaped(each.path)}: fixes of {names} are left out: {reason}", err=True)


def visible(line: str, color: bool) -> str:
    """A line of a diff, without its end, as a terminal may get it."""
    shown = "\t".join(map(escaped, line.split("\t")))
    is_name = line.startswith(("--- ", "+++ "))
    return shown if is_name or line[:1] not in _COLORS else paint(shown, _COLORS[line[0]], color)


def _for_terminal(line: bytes, color: bool) -> bytes:
    text = line.removesuffix(b"\n").removesuffix(b"\r").decode(errors="backslashreplace")
    return f"{visible(text, color)}\n".encode(errors="backslashreplace")
