"""`check`: lints, leaves out what is not asked for, fixes, and tells the rest.

The order: the findings of the run; without those of a baseline and those on lines that nobody changed; what can be
fixed is, and the run made again; what is left is written to the terminal and to files.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from nemo_run_lint.commands import adoption, fixes, telling
from nemo_run_lint.commands.parameters import Jobs, Versions, color_option, local_rules_option, selectors_option
from nemo_run_lint.commands.terminal import outcome, write
from nemo_run_lint.outputs import unresolved
from nemo_run_lint.outputs.format import from_disk
from nemo_run_lint.progress import Bar
from nemo_run_lint.rule import Profile
from nemo_run_lint.settings import Settings, loader
from nemo_run_lint.sources.discovery import shown

if TYPE_CHECKING:
    from nemo_run_lint.changes import Changes
    from nemo_run_lint.finding import Finding
    from nemo_run_lint.fixing import Rewritten
    from nemo_run_lint.result import Result
    from nemo_run_lint.runner import Through

PATH = click.Path(path_type=Path)

Choice = TypeVar("Choice", bool, int)


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
@telling.options
@click.option("--stdin-filename", metavar="PATH", help="What to call the source that `-` reads.")
@click.option("--exclude", metavar="PATTERN", multiple=True, help="More paths that a walk leaves out.")
@click.option("--force-exclude", is_flag=True, help="Leave excluded paths out even when they are named.")
@click.option("--respect-gitignore/--no-respect-gitignore", default=None, help="Leave out what git ignores.")
@click.option(
    "--config",
    multiple=True,
    metavar="FILE | KEY=VALUE",
    help="A settings file to use for all paths, or one setting as TOML: 'profile = \"strict\"'.",
)
@click.option("--isolated", is_flag=True, help="Read no settings files.")
@color_option()
@click.option("--exit-zero", is_flag=True, help="End with status 0 even when there are findings.")
@click.option("-q", "--quiet", is_flag=True, help="Print findings only, no summary.")
@click.option("--python", type=PATH, help="The project's environment: an interpreter, its directory, or site-packages.")
@click.option("--index", type=PATH, multiple=True, metavar="FILE", help="An environment that `index build` exported.")
@click.option("--cache-dir", type=PATH, help="Where to remember what was worked out.")
@click.option("--no-cache", is_flag=True, help="Remember nothing, and use nothing remembered.")
@click.option("--jobs", type=Jobs(), metavar="N", help="How many processes may lint at a time.  [default: auto]")
@click.option("--fix/--no-fix", default=None, help="Fix what can be fixed, and tell the rest.")
@click.option(
    "--unsafe-fixes/--no-unsafe-fixes",
    default=None,
    help="With --fix, --diff or --interactive: also fixes after which a program may do something else.",
)
@click.option("--diff", is_flag=True, help="Print what --fix would change, and change nothing.")
@click.option("--interactive", is_flag=True, help="Show each fix, and ask whether to apply it.")
@click.option(
    "--since",
    metavar="REV",
    help="Only findings about what changed since a revision of git; `auto`: the one that the build merges into.",
)
@adoption.options
@click.option("--watch", is_flag=True, help="Lint again whenever something changes, until Ctrl-C.")
@click.option("--explain-unresolved", is_flag=True, help="Tell of how many targets it is not known what they accept.")
@local_rules_option()
@click.option("--timings", is_flag=True, help="Tell which steps, rules and files take long; uses nothing remembered.")
def check(paths: Sequence[str], **given: Any) -> None:
    """Lint files, directories, or `-` for standard input (default: the current directory)."""
    if "-" in paths and len(paths) > 1:
        raise click.UsageError("`-` stands for standard input and cannot be mixed with paths")
    if given["stdin_filename"] is not None and paths != ("-",):
        raise click.UsageError("--stdin-filename goes with `-`, which reads standard input")

    if given["watch"]:
        if given["timings"]:
            raise click.UsageError("--timings tells of one run, and --watch never ends: give one of them")
        _watch(paths, given)
    load = loader(given["config"], given["isolated"])

    @cache
    def overridden(settings: Settings) -> Settings:
        return _overridden(settings, given)

    def settings_for(path: Path) -> Settings:
        return overridden(load(path))

    own = settings_for(Path.cwd())
    sources = Sources(paths or (".",), given["stdin_filename"] or "-", settings_for, own.jobs)
    where = telling.Telling.of(given, own)
    mode = fixes.mode(given, own, sources.is_stdin)
    adoption.check_usage(given, sources.is_stdin)
    record = adoption.Record.of(given, own)
    result = _timed(sources, given, record) if given["timings"] else _found(sources, given, record)
    fixed: tuple[Finding, ...] = ()
    if mode is not None:
        changed = fixes.wanted(result.findings, sources, mode, own.unsafe_fixes, given["color"])
        if mode is fixes.Mode.DIFF:
            would_change = fixes.show(changed, result.findings, given["color"], own.unsafe_fixes, given["quiet"])
            sys.exit(1 if would_change and not given["exit_zero"] else 0)
        sources = _applied(sources, changed)
        fixed = tuple(finding for each in changed for finding in each.fixed)
        result = _found(sources, given, record) if fixed else result
    result, is_well = record.finish(result, sources, given["quiet"])
    if given["add_suppressions"] is not None:
        result = adoption.add_suppressions(result, given["add_suppressions"], given["quiet"])
    told = outcome(result, sources.text, given["color"], given["quiet"])
    told = replace(told, fixed=fixed, show_silenced=own.show_suppressed, data=sources.data)
    # after a source on standard output comes nothing else
    where.tell(told, err=mode is not None and sources.is_stdin)
    if own.explain_unresolved:
        sys.stdout.flush()
        sys.stderr.writelines(unresolved.lines(result.targets))
    if own.cache and mode is None and not sources.is_stdin:
        _may_be_told_again(own)
    sys.exit(1 if (result.findings or not is_well) and not given["exit_zero"] else 0)


def _may_be_told_again(own: Settings) -> None:
    """Have the answer kept, unless more was done than to look and to print."""
    from nemo_run_lint import witnesses
    from nemo_run_lint.signatures.store import NAMES
    from nemo_run_lint.surroundings import cache_directory

    witnesses.may_be_kept(cache_directory(own), NAMES)


def _found(sources: Sources, given: dict[str, Any], record: adoption.Record, through: Through = iter) -> Result:
    """What is found, as far as it is asked for, the files having gone `through`."""
    changes = sources.changes(given["since"]) if given["since"] is not None else None
    with Bar.for_terminal(given["quiet"]) as bar:
        result = sources.lint(lambda files: through(bar.through(files)))
    result = record.narrowed(result, sources)
    return result if changes is None else changes.narrowed(result)


def _timed(sources: Sources, given: dict[str, Any], record: adoption.Record) -> Result:
    """The same; where the time went is told when all else is said."""
    from nemo_run_lint import timings
    from nemo_run_lint.outputs.timings import lines
    from nemo_run_lint.rule_files import codes

    with timings.taken() as taken:
        result = _found(sources, given, record, taken.through)
    click.get_current_context().call_on_close(lambda: write(lines(taken, codes()), err=True))
    return result


def _applied(sources: Sources, changed: Sequence[Rewritten]) -> Sources:
    """The sources after fixes, which are written: into the files, or where standard input was read, to the output."""
    if not sources.is_stdin:
        fixes.write_files(changed)
        fixes.tell_left_out(changed)
        return sources
    after = changed[0].after if changed else sources.stdin
    sys.stdout.flush()
    sys.stdout.buffer.write(after)
    sys.stdout.buffer.flush()
    fixes.tell_left_out(changed)
    return replace(sources, instead=after)


@dataclass(frozen=True)
class Sources:
    """What is linted: the files that `paths` name or hold, or standard input, read once and called `filename`.

    jobs      how many processes may lint, as `runner.run` is told
    instead   what standard input holds, where it is not to be read
    """

    paths: Sequence[str]
    filename: str
    settings_for: Callable[[Path], Settings]
    jobs: int
    instead: bytes | None = None

    @property
    def is_stdin(self) -> bool:
        """Whether standard input is read."""
        return tuple(self.paths) == ("-",)

    @cached_property
    def stdin(self) -> bytes:
        """What standard input holds."""
        return sys.stdin.buffer.read() if self.instead is None else self.instead

    def lint(self, through: Through = iter) -> Result:
        """What is found, the files having gone `through`. Raises DiscoveryError and SettingsError."""
        from nemo_run_lint import runner

        if self.is_stdin:
            return runner.run_source(self.stdin, self.filename, self.settings_for, self.jobs)
        return runner.run(self.paths, self.settings_for, through, self.jobs)

    def changes(self, revision: str) -> Changes:
        """What has changed since a revision. Raises ChangesError, which is a SettingsError."""
        from nemo_run_lint.changes import Changes

        if not self.is_stdin:
            return Changes.since(revision, *self.paths)
        return Changes.since(revision, self.filename, instead={shown(self.filename): self.stdin})

    def data(self, path: str) -> bytes | None:
        """The bytes of one of the files; None if they cannot be had."""
        return self.stdin if self.is_stdin else from_disk(path)

    def text(self, path: str) -> str | None:
        """The text of one of the files; None if it cannot be had."""
        from nemo_run_lint import checking, runner

        return checking.text_of(self.stdin, path) if self.is_stdin else runner.source(path, self.settings_for)


def _watch(paths: Sequence[str], given: dict[str, Any]) -> NoReturn:
    """Do the same again and again, without `--watch`."""
    from nemo_run_lint.watching import watch

    if "-" in paths:
        raise click.UsageError("--watch goes with files, and `-` reads standard input")

    def once() -> None:
        assert check.callback is not None
        check.callback(paths, **{**given, "watch": False})

    watch(once, paths or (".",), [each for each in given["config"] if "=" not in each])


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
        cache=settings.cache and not given["no_cache"] and not given["timings"],
        cache_dir=given["cache_dir"] or settings.cache_dir,
        jobs=1 if given["timings"] else _first(given["jobs"], settings.jobs),
        unsafe_fixes=_first(given["unsafe_fixes"], settings.unsafe_fixes),
        show_suppressed=_first(given["show_suppressed"], settings.show_suppressed),
        explain_unresolved=given["explain_unresolved"],
    )


def _first(asked: Choice | None, otherwise: Choice) -> Choice:
    return otherwise if asked is None else asked
