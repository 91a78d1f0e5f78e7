"""Findings of what is open, from an index that is kept between edits. All of this belongs to one thread.

What is typed is not remembered on disk; what modules say is. When a file of settings changes, all is asked anew, even
if the client does not tell.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from copy import copy
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from nemo_run_lint import checking, repository, settings
from nemo_run_lint.finding import Finding, Span
from nemo_run_lint.language_server.source import Source
from nemo_run_lint.linter import finding_of, may_import, syntax_error
from nemo_run_lint.nemo import declared
from nemo_run_lint.rules.linter.file_skipped import FileSkipped
from nemo_run_lint.selection import check_options
from nemo_run_lint.settings import Settings, SettingsError, loader
from nemo_run_lint.settings.files import layers
from nemo_run_lint.settings.text import NAMES
from nemo_run_lint.signatures.index import Index
from nemo_run_lint.signatures.store import Store
from nemo_run_lint.sources.discovery import discover, excluded
from nemo_run_lint.sources.kinds import MODULES, NOTEBOOK
from nemo_run_lint.surroundings import Surrounding, Surroundings

_START = Span(1, 1, 1, 1)

#: After so many texts the index is made anew, since it keeps something of each.
_MOST_TEXTS = 1_000


#: Remembers nothing.
_NOWHERE = Store(None)


class _Known(NamedTuple):
    """What was found in the texts of a source, and in which epoch."""

    texts: tuple[str, ...]
    epoch: int
    findings: tuple[Finding, ...]


class Linter:
    """Lints what is open, and files.

    epoch  grows whenever what is found may be another although no open text has changed
    """

    def __init__(self, config: Sequence[str] = (), isolated: bool = False) -> None:
        """`config` and `isolated` are what `check` calls `--config` and `--isolated`. Raises SettingsError."""
        self.epoch = 0
        self._config = (tuple(config), isolated)
        self._load = loader(*self._config)
        self._surroundings = Surroundings()
        self._known: dict[str, _Known] = {}
        self._seen: dict[str, str | None] = {}  # what other files see of an open one
        self._given: set[str] = set()
        self._texts = 0
        self._settings_files: dict[str, dict[Path, object]] = {}

    def configure(self, config: Sequence[str], isolated: bool) -> None:
        """Judge by other settings from now on. Raises SettingsError, and judges as before."""
        if (tuple(config), isolated) != self._config:
            loader(config, isolated)
            self._config = (tuple(config), isolated)
            self.forget()

    def forget(self) -> None:
        """Read every file anew from now on. Raises SettingsError where a file is gone that was configured."""
        self.close()
        self.epoch += 1
        self._known.clear()
        self._seen.clear()
        self._given.clear()
        self._settings_files.clear()
        self._texts = 0
        settings.forget()
        declared.forget()
        repository.forget()
        self._surroundings = Surroundings()
        self._load = loader(*self._config)

    def close(self) -> None:
        """Write what is to be remembered."""
        self._surroundings.flush()

    # -- what is open ----------------------------------------------------------------------------------------

    def findings(self, source: Source) -> tuple[Finding, ...]:
        """What is found in a source. Raises SettingsError."""
        self._look_at_settings(os.path.dirname(source.path))
        texts = tuple(part.document.text.source for part in source.parts)
        known = self._known.get(source.path)
        if known is None or known.texts != texts or known.epoch != self.epoch:
            self._texts += 1
            if self._texts > _MOST_TEXTS:
                self.forget()
            if source.path not in self._seen:
                self._seen[source.path] = _on_disk(source.path)
            known = _Known(texts, self.epoch, self._found(source))
            self._known[source.path] = known
        return known.findings

    def index(self, source: Source) -> Index | None:
        """The modules that a source may import; None for one that has nothing to do with NeMo Run.

        Raises SettingsError.
        """
        if not any(may_import(part.document.text.source) for part in source.parts):
            return None
        return self._untold.of(source.path, source.text, self.settings(source.path)).index

    def show(self, source: Source, others: Iterable[Source]) -> bool:
        """Let other files see what is typed in this one; whether an open one of `others` has read it before.

        Raises SettingsError.
        """
        path, text = source.path, source.text
        if source.notebook is not None or path not in self._seen or self._seen[path] == text:
            return False
        self._seen[path] = text
        self._given.add(path)
        indexes = [self.index(other) for other in others if other.path != path]
        is_read = any(index is not None and index.has_read(path) for index in indexes)
        self._surroundings.give(path, text.encode("utf-8", "surrogatepass"))
        self.epoch += is_read
        return is_read

    def closed(self, path: str) -> None:
        """A file is no longer open: what is on disk counts again. Raises SettingsError."""
        self._known.pop(path, None)
        self._seen.pop(path, None)
        if path in self._given:
            self.forget()

    # -- files -----------------------------------------------------------------------------------------------

    def files(self, directories: Sequence[str]) -> list[str]:
        """The absolute paths of all modules and notebooks in directories, without those that settings leave out.

        Raises SettingsError, and DiscoveryError for a directory that is gone.
        """
        found = discover(directories, lambda path: self._load(path), lambda path, error: None)
        return [os.path.abspath(path) for path in found if path.endswith((*MODULES, NOTEBOOK))]

    def file(self, path: str) -> tuple[Finding, ...]:
        """What is found in a file as it is on disk; nothing if it is gone. Raises SettingsError."""
        self._look_at_settings(os.path.dirname(path))
        if not os.path.isfile(path):
            return ()
        return checking.check_file(path, self.settings(path), surroundings=self._surroundings).findings

    def settings(self, path: str) -> Settings:
        """The settings for a file, checked. Raises SettingsError."""
        found = self._load(Path(path).parent)
        check_options(found)
        self._surroundings.check(found)
        return found

    # -- one source ------------------------------------------------------------------------------------------

    @property
    def _untold(self) -> Surroundings:
        return _Untold(self._surroundings)

    def _found(self, source: Source) -> tuple[Finding, ...]:
        settings = self.settings(source.path)
        if excluded(source.path, replace(settings, respect_gitignore=False)):
            return ()
        if len(source.text) > settings.maximum_file_size and may_import(source.text):
            limit = settings.maximum_file_size
            reason = f"it has {len(source.text):,} characters, and `maximum-file-size` is {limit:,} bytes"
            return (finding_of(FileSkipped, source.path, _START, reason=reason),)
        findings = checking.check_text(source.path, source.text, settings, surroundings=self._untold).findings
        return (*_broken(source), *findings)

    def _look_at_settings(self, directory: str) -> None:
        """Forget everything if a file of settings has changed that counts in a directory."""
        before = self._settings_files.get(directory)
        if before is not None and any(_state(file) != state for file, state in before.items()):
            self.forget()
            before = None
        if before is None:
            above = (Path(directory), *Path(directory).parents)
            files = [place / name for place in above for name in NAMES]
            with suppress(SettingsError):
                files += [Path(layer.source) for layer in layers(Path(directory))]
            self._settings_files[directory] = {file: _state(file) for file in files}


class _Untold(Surroundings):
    """The same surroundings, where what is found in texts is not remembered: the next letter makes it worthless."""

    def __init__(self, around: Surroundings) -> None:
        self.__dict__ = around.__dict__

    def of(self, path: str, text: str, settings: Settings) -> Surrounding:
        """What surrounds a file; its index is shared."""
        found = super().of(path, text, settings)
        assert found.index is not None  # made now, so that the copy has the same
        alike = copy(found)
        alike.store = _NOWHERE
        return alike

    def flush(self) -> None:
        """Not after every letter."""


def _broken(source: Source) -> Iterator[Finding]:
    """What is wrong with the cells of a notebook that do not parse."""
    if not any(may_import(part.document.text.source) for part in source.parts):
        return
    for code in source.notebook.broken if source.notebook is not None else ():
        if code.error is not None:
            yield syntax_error(source.path, code.source, code.error, code.first - 1)


def _on_disk(path: str) -> str | None:
    """The text of a file; None if there is none."""
    try:
        return checking.text_of(Path(path).read_bytes())
    except (OSError, ValueError):
        return None


def _state(file: Path) -> object:
    try:
        status = os.stat(file)
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
