"""What the program may do, as a closed list: an event of Python's that is not on it is a mistake."""

from __future__ import annotations

import ast
import json
import os
import socket
import sys
import sysconfig
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]

#: Where Python's own modules lie, those that are installed, and the program.
CODE = tuple(
    os.path.join(os.path.realpath(place), "")
    for place in (ROOT / "nemo_run_lint", *map(sysconfig.get_path, ("stdlib", "platstdlib", "purelib", "platlib")))
)
PROGRAM = CODE[0]

#: Reads, looks at what is there, and takes of the interpreter what anybody may.
HARMLESS = frozenset(
    "os.listdir os.scandir os.chdir os.putenv os.unsetenv os.walk os.fwalk os.getxattr glob.glob glob.glob/2 pathlib.Path.glob "
    "sys._getframemodulename sys._current_frames sys.addaudithook resource.setrlimit object.__setattr__ object.__delattr__ builtins.id code.__new__ "
    "function.__new__ array.__new__ sys.set_asyncgen_hooks_firstiter sys.set_asyncgen_hooks_finalizer "
    "sys.set_asyncgen_hook_firstiter sys.set_asyncgen_hook_finalizer gc.get_objects time.sleep sqlite3.connect/handle _thread.start_new_thread "
    "_thread.start_joinable_thread fcntl.flock fcntl.fcntl signal.pthread_kill process "
    "cpython.run_file cpython.run_module cpython.run_command "
    "cpython.PyInterpreterState_New cpython.PyInterpreterState_Clear cpython._PySys_ClearAuditHooks".split()
)

#: Changes files: how many of the first arguments are paths.
CHANGES = {
    "os.remove": 1, "os.mkdir": 1, "os.rmdir": 1, "os.chmod": 1, "os.chown": 1, "os.utime": 1, "os.truncate": 1,
    "os.rename": 2, "os.link": 2, "os.symlink": 2, "sqlite3.connect": 1, "tempfile.mkstemp": 1, "tempfile.mkdtemp": 1,
    "shutil.move": 2, "shutil.copyfile": 2, "shutil.rmtree": 1,
}  # fmt: skip

#: What Python starts with: the hook that tells of all this, and the commands.
HOOK = Path(__file__).parent / "hook" / "sitecustomize.py"
BIN = Path(sys.executable).parent
STARTED = (str(HOOK), str(BIN / "nemo-run-lint"), str(BIN / "flake8"))

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


@dataclass(frozen=True)
class Event:
    """Something that Python told; `by` is the file of the code that did it, `here` the directory it was in."""

    name: str
    arguments: Sequence[Any]
    by: str
    here: str

    def path(self, number: int = 0) -> str:
        """The argument that is a path, without links; empty for an open descriptor."""
        written = self.arguments[number]
        return os.path.realpath(os.path.join(self.here, written)) if isinstance(written, str) else ""


def events(log: Path) -> list[Event]:
    return [Event(*json.loads(line)) for line in log.read_text().splitlines()]


def wrong(told: Sequence[Event], writes: Sequence[Path], runs_git: bool = False) -> Iterator[Event]:
    """Those of which the program may do none; `writes` are the places that it may change."""
    allowed = tuple(os.path.realpath(each) for each in writes)
    for event in told:
        if not _is_right(event, allowed, runs_git):
            yield event


def _is_right(event: Event, writes: tuple[str, ...], runs_git: bool) -> bool:
    name = event.name
    if name in HARMLESS:
        return True
    if name in CHANGES:
        return all(_may_change(event.path(number), writes) for number in range(CHANGES[name]))
    return _JUDGES[name](event, writes, runs_git) if name in _JUDGES else False


def _may_change(path: str, writes: tuple[str, ...]) -> bool:
    return not path or path == os.devnull or any(path == each or path.startswith(each + os.sep) for each in writes)


def _opened(event: Event, writes: tuple[str, ...], _: bool) -> bool:
    return not event.arguments[2] & WRITING or _may_change(event.path(), writes)


def _executed(event: Event, *_: object) -> bool:
    """Code from files of Python's, of packages, of the program; code made of text only by the first two."""
    file = event.arguments[0]
    if not file or file.startswith("<"):
        return _is_installed(event.by)
    return os.path.realpath(file).startswith(CODE) or file in STARTED


def _compiled(event: Event, *_: object) -> bool:
    """Into a tree by `ast.parse`; into code only by Python's own modules and by packages."""
    return event.by == ast.__file__ or _is_installed(event.by)


def _is_installed(file: str) -> bool:
    if file.startswith("<frozen "):
        return True
    real = os.path.realpath(file)
    return real.startswith(CODE) and not real.startswith(PROGRAM)


def _imported(event: Event, *_: object) -> bool:
    """A module of whatever name, since it is judged when it is run; a compiled one by its file."""
    file = event.arguments[1]
    return file is None or os.path.realpath(file).startswith(CODE)


def _socket(event: Event, *_: object) -> bool:
    """A pair of the process's own, by which an event loop wakes itself."""
    return event.arguments[1] == getattr(socket, "AF_UNIX", None)


def _started(event: Event, _: tuple[str, ...], runs_git: bool) -> bool:
    return runs_git and os.path.basename(event.arguments[0]) == "git" and os.path.isabs(event.arguments[0])


def _forked(event: Event, *_: object) -> bool:
    """A worker: the same program goes on in it."""
    return event.by.startswith(os.path.dirname(os.__file__)) or os.path.realpath(event.by).startswith(PROGRAM)


def _unpickled(event: Event, *_: object) -> bool:
    """What a worker says to the process that forked it, and the other way round."""
    top = event.arguments[0].partition(".")[0]
    return _is_installed(event.by) and (top == "nemo_run_lint" or top in sys.stdlib_module_names)


_JUDGES = {
    "open": _opened,
    "exec": _executed,
    "compile": _compiled,
    "import": _imported,
    "marshal.loads": lambda event, *_: event.by.startswith("<frozen importlib"),
    "socket.__new__": _socket,
    "subprocess.Popen": _started,
    "os.fork": _forked,
    "pickle.find_class": _unpickled,
}

assert sys.implementation.name == "cpython"
