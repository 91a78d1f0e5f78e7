"""One file: read, linted by its settings, and without what settings and comments silence.

What happens to a file depends on nothing but its bytes, its settings and the date, so that files may go to other
processes.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from nemo_run_lint import remembered
from nemo_run_lint.applicability import as_set
from nemo_run_lint.comment_words import may_suppress
from nemo_run_lint.comments import Ran, asking_for_reasons, judged, ran
from nemo_run_lint.finding import Finding, Severity, Silenced, Span
from nemo_run_lint.linter import Examined, examined, finding_of, may_import, syntax_error
from nemo_run_lint.nemo.declared import declared
from nemo_run_lint.rule import Rule
from nemo_run_lint.rule_files import means
from nemo_run_lint.rules.linter.file_skipped import FileSkipped
from nemo_run_lint.rules.linter.syntax_error import SyntaxError as SyntaxErrorRule
from nemo_run_lint.rules.linter.unreadable_file import UnreadableFile
from nemo_run_lint.selection import enabled
from nemo_run_lint.settings import Settings, SettingsError
from nemo_run_lint.sources.kinds import is_document, is_notebook
from nemo_run_lint.sources.python import (
    TooLargeError,
    UndecodableError,
    UnreadableError,
    decode,
    mentions_nemo_run,
    read,
)
from nemo_run_lint.surroundings import Surroundings
from nemo_run_lint.target import Target

if TYPE_CHECKING:
    from nemo_run_lint.sources.documents import Part

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
    unchanged   how many findings were left out because they are about nothing that has changed
    looked_at   the files that were looked at, in vain or not
    looked_through  the paths that the run was given; a file that was in one of these directories would have been found
    """

    findings: tuple[Finding, ...] = ()
    files: int = 0
    silenced: tuple[Silenced, ...] = ()
    targets: tuple[Target, ...] = ()
    unchanged: int = 0
    looked_at: tuple[str, ...] = field(default=(), compare=False)
    looked_through: tuple[str, ...] = field(default=(), compare=False)

    @property
    def suppressed(self) -> int:
        """How many findings are silenced."""
        return len(self.silenced)


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
    around = surroundings or Surroundings()
    if is_document(path):
        return _check_page(path, data, settings, today, around)
    text, problems = _read(path, data)
    if not may_import(text) and not problems:
        return Result(files=1)
    is_readable = not problems or is_notebook(path)  # of a notebook, single cells may be broken
    found = _examined(path, text, settings, around) if is_readable else Examined()
    found = Examined((*problems, *found.findings), found.targets)
    return _judged(path, text, found, settings, around, today)


def _read(path: str, data: bytes) -> tuple[str, Sequence[Finding]]:
    """The Python text of a file, and what is wrong with its bytes or, in a notebook, with single cells."""
    if is_notebook(path):
        return _read_cells(path, data)
    try:
        return decode(data).text, ()
    except UndecodableError as error:
        text = text_of(data)
        return text, [_undecodable(path, error)] if may_import(text) else ()


def _read_cells(path: str, data: bytes) -> tuple[str, Sequence[Finding]]:
    from nemo_run_lint.sources.notebook import NotebookError, read_notebook

    try:
        notebook = read_notebook(data)
    except NotebookError as error:
        return "", [_undecodable(path, error)]
    if not may_import(notebook.text):
        return notebook.text, ()
    errors = ((each.source, each.error, each.first - 1) for each in notebook.broken)
    return notebook.text, [syntax_error(path, text, error, before) for text, error, before in errors if error]


def _check_page(path: str, data: bytes, settings: Settings, today: date | None, surroundings: Surroundings) -> Result:
    """Lint the Python blocks of a page of documentation: of what it shows, that which would fail is told."""
    from nemo_run_lint.sources.documents import parts
    from nemo_run_lint.sources.markdown import MissingMarkdownError

    found: list[Result] = []
    try:
        for part in parts(path, text_of(data), settings.examples_see):
            if part.error is not None and settings.strict_documents:
                broken = part.placed(syntax_error(path, part.text, part.error))
                found.append(_without_ignored(path, [broken] if broken is not None else [], settings))
            elif part.error is None and may_import(part.text):
                examined_part = _examined(path, part.text, settings, surroundings)
                found.append(_placed(part, _judged(path, part.text, examined_part, settings, surroundings, today)))
    except MissingMarkdownError as error:
        return _without_ignored(path, [finding_of(FileSkipped, path, _START, reason=error)], settings)
    return replace(together(found), files=1)


