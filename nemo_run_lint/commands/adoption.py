"""What helps a project to start with findings: those of a baseline are passed over, others get a comment each."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nemo_run_lint.commands.parameters import Function
from nemo_run_lint.outputs.cells import escaped
from nemo_run_lint.outputs.summary import counted
from nemo_run_lint.settings import Settings
from nemo_run_lint.sources.discovery import shown

if TYPE_CHECKING:
    from nemo_run_lint.baseline import Baseline, Entry, Narrowed
    from nemo_run_lint.commands.check import Sources
    from nemo_run_lint.result import Result

#: How many entries of a baseline are named in one sentence.
_NAMED = 5


def options(command: Function) -> Function:
    """The options of `check` that are about findings which were there before."""
    path = click.Path(path_type=Path)
    for option in reversed(
        [
            click.option("--baseline", type=path, metavar="FILE", help="Tell only what this record does not hold."),
            click.option("--write-baseline", is_flag=True, help="Record what is found, in place of telling it."),
            click.option(
                "--baseline-ratchet/--no-baseline-ratchet",
                default=None,
                help="Take what is fixed out of the record; in CI, ask for that.",
            ),
            click.option(
                "--show-suppressed/--no-show-suppressed",
                default=None,
                help="Tell also what comments and the baseline silence, and why.",
            ),
            click.option(
                "--add-suppressions", metavar="REASON", help="Write a comment that silences it for all that is found."
            ),
        ]
    ):
        command = option(command)
    return command


def check_usage(given: dict[str, Any], is_stdin: bool) -> None:
    """Raise UsageError for options that do not go together."""
    if given["add_suppressions"] is not None:
        from nemo_run_lint.silencing import ReasonError, checked_reason

        if is_stdin:
            raise click.UsageError("--add-suppressions writes into files, and `-` reads standard input")
        for other in ("write_baseline", "diff"):
            if given[other]:
                raise click.UsageError(f"--add-suppressions and --{other.replace('_', '-')} do not go together")
        try:
            checked_reason(given["add_suppressions"])
        except ReasonError as error:
            raise click.UsageError(f"--add-suppressions: {error}") from None
    if given["write_baseline"] and given["since"] is not None:
        raise click.UsageError("--write-baseline records all findings, and --since leaves some out: give one of them")
    if given["write_baseline"] and given["diff"]:
        raise click.UsageError("--write-baseline and --diff do not go together")


@dataclass
class Record:
    """The baseline of a run, as the command line and the settings want it.

    path      its file; None: there is none
    known     what it holds; None where there is none, or it is to be written anew
    writes    whether the findings are to be recorded
    ratchets  whether it is to shrink where something is fixed
    """

    path: Path | None
    known: Baseline | None
    writes: bool
    ratchets: bool
    _narrowed: Narrowed | None = field(default=None, init=False)

    @classmethod
    def of(cls, given: dict[str, Any], own: Settings) -> Record:
        """That of a command line and `own` settings. Raises BaselineError, before anything is linted."""
        path = given["baseline"] or own.baseline
        ratchets = own.baseline_ratchet if given["baseline_ratchet"] is None else given["baseline_ratchet"]
        if path is None and not given["write_baseline"] and not given["baseline_ratchet"]:
            return cls(None, None, False, False)
        from nemo_run_lint import baseline

        path = path or Path(baseline.DEFAULT)
        is_new = given["write_baseline"] and not os.path.lexists(path)
        known = None if is_new else baseline.read(path)
        return cls(path, known, given["write_baseline"] and (is_new or not ratchets), ratchets)

    def narrowed(self, result: Result, sources: Sources) -> Result:
        """What of a result is not recorded."""
        if self.known is None or self.writes:
            return result
        from nemo_run_lint import runner

        self._narrowed = self.known.narrowed(result, sources.text, runner.was_run(sources.settings_for))
        return self._narrowed.result

    def finish(self, result: Result, sources: Sources, quiet: bool) -> tuple[Result, bool]:
        """Bring the file up to date, and tell what became of it; what is left of a result, and whether all is well.

        In CI nothing is written that nobody would commit: what should be taken out is told, and is not well.
        Raises BaselineError.
        """
        if self.path is None:
            return result, True
        from nemo_run_lint import baseline, runner

        if self.writes:
            was_run = runner.was_run(sources.settings_for)
            entries = baseline.write(self.path, result, sources.text, was_run)
            left = baseline.read(self.path).narrowed(result, sources.text).result
            recorded = counted(sum(entry.times for entry in entries), "finding", "findings")
            _tell(f"Recorded {recorded} in {shown(str(self.path))}.", quiet)
            return left, True
        if self._narrowed is None or not self._narrowed.fixed:
            return result, True
        fixed = self._narrowed.fixed
        number = sum(entry.times for entry in fixed)
        told = (
            f"{counted(number, 'entry', 'entries')} of {shown(str(self.path))} {'is' if number == 1 else 'are'} fixed"
        )
        if self.ratchets and not _is_ci():
            baseline.save(self.path, self._narrowed.entries)
            _tell(f"{told} and taken out: {_listed(fixed)}.", quiet)
            return result, True
        how = "take them out with --baseline-ratchet" + (", and commit the file" if self.ratchets else "")
        _tell(f"{told}: {_listed(fixed)}; {how}.", quiet and not self.ratchets)
        return result, not self.ratchets


def add_suppressions(result: Result, reason: str, quiet: bool) -> Result:
    """Write comments that silence the findings; those that are left. Ends the program with status 2 if it cannot."""
    from nemo_run_lint.commands.fixes import refusals, write_files
    from nemo_run_lint.silencing import rewritten

    with refusals():
        changed = rewritten(result.findings, reason)
    write_files(changed)
    silenced = {finding for each in changed for finding in each.fixed}
    left = tuple(finding for finding in result.findings if finding not in silenced)
    where = f" in {counted(len(changed), 'file', 'files')}" if changed else ""
    more = f"; {counted(len(left), 'finding', 'findings')} cannot be silenced by a comment" if left else ""
    _tell(f"Silenced {counted(len(silenced), 'finding', 'findings')}{where}{more}.", quiet)
    return replace(result, findings=left)


def _listed(entries: Sequence[Entry]) -> str:
    named = [f"{entry.rule} in {entry.path} ({entry.symbol})" for entry in entries[:_NAMED]]
    more = len(entries) - len(named)
    return ", ".join(named) + (f" and {more} more" if more else "")


def _is_ci() -> bool:
    return os.environ.get("CI", "").lower() not in ("", "0", "false")


def _tell(sentence: str, quiet: bool) -> None:
    if not quiet:
        sys.stdout.flush()
        click.echo(escaped(sentence), err=True)
