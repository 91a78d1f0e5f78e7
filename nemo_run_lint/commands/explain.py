"""`explain`: tells all about a rule."""

from __future__ import annotations

import json

import click

from nemo_run_lint import catalogue
from nemo_run_lint.commands.parameters import color_option
from nemo_run_lint.commands.terminal import wants_color, write
from nemo_run_lint.rule_files import canonical
from nemo_run_lint.selection import all_rules, matches


@click.command()
@click.argument("rule", metavar="RULE")
@click.option("--output-format", type=click.Choice(["text", "json"]), default="text", help="How to print it.")
@color_option()
def explain(rule: str, output_format: str, color: str) -> None:
    """Tell all about a rule, by its code or name: what it means, when it fails, what to write instead."""
    try:
        selector = canonical(rule)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    found = [each for each in all_rules() if matches(selector, each)]
    if output_format == "json":
        write([json.dumps([catalogue.as_dict(each) for each in found], indent=2), "\n"])
    else:
        write(["\n".join(catalogue.explain(each, wants_color(color)) for each in found)])
