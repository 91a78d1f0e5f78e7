"""What a shell offers for the words of the command line; rules by their files alone, so that it comes at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from nemo_run_lint.rule_files import EVERY_RULE, own_codes, own_modules

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


def complete_rules(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Rules by name or code, also behind a comma, and the beginnings of codes that mean a family.

    What comes from other packages is not asked for, since asking runs it.
    """
    from click.shell_completion import CompletionItem  # only when a shell asks

    before, comma, word = incomplete.rpartition(",")
    codes = sorted(own_codes())
    known = (*sorted(own_modules()), *codes, *sorted({code[:4] for code in codes}), EVERY_RULE)
    matching = (each for each in known if each.startswith(word if word[:1].islower() else word.upper()))
    return [CompletionItem(f"{before}{comma}{each}") for each in matching]


def complete_keys(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The keys of the settings, or paths, whichever the argument means."""
    from click.shell_completion import CompletionItem

    from nemo_run_lint.settings.keys import KEYS

    if context.params.get("show"):
        return [CompletionItem(incomplete, type="file")]
    return [CompletionItem(name, help=KEYS[name].help) for name in sorted(KEYS) if name.startswith(incomplete)]
