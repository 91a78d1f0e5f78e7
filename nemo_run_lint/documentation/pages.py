"""From paths to pages: which files are experiments, where their pages belong, what becomes of each page.

What goes wrong with one file is told, and the others go on.
"""

from __future__ import annotations

import ast
import os
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from libcst import ParserSyntaxError

from nemo_run_lint import ordinary_file
from nemo_run_lint.collector import collector_paused
from nemo_run_lint.documentation import markdown
from nemo_run_lint.documentation.described import Described, described
from nemo_run_lint.documentation.page_file import PageError, new_page, renewed
from nemo_run_lint.documentation.words import prose
from nemo_run_lint.project import File
from nemo_run_lint.settings import Settings
from nemo_run_lint.sources.discovery import discover, shown
from nemo_run_lint.sources.python import TooLargeError, UndecodableError, UnreadableError, decode, read
from nemo_run_lint.surroundings import Surroundings
from nemo_run_lint.syntax.nesting import too_deep
from nemo_run_lint.syntax.tree import Tree


class DocumentationError(Exception):
    """An experiment without a page. The message is a sentence for the user, and names the file."""


@dataclass(frozen=True)
class Page:
    """What becomes of the page of an experiment.

    source  the file that makes the experiment, as the user calls it
    path    the page's file, as the user calls it
    before  what it holds; None where it does not exist
    after   what it is to hold
    """

    source: str
    path: str
    before: bytes | None
    after: bytes

    @property
    def is_fresh(self) -> bool:
        """Whether nothing is to be done."""
        return self.before == self.after


def pages(
    paths: Sequence[str],
    settings_for: Callable[[Path], Settings],
    output_directory: Path | None = None,
    anew: bool = False,
) -> Iterator[Page | DocumentationError]:
    """The pages of the experiments that `paths` name, or hold where their project keeps experiments.

    output_directory  where they go, instead of the project's place for them
    anew              as if there were no pages yet

    Raises DiscoveryError for a path that does not exist, and SettingsError.
    """
    surroundings = Surroundings()
    named = {os.path.abspath(path) for path in paths if not os.path.isdir(path)}
    taken: dict[str, str] = {}
    unlisted: list[DocumentationError] = []

    def cannot_list(directory: str, error: OSError) -> None:
        unlisted.append(DocumentationError(f"`{directory}` cannot be listed: {error.strerror or error}"))

    try:
        for path in discover(paths, settings_for, cannot_list, (".py",)):
            settings = settings_for(Path(path).absolute().parent)
            try:
                subject = _subject(path, settings, surroundings, is_named=os.path.abspath(path) in named)
                if subject is None:
                    continue
                place = os.path.normpath(output_directory / f"{subject.name}.md") if output_directory else subject.place
                if place in taken:
                    raise DocumentationError(f"`{path}` would have the page of `{taken[place]}`, `{place}`")
                taken[place] = path
                yield _page(subject, place, None if anew else _existing(place))
            except DocumentationError as error:
                yield error
        yield from unlisted
    finally:
        surroundings.flush()


def generated(path: str, data: bytes, settings: Settings) -> bytes:
    """A new page of the experiment that `data` makes, if it lay at `path`. Raises DocumentationError."""
    surroundings = Surroundings()
    name = surroundings.project(path, settings).layout.name_of(path) or Path(path).stem
    told = described(_file(path, data, settings, surroundings), shown(path).replace(os.sep, "/"), name)
    if told is None:
        raise DocumentationError(f"`{path}` makes no experiment")
    return new_page(prose(told.title), markdown.body(told))


@dataclass(frozen=True)
class _Subject:
    """An experiment that is to have a page, and where its project keeps that."""

    path: str
    name: str
    place: str
    told: Described


def _subject(path: str, settings: Settings, surroundings: Surroundings, is_named: bool) -> _Subject | None:
    """None for a file that is no experiment, and was not named."""
    project = surroundings.project(path, settings)
    relative = project.relative(path)
    name = project.layout.name_of(relative) if relative is not None else None
    if name is None and not is_named:
        return None
    if not path.endswith(".py"):
        raise DocumentationError(f"`{path}` is no file of Python")
    name = name or Path(path).stem
    told = described(_read(path, settings, surroundings), relative or os.path.basename(path), name)
    if told is None and is_named:
        raise DocumentationError(f"`{path}` makes no experiment")
    place = os.path.join(project.root, project.layout.of(name).documentation)
    return _Subject(path, name, shown(os.path.abspath(place)), told) if told is not None else None


def _page(subject: _Subject, place: str, before: bytes | None) -> Page:
    text = markdown.body(subject.told)
    try:
        new = new_page(prose(subject.told.title), text) if before is None else renewed(before, text)
    except PageError as error:
        raise DocumentationError(f"`{place}` {error}") from None
    return Page(subject.path, place, before, new)


def _existing(path: str) -> bytes | None:
    try:
        return ordinary_file.read(path, sys.maxsize)
    except FileNotFoundError:
        if os.path.lexists(path):
            raise DocumentationError(f"`{path}` is a link to nowhere, and is left as it is") from None
        return None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise DocumentationError(f"`{path}` cannot be read: {reason}") from None


def _read(path: str, settings: Settings, surroundings: Surroundings) -> File:
    try:
        return _file(path, read(path, settings.maximum_file_size), settings, surroundings)
    except (UnreadableError, TooLargeError) as error:
        raise DocumentationError(f"`{path}` has no page: {error}") from None


def _file(path: str, data: bytes, settings: Settings, surroundings: Surroundings) -> File:
    """A file, parsed. Raises DocumentationError where it cannot be."""
    try:
        text = decode(data).text
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            syntax = ast.parse(text)
        if trouble := too_deep(text, syntax):
            raise DocumentationError(f"`{path}` has no page: {trouble[1]}")
        with collector_paused():
            tree = Tree(text, syntax)
    except UndecodableError as error:
        raise DocumentationError(f"`{path}` has no page, since it does not parse: {error.problem}") from None
    except SyntaxError as error:
        line = f" (line {error.lineno})" if error.lineno else ""
        raise DocumentationError(f"`{path}` has no page, since it does not parse: {error.msg}{line}") from None
    except (ValueError, RecursionError, MemoryError) as error:
        raise DocumentationError(f"`{path}` has no page, since it does not parse: {error}") from None
    except ParserSyntaxError as error:
        raise DocumentationError(f"`{path}` has no page, since LibCST cannot read it: {error.message}") from None
    index = surroundings.of(path, text, settings).index
    return File(path, text, tree, settings.nemo_run_version, index, surroundings.project(path, settings))
