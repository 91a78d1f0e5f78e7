"""Many files: finds them, and has each checked by its own settings.

What is remembered of a file is told at once. Only those that have to be parsed go to other processes, if they may.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cache
from itertools import tee
from pathlib import Path

from nemo_run_lint import remembered
from nemo_run_lint.checking import Source, text_of
from nemo_run_lint.comments import Ran, ran
from nemo_run_lint.examination import NotRememberedError, directory_of, rules_by
from nemo_run_lint.finding import Finding, Span
from nemo_run_lint.linter import finding_of
from nemo_run_lint.result import Result, together
from nemo_run_lint.rule_files import means
from nemo_run_lint.rules.linter.unreadable_file import UnreadableFile
from nemo_run_lint.selection import check_options
from nemo_run_lint.sending import Workers
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

#: No other process than this one.
ALONE = 1

_START = Span(1, 1, 1, 1)


def run(paths: Sequence[str], settings_for: SettingsFor = load, through: Through = iter, jobs: int = ALONE) -> Result:
    """Lint the files that `paths` name or hold; `through` is handed all of them, and asked for one as each is done.

    jobs  how many processes may parse at a time, 0 for as many as there are cores; ALONE: only this one, in which
          nothing ends a file that takes longer than its settings allow

    What goes wrong with one file becomes a finding, and the rest go on. Raises DiscoveryError for a path that does not
    exist, before anything is linted, and SettingsError for settings that cannot be meant.
    """
    surroundings = Surroundings()
    settings_of = _checked(settings_for, surroundings)
    unlisted: list[Finding] = []

    def cannot_list(directory: str, error: OSError) -> None:
        problem = f"cannot be listed: {error.strerror or error}"
        unlisted.append(finding_of(UnreadableFile, directory, _START, what="directory", problem=problem))

    @cache
    def settings_in(directory: str) -> Settings:
        return settings_of(Path(os.path.abspath(directory)))

    looked_at: list[str] = []

    def source_of(path: str) -> Source:
        looked_at.append(path)
        return Source(path, settings_in(os.path.dirname(path)))

    files, counted = tee(discover(paths, settings_of, cannot_list))
    done = iter(through(counted))
    try:
        results = _results(map(source_of, files), jobs, surroundings, lambda: next(done, None))
        found = together((*results, Result(tuple(unlisted))))
        return replace(found, looked_at=tuple(looked_at), looked_through=tuple(paths))
    finally:
        surroundings.flush()


def run_source(data: bytes, filename: str, settings_for: SettingsFor = load, jobs: int = ALONE) -> Result:
    """Lint one source that was read from elsewhere, say standard input, as if it stood in `filename`.

    With `force-exclude`, a file name that is excluded has no findings; `jobs` as in `run`. Raises SettingsError.
    """
    surroundings = Surroundings()
    settings = _checked(settings_for, surroundings)(directory_of(filename))
    if settings.force_exclude and excluded(filename, settings):
        return Result()
    try:
        (found,) = _results([Source(shown(filename), settings, data)], jobs, surroundings, lambda: None)
        return replace(found, looked_at=(shown(filename),))
    finally:
        surroundings.flush()


def _results(
    sources: Iterable[Source], jobs: int, surroundings: Surroundings, tick: Callable[[], object]
) -> list[Result]:
    """What is found in each of the sources, in their order; `tick` is called before the first and after each."""
    found: list[Result | None] = []
    sent: list[tuple[int, Source]] = []

    def keep(index: int, result: Result) -> None:
        found[index] = result
        tick()

    tick()
    with Workers(jobs, surroundings) as workers:
        for index, source in enumerate(sources):
            known = _at_once(source, jobs, surroundings)
            found.append(known)
            if known is not None:
                tick()
            else:
                sent.append((index, source))
                workers.add(source)
            if sent:
                for number, result in workers.results():
                    keep(sent[number][0], result)
        for number, result in workers.results(to_the_end=True):
            keep(sent[number][0], result)
    for index, source in sent:
        if found[index] is None:
            keep(index, source.check(surroundings))
    return [result for result in found if result is not None]


def _at_once(source: Source, jobs: int, surroundings: Surroundings) -> Result | None:
    """What is found in a source; None if other processes may find it, and it has to be parsed."""
    try:
        return source.check(surroundings, only_remembered=jobs != ALONE)
    except NotRememberedError:
        return None


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
