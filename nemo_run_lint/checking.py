"""One file: read, and linted in the way of its kind: a module, a notebook, a page of documentation, a shell script.

What happens to a file depends on nothing but its bytes, its settings and the date, so that files may go to other
processes.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from nemo_run_lint.examination import START, Examination
from nemo_run_lint.finding import Finding, Severity, Span
from nemo_run_lint.linter import Examined, finding_of, may_import, syntax_error
from nemo_run_lint.result import Result, together
from nemo_run_lint.rules.linter.syntax_error import SyntaxError as SyntaxErrorRule
from nemo_run_lint.rules.linter.unreadable_file import UnreadableFile
from nemo_run_lint.settings import Settings
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

if TYPE_CHECKING:
    from nemo_run_lint.sources.documents import Part

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
    looking = Examination(path, settings, surroundings or Surroundings(), today, only_remembered=only_remembered)
    try:
        data = read(path, settings.maximum_file_size)
    except UnreadableError as error:
        return looking.kept([finding_of(UnreadableFile, path, START, what="file", problem=error)])
    except TooLargeError as error:
        return looking.skipped(error)
    return _checked(looking, data)


def check_source(
    path: str,
    data: bytes,
    settings: Settings,
    today: date | None = None,
    surroundings: Surroundings | None = None,
    only_remembered: bool = False,
) -> Result:
    """Lint `data`, the bytes of the file that the user calls `path`, as `check_file` does."""
    around = surroundings or Surroundings()
    return _checked(Examination(path, settings, around, today, only_remembered=only_remembered), data)


def _checked(looking: Examination, data: bytes) -> Result:
    path = looking.path
    if not _may_matter(path, data):
        return _NOTHING
    if is_shell(path):
        from nemo_run_lint.shell_checks import in_script

        return in_script(looking, text_of(data))
    if is_document(path):
        return _in_page(looking, data)
    text, problems = _read(path, data)
    if not may_import(text) and not problems:
        return _NOTHING
    is_readable = not problems or is_notebook(path)  # of a notebook, single cells may be broken
    found = looking.examined(text) if is_readable else Examined()
    found = Examined((*problems, *found.findings), found.targets)
    shown = _in_docstrings(looking, text)
    if text and is_notebook(path) and mentions_command_line(data):  # it could be read
        from nemo_run_lint.shell_checks import in_cells

        text, more = in_cells(looking, text, data)
        found = Examined((*found.findings, *more), found.targets)
    return looking.judged(text, found, shown)


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

    def skipped(self, reason: str) -> Result:
        """What is said if it is not linted, `reason` after "this file was skipped: "."""
        return Examination(self.path, self.settings, Surroundings()).skipped(reason)

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


def _in_page(looking: Examination, data: bytes) -> Result:
    """Lint the blocks of a page of documentation: of what it shows, that which would fail is told."""
    from nemo_run_lint.shell_checks import in_page
    from nemo_run_lint.sources.documents import parts
    from nemo_run_lint.sources.markdown import MissingMarkdownError

    found: list[Result] = []
    text = text_of(data)
    try:
        if mentions_command_line(data):
            found += in_page(looking, text)
        for part in parts(looking.path, text, looking.settings.examples_see):
            if part.error is not None and looking.settings.strict_documents:
                broken = part.placed(syntax_error(looking.path, part.text, part.error))
                found.append(looking.kept([broken] if broken is not None else []))
            elif part.error is None and may_import(part.text):
                found.append(_placed(part, looking.judged(part.text, looking.examined(part.text))))
    except MissingMarkdownError as error:
        return looking.skipped(error) if mentions_nemo_run(data) else _NOTHING
    return replace(together(found), files=1)


def _in_docstrings(looking: Examination, text: str) -> Result:
    """What would fail of the examples in the docstrings of a module, but for what comments in these silence."""
    if not looking.settings.docstring_code or is_notebook(looking.path):
        return Result()
    from nemo_run_lint.sources.docstrings import docstring_parts

    found = (part for part in docstring_parts(text) if may_import(part.text))
    return together(_placed(part, looking.judged(part.text, looking.examined(part.text))) for part in found)


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
    looking = Examination(path, settings, around, noqa=noqa, alone=alone)
    result = looking.judged(text, looking.examined(text), _in_docstrings(looking, text))
    around.flush()
    return result


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


def _undecodable(path: str, error: UndecodableError) -> Finding:
    span = Span(error.line, error.column, error.line, error.column + 1)
    return finding_of(SyntaxErrorRule, path, span, problem=error.problem)
