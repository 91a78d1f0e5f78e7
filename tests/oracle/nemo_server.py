"""The real nemo_run, imported once: a server that forks a warm process for every `python ...` that is asked of it.

Started as `python nemo_server.py SOCKET` by the environment that holds nemo_run. A request is one JSON object
(arguments, directory, environment) with the caller's standard streams; the answer is the exit status. `stand_in`
is what the tests and nemo_run's own LocalExecutor start in place of an interpreter, which would take seconds to import nemo_run.
"""

from __future__ import annotations

import json
import os
import runpy
import signal
import socket
import sys
import time
import traceback
from typing import Any

#: Begins the line of output that holds the jobs' states as JSON.
STATES = "states of the jobs: "

#: The experiments that the running script made.
EXPERIMENTS: list[Any] = []

STAND_IN = """#!{python} -SEs
import json, os, socket, sys
arguments = sys.argv[1:]
if not arguments or arguments[0].startswith("-") and arguments[0] != "-m":
    os.execv({python!r}, [{python!r}, *arguments])
server = socket.socket(socket.AF_UNIX)
server.connect({address!r})
request = {{"arguments": arguments, "directory": os.getcwd(), "environment": dict(os.environ)}}
body = json.dumps(request).encode()
socket.send_fds(server, [len(body).to_bytes(8, "big")], [0, 1, 2])
server.sendall(body)
answer = server.recv(1)
os._exit(answer[0] if answer else 70)
"""


def stand_in(python: str, address: str) -> str:
    """The text of an executable that behaves like `python`, but runs in a process of the server at `address`."""
    return STAND_IN.format(python=python, address=address)


def serve(address: str) -> None:
    """Answer requests until killed."""
    import fiddle  # noqa: F401

    _remember_experiments()
    _look_often()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # finished handlers need no one to wait for them
    server = socket.socket(socket.AF_UNIX)
    server.bind(address)
    server.listen()
    while True:
        connection, _ = server.accept()
        if os.fork() == 0:
            server.close()
            handle(connection)
        connection.close()


def handle(connection: socket.socket) -> None:
    """Run one request in a child, so that whatever it does its status comes back."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    length, streams, _, _ = socket.recv_fds(connection, 8, 3)
    body = b""
    while len(body) < int.from_bytes(length, "big"):
        body += connection.recv(65536)
    child = os.fork()
    if child == 0:
        connection.close()
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
            os.close(stream)
        os._exit(run(**json.loads(body)))
    _, status = os.waitpid(child, 0)
    connection.sendall(bytes([os.waitstatus_to_exitcode(status) & 0xFF]))
    os._exit(0)


def run(arguments: list[str], directory: str, environment: dict[str, str]) -> int:
    """What `python *arguments` would do in `directory`; returns its exit status."""
    os.chdir(directory)
    os.environ.clear()
    os.environ.update(environment)
    _read_environment()
    status: Any = 0
    try:
        if arguments[0] == "-m":
            _let_nemo_run_write()
            sys.argv = arguments[1:]
            sys.path.insert(0, directory)
            runpy.run_module(arguments[1], run_name="__main__", alter_sys=True)
        else:
            sys.argv = arguments
            sys.path.insert(0, os.path.dirname(os.path.abspath(arguments[0])))
            runpy.run_path(arguments[0], run_name="__main__")
    except SystemExit as stop:
        status = stop.code
        if status is not None and not isinstance(status, int):
            print(status, file=sys.stderr)
            status = 1
    except BaseException:
        traceback.print_exc()
        status = 1
    _tell_states()
    sys.stdout.flush()
    sys.stderr.flush()
    return int(status or 0) & 0xFF


def _let_nemo_run_write() -> None:
    """Wait as long as an interpreter takes to start, or less: nemo_run writes `__main__.py` twice, the job between them.

    The second time it empties the file first (`_save_jobs` in nemo_run 0.11.1, `run/experiment.py`), and a job that is
    there at once would read nothing.
    """
    time.sleep(0.3)


def _remember_experiments() -> None:
    """Keep every experiment that a script makes, to ask it for its jobs' states at the end."""
    from nemo_run.run.experiment import Experiment

    initialize = Experiment.__init__

    def remembering(self: Experiment, *args: Any, **kwargs: Any) -> None:
        initialize(self, *args, **kwargs)
        EXPERIMENTS.append(self)

    Experiment.__init__ = remembering


def _look_often() -> None:
    """Look all the time whether a job has ended: nemo_run lets two seconds go by before it looks a second time."""
    import torchx.runner.api
    from nemo_run.run.torchx_backend import launcher

    class Clock:
        time = staticmethod(time.time)

        @staticmethod
        def sleep(seconds: float) -> None:
            time.sleep(seconds / 20)

    launcher.time = torchx.runner.api.time = Clock


def _tell_states() -> None:
    """Print the jobs' states, once they have ended, in a line that the tests read."""
    states: dict[str, str] = {}
    for experiment in EXPERIMENTS:
        for job in experiment.jobs if experiment._launched else ():
            for _ in range(100):
                states[job.id] = str(job.status(experiment._runner).name)
                if states[job.id] not in ("PENDING", "RUNNING", "SUBMITTED"):
                    break
                time.sleep(0.1)
    if states:
        print(STATES + json.dumps(states))


def _read_environment() -> None:
    """Do again what an interpreter, and nemo_run at its import, take from the environment."""
    import nemo_run.config

    sys.path[:0] = filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    nemo_run.config.set_nemorun_home(os.environ["NEMORUN_HOME"])


if __name__ == "__main__":
    serve(sys.argv[1])
