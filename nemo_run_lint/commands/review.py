"""`review`: judges experiments by the team's checklist, and tells it to the terminal and to files."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nemo_run_lint.commands.parameters import color_option
from nemo_run_lint.commands.terminal import wants_color, write
from nemo_run_lint.progress import Bar
from nemo_run_lint.rule_files import did_you_mean
from nemo_run_lint.settings import Settings, SettingsError, loader

if TYPE_CHECKING:
    from nemo_run_lint.checklist import Checklist
    from nemo_run_lint.outputs.writing import Destination
    from nemo_run_lint.review.evidence import Review
    from nemo_run_lint.review.pages.links import Links

#: `review.pages.FORMATS`, which is not imported for `--help`.
_FORMATS = ("text", "json", "markdown", "html")


@click.command()
@click.argument("paths", nargs=-1, type=click.Path())
@click.option("--since", metavar="REV", help="Only what has changed since a revision of git; `auto` as for `check`.")
@click.option("--reviewer", "reviewers", multiple=True, metavar="NAME", help="Who reviews; may be repeated.")
@click.option(
    "--confirm",
    "confirmed",
    multiple=True,
    metavar="ITEM",
    help="An item that needs a person, who has looked and is content; may be repeated.",
)
@click.option("--output-format", type=click.Choice(_FORMATS), default="text", help="How to print it.")
@click.option(
    "--output", multiple=True, metavar="FORMAT=FILE", help="Write it to a file as well; may be repeated: html=out.html."
)
@click.option(
    "--source-url",
    default="",
    metavar="URL",
    help="Where lines can be looked at: 'https://host/blob/REV/{path}#L{line}'.  [default: the files themselves]",
)
@click.option("--config", multiple=True, metavar="FILE | KEY=VALUE", help="As for `check`.")
@click.option("--isolated", is_flag=True, help="Read no settings files.")
@click.option("--exit-zero", is_flag=True, help="End with status 0 even if it is not approved.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but the review.")
@color_option()
def review(paths: Sequence[str], **given: Any) -> None:
    """Judge the experiments in PATHS (default: the current directory) by the team's checklist.

    Nothing is executed: findings, tests and code answer the items, or a person has to. Ends with status 1 if it is not
    approved.
    """
    from nemo_run_lint.outputs import writing
    from nemo_run_lint.review.pages.links import Links, SourceUrlError
    from nemo_run_lint.review.reviewing import Request
    from nemo_run_lint.review.reviewing import review as reviewed

    load = loader(given["config"], given["isolated"])
    asked = _asked(load(Path(paths[0]) if paths else Path.cwd()))
    known = [item.name for item in asked.items]
    for name in given["confirmed"]:
        if name not in known:
            raise click.UsageError(f"--confirm: there is no item `{name}`{did_you_mean(name, known)}")
    with _usage(SourceUrlError, writing.OutputError):
        links = Links.of(given["source_url"])
        destinations = writing.destinations(given["output"], _FORMATS)
    changes = None
    if given["since"] is not None:
        from nemo_run_lint.changes import Changes

        changes = Changes.since(given["since"], *(paths or (".",)))
    request = Request(paths or (".",), asked, given["confirmed"], given["reviewers"], changes)
    with Bar.for_terminal(given["quiet"]) as bar:
        found = reviewed(request, load, bar.through)
    with _usage(writing.OutputError):
        _tell(found, given, links, destinations)
    sys.exit(0 if found.is_empty or found.is_approved or given["exit_zero"] else 1)


def _asked(settings: Settings) -> Checklist:
    """The checklist of the settings. Raises SettingsError if an item is required that there is not."""
    from nemo_run_lint.settings.review import checklist

    asked = checklist(settings.review)
    for name in asked.unknown:
        near = did_you_mean(name, [item.name for item in asked.items])
        where = f"{settings.source}: " if settings.source else ""
        raise SettingsError(f"{where}`review.required`: there is no item `{name}`{near}")
    return asked


def _tell(found: Review, given: dict[str, Any], links: Links, destinations: Sequence[Destination]) -> None:
    """Print the review, and write it to files."""
    from nemo_run_lint.outputs import writing
    from nemo_run_lint.review.pages import renderer

    printed = links.for_page(Path.cwd()) if given["output_format"] == "html" else links
    write(renderer(given["output_format"])(found, printed, wants_color(given["color"])))
    sys.stdout.flush()
    for each in destinations:
        beside = links.for_page(each.path.absolute().parent) if each.format == "html" else links
        writing.write_pieces(each.path, renderer(each.format)(found, beside, False))


@contextmanager
def _usage(*errors: type[Exception]) -> Iterator[None]:
    """End the command with a sentence and status 2."""
    try:
        yield
    except errors as error:
        raise click.ClickException(str(error)) from None
