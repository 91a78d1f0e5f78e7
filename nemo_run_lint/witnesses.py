"""What a run looks at and what it writes, so that its answer can be told again (see `answered`).

It is seen where Python asks the system, not where the program does: so no module can forget to tell. Whoever learns
something in another way (from another process, from a clock, from code of others) calls `spoil`.
"""

from __future__ import annotations

import builtins
import io
import os
import stat
import sys
import time
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import chain
from typing import TYPE_CHECKING, Any, TextIO

from nemo_run_lint import answered, kept_answers
from nemo_run_lint.copied_output import copying
from nemo_run_lint.identity import identity

if TYPE_CHECKING:
    from types import TracebackType

    from typing_extensions import Self

#: What changed so many nanoseconds before a run may change once more without its times telling: twice what systems
#: take that count their own ticks, and those that count whole seconds, as a time without a fraction makes likely.
_RECENT = 100_000_000
_RECENT_IN_SECONDS = 2_000_000_000
_FRACTION = 1_000_000

#: An answer that is longer is not worth keeping.
_LONGEST = 10_000_000

#: What Python calls the start of another process: what that looks at is not seen. Some starts it does not tell of, but
#: the modules that do them are loaded for nothing else.
_STARTING = frozenset(
    "subprocess.Popen os.fork os.forkpty os.posix_spawn os.spawn os.system os.exec _winapi.CreateProcess".split()
)
_STARTERS = ("multiprocessing.popen_spawn_posix", "multiprocessing.popen_forkserver", "multiprocessing.forkserver")

_IS_WINDOWS = sys.platform == "win32"  # where a status tells when a file was made, in place of when its status changed

#: What was seen of a file: size, times and number; of what is no ordinary file the kind, or why there is none.
_Seen = tuple[int, int, int, int] | int

_stat, _lstat, _readlink, _scandir, _access = os.stat, os.lstat, os.readlink, os.scandir, os.access
_open, _open_descriptor = open, os.open

_run: Run | None = None


def spoil() -> None:
    """The answer of this run may be another one the next time, though nothing has changed that it looks at."""
    if _run is not None:
        _run.is_spoilt = True


def may_be_kept(directory: str | os.PathLike[str], own: Iterable[str]) -> None:
    """Say that a run has done nothing but to look at files, and to print.

    directory  where it remembers what it has worked out, in files that are called as in `own`
    """
    if _run is not None and os.path.join(directory, answered.DIRECTORY) == _run.question.directory:
        _run.own = {os.path.join(directory, name) for name in own}


def passing(stream: TextIO) -> TextIO:
    """A stream to write to what is gone at the end, like how far a run is: that is no part of its answer."""
    return _run.streams.get(stream, stream) if _run is not None else stream


