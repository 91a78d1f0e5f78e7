"""What several commands ask for on the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from nemo_run_lint.commands.completing import complete_rules
from nemo_run_lint.releases import in_order, judged_as, release
from nemo_run_lint.rule_files import canonical

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

#: More processes than any machine has use for.
_MOST_JOBS = 10_000

Function = TypeVar("Function", bound=Callable[..., Any])


class Selectors(click.ParamType):  # type: ignore[type-arg] # generic since click 8.2
    """Rules as a user writes them, with commas between: codes, beginnings of codes, names."""

    name = "rules"

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> Any:
        """A tuple of selectors; refuses what means no rule."""
        try:
            return tuple(canonical(word.strip()) for word in value.split(",") if word.strip())
        except ValueError as error:
            self.fail(str(error), param, context)

    def shell_complete(self, context: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """The rules that begin so."""
        return complete_rules(context, param, incomplete)


class Release(click.ParamType):  # type: ignore[type-arg] # generic since click 8.2
    """A version of NeMo Run that was released."""

    name = "release"

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> Any:
        """The release that is meant; refuses what is none."""
        try:
            return release(value)
        except ValueError as error:
            self.fail(str(error), param, context)


class Versions(click.ParamType):  # type: ignore[type-arg] # generic since click 8.2
    """Versions of NeMo Run, with commas between."""

    name = "versions"

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> Any:
        """A tuple of releases, oldest first; refuses what is none."""
        try:
            return in_order({judged_as(word.strip()) for word in value.split(",")})
        except ValueError as error:
            self.fail(str(error), param, context)


class Jobs(click.ParamType):  # type: ignore[type-arg] # generic since click 8.2
    """A number of processes, or `auto`, which is 0."""

    name = "jobs"

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> Any:
        """The number; refuses what is none."""
        if value == "auto":
            return 0
        if not (value.isascii() and value.isdecimal() and len(value) < 9 and 0 < int(value) <= _MOST_JOBS):
            self.fail(f"`{value}` is neither a number from 1 to {_MOST_JOBS:,} nor `auto`", param, context)
        return int(value)


def _joined(context: click.Context, parameter: click.Parameter, values: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
    return tuple(selector for selectors in values for selector in selectors)


def selectors_option(name: str, help: str) -> Callable[[Function], Function]:
    """An option that takes rules and may be repeated."""
    return click.option(name, type=Selectors(), multiple=True, callback=_joined, help=help, metavar="RULES")


def _brought(context: click.Context, parameter: click.Parameter, directory: Path | None) -> None:
    """Have the rules before other options name them."""
    if directory is None or context.resilient_parsing:
        return
    from nemo_run_lint.local_rules import LocalRulesError, bring

    try:
        bring(directory)
    except LocalRulesError as error:
        raise click.BadParameter(str(error), context, parameter) from None


def local_rules_option() -> Callable[[Function], Function]:
    """`--local-rules`, which no setting can stand for: it runs code."""
    return click.option(
        "--local-rules",
        type=click.Path(path_type=Path),
        metavar="DIR",
        is_eager=True,
        expose_value=False,
        callback=_brought,
        help="Run the files of a directory, and have their rules as well.",
    )


def color_option() -> Callable[[Function], Function]:
    """`--color`, for commands that print for people."""
    choices = click.Choice(["auto", "always", "never"])
    return click.option("--color", type=choices, default="auto", help="When to use colours.")
