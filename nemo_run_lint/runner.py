"""Many files: finds them, and has each checked by its own settings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from nemo_run_lint import remembered
from nemo_run_lint.checking import Result, check_file, check_source, directory_of, rules_by, text_of, together
from nemo_run_lint.comments import Ran, ran
from nemo_run_lint.finding import Finding, Span
from nemo_run_lint.linter import finding_of
from nemo_run_lint.rule_files import means
from nemo_run_lint.rules.linter.unreadable_file import UnreadableFile
from nemo_run_lint.selection import check_options
from nemo_run_lint.settings import Settings, load
from nemo_run_lint.sources.discovery import discover, excluded, shown
from nemo_run_lint.sources.python import (
    TooLargeError,
    UnreadableError,
    read,
)
from nemo_run_lint.surroundings import Surroundings

#: The settings for what lies in a directory; the command line changes what `load` says with `dataclasses.replace`.
SettingsFor = Callable[[Path], Settings]

#: What sees the paths of the files on their way to be linted, say to tell how far the run is.
Through = Callable[[Iterable[str]], Iterable[str]]

_START = Span(1, 1, 1, 1)


def run(paths: Sequence[str], settings_for: SettingsFor = load, through: Through = iter) -> Result:
    """Lint the files that `paths` name or hold; `through` is handed all of them and hands on each in turn.

    What goes wrong with one file becomes a finding, and the rest go on. Raises DiscoveryError for a path that does not
    exist, before anything is linted, and SettingsError for settings that cannot be meant.
    """
    surroundings = Surroundings()
    settings_of = _checked(settings_for, surroundings)
    unlisted: list[Finding] = []

    def cannot_list(directory: str, error: OSError) -> None:
        problem = f"cannot be listed: {error.strerror or error}"
        unlisted.append(finding_of(UnreadableFile, directory, _START, what="directory", problem=problem))

    looked_at: list[str] = []

    def checked(path: str) -> Result:
        looked_at.append(path)
        return check_file(path, settings_of(directory_of(path)), surroundings=surroundings)

    files = through(discover(paths, settings_of, cannot_list))
    try:
        found = together((*map(checked, files), Result(tuple(unlisted))))
        return replace(found, looked_at=tuple(looked_at), looked_through=tuple(paths))
    finally:
        surroundings.flush()


def run_source(data: bytes, filename: str, settings_for: SettingsFor = load) -> Result:
    """Lint one source that was read from elsewhere, say standard input, as if it stood in `filename`.

    With `force-exclude`, a file name that is excluded has no findings. Raises SettingsError.
    """
    surroundings = Surroundings()
    settings = _checked(settings_for, surroundings)(directory_of(filename))
    if settings.force_exclude and excluded(filename, settings):
        return Result()
    try:
        found = check_source(shown(filename), data, settings, surroundings=surroundings)
        return replace(found, looked_at=(shown(filename),))
    finally:
        surroundings.flush()


def was_run(settings_for: SettingsFor) -> Callable[[str, str], bool]:
    """Asks whether a rule tells all that it finds in a file: by what the user calls the file, and the rule's name."""
    surroundings = Surroundings()

    @cache
    def on(settings: Settings) -> list[Ran]:
        found = remembered.ran(settings, surroundings.store(settings), lambda: ran(rules_by(settings)))
        surroundings.flush()
        return [rule for rule in found if not rule.errors_only]

    @cache
    def names(path: str) -> frozenset[str]:
        settings = settings_for(directory_of(path))
        ignored = settings.ignored_for(Path(path).absolute())
        kept = (rule for rule in on(settings) if not any(means(each, rule.code, rule.name) for each in ignored))
        return frozenset(rule.name for rule in kept)

    return lambda path, rule: rule in names(path)


def source(path: str, settings_for: SettingsFor = load) -> str | None:
    """The text of a file, as the findings about it count lines and columns; None if it cannot be had."""
    try:
        return text_of(read(path, settings_for(directory_of(path)).maximum_file_size), path)
    except (UnreadableError, TooLargeError):
        return None


def _checked(settings_for: SettingsFor, surroundings: Surroundings) -> SettingsFor:
    """`settings_for`, asked once for each directory, its rules' options and the environment that it names checked."""

    @cache
    def settings_of(directory: Path) -> Settings:
        settings = settings_for(directory)
        _check_options(settings)
        surroundings.check(settings)
        return settings

    return settings_of


@cache
def _check_options(settings: Settings) -> None:
    check_options(settings)
