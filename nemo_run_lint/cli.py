"""The command line: parses, calls, prints.

Exit status 0: nothing found; 1: findings; 2: bad usage, bad settings, or a path that does not exist.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from nemo_run_lint._version import __version__
from nemo_run_lint.outputs import unresolved
from nemo_run_lint.outputs.format import DEFAULT_WIDTH, FORMATS, Outcome, renderer
from nemo_run_lint.releases import NEWEST, RELEASES, in_order, judged_as, release
from nemo_run_lint.rule import Profile
from nemo_run_lint.rule_files import canonical, did_you_mean
from nemo_run_lint.settings import Settings, SettingsError, load
from nemo_run_lint.sources.discovery import DiscoveryError

if TYPE_CHECKING:
    from nemo_run_lint.runner import Result

Function = TypeVar("Function", bound=Callable[..., Any])

PATH = click.Path(path_type=Path)

#: Commands, each with the module that holds it.
_ELSEWHERE = dict.fromkeys(("clean", "index"), "nemo_run_lint.index_command")

#: A shell says 128 + 2 of a program that the user interrupted.
INTERRUPTED = 130


class Group(click.Group):
    """Commands, with a hint where a path or a misspelt command stands in a command's place."""

    def list_commands(self, context: click.Context) -> list[str]:
        """All commands, also those that are not imported yet."""
        return sorted({*super().list_commands(context), *_ELSEWHERE})

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """The command of that name; what it needs is imported only for it."""
        if name not in _ELSEWHERE:
            return super().get_command(context, name)
        command: click.Command = getattr(import_module(_ELSEWHERE[name]), name)
        return command

    def resolve_command(
        self, context: click.Context, arguments: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, but `nemo-run-lint train.py` says what was meant."""
        try:
            return super().resolve_command(context, arguments)
        except click.UsageError as error:
            word = arguments[0]
            if os.path.exists(word):
                raise click.UsageError(f"{word!r} is a path; to lint it: nemo-run-lint check {word}", context) from None
            near = did_you_mean(word, self.list_commands(context))
            raise click.UsageError(f"{error.format_message()}{near}", context) from None


class Selectors(click.ParamType):  # type: ignore[type-arg] # generic since click 8.2
    """Rules as a user writes them, with commas between: codes, beginnings of codes, names."""

    name = "rules"

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> Any:
        """A tuple of selectors; refuses what means no rule."""
        try:
            return tuple(canonical(word.strip()) for word in value.split(",") if word.strip())
        except ValueError as error:
            self.fail(str(error), param, context)


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


def _joined(context: click.Context, parameter: click.Parameter, values: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
    return tuple(selector for selectors in values for selector in selectors)


def selectors_option(name: str, help: str) -> Callable[[Function], Function]:
    """An option that takes rules and may be repeated."""
    return click.option(name, type=Selectors(), multiple=True, callback=_joined, help=help, metavar="RULES")


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", prog_name="nemo-run-lint", message="%(prog)s %(version)s")
def cli() -> None:
    """Find what would fail in NeMo Run experiments, without executing anything."""


@cli.command()
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
@click.option("--isolated", is_flag=True, help="Read no pyproject.toml.")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="When to use colours.")
@click.option("--exit-zero", is_flag=True, help="End with status 0 even when there are findings.")
@click.option("-q", "--quiet", is_flag=True, help="Print findings only, no summary.")
@click.option("--python", type=PATH, help="The project's environment: an interpreter, its directory, or site-packages.")
@click.option("--index", type=PATH, multiple=True, metavar="FILE", help="An environment that `index build` exported.")
@click.option("--cache-dir", type=PATH, help="Where to remember what was worked out.")
@click.option("--no-cache", is_flag=True, help="Remember nothing, and use nothing remembered.")
@click.option("--explain-unresolved", is_flag=True, help="Tell of how many targets it is not known what they accept.")
def check(
    paths: Sequence[str], stdin_filename: str | None, isolated: bool, color: str, exit_zero: bool, **given: Any
) -> None:
    """Lint files, directories, or `-` for standard input (default: the current directory)."""
    if "-" in paths and len(paths) > 1:
        raise click.UsageError("`-` stands for standard input and cannot be mixed with paths")
    if stdin_filename is not None and paths != ("-",):
        raise click.UsageError("--stdin-filename goes with `-`, which reads standard input")
    from nemo_run_lint import runner

    def settings_for(path: Path) -> Settings:
        return _overridden(Settings(nemo_run_version=(NEWEST,)) if isolated else load(path), given)

    own = settings_for(Path.cwd())
    if paths == ("-",):
        filename = stdin_filename or "-"
        data = sys.stdin.buffer.read()
        result = runner.run_source(data, filename, settings_for)
    else:
        result = runner.run(paths or (".",), settings_for)

    def source(path: str) -> str | None:
        return runner.text_of(data) if paths == ("-",) else runner.source(path, settings_for)

    write(renderer(own.output_format or "full")(_outcome(result, source, color, given["quiet"])))
    if own.explain_unresolved:
        sys.stdout.flush()
        sys.stderr.writelines(unresolved.lines(result.targets))
    sys.exit(1 if result.findings and not exit_zero else 0)


@cli.command()
@click.argument("rule", metavar="RULE")
@click.option("--output-format", type=click.Choice(["text", "json"]), default="text", help="How to print it.")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="When to use colours.")
def explain(rule: str, output_format: str, color: str) -> None:
    """Tell all about a rule, by its code or name: what it means, when it fails, what to write instead."""
    from nemo_run_lint import catalogue
    from nemo_run_lint.selection import all_rules, matches

    try:
        selector = canonical(rule)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    found = [each for each in all_rules() if matches(selector, each)]
    if output_format == "json":
        write([json.dumps([catalogue.as_dict(each) for each in found], indent=2), "\n"])
    else:
        write(["\n".join(catalogue.explain(each, _wants_color(color)) for each in found)])


@cli.command()
@click.option("--output-format", type=click.Choice(["text", "json"]), default="text", help="How to print them.")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="When to use colours.")
def rules(output_format: str, color: str) -> None:
    """List every rule, with its severity and the smallest profile that runs it."""
    from nemo_run_lint import catalogue
    from nemo_run_lint.selection import all_rules

    if output_format == "json":
        write([json.dumps([catalogue.as_dict(rule) for rule in all_rules()], indent=2), "\n"])
    else:
        write([catalogue.table(color=_wants_color(color))])


@cli.command()
@click.argument("paths", nargs=-1, type=click.Path())
@click.option("--from", "old", type=Release(), required=True, metavar="VERSION", help="The NeMo Run that is left.")
@click.option("--to", "new", type=Release(), required=True, metavar="VERSION", help="The NeMo Run to go to.")
@click.option("--fix", is_flag=True, help="Change the files where the new name is certain.")
@click.option("--diff", is_flag=True, help="Print what --fix would change, and change nothing.")
@click.option("--output-format", type=click.Choice(FORMATS), default="full", help="How to print what breaks.")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="When to use colours.")
def migrate(paths: Sequence[str], old: str, new: str, fix: bool, diff: bool, output_format: str, color: str) -> None:
    """List what works in one NeMo Run and not in a later one, in files and directories (default: the current one)."""
    if RELEASES.index(old) > RELEASES.index(new):
        raise click.UsageError(f"--from {old} is later than --to {new}")
    from nemo_run_lint import migration, runner

    result = migration.breaks(paths or (".",), load, old, new)
    try:
        if diff:
            write(migration.diff(result.findings))
            sys.exit(1 if result.findings else 0)
        if fix and (count := migration.fix(result.findings)):
            click.echo(f"Fixed {count} of {len(result.findings)}.", err=True)
            result = migration.breaks(paths or (".",), load, old, new)
    except OSError as error:
        raise click.FileError(str(error.filename), error.strerror) from None
    write(renderer(output_format)(_outcome(result, runner.source, color)))
    sys.exit(1 if result.findings else 0)


def _outcome(result: Result, source: Callable[[str], str | None], color: str, quiet: bool = False) -> Outcome:
    """What a run found, for the terminal that reads it."""
    return Outcome(
        result.findings,
        result.files,
        result.silenced,
        source,
        color=_wants_color(color),
        width=shutil.get_terminal_size().columns if sys.stdout.isatty() else DEFAULT_WIDTH,
        quiet=quiet,
    )


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


def _wants_color(choice: str) -> bool:
    """Whether to write colours: as asked, or by NO_COLOR, FORCE_COLOR, and whether a terminal reads."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (sys.stdout.isatty() and os.environ.get("TERM") != "dumb")


def write(pieces: Iterable[str]) -> None:
    """Print, whatever characters the terminal's encoding lacks."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    sys.stdout.writelines(pieces)


def main() -> None:
    """The `nemo-run-lint` command: its errors are one sentence, and a reader that goes away is no error."""
    try:
        try:
            cli.main(prog_name="nemo-run-lint", standalone_mode=False)
        finally:
            sys.stdout.flush()
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.Abort:
        sys.exit(INTERRUPTED)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (SettingsError, DiscoveryError) as error:
        click.echo(f"nemo-run-lint: {error}", err=True)
        sys.exit(2)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # so that the flush at exit meets no closed pipe
        sys.exit(0)


if __name__ == "__main__":
    main()
