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

from nemo_run_lint import remembered, timings, witnesses
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
from nemo_run_lint.sources.kinds import is_document, is_notebook, is_shell
from nemo_run_lint.sources.python import (
    TooLargeError,
    UndecodableError,
    UnreadableError,
    decode,
    mentions_command_line,
    mentions_nemo_run,
    read,
)
from nemo_run_lint.surroundings import Surroundings
from nemo_run_lint.target import Target

if TYPE_CHECKING:
    from nemo_run_lint.shell_lines import How, Shell
    from nemo_run_lint.sources.documents import Part

_START = Span(1, 1, 1, 1)

#: How the codes begin of what the linter says about itself.
_LINTER = "NRL0"


class NotRememberedError(Exception):
    """Only what is remembered was asked for, and of this file that is nothing."""


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


#: What is found in most files.
_NOTHING = Result(files=1)


def check_file(
    path: str,
    settings: Settings,
    today: date | None = None,
    surroundings: Surroundings | None = None,
    only_remembered: bool = False,
) -> Result:
    """Lint one file by `settings`; `path` is what the user calls it, `today` decides which comments are out of date.

    `surroundings` are shared by files that are linted at one time. Raises SettingsError, and with `only_remembered`
    NotRememberedError for a file that has to be parsed.
    """
    try:
        data = read(path, settings.maximum_file_size)
    except UnreadableError as error:
        return _without_ignored(path, [finding_of(UnreadableFile, path, _START, what="file", problem=error)], settings)
    except TooLargeError as error:
        return skipped(path, str(error), settings)
    return check_source(path, data, settings, today, surroundings, only_remembered)


def check_source(
    path: str,
    data: bytes,
    settings: Settings,
    today: date | None = None,
    surroundings: Surroundings | None = None,
    only_remembered: bool = False,
) -> Result:
    """Lint `data`, the bytes of the file that the user calls `path`, as `check_file` does."""
    if not _may_matter(path, data):
        return _NOTHING
    around = surroundings or Surroundings()
    if is_shell(path):
        return _check_shell(path, data, settings, today, around, only_remembered)
    if is_document(path):
        return _check_page(path, data, settings, today, around, only_remembered)
    text, problems = _read(path, data)
    if not may_import(text) and not problems:
        return Result(files=1)
    is_readable = not problems or is_notebook(path)  # of a notebook, single cells may be broken
    found = Examined()
    if is_readable:
        found = _examined(path, text, settings, around, only_remembered=only_remembered)
    found = Examined((*problems, *found.findings), found.targets)
    shown = Result()
    if settings.docstring_code and not is_notebook(path):
        shown = _in_docstrings(path, text, settings, around, today, only_remembered=only_remembered)
    if text and is_notebook(path) and mentions_command_line(data):  # it could be read
        text, more = _in_cells(path, text, data, settings, around, only_remembered)
        found = Examined((*found.findings, *more), found.targets)
    return _judged(path, text, found, settings, around, today, shown=shown)


def _may_matter(path: str, data: bytes) -> bool:
    """Whether there is anything in a file to be looked at; of most files there is not, so that this is quick."""
    if path.endswith(".py"):
        return mentions_nemo_run(data)
    if is_shell(path):
        return mentions_command_line(data)
    return mentions_nemo_run(data) or (is_document(path) and mentions_command_line(data))


@dataclass(frozen=True)
class Source:
    """A file to be linted: what the user calls it, its settings, and its bytes if they are not in the file."""

    path: str
    settings: Settings
    data: bytes | None = None

    def check(self, surroundings: Surroundings, only_remembered: bool = False) -> Result:
        """What is found in it. Raises as `check_file` does."""
        if self.data is None:
            return check_file(self.path, self.settings, None, surroundings, only_remembered)
        return check_source(self.path, self.data, self.settings, None, surroundings, only_remembered)

    @property
    def size(self) -> int:
        """In bytes."""
        if self.data is not None:
            return len(self.data)
        try:
            return os.path.getsize(self.path)
        except (OSError, ValueError):
            return 0


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


def _check_page(
    path: str, data: bytes, settings: Settings, today: date | None, surroundings: Surroundings, only_remembered: bool
) -> Result:
    """Lint the Python blocks of a page of documentation: of what it shows, that which would fail is told."""
    from nemo_run_lint.sources.documents import parts
    from nemo_run_lint.sources.markdown import MissingMarkdownError

    found: list[Result] = []
    try:
        if mentions_command_line(data):
            found += _shell_of_page(path, text_of(data), settings, today, surroundings, only_remembered)
        for part in parts(path, text_of(data), settings.examples_see):
            if part.error is not None and settings.strict_documents:
                broken = part.placed(syntax_error(path, part.text, part.error))
                found.append(_without_ignored(path, [broken] if broken is not None else [], settings))
            elif part.error is None and may_import(part.text):
                examined_part = _examined(path, part.text, settings, surroundings, only_remembered=only_remembered)
                found.append(_placed(part, _judged(path, part.text, examined_part, settings, surroundings, today)))
    except MissingMarkdownError as error:
        return skipped(path, str(error), settings) if mentions_nemo_run(data) else Result(files=1)
    return replace(together(found), files=1)


