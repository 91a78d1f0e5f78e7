"""`rules`: lists every rule."""

from __future__ import annotations

import json

import click

from nemo_run_lint import catalogue
from nemo_run_lint.commands.parameters import color_option
from nemo_run_lint.commands.terminal import wants_color, write
from nemo_run_lint.selection import all_rules


@click.command()
@click.option("--output-format", type=click.Choice(["text", "json"]), default="text", help="How to print them.")
@color_option()
def rules(output_format: str, color: str) -> None:
    """List every rule, with its severity and the smallest profile that runs it."""
    if output_format == "json":
        write([json.dumps([catalogue.as_dict(rule) for rule in all_rules()], indent=2), "\n"])
    else:
        write([catalogue.table(color=wants_color(color))])
