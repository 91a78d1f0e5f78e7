"""Where `check` tells what it found: the terminal, files, the page of a GitHub job."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import click

from nemo_run_lint.commands.parameters import Function
from nemo_run_lint.commands.terminal import write
from nemo_run_lint.formats import FORMATS
from nemo_run_lint.outputs.format import Outcome, renderer
from nemo_run_lint.rule_files import did_you_mean
from nemo_run_lint.settings import Settings

if TYPE_CHECKING:
    from nemo_run_lint.outputs.writing import Destination

#: The formats in which a terminal's links and colours have a place.
_FOR_PEOPLE = frozenset({"full", "concise", "grouped"})


class Format(click.Choice):  # type: ignore[type-arg] # generic since click 8.2
    """A name of a format; of an unknown one it says which was meant."""

    def __init__(self) -> None:
        super().__init__(FORMATS)

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> Any:
        """The name, if there is such a format."""
        if value not in FORMATS:
            near = did_you_mean(str(value), FORMATS) or f"; there are {', '.join(FORMATS)}"
            self.fail(f"there is no format `{value}`{near}", param, context)
        return value


def options(command: Function) -> Function:
    """The options of `check` that say how and where findings are told."""
    for option in reversed(
        [
            click.option("--output-format", type=Format(), help="How to print the findings.  [default: full]"),
            click.option(
                "--output",
                multiple=True,
                metavar="FORMAT=FILE",
                help="Write the findings to a file as well; may be repeated: sarif=out.sarif.",
            ),
            click.option("--statistics", is_flag=True, help="Tell how often each rule reports, not each finding."),
        ]
    ):
        command = option(command)
    return command


@dataclass(frozen=True)
class Telling:
    """How and where findings are told.

    format        in which they are printed
    destinations  files that get them as well
    statistics    whether only their numbers are printed
    """

    format: str
    destinations: Sequence[Destination] = ()
    statistics: bool = False

    @classmethod
    def of(cls, given: dict[str, Any], own: Settings) -> Telling:
        """What the command line and the settings ask for; ends the command if a file cannot be written."""
        asked = given["output_format"] or own.output_format
        written = given["output"] or own.output
        if not written and not os.environ.get("GITHUB_ACTIONS"):  # the usual case needs no more imports
            return cls(asked or "full", (), given["statistics"])
        from nemo_run_lint.outputs import writing

        with _or_stop():
            found = writing.destinations(written)
        return cls(writing.automatic_format(os.environ, asked), found, given["statistics"])

    def tell(self, outcome: Outcome, err: bool = False) -> None:
        """Print what was found, to standard error if `err`, and write it to the files."""
        write(self._rendered(outcome), err=err)
        if not self.destinations and self.format != "github":
            return
        from nemo_run_lint.outputs import writing

        sys.stdout.flush()
        with _or_stop():
            for destination in self.destinations:
                writing.write_to(destination, outcome)
            if self.format == "github":
                writing.write_step_summary(os.environ, outcome)

    def _rendered(self, outcome: Outcome) -> Iterator[str]:
        if self.statistics:
            from nemo_run_lint.outputs import statistics

            return statistics.render(_for_people(outcome), self.format in ("json", "jsonl"))
        render: Callable[[Outcome], Iterator[str]] = renderer(self.format)
        return render(_for_people(outcome) if self.format in _FOR_PEOPLE else outcome)


def _for_people(outcome: Outcome) -> Outcome:
    """The same with links, if what reads it makes links of them."""
    from nemo_run_lint.outputs.links import are_shown

    return replace(outcome, links=are_shown(os.environ, sys.stdout.isatty()))


@contextmanager
def _or_stop() -> Iterator[None]:
    """End the command, with a sentence, where findings cannot be written."""
    from nemo_run_lint.outputs.writing import OutputError

    try:
        yield
    except OutputError as error:
        raise click.ClickException(str(error)) from None
