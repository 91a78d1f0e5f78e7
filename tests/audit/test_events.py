"""The list of what the program may do is a closed one: each of these is told, and is not on it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from audit.events import HOOK, events, wrong

FORBIDDEN = {
    "a module of the project": ("import planted", "exec"),
    "a file as a program": ("import runpy; runpy.run_path('planted.py')", "exec"),
    "text as code": ("exec('1')", "exec"),
    "an expression": ("eval('1')", "exec"),
    "a text that is compiled": ("compile('1', 'planted.py', 'eval')", "compile"),
    "another program": ("import subprocess; subprocess.run(['true'])", "subprocess.Popen"),
    "a shell": ("import os; os.system('true')", "os.system"),
    "a spawned program": ("import os; os.posix_spawn('/bin/true', ['true'], {})", "os.posix_spawn"),
    "a connection": ("import socket; socket.socket(socket.AF_INET).close()", "socket.__new__"),
    "a name of the network": ("import socket\ntry: socket.getaddrinfo('localhost', 1)\nexcept OSError: pass", "socket.getaddrinfo"),
    "a new file": ("open('new', 'w')", "open"),
    "a file that is added to": ("open('planted.py', 'a')", "open"),
    "a file that is gone": ("import os; os.remove('planted.py')", "os.remove"),
    "a file elsewhere": ("import os; os.rename('planted.py', 'elsewhere')", "os.rename"),
    "a link": ("import os; os.symlink('planted.py', 'link')", "os.symlink"),
    "a mode": ("import os; os.chmod('planted.py', 0o600)", "os.chmod"),
    "a database": ("import sqlite3; sqlite3.connect('new.sqlite')", "sqlite3.connect"),
    "a library": ("import ctypes; ctypes.CDLL(None)", "ctypes.dlopen"),
    "a pickle": ("import pickle; pickle.loads(b'cplanted\\nx\\n.')", "pickle.find_class"),
}  # fmt: skip


def told(directory: Path, code: str) -> list[str]:
    """The names of what a Python may not have done that runs this code."""
    (directory / "planted.py").write_text("x = 1\n")
    (directory / "script.py").write_text(code)
    log = directory / "log"
    environment = {**os.environ, "AUDIT_LOG": str(log), "PYTHONPATH": str(HOOK.parent), "PYTHONDONTWRITEBYTECODE": "1"}
    subprocess.run([sys.executable, "script.py"], cwd=directory, env=environment, check=True)
    script = str(directory / "script.py")
    started = [script, "script.py"]
    return [each.name for each in wrong(events(log), []) if each.name != "exec" or each.arguments[0] not in started]


@pytest.mark.skipif(os.name != "posix", reason="the shell and its programs are POSIX's")
@pytest.mark.parametrize(("code", "event"), FORBIDDEN.values(), ids=FORBIDDEN)
def test_it_is_seen(tmp_path: Path, code: str, event: str) -> None:
    assert event in told(tmp_path, code)


def test_what_everybody_does_is_not_told(tmp_path: Path) -> None:
    assert told(tmp_path, "import ast, json, dataclasses, os\nast.parse(open('planted.py').read())\nos.listdir()") == []
