"""`migrate`: lists what works in one NeMo Run and not in a later one, and changes what is certain."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace

import click

from nemo_run_lint import migration, runner
from nemo_run_lint.commands.fixes import refusals, show, tell_left_out, write_files
from nemo_run_lint.commands.parameters import Release, color_option
from nemo_run_lint.commands.terminal import outcome, write
from nemo_run_lint.finding import Finding
from nemo_run_lint.outputs.format import FORMATS, renderer
from nemo_run_lint.releases import RELEASES
from nemo_run_lint.settings import load


@click.command()
@click.argument("paths", nargs=-1, type=click.Path())
@click.option("--from", "old", type=Release(), required=True, metavar="VERSION", help="The NeMo Run that is left.")
@click.option("--to", "new", type=Release(), required=True, metavar="VERSION", help="The NeMo Run to go to.")
@click.option("--fix", is_flag=True, help="Change the files where the new name is certain.")
@click.option("--diff", is_flag=True, help="Print what --fix would change, and change nothing.")
@click.option("--output-format", type=click.Choice(FORMATS), default="full", help="How to print what breaks.")
@color_option()
def migrate(paths: Sequence[str], old: str, new: str, fix: bool, diff: bool, output_format: str, color: str) -> None:
    """List what works in one NeMo Run and not in a later one, in files and directories (default: the current one)."""
    if RELEASES.index(old) > RELEASES.index(new):
        raise click.UsageError(f"--from {old} is later than --to {new}")

    result = migration.breaks(paths or (".",), load, old, new)
    fixed: tuple[Finding, ...] = ()
    if fix or diff:
        with refusals():
            changed = migration.rewritten(result.findings, load, new)
        if diff:
            show(changed, result.findings, color)
            sys.exit(1 if result.findings else 0)
        write_files(changed)
        tell_left_out(changed)
        fixed = tuple(finding for each in changed for finding in each.fixed)
        result = migration.breaks(paths or (".",), load, old, new) if fixed else result
    told = replace(outcome(result, runner.source, color), fixed=fixed)
    write(renderer(output_format)(told))
    sys.exit(1 if result.findings else 0)