def _placed(part: Part, result: Result) -> Result:
    """What was found in a block, at its place in the page: its errors, since an example need not be a program."""
    findings = (part.placed(each) for each in result.findings if each.severity is Severity.ERROR)
    silenced = ((each, part.placed(each.finding)) for each in result.silenced)
    return replace(
        result,
        findings=tuple(each for each in findings if each is not None),
        silenced=tuple(replace(each, finding=placed) for each, placed in silenced if placed is not None),
    )


def check_text(
    path: str,
    text: str,
    settings: Settings,
    *,
    noqa: bool = True,
    alone: bool = False,
    surroundings: Surroundings | None = None,
) -> Result:
    """Lint `text`, which another program has decoded; without `noqa`, that program obeys such comments itself.

    `alone`: without the rules that look at other files of the project.
    `surroundings` are shared by files that are linted at one time. Raises SettingsError for options that a rule does
    not have, and for an environment that there is not.
    """
    around = surroundings or Surroundings()
    found = _examined(path, text, settings, around, alone)
    result = _judged(path, text, found, settings, around, noqa=noqa, alone=alone)
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
    alone: bool = False,
) -> Result:
    """What is left of `found` when settings and comments have had their say."""
    kept = _without_ignored(path, found.findings, settings).findings
    ignored = settings.ignored_for(Path(path).absolute())
    on: list[Ran] = []
    if may_suppress(text):
        on = remembered.ran(settings, surroundings.store(settings), lambda: ran(rules_by(settings)))
        on = [rule for rule in on if not (alone and rule.needs_project)]
    if on and settings.require_reason:
        on = asking_for_reasons(on, settings.ignore)
    seen = judged(path, text, kept, on, ignored=ignored, today=today, noqa=noqa)
    return Result(as_set(_rated(seen.findings, settings), settings), 1, seen.silenced, found.targets)


def text_of(data: bytes, path: str = "") -> str:
    """The text of a source; where it is not in its encoding, with a replacement character for each wrong byte.

    Of a notebook, as `path` may say that it is one, the Python of its cells.
    """
    try:
        if is_notebook(path):
            from nemo_run_lint.sources.notebook import read_notebook

            return read_notebook(data).text
        return decode(data).text
    except UndecodableError:
        return data.decode("utf-8-sig", "replace")


def _examined(path: str, text: str, settings: Settings, surroundings: Surroundings, alone: bool = False) -> Examined:
    surrounding = surroundings.of(path, text, settings)
    versions = settings.nemo_run_version or declared(directory_of(path), surrounding.environment)
    project = surroundings.project(path, settings) if not alone else None

    def examine() -> Examined:
        rules = rules_by(settings)
        return examined(path, text, rules, versions, surrounding.index, settings.explain_unresolved, project)

    try:
        return remembered.examined(path, text, settings, versions, surrounding, examine, project)
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
    return Result(_rated(kept, settings), files=1)


def _rated(findings: Sequence[Finding], settings: Settings) -> tuple[Finding, ...]:
    """`findings` with the severities of the settings; what is remembered of a file has the rules' own."""
    if not settings.severity:
        return tuple(findings)
    severities = ((finding, settings.severity_of(finding.code, finding.name)) for finding in findings)
    return tuple(replace(finding, severity=severity or finding.severity) for finding, severity in severities)


@cache
def rules_by(settings: Settings) -> Sequence[Rule]:
    """The rules that are on by these settings."""
    return tuple(enabled(settings))


def directory_of(path: str) -> Path:
    """Where the file lies that the user calls `path`."""
    return Path(os.path.dirname(os.path.abspath(path)))


def together(results: Iterable[Result]) -> Result:
    """What several checks found, in the order of files and lines."""
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
