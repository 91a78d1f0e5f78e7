"""`explain`: tells all about a rule, or about one finding: what it goes by, or why there is none."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

import click

from nemo_run_lint import catalogue
from nemo_run_lint.commands.completing import complete_rules
from nemo_run_lint.commands.parameters import color_option
from nemo_run_lint.commands.terminal import wants_color, write
from nemo_run_lint.rule import Rule
from nemo_run_lint.rule_files import EVERY_RULE, canonical
from nemo_run_lint.selection import all_rules, matches
from nemo_run_lint.sources.discovery import DiscoveryError


@click.command()
@click.argument("rule", metavar="RULE", shell_complete=complete_rules)
@click.argument("place", metavar="[FILE:LINE[:COLUMN]]", required=False)
@click.option("--output-format", type=click.Choice(["text", "json"]), default="text", help="How to print it.")
@color_option()
def explain(rule: str, place: str | None, output_format: str, color: str) -> None:
    """Tell all about a rule, by its code or name: what it means, when it fails, what to write instead.

    With a place, tell all about that finding: what each name in it stands for, which NeMo Run counted, which setting
    switched the rule on. Of any rule, if only a place is given. Status 1: there is no such finding; it tells why.
    """
    if place is None and _is_place(rule):
        rule, place = EVERY_RULE, rule
    try:
        selector = canonical(rule)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    found = [each for each in all_rules() if matches(selector, each)]
    if place is not None:
        _explain_finding(found, place, output_format, color)
    elif output_format == "json":
        write([json.dumps([catalogue.as_dict(each) for each in found], indent=2), "\n"])
    else:
        write(["\n".join(catalogue.explain(each, wants_color(color)) for each in found)])


def _is_place(written: str) -> bool:
    """Whether it ends in a line; no rule does."""
    from nemo_run_lint.place import place_of

    try:
        place_of(written)
    except DiscoveryError:
        return False
    return True


def _explain_finding(rules: Sequence[type[Rule]], written: str, output_format: str, color: str) -> None:
    from nemo_run_lint import explanation_text
    from nemo_run_lint.explanation import Absence, explained
    from nemo_run_lint.place import place_of
    from nemo_run_lint.runner import source

    found = explained(rules, place_of(written))
    told = () if isinstance(found, Absence) else found
    if output_format == "json":
        absent = explanation_text.absence_as_dict(found) if isinstance(found, Absence) else None
        listed = [explanation_text.as_dict(each) for each in told]
        write([json.dumps({"findings": listed, "absent": absent}, indent=2), "\n"])
    elif isinstance(found, Absence):
        write(explanation_text.absent(found, wants_color(color)))
    else:
        write(explanation_text.text(told, source, wants_color(color)))
    if all(each.unreported for each in told):
        sys.exit(1)