class Run:
    """A run whose answer may be kept: from `with` to the end of it, what it looks at is seen.

    question  what it is asked
    own       the files in which the program remembers things, which are no witnesses; None if nothing is to be kept
    streams   its output and error streams, each with the one that it stands for
    """

    def __init__(self, question: answered.Question) -> None:
        self.question = question
        self.own: set[str] | None = None
        self.is_spoilt = False
        self.streams: dict[TextIO, TextIO] = {}
        self._output: list[tuple[int, bytes]] = []
        began = time.time_ns()
        self._long_ago = began - _RECENT_IN_SECONDS
        self._just_now = began - _RECENT
        self._variables: dict[str, str | None] = {}
        self._status: dict[str, _Seen] = {}
        self._own_status: dict[str, _Seen] = {}
        self._links: dict[str, str] = {}
        self._listings: dict[str, tuple[tuple[int, int, int], bytes]] = {}
        self._doubtful: set[str] = set()
        self._undo: list[tuple[Any, str, Any]] = []

    def __enter__(self) -> Self:
        global _run
        _run = self
        sys.stdout, sys.stderr = self._copying(sys.stdout, 0), self._copying(sys.stderr, 1)
        self._watch_files()
        self._watch_environment()
        sys.addaudithook(_hear)  # it stays, and is deaf when the run is over
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        global _run
        status = error.code if isinstance(error, SystemExit) and error.code in (0, 1) else None
        try:
            with suppress(OSError):  # it was told already
                sys.stdout.flush()
                sys.stderr.flush()
            if status is not None and self._is_sound():
                identity()  # also of the program it is seen what it is
        finally:
            for place, name, real in reversed(self._undo):
                setattr(place, name, real)
            sys.stdout, sys.stderr = passing(sys.stdout), passing(sys.stderr)
            _run = None
        if isinstance(status, int) and self._is_sound():
            with suppress(OSError, ValueError):  # a full disk, a place that is only read
                kept_answers.keep(self.question.file, answered.packed(self._parts(status)))

    # -- is it kept? ---------------------------------------------------------------------------------------------

    def _is_sound(self) -> bool:
        """Whether the answer would be the same as long as its witnesses are."""
        if self.own is None or self.is_spoilt or any(name in sys.modules for name in _STARTERS):
            return False
        length = sum(len(data) for _, data in self._output)
        return self._doubtful <= self.own and length <= _LONGEST

    def _parts(self, status: int) -> list[bytes]:
        """The answer and its witnesses, as `answered` reads them."""
        own = self.own or ()
        seen = {path: told for path, told in self._status.items() if path not in own}
        pieces = [bytes([number]) + len(data).to_bytes(8, "little") + data for number, data in self._output]
        variables = [name if value is None else f"{name}={value}" for name, value in self._variables.items()]
        return [
            bytes([status]) + b"".join(pieces),
            _names(variables),
            *_of_files(seen),
            *_of_files(self._own_status),
            *_of_kinds(seen),
            *_of_kinds(self._own_status),
            _names(self._links),
            _names(self._links.values()),
            _names(self._listings),
            _numbers(chain.from_iterable(told for told, _ in self._listings.values())),
            b"".join(told for _, told in self._listings.values()),
        ]

    # -- what is written ---------------------------------------------------------------------------------------

    def _copying(self, stream: TextIO, number: int) -> TextIO:
        """A stream that keeps what it writes to another one, in the pieces in which the system gets it."""
        copy = copying(stream, lambda data: self._output.append((number, data)), spoil)
        if copy is None:
            self.is_spoilt = True
            return stream
        self.streams[copy] = stream
        return copy

    # -- what is looked at -------------------------------------------------------------------------------------

    def _watch_environment(self) -> None:
        """Have each variable seen that is asked for."""
        kind: Any = type(os.environ)
        look_up, each = kind.__getitem__, kind.__iter__

        def seen(environment: Any, name: Any) -> Any:
            self._variables.setdefault(os.fsdecode(name), None)
            value = look_up(environment, name)
            self._variables[os.fsdecode(name)] = os.fsdecode(value)
            return value

        def all_seen(environment: Any) -> Any:
            self.is_spoilt = True
            return each(environment)

        self._replace(kind, "__getitem__", seen)
        self._replace(kind, "__iter__", all_seen)

    def _watch_files(self) -> None:
        """Have each file and directory seen that is asked about."""
        replaced: dict[str, Callable[..., Any]] = {
            "stat": self._stat,
            "lstat": self._lstat,
            "readlink": self._readlink,
            "scandir": self._scandir,
            "listdir": self._listdir,
            "access": self._access,
            "open": self._open_descriptor,
        }
        for name, seeing in replaced.items():
            self._replace(os, name, seeing)
        self._replace(io, "open", self._open)
        self._replace(builtins, "open", self._open)
        accessor: Any = getattr(sys.modules.get("pathlib"), "_NormalAccessor", None)  # Python 3.10 has its own names
        for name in ("stat", "readlink", "scandir", "listdir") if accessor is not None else ():
            self._replace(accessor, name, staticmethod(replaced[name]))
        if accessor is not None:
            self._replace(accessor, "open", staticmethod(self._open))

    def _replace(self, place: Any, name: str, seeing: Any) -> None:
        self._undo.append((place, name, place.__dict__[name]))
        setattr(place, name, seeing)

    def _stat(self, path: Any, *, dir_fd: int | None = None, follow_symlinks: bool = True) -> os.stat_result:
        if dir_fd is None and not isinstance(path, int):
            return self._asked(path, _stat if follow_symlinks else _lstat)
        self.is_spoilt |= dir_fd is not None
        return _stat(path, dir_fd=dir_fd, follow_symlinks=follow_symlinks)

    def _lstat(self, path: Any, *, dir_fd: int | None = None) -> os.stat_result:
        return self._stat(path, dir_fd=dir_fd, follow_symlinks=False)

    def _readlink(self, path: Any, *, dir_fd: int | None = None) -> Any:
        self.is_spoilt |= dir_fd is not None
        goal = _readlink(path, dir_fd=dir_fd)  # who asks for that of what is no link has asked before what it is
        self._note(self._links, self._name(path), os.fsdecode(goal))
        return goal

    def _access(self, path: Any, mode: int, **more: Any) -> bool:
        self.is_spoilt |= bool(more or mode & os.W_OK)  # may it be written to? not its status alone tells
        self._found(path)
        return _access(path, mode, **more)

    def _scandir(self, path: Any = ".") -> _Entries:
        name = path if path is None or isinstance(path, int) else os.fspath(path)
        if not isinstance(name, str):
            self.is_spoilt = True
            return _Entries(list(_scandir(name)))
        try:
            status = self._asked(name, _stat)
        except (OSError, ValueError):
            return _Entries(list(_scandir(name)))  # raises the same
        entries = self._tried(stat.S_IFMT(status.st_mode), stat.S_IFDIR, lambda: list(_scandir(name)))
        changed = answered.times(status) if not self._is_recent(status) else (0, 0, 0)
        self._note(self._listings, name, (changed, answered.listing(entries)))
        for entry in entries:
            if entry.is_symlink():
                self._see_goal(entry.path)
        return _Entries(entries)

    def _see_goal(self, link: str) -> None:
        """See where a link in a directory leads: what is asked of its entry is asked without asking the system."""
        with suppress(OSError):
            self._asked(link, _stat)

    def _listdir(self, path: Any = ".") -> list[Any]:
        with self._scandir(path) as entries:
            return [entry.name for entry in entries]

    def _open(self, file: Any, mode: str = "r", *given: Any, **more: Any) -> Any:
        if isinstance(file, int):
            return _open(file, mode, *given, **more)
        if not set(mode).isdisjoint("wax+"):
            self._see_written(file)
            return _open(file, mode, *given, **more)
        return self._tried(self._found(file), stat.S_IFREG, lambda: _open(file, mode, *given, **more))

    def _open_descriptor(self, path: Any, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        if flags == os.O_RDONLY and type(path) is str and type(self._status.get(path)) is tuple:
            try:
                return _open_descriptor(path, flags)
            except OSError:
                self.is_spoilt = True  # it was there just now
                raise
        if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            self._see_written(path)
            return _open_descriptor(path, flags, mode, dir_fd=dir_fd)
        self.is_spoilt |= dir_fd is not None
        found = self._found(path)
        opened: int = self._tried(found, stat.S_IFREG, lambda: _open_descriptor(path, flags, mode, dir_fd=dir_fd))
        return opened

    def _see_written(self, path: Any) -> None:
        """Who writes anything but what is remembered has to write it again the next time."""
        place = os.path.join(os.path.dirname(self.question.directory), "")
        self.is_spoilt |= not os.fsdecode(path).startswith(place)

    def _tried(self, found: int, kind: int, open_it: Callable[[], Any]) -> Any:
        """What comes of opening something; that a file of the right kind cannot be opened may change unseen."""
        try:
            opened = open_it()
        except OSError:
            self.is_spoilt |= found == kind
            raise
        self.is_spoilt |= found != kind  # a pipe, a device: it says something else the next time
        return opened

    def _found(self, path: Any) -> int:
        """The kind of what is at a path, seen."""
        known = self._status.get(self._name(path))
        if not isinstance(known, tuple):  # else: what changed since would not be as it was seen
            try:
                return stat.S_IFMT(self._asked(path, _stat).st_mode)
            except (OSError, ValueError):  # who asked will be told
                return 0
        return stat.S_IFREG

    def _asked(self, path: Any, ask: Callable[[Any], os.stat_result]) -> os.stat_result:
        """What `ask` says of a path, seen. Raises OSError as it does. Of a large tree this is asked 100,000 times."""
        seen = self._status if ask is _stat else self._own_status
        name = path if type(path) is str else self._name(path)
        try:
            status = ask(name)
        except OSError as error:
            self._note(seen, name, -(error.errno or 1))
            raise
        kind = stat.S_IFMT(status.st_mode)
        told: _Seen = (status.st_size, *answered.times(status)) if kind == stat.S_IFREG else kind
        is_other = seen.setdefault(name, told) != told  # perhaps it was seen as it was for a moment only
        if is_other or (kind == stat.S_IFREG and self._is_recent(status)):
            self._doubtful.add(name)
        return status

    def _name(self, path: Any) -> str:
        """A path as text; there is no need to understand one that is given as bytes."""
        name = os.fspath(path)
        self.is_spoilt |= not isinstance(name, str)
        return os.fsdecode(name)

    def _note(self, seen: dict[str, Any], path: str, told: object) -> None:
        """Keep what was seen; what changes during a run may have been seen as it was for a moment only."""
        if path and seen.setdefault(path, told) != told:
            self._doubtful.add(path)

    def _is_recent(self, status: os.stat_result) -> bool:
        """Whether something may change unseen; nobody can set the time of the change of a status."""
        changed = status.st_mtime_ns if _IS_WINDOWS else status.st_ctime_ns
        return changed > self._long_ago and (changed > self._just_now or not changed % _FRACTION)


def _hear(event: str, _: object) -> None:
    if _run is not None and event in _STARTING:
        spoil()


class _Entries:
    """What `os.scandir` gives, read at once."""

    def __init__(self, entries: Sequence[os.DirEntry[Any]]) -> None:
        self.entries = entries
        self._left = iter(entries)

    def __iter__(self) -> Iterator[os.DirEntry[Any]]:
        return self._left

    def __next__(self) -> os.DirEntry[Any]:
        return next(self._left)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def close(self) -> None:
        """There is nothing to close."""


def _names(names: Iterable[str]) -> bytes:
    return os.fsencode("\0".join(names))


def _numbers(numbers: Iterable[int]) -> bytes:
    return array("q", numbers).tobytes()


def _of_files(seen: Mapping[str, _Seen]) -> tuple[bytes, bytes]:
    files = {path: told for path, told in seen.items() if isinstance(told, tuple)}
    return _names(files), _numbers(chain.from_iterable(files.values()))


def _of_kinds(seen: Mapping[str, _Seen]) -> tuple[bytes, bytes]:
    others = {path: told for path, told in seen.items() if not isinstance(told, tuple)}
    return _names(others), _numbers(others.values())
