"""What surrounds a file: its project, the environment that this runs in, and the index of all their modules.

Files of one project share an index. Only one that imports something that lies beside it, and in no package, gets its
own, in which that is found.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

from nemo_run_lint import cache_place
from nemo_run_lint.file_tree import Project
from nemo_run_lint.settings import Settings, SettingsError
from nemo_run_lint.signatures.environment import Environment, EnvironmentNotFoundError
from nemo_run_lint.signatures.installation import named
from nemo_run_lint.signatures.reading import Reader
from nemo_run_lint.signatures.store import Store

if TYPE_CHECKING:
    from nemo_run_lint.signatures.index import Index
    from nemo_run_lint.signatures.index_file import IndexFile

#: What the directory of a project holds.
_PROJECT = ("pyproject.toml", "setup.py", "setup.cfg", ".git", ".venv", "venv")

#: Names behind `import` and `from`, also where these words stand in a comment.
_IMPORTED = re.compile(r"\b(?:import|from)[ \t\\\r\n]+([\w., \t]+)")

_PACKAGE = frozenset(["__init__.py", "__init__.pyi"])


def cache_directory(settings: Settings) -> Path:
    """Where to remember what was worked out: as the settings say, or else the environment, or the user's own place."""
    return Path(cache_place.cache_directory(settings.cache_dir))


def project_of(directory: Path) -> Path | None:
    """The nearest directory upwards that is a project's."""
    places = (directory, *directory.parents)
    return next((each for each in places if any(os.path.lexists(each / name) for name in _PROJECT)), None)


class Surrounding:
    """An environment as some files see it, and the index of its modules.

    store   where what was worked out before is kept
    """

    def __init__(self, environment: Environment, reader: Reader, store: Store) -> None:
        self.environment = environment
        self.store = store
        self._reader = reader
        self._states: dict[str, bytes] = {}

    @cached_property
    def index(self) -> Index:
        """The modules."""
        from nemo_run_lint.signatures.index import Index

        return Index(self.environment, self._reader.module, self._reader.source)

    @cached_property
    def identity(self) -> bytes:
        """What tells the environment from any other, the text of its modules apart."""
        return self.environment.identity()

    def forget(self, path: str) -> None:
        """Ask anew what the file with this absolute path says, and what follows from that."""
        self._states.clear()
        if "index" in self.__dict__ and self.index.has_read(path):
            del self.index

    def state(self, modules: Iterable[str]) -> bytes:
        """What tells the modules of these names from others, from those of another text, or from none."""
        return _digest(b"".join([self._states.get(name) or self._state(name) for name in modules]))

    def _state(self, name: str) -> bytes:
        found = self.environment.find(name)
        text = self._reader.digest(found.path) if found is not None and found.path else b""
        self._states[name] = _digest(repr(found).encode(errors="surrogatepass") + text)
        return self._states[name]


class Surroundings:
    """The surroundings of all files of a run."""

    def __init__(self) -> None:
        self._stores: dict[Path | None, Store] = {}
        self._index_files: dict[Path, IndexFile] = {}
        self._readers: dict[object, Reader] = {}
        self._environments: dict[object, Environment] = {}
        self._of: dict[object, Surrounding] = {}
        self._projects: dict[Path, Path | None] = {}
        self._beside: dict[Path, frozenset[str]] = {}
        self._given: dict[str, bytes] = {}
        self._file_trees: dict[object, Project] = {}

    def give(self, path: str, data: bytes) -> None:
        """From now on, a file that imports the one that the user calls `path` finds `data` there."""
        absolute = os.path.abspath(path)
        self._given[absolute] = data
        for reader in self._readers.values():
            reader.give(absolute, data)
        for surrounding in self._of.values():
            surrounding.forget(absolute)
        self._file_trees.clear()

    def of(self, path: str, text: str, settings: Settings) -> Surrounding:
        """What surrounds the file that the user calls `path`.

        Raises SettingsError for an environment or an index that there is not.
        """
        directory = Path(os.path.dirname(os.path.abspath(path)))
        project = self._project(directory)
        shared = (project, settings.python, settings.index)
        if shared not in self._environments:
            self.check(settings)
            exported = self._exported(settings)
            self._environments[shared] = Environment.of(project, settings.python, index_files=exported)
        environment = self._environments[shared]
        if not self._names_beside(directory).isdisjoint(_imported(text)):
            environment = environment.with_script(directory)
        store = self.store(settings)
        if (environment, store) not in self._of:
            self._of[environment, store] = Surrounding(environment, self._reader(store, settings), store)
        return self._of[environment, store]

    def project(self, path: str, settings: Settings) -> Project:
        """The project of the file that the user calls `path`: below its settings, or where it looks like one."""
        directory = Path(os.path.dirname(os.path.abspath(path)))
        root = settings.root if settings.source is not None else self._project(directory) or settings.root
        place = (root, settings.layout, settings.exclude, settings.respect_gitignore)
        if place not in self._file_trees:
            store = self.store(settings)
            self._file_trees[place] = Project(root, settings, self._reader(store, settings), store)
        return self._file_trees[place]

    def check(self, settings: Settings) -> None:
        """Raise SettingsError if the settings name an environment or an index that there is not."""
        self._exported(settings)
        if settings.python is not None:
            try:
                named(settings.python)
            except EnvironmentNotFoundError as error:
                raise SettingsError(str(error)) from None

    def flush(self) -> None:
        """Write what is to be kept."""
        for store in self._stores.values():
            store.flush()

    def release(self) -> None:
        """The same, and let go of all files, so that this process may be forked."""
        for store in self._stores.values():
            store.release()

    def _exported(self, settings: Settings) -> Sequence[IndexFile]:
        return [self._index_file(file) for file in settings.index]

    def _index_file(self, file: Path) -> IndexFile:
        from nemo_run_lint.signatures.index_file import IndexFile, IndexFileError

        if file not in self._index_files:
            try:
                self._index_files[file] = IndexFile(file)
            except IndexFileError as error:
                raise SettingsError(str(error)) from None
        return self._index_files[file]

    def store(self, settings: Settings) -> Store:
        """Where what was worked out is kept."""
        directory = cache_directory(settings) if settings.cache else None
        if directory not in self._stores:
            self._stores[directory] = Store(directory)
        return self._stores[directory]

    def _reader(self, store: Store, settings: Settings) -> Reader:
        """One for all environments that look into the same exported indexes: each module is read once."""
        if (store, settings.index) not in self._readers:
            reader = Reader(store, self._exported(settings))
            for path, data in self._given.items():
                reader.give(path, data)
            self._readers[store, settings.index] = reader
        return self._readers[store, settings.index]

    def _project(self, directory: Path) -> Path | None:
        if directory not in self._projects:
            self._projects[directory] = project_of(directory)
        return self._projects[directory]

    def _names_beside(self, directory: Path) -> frozenset[str]:
        """What a file in a directory that is no package could import from there."""
        if directory not in self._beside:
            try:
                names = frozenset(os.listdir(directory))
            except OSError:
                names = frozenset()
            beside = {name.partition(".")[0] for name in names}
            self._beside[directory] = frozenset(beside) if names.isdisjoint(_PACKAGE) else frozenset()
        return self._beside[directory]


def _imported(text: str) -> set[str]:
    """The first parts of the names of all modules that a source may import."""
    lists = _IMPORTED.findall(text)
    return {name.strip().partition(".")[0].partition(" ")[0] for names in lists for name in names.split(",")}


def _digest(data: bytes) -> bytes:
    return blake2b(data, digest_size=16).digest()