def _in_docstrings(
    path: str,
    text: str,
    settings: Settings,
    surroundings: Surroundings,
    today: date | None = None,
    alone: bool = False,
    only_remembered: bool = False,
) -> Result:
    """What would fail of the examples in the docstrings of a module, but for what comments in these silence."""
    from nemo_run_lint.sources.docstrings import docstring_parts

    results: list[Result] = []
    for part in docstring_parts(text):
        if may_import(part.text):
            found = _examined(path, part.text, settings, surroundings, alone, only_remembered)
            judged_part = _judged(path, part.text, found, settings, surroundings, today, alone=alone)
            results.append(_placed(part, judged_part))
    return together(results)


def _check_shell(
    path: str, data: bytes, settings: Settings, today: date | None, surroundings: Surroundings, only_remembered: bool
) -> Result:
    """Lint the command lines of a shell script."""
    from nemo_run_lint.shell_lines import Shell, as_python

    shell = Shell.of_text(text_of(data))
    found = _of_command_lines(path, [shell], settings, surroundings, only_remembered)
    return _judged(path, as_python([shell]), Examined(tuple(found)), settings, surroundings, today)


def _shell_of_page(
    path: str, text: str, settings: Settings, today: date | None, surroundings: Surroundings, only_remembered: bool
) -> Iterator[Result]:
    """What is wrong with the command lines of a page: errors, for each block by what the page says of it."""
    from nemo_run_lint.shell_lines import Shell
    from nemo_run_lint.sources.documents import shell_parts

    blocks = [(part, Shell.of_block(part.block)) for part in shell_parts(path, text)]
    shows_script = "cli.main(" in text
    pieces = [shell for _, shell in blocks]
    found = _of_command_lines(path, pieces, settings, surroundings, only_remembered, not shows_script)
    errors = [each for each in found if each.severity is Severity.ERROR]
    for part, _ in blocks:
        own = tuple(each for each in errors if each.span.line in part.lines)
        result = _judged(path, part.text, Examined(own), settings, surroundings, today)
        yield replace(result, findings=tuple(each for each in result.findings if each.severity is Severity.ERROR))


def _in_cells(
    path: str, text: str, data: bytes, settings: Settings, surroundings: Surroundings, only_remembered: bool
) -> tuple[str, Sequence[Finding]]:
    """The text of a notebook with its command lines, as far as comments speak of them, and what is wrong with these."""
    from nemo_run_lint.shell_lines import Shell, as_python, changes_directory
    from nemo_run_lint.sources.notebook import read_notebook
    from nemo_run_lint.sources.shell_blocks import shell_in

    pieces = [Shell.of_block(block, fills_braces=True) for block in shell_in(read_notebook(data))]
    is_certain = not changes_directory(text_of(data))
    found = _of_command_lines(path, pieces, settings, surroundings, only_remembered, is_certain) if pieces else []
    return (as_python(pieces, text), found) if found else (text, ())


def _of_command_lines(
    path: str,
    pieces: Sequence[Shell],
    settings: Settings,
    surroundings: Surroundings,
    only_remembered: bool,
    scripts: bool = True,
) -> list[Finding]:
    from nemo_run_lint.shell_lines import starting

    root = str(surroundings.project(path, settings).root)
    found: list[Finding] = []
    for each in starting(path, pieces, root, settings.maximum_file_size, scripts):
        examined_lines = _examined(
            each.script, each.key, settings, surroundings, only_remembered=only_remembered, how=each.examined
        )
        found += examined_lines.findings
    return found


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
    shown = Result()
    if settings.docstring_code and not is_notebook(path):
        shown = _in_docstrings(path, text, settings, around, alone=alone)
    result = _judged(path, text, found, settings, around, noqa=noqa, alone=alone, shown=shown)
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
    shown: Result | None = None,
) -> Result:
    """What is left of `found` when settings and comments have had their say; also of what is `shown` in docstrings."""
    examples = shown or Result()
    kept = _without_ignored(path, (*found.findings, *examples.findings), settings).findings
    ignored = settings.ignored_for(Path(path).absolute())
    on: list[Ran] = []
    if may_suppress(text):
        on = remembered.ran(settings, surroundings.store(settings), lambda: ran(rules_by(settings)))
        on = [rule for rule in on if not (alone and rule.needs_project)]
    if on and settings.require_reason:
        on = asking_for_reasons(on, settings.ignore)
    seen = judged(path, text, kept, on, ignored=ignored, today=today, noqa=noqa)
    silenced = (*seen.silenced, *examples.silenced)
    return Result(as_set(_rated(seen.findings, settings), settings), 1, silenced, found.targets)


def skipped(path: str, reason: str, settings: Settings) -> Result:
    """What is said of a file that was not linted, `reason` after "this file was skipped: "."""
    return _without_ignored(path, [finding_of(FileSkipped, path, _START, reason=reason)], settings)


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


def _examined(
    path: str,
    text: str,
    settings: Settings,
    surroundings: Surroundings,
    alone: bool = False,
    only_remembered: bool = False,
    how: How | None = None,
) -> Examined:
    surrounding = surroundings.of(path, text, settings)
    versions = settings.nemo_run_version or declared(directory_of(path), surrounding.environment)
    project = surroundings.project(path, settings) if not alone else None

    def examine() -> Examined:
        if only_remembered:
            raise NotRememberedError(path)
        rules = rules_by(settings)
        if how is not None:
            return how(rules, versions, surrounding.index, project)
        return examined(path, text, rules, versions, surrounding.index, settings.explain_unresolved, project)

    try:
        return remembered.examined(path, text, settings, versions, surrounding, examine, project)
    except (SettingsError, NotRememberedError):
        raise
    except Exception as error:  # a mistake of the linter's must not end the run
        witnesses.spoil()
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
    with timings.step(timings.LOADING):
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
