"""`docs`: writes the pages of experiments, or tells which of them are stale."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nemo_run_lint.commands.terminal import write

if TYPE_CHECKING:
    from nemo_run_lint.documentation.pages import DocumentationError, Page


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(allow_dash=True))
@click.option("--check", is_flag=True, help="Write nothing; print what is stale, and end with status 1 if anything is.")
@click.option("--stdout", is_flag=True, help="Print the pages, and write nothing.")
@click.option(
    "--output-dir",
    type=click.Path(path_type=Path, file_okay=False, allow_dash=True),
    help="Where the pages go; `-` prints them.  [default: `documentation` of the layout]",
)
@click.option("-q", "--quiet", is_flag=True, help="Say only what went wrong.")
def docs(paths: Sequence[str], check: bool, stdout: bool, output_dir: Path | None, quiet: bool) -> None:
    """Write a page of documentation for each experiment, from its code and docstrings, running nothing.

    PATHS are files, directories, or `-` for standard input, whose page is printed (default: the current directory). Of
    directories, the files are taken that lie where the layout has experiments. What stands in a page outside of the two
    comments around the generated part is kept.
    """
    from nemo_run_lint.documentation.pages import DocumentationError, Page, pages
    from nemo_run_lint.settings import load

    stdout, output_dir = stdout or str(output_dir) == "-", None if str(output_dir) == "-" else output_dir
    if check and stdout:
        raise click.UsageError("--check compares with the pages that are there, and --stdout prints new ones")
    if "-" in paths:
        if len(paths) > 1 or check or output_dir is not None:
            raise click.UsageError("`-` stands for standard input, whose page is printed: nothing goes with it")
        _print_page_of_stdin()
        return
    found = list(pages(paths or (".",), load, output_dir, anew=stdout))
    told = [each for each in found if isinstance(each, Page)]
    failures = [each for each in found if isinstance(each, DocumentationError)]
    if stdout:
        sys.stdout.flush()
        sys.stdout.buffer.write(b"\n".join(page.after for page in told))
        sys.stdout.buffer.flush()
    elif check:
        _show_stale(told, quiet)
    else:
        failures += _write(told, quiet)
    if not found and not quiet:
        write(["no experiment found where the layout has them; name its file, or set `layout` in the settings\n"], True)
    write([f"nemo-run-lint: {failure}\n" for failure in failures], err=True)
    is_stale = check and not all(page.is_fresh for page in told)
    sys.exit(2 if failures else 1 if is_stale else 0)


def _print_page_of_stdin() -> None:
    from nemo_run_lint.documentation.pages import DocumentationError, generated
    from nemo_run_lint.settings import load

    try:
        page = generated("stdin.py", sys.stdin.buffer.read(), load(Path.cwd()))
    except DocumentationError as error:
        raise click.ClickException(str(error)) from None
    sys.stdout.buffer.write(page)
    sys.stdout.buffer.flush()


def _show_stale(pages: Sequence[Page], quiet: bool) -> None:
    from nemo_run_lint.fixing import Rewritten, diff

    stale = [page for page in pages if not page.is_fresh]
    sys.stdout.flush()
    sys.stdout.buffer.writelines(diff(Rewritten(page.path, page.before or b"", page.after) for page in stale))
    sys.stdout.buffer.flush()
    if stale and not quiet:
        write([f"{_counted(len(stale))} stale; to write what is missing: nemo-run-lint docs\n"], err=True)


def _write(pages: Sequence[Page], quiet: bool) -> list[DocumentationError]:
    """Write what is not fresh, each page whole or not at all; what could not be written."""
    from nemo_run_lint.documentation.pages import DocumentationError
    from nemo_run_lint.replacing import replace_content

    failures = []
    for page in pages:
        if page.is_fresh:
            continue
        try:
            os.makedirs(os.path.dirname(page.path) or ".", exist_ok=True)
            replace_content(page.path, [page.after])
        except OSError as error:
            failures.append(DocumentationError(f"`{page.path}` cannot be written: {error.strerror or error}"))
            continue
        if not quiet:
            write([f"wrote {page.path}\n"])
    if pages and all(page.is_fresh for page in pages) and not quiet:
        write([f"{_counted(len(pages))} fresh\n"], err=True)
    return failures


def _counted(count: int) -> str:
    return "1 page is" if count == 1 else f"{count} pages are"
