"""Many files: finds them, reads them, lints each by its own settings, and drops what settings and comments silence.

What happens to one file depends on nothing but its bytes, its settings and the date, so that files may go to other
processes.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from nemo_run_lint import remembered
from nemo_run_lint.comments import Ran, judged, ran
from nemo_run_lint.finding import Finding, Silenced, Span
from nemo_run_lint.linter import Examined, examined, finding_of, may_import
from nemo_run_lint.nemo.declared import declared
from nemo_run_lint.rule import Rule
from nemo_run_lint.rule_files import means
from nemo_run_lint.rules.linter.file_skipped import FileSkipped
from nemo_run_lint.rules.linter.syntax_error import SyntaxError as SyntaxErrorRule
from nemo_run_lint.rules.linter.unreadable_file import UnreadableFile
from nemo_run_lint.selection import check_options, enabled
from nemo_run_lint.settings import Settings, SettingsError, load
from nemo_run_lint.sources.discovery import discover, excluded, shown
from nemo_run_lint.sources.python import (
    TooLargeError,
    UndecodableError,
    UnreadableError,
    decode,
    mentions_nemo_run,
    read,
)
from nemo_run_lint.suppressions import may_suppress
from nemo_run_lint.surroundings import Surroundings
from nemo_run_lint.target import Target

#: The settings for what lies in a directory; the command line changes what `load` says with `dataclasses.replace`.
SettingsFor = Callable[[Path], Settings]

_START = Span(1, 1, 1, 1)

#: How the codes begin of what the linter says about itself.
_LINTER = "NRL0"


@dataclass(frozen=True)
class Result:
    """What a run found.

    findings    sorted, without those that settings or comments silence
    files       how many files were looked at, in vain or not
    silenced    the findings that comments silence, sorted
    targets     what the configurations call, if the settings asked for that
    """

    findings: tuple[Finding, ...] = ()
    files: int = 0
    silenced: tuple[Silenced, ...] = ()
    targets: tuple[Target, ...] = ()

    @property
    def suppressed(self) -> int:
        """How many findings are silenced."""
        return len(self.silenced)


def run(paths: Sequence[str], settings_for: SettingsFor = load) -> Result:
    """Lint the files that `paths` name or hold.

    What goes wrong with one file becomes a finding, and the rest go on. Raises DiscoveryError for a path that does not
    exist, before anything is linted, and SettingsError for settings that cannot be meant.
    """
    surroundings = Surroundings()
    settings_of = _checked(settings_for, surroundings)
    unlisted: list[Finding] = []

    def cannot_list(directory: str, error: OSError) -> None:
        problem = f"cannot be listed: {error.strerror or error}"
        unlisted.append(finding_of(UnreadableFile, directory, _START, what="directory", problem=problem))

    files = discover(paths, settings_of, cannot_list)
    checked = (check_file(path, settings_of(_directory(path)), surroundings=surroundings) for path in files)
    try:
        return _together((*checked, Result(tuple(unlisted))))
    finally:
        surroundings.flush()


def run_source(data: bytes, filename: str, settings_for: SettingsFor = load) -> Result:
    """Lint one source that was read from elsewhere, say standard input, as if it stood in `filename`.

    With `force-exclude`, a file name that is excluded has no findings. Raises SettingsError.
    """
    surroundings = Surroundings()
    settings = _checked(settings_for, surroundings)(_directory(filename))
    if settings.force_exclude and excluded(filename, settings):
        return Result()
    try:
        return check_source(shown(filename), data, settings, surroundings=surroundings)
    finally:
        surroundings.flush()


def check_file(
    path: str, settings: Settings, today: date | None = None, surroundings: Surroundings | None = None
) -> Result:
    """Lint one file by `settings`; `path` is what the user calls it, `today` decides which comments are out of date.

    `surroundings` are shared by files that are linted at one time. Raises SettingsError.
    """
    try:
        data = read(path, settings.maximum_file_size)
    except UnreadableError as error:
        return _without_ignored(path, [finding_of(UnreadableFile, path, _START, what="file", problem=error)], settings)
    except TooLargeError as error:
        return _without_ignored(path, [finding_of(FileSkipped, path, _START, reason=error)], settings)
    return check_source(path, data, settings, today, surroundings)


def check_source(
    path: str,
    data: bytes,
    settings: Settings,
    today: date | None = None,
    surroundings: Surroundings | None = None,
) -> Result:
    """Lint `data`, the bytes of the file that the user calls `path`, by `settings`."""
    if not mentions_nemo_run(data):
        return Result(files=1)
    try:
        text, problem = decode(data).text, None
    except UndecodableError as error:
        text, problem = text_of(data), _undecodable(path, error)
    if not may_import(text):
        return Result(files=1)
    around = surroundings or Surroundings()
    found = Examined((problem,)) if problem is not None else _examined(path, text, settings, around)
    return _judged(path, text, found, settings, around, today)


def check_text(
    path: str, text: str, settings: Settings, *, noqa: bool = True, surroundings: Surroundings | None = None
) -> Result:
    """Lint `text`, which another program has decoded; without `noqa`, that program obeys such comments itself.

    `surroundings` are shared by files that are linted at one time. Raises SettingsError for options that a rule does
    not have, and for an environment that there is not.
    """
    around = surroundings or Surroundings()
    result = _judged(path, text, _examined(path, text, settings, around), settings, around, noqa=noqa)
    around.flush()
    return result


def _judged(
    path: str,
    text: str,
    found: Examined,
    settings: Settings,
    surroundings: Surroundings,
    today: date | None = None,
    noqa: bool = True,
) -> Result:
    """What is left of `found` when settings and comments have had their say."""
    kept = _without_ignored(path, found.findings, settings).findings
    ignored = settings.ignored_for(Path(path).absolute())
    on: list[Ran] = []
    if may_suppress(text):
        on = remembered.ran(settings, surroundings.store(settings), lambda: ran(_rules(settings)))
    seen = judged(path, text, kept, on, ignored=ignored, today=today, noqa=noqa)
    return Result(seen.findings, 1, seen.silenced, found.targets)


def source(path: str, settings_for: SettingsFor = load) -> str | None:
    """The text of a file, as the findings about it count lines and columns; None if it cannot be had."""
    try:
        return text_of(read(path, settings_for(_directory(path)).maximum_file_size))
    except (UnreadableError, TooLargeError):
        return None


def text_of(data: bytes) -> str:
    """The text of a source; where it is not in its encoding, with a replacement character for each wrong byte."""
    try:
        return decode(data).text
    except UndecodableError:
        return data.decode("utf-8-sig", "replace")


def _examined(path: str, text: str, settings: Settings, surroundings: Surroundings) -> Examined:
    surrounding = surroundings.of(path, text, settings)
    versions = settings.nemo_run_version or declared(_directory(path), surrounding.environment)

    def examine() -> Examined:
        rules = _rules(settings)
        return examined(path, text, rules, versions, surrounding.index, settings.explain_unresolved)

    try:
        return remembered.examined(path, text, settings, versions, surrounding, examine)
    except SettingsError:
        raise
    except Exception as error:  # a mistake of the linter's must not end the run
        reason = f"the linter failed on it, please report this with the file: {type(error).__name__}: {error}"
        return Examined((finding_of(FileSkipped, path, _START, reason=reason),))


def _undecodable(path: str, error: UndecodableError) -> Finding:
    span = Span(error.line, error.column, error.line, error.column + 1)
    return finding_of(SyntaxErrorRule, path, span, problem=error.problem)


def _without_ignored(path: str, findings: Sequence[Finding], settings: Settings) -> Result:
    """Without what `per-file-ignores` names for this file, and what `ignore` names of the linter's own findings.

    Rules that are off were not run; but that a file could not be linted is said whatever is selected.
    """
    here = settings.ignored_for(Path(path).absolute()) if findings else ()
    kept = []
    for finding in findings:
        ignored = here + settings.ignore if finding.code.startswith(_LINTER) else here
        if not any(means(selector, finding.code, finding.name) for selector in ignored):
            kept.append(finding)
    return Result(tuple(kept), files=1)


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


@cache
def _rules(settings: Settings) -> Sequence[Rule]:
    return tuple(enabled(settings))


def _directory(path: str) -> Path:
    return Path(os.path.dirname(os.path.abspath(path)))


def _together(results: Iterable[Result]) -> Result:
    findings: list[Finding] = []
    silenced: list[Silenced] = []
    targets: list[Target] = []
    files = 0
    for result in results:
        findings += result.findings
        targets += result.targets
        files += result.files
        silenced += result.silenced
    ordered = sorted(findings, key=lambda finding: finding.sort_key)
    silenced.sort(key=lambda each: each.finding.sort_key)
    return Result(tuple(_told_once(ordered)), files, tuple(silenced), tuple(targets))


def _told_once(findings: Sequence[Finding]) -> Iterator[Finding]:
    """Of findings at calls that reach one mistake in a function only the first; none if it is told where it stands."""
    told = {(finding.code, finding.path, finding.span.line) for finding in findings if finding.cause is None}
    for finding in findings:
        if finding.cause is None:
            yield finding
        elif (finding.code, *finding.cause) not in told:
            told.add((finding.code, *finding.cause))
            yield finding
