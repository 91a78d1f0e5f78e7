"""The project around a file: which files there are, what they hold, where experiments belong.

Rules ask it questions. Every question is kept with its answer: what was found in a file is good as long as the
answers are the same, so an edit of one experiment makes nobody lint the others again.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, wraps
from hashlib import blake2b
from pathlib import Path
from typing import Any, TypeVar, cast

from nemo_run_lint.identity import identity
from nemo_run_lint.layout import NAME, Layout
from nemo_run_lint.nemo.file_facts import FileFacts, facts, facts_of_text
from nemo_run_lint.settings import Settings
from nemo_run_lint.signatures.reading import Reader
from nemo_run_lint.signatures.store import Store
from nemo_run_lint.sources.discovery import DiscoveryError, discover, shown

Method = TypeVar("Method", bound=Callable[..., Any])

#: What may name a function of the project: code, notebooks, settings, scripts.
_TELLING = (".py", ".pyi", ".ipynb", ".yaml", ".yml", ".toml", ".cfg", ".ini", ".sh")

_TEST_FILE = re.compile(r"(?:^|/)(?:tests?/|test_[^/]*\.py$|[^/]*_test\.py$|conftest\.py$)")

#: So many files are gone through to see whether one imports another, directly or by others.
_FARTHEST = 300


#: The names of the questions.
_QUESTIONS: set[str] = set()


def question(method: Method) -> Method:
    """Keeps what is asked of a project, and what tells the answer from another one; arguments are plain data."""
    name = method.__name__
    _QUESTIONS.add(name)

    @wraps(method)
    def asked(self: Project, *given: str) -> object:
        answer = method(self, *given)
        key = (name, *given)
        self.asked[key] = _digest(answer)
        return answer

    return cast(Method, asked)


class Project:
    """The files of a project, as they are when they are first asked about.

    Paths are relative to its root, with slashes.

    root    its directory
    layout  where the parts of an experiment are kept
    asked   the questions since this was last emptied, each with what tells its answer from another
    """

    def __init__(self, root: Path, settings: Settings, reader: Reader, store: Store) -> None:
        """`settings` say what is left out, and the layout; `reader` knows texts, `store` what was worked out before."""
        self.root = root
        self.layout: Layout = settings.layout
        self.asked: dict[tuple[object, ...], str] = {}
        self._settings = settings
        self._reader = reader
        self._store = store
        self._facts: dict[str, FileFacts | None] = {}

    @property
    def identity(self) -> tuple[object, ...]:
        """What tells it from another project, the files apart."""
        settings = self._settings
        return str(self.root), self.layout, settings.exclude, settings.respect_gitignore

    def answers_still(self, asked: Sequence[Sequence[object]]) -> bool:
        """Whether questions, each with what `asked` says of its answer, would be answered in the same way.

        Raises TypeError or ValueError for what is no question.
        """
        return all(
            name in _QUESTIONS and _digest(getattr(self, str(name))(*given)) == answer for name, *given, answer in asked
        )

    def relative(self, path: str) -> str | None:
        """The path, in the project, of the file that the user calls `path`; None if it lies outside."""
        below = os.path.relpath(os.path.abspath(path), self.root).replace(os.sep, "/")
        return None if below == ".." or below.startswith("../") else below

    def holds(self, path: str) -> bool:
        """Whether there is such a file or directory; no question, for what is not remembered."""
        return os.path.exists(self._absolute(path))

    def shown(self, path: str) -> str:
        """What the user calls a file of the project."""
        return shown(self._absolute(path))

    # -- questions -------------------------------------------------------------------------------------------

    @question
    def exists(self, path: str) -> bool:
        """Whether there is such a file."""
        return self._is_file(path)

    @question
    def text(self, path: str) -> str | None:
        """The text of a file of Python; None if it is not there, or cannot be read."""
        return self._reader.source(self._absolute(path)) if self._is_file(path) else None

    @question
    def experiments(self) -> list[str]:
        """The names of the files that lie where experiments belong, in order; helpers are among them."""
        return list(self._experiments)

    @question
    def has_tests(self, path: str) -> bool:
        """Whether a file holds a test; also if it cannot be read, as long as it is there."""
        found = self._facts_of(path)
        return self._is_file(path) and (found is None or found.has_tests)

    @question
    def reaches(self, path: str, other: str) -> bool:
        """Whether a file imports or names another one, directly, by what it imports, or by a conftest.py around it.

        Also if it cannot be told, since one of them cannot be read.
        """
        return self._reaches([path, *self._conftests(path)], other)

    @question
    def mentions(self, name: str, path: str) -> bool:
        """Whether code, notebooks, scripts or settings other than `path` and the tests use a word.

        Also if it cannot be told, since one of them cannot be read.
        """
        for each in self._files:
            if each != path and _TEST_FILE.search(each) is None:
                found = self._facts_of(each)
                if found is None or name in found.words:
                    return True
        return False

    @question
    def written_before(self, key: str, path: str) -> tuple[str, int] | None:
        """The first experiment, before `path`, that writes out the configuration of this key, and the line."""
        first = self._written_first.get(key)
        return first if first is not None and first[0] < path else None

    # -- files -----------------------------------------------------------------------------------------------

    def _absolute(self, path: str) -> str:
        return os.path.join(self.root, path)

    def _is_file(self, path: str) -> bool:
        return os.path.isfile(self._absolute(path))

    @cached_property
    def _files(self) -> list[str]:
        """All files that may name a function of the project."""
        return self._below("", _TELLING)

    def _below(self, directory: str, suffixes: Sequence[str]) -> list[str]:
        """The files below a directory, in order, without what the settings leave out."""
        try:
            top = self._absolute(directory)
            found = [self.relative(each) for each in discover([top], lambda _: self._settings, _overlook, suffixes)]
        except DiscoveryError:
            return []
        return sorted(each for each in found if each is not None)

    @cached_property
    def _experiments(self) -> dict[str, str]:
        """The files that lie where experiments belong, by the experiment's name."""
        directory = self.layout.experiment.partition(NAME)[0].rpartition("/")[0]
        named = ((self.layout.name_of(path), path) for path in self._below(directory, (".py",)))
        return {name: path for name, path in named if name is not None}

    @cached_property
    def _written_first(self) -> dict[str, tuple[str, int]]:
        """Of each configuration that an experiment writes out, by its key, the first place."""
        found: dict[str, tuple[str, int]] = {}
        for path in sorted(self._experiments.values()):
            told = self._facts_of(path)
            for each in told.written_out if told is not None else ():
                found.setdefault(each.key, (path, each.line))
        return found

    def _facts_of(self, path: str) -> FileFacts | None:
        """What a file tells; None if it cannot be read."""
        if path not in self._facts:
            self._facts[path] = self._read_facts(path)
        return self._facts[path]

    def _read_facts(self, path: str) -> FileFacts | None:
        absolute = self._absolute(path)
        digest = self._reader.digest(absolute)
        is_python = path.endswith((".py", ".pyi"))
        key = blake2b(digest, key=identity(), person=b"facts" if is_python else b"words", digest_size=16).digest()
        kept = self._store.get(key) if digest else None
        if kept is not None:
            try:
                return FileFacts.of_plain(json.loads(kept))
            except (ValueError, TypeError, KeyError):  # the store was changed by something else
                pass
        text = self._reader.source(absolute) if digest else None
        if text is None:
            return None
        found = facts(text) if is_python else facts_of_text(text)
        if found is not None:
            self._store.put(key, json.dumps(found.plain(), separators=(",", ":")).encode())
        return found

    # -- who imports whom ------------------------------------------------------------------------------------

    def _conftests(self, path: str) -> Iterator[str]:
        parts = path.split("/")[:-1]
        for length in range(len(parts) + 1):
            conftest = "/".join((*parts[:length], "conftest.py"))
            if self._is_file(conftest):
                yield conftest

    def _reaches(self, starts: Sequence[str], other: str) -> bool:
        goal = other.removesuffix(".py").split("/")
        waiting, seen = list(starts), set(starts)
        while waiting:
            path = waiting.pop()
            found = self._facts_of(path)
            if found is None or len(seen) > _FARTHEST or (path in starts and goal[-1] in found.said):
                return True
            for module in found.imported:
                if _may_mean(module, goal):
                    return True
                new = [each for each in self._modules(module, path) if each not in seen]
                seen.update(new)
                waiting += new
        return False

    def _modules(self, module: str, importing: str) -> Iterator[str]:
        """The files of the project that an import may mean."""
        parts = [part for part in module.lstrip(".").split(".") if part]
        above = importing.split("/")[:-1]
        dots = len(module) - len(module.lstrip("."))
        if dots:
            bases = [above[: len(above) - dots + 1]]
        else:
            bases = [above[:length] for length in range(len(above) + 1)] + [["src"]]
        for base in bases:
            stem = "/".join((*base, *parts))
            yield from (each for each in (f"{stem}.py", f"{stem}/__init__.py") if self._is_file(each))


def _may_mean(module: str, goal: Sequence[str]) -> bool:
    """Whether an import, or the module that it takes a name from, may mean a file, wherever modules are looked for."""
    parts = [part for part in module.split(".") if part]
    return any(kept and list(goal[-len(kept) :]) == kept for kept in (parts, parts[:-1]))


def _overlook(path: str, error: OSError) -> None:
    """What cannot be listed is told by the walk that lints."""


def _digest(answer: object) -> str:
    return blake2b(repr(answer).encode(errors="surrogatepass"), digest_size=8).hexdigest()
