"""`check`: lints, leaves out what is not asked for, fixes, and tells the rest.

The order: the findings of the run; without those of a baseline and those on lines that nobody changed; what can be
fixed is, and the run made again; what is left is written to the terminal and to files.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nemo_run_lint.commands.parameters import Versions, color_option, selectors_option
from nemo_run_lint.commands.terminal import outcome, write
from nemo_run_lint.outputs import unresolved
from nemo_run_lint.outputs.format import FORMATS, renderer
from nemo_run_lint.releases import NEWEST
from nemo_run_lint.rule import Profile
from nemo_run_lint.settings import Settings, load

if TYPE_CHECKING:
    from nemo_run_lint.runner import Result

PATH = click.Path(path_type=Path)


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(allow_dash=True))
@selectors_option("--select", "The rules to run instead of the profile's: codes, prefixes (NRL4) or names.")
@selectors_option("--extend-select", "More rules to run.")
@selectors_option("--ignore", "Rules not to run.")
@click.option("--profile", type=click.Choice([profile.value for profile in Profile]), help="The set of rules to run.")
@click.option(
    "--nemo-run-version",
    type=Versions(),
    metavar="VERSIONS",
    help="The NeMo Run to judge by, or several: 0.9,0.11.  [default: what the project requires]",
)
@click.option("--output-format", type=click.Choice(FORMATS), help="How to print the findings.  [default: full]")
@click.option("--stdin-filename", metavar="PATH", help="What to call the source that `-` reads.")
@click.option("--exclude", metavar="PATTERN", multiple=True, help="More paths that a walk leaves out.")
@click.option("--force-exclude", is_flag=True, help="Leave excluded paths out even when they are named.")
@click.option("--respect-gitignore/--no-respect-gitignore", default=None, help="Leave out what git ignores.")
@click.option("--isolated", is_flag=True, help="Read no settings files.")
@color_option()
@click.option("--exit-zero", is_flag=True, help="End with status 0 even when there are findings.")
@click.option("-q", "--quiet", is_flag=True, help="Print findings only, no summary.")
@click.option("--python", type=PATH, help="The project's environment: an interpreter, its directory, or site-packages.")
@click.option("--index", type=PATH, multiple=True, metavar="FILE", help="An environment that `index build` exported.")
@click.option("--cache-dir", type=PATH, help="Where to remember what was worked out.")
@click.option("--no-cache", is_flag=True, help="Remember nothing, and use nothing remembered.")
@click.option("--explain-unresolved", is_flag=True, help="Tell of how many targets it is not known what they accept.")
def check(paths: Sequence[str], **given: Any) -> None:
    """Lint files, directories, or `-` for standard input (default: the current directory)."""
    if "-" in paths and len(paths) > 1:
        raise click.UsageError("`-` stands for standard input and cannot be mixed with paths")
    if given["stdin_filename"] is not None and paths != ("-",):
        raise click.UsageError("--stdin-filename goes with `-`, which reads standard input")

    def settings_for(path: Path) -> Settings:
        return _overridden(Settings(nemo_run_version=(NEWEST,)) if given["isolated"] else load(path), given)

    own = settings_for(Path.cwd())
    sources = Sources(paths or (".",), given["stdin_filename"] or "-", settings_for)
    result = sources.lint()
    told = outcome(result, sources.text, given["color"], given["quiet"])
    write(renderer(own.output_format or "full")(told))
    if own.explain_unresolved:
        sys.stdout.flush()
        sys.stderr.writelines(unresolved.lines(result.targets))
    sys.exit(1 if result.findings and not given["exit_zero"] else 0)


@dataclass(frozen=True)
class Sources:
    """What is linted: the files that `paths` name or hold, or standard input, read once and called `filename`."""

    paths: Sequence[str]
    filename: str
    settings_for: Callable[[Path], Settings]

    @property
    def is_stdin(self) -> bool:
        """Whether standard input is read."""
        return tuple(self.paths) == ("-",)

    @cached_property
    def stdin(self) -> bytes:
        """What standard input holds."""
        return sys.stdin.buffer.read()

    def lint(self) -> Result:
        """What is found. Raises DiscoveryError and SettingsError."""
        from nemo_run_lint import runner

        if self.is_stdin:
            return runner.run_source(self.stdin, self.filename, self.settings_for)
        return runner.run(self.paths, self.settings_for)

    def text(self, path: str) -> str | None:
        """The text of one of the files; None if it cannot be had."""
        from nemo_run_lint import runner

        return runner.text_of(self.stdin) if self.is_stdin else runner.source(path, self.settings_for)


def _overridden(settings: Settings, given: dict[str, Any]) -> Settings:
    """The settings with what the command line says instead; `--select` starts afresh, as in ruff."""
    if given["select"]:
        settings = replace(settings, extend_select=(), ignore=())
    return replace(
        settings,
        profile=Profile(given["profile"]) if given["profile"] else settings.profile,
        select=given["select"] or settings.select,
        extend_select=settings.extend_select + given["extend_select"],
        ignore=settings.ignore + given["ignore"],
        exclude=settings.exclude + given["exclude"],
        force_exclude=settings.force_exclude or given["force_exclude"],
        respect_gitignore=_first(given["respect_gitignore"], settings.respect_gitignore),
        output_format=given["output_format"] or settings.output_format,
        nemo_run_version=given["nemo_run_version"] or settings.nemo_run_version,
        python=given["python"] or settings.python,
        index=given["index"] or settings.index,
        cache=settings.cache and not given["no_cache"],
        cache_dir=given["cache_dir"] or settings.cache_dir,
        explain_unresolved=given["explain_unresolved"],
    )


def _first(asked: bool | None, otherwise: bool) -> bool:
    return otherwise if asked is None else asked
