"""Clients that break off, or talk nonsense: the server lives on while there is somebody to talk to, and then ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from language_server.editor import PATIENCE, SERVER


class Pipe:
    """A server, and the bytes that go to and from it."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [*SERVER, *arguments], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.stdin, self.stdout = self.process.stdin, self.process.stdout
        self.folder = folder

    def raw(self, data: bytes) -> None:
        self.stdin.write(data)
        self.stdin.flush()

    def send(self, method: str, params: Any = None, number: int | None = None) -> None:
        message = {"jsonrpc": "2.0", "method": method, "params": params} | ({} if number is None else {"id": number})
        self.body(json.dumps(message).encode())

    def body(self, body: bytes) -> None:
        self.raw(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))

    def messages(self) -> Iterator[dict[str, Any]]:
        while header := self.stdout.readline():
            if header.startswith(b"Content-Length:"):
                length = int(header.split(b":")[1])
                while self.stdout.readline().strip():
                    pass
                yield json.loads(self.stdout.read(length))

    def answer(self, number: int) -> tuple[dict[str, Any], list[str]]:
        """The answer to a question, and what was shown to the user before."""
        shown = []
        for message in self.messages():
            if message.get("id") == number:
                return message, shown
            if message.get("method") == "window/showMessage":
                shown.append(message["params"]["message"])
        raise AssertionError(self.process.stderr.read() if self.process.stderr else "")

    def initialize(self, **more: Any) -> None:
        folder = {"uri": self.folder.as_uri(), "name": "x"}
        self.send("initialize", {"processId": None, "capabilities": {}, "workspaceFolders": [folder]} | more, 1)
        self.answer(1)
        self.send("initialized", {})

    def open(self, text: str) -> str:
        uri = (self.folder / "experiment.py").as_uri()
        item = {"uri": uri, "languageId": "python", "version": 1, "text": text}
        self.send("textDocument/didOpen", {"textDocument": item})
        return uri

    def ended(self) -> tuple[int, str]:
        assert self.process.stderr is not None
        status = self.process.wait(PATIENCE)
        return status, self.process.stderr.read().decode()


@pytest.fixture
def pipe(tmp_path: Path) -> Iterator[Pipe]:
    opened = Pipe(tmp_path)
    yield opened
    opened.process.kill()
    opened.process.wait()


EXPERIMENT = "import nemo_run as run\n\ndef train(x): ...\n\nrun.Partial(train, x=lambda: 1)\n"


def test_an_end_as_agreed(pipe: Pipe) -> None:
    pipe.initialize()
    pipe.open(EXPERIMENT)
    pipe.send("shutdown", None, 2)
    pipe.answer(2)
    pipe.send("exit")
    assert pipe.ended() == (0, "")


def test_an_end_without_shutdown(pipe: Pipe) -> None:
    pipe.initialize()
    pipe.send("exit")
    assert pipe.ended() == (1, "")


@pytest.mark.parametrize("begun", [False, True])
def test_a_client_that_closes_its_pipe(pipe: Pipe, begun: bool) -> None:
    if begun:
        pipe.initialize()
        pipe.open(EXPERIMENT * 50)
    pipe.stdin.close()
    assert pipe.ended() == (1, "")


def test_a_client_that_reads_no_more(pipe: Pipe) -> None:
    pipe.initialize()
    pipe.stdout.close()
    pipe.open(EXPERIMENT)
    time.sleep(0.5)
    try:
        for number in range(5):
            pipe.send(
                "textDocument/hover",
                {"textDocument": {"uri": "file:///a.py"}, "position": {"line": 0, "character": 0}},
                number,
            )
        pipe.stdin.close()
    except BrokenPipeError:
        pass
    status, said = pipe.ended()
    assert status == 1
    assert "Traceback" not in said


@pytest.mark.skipif(os.name != "posix", reason="only there a process is asked whether it lives")
def test_a_client_that_dies_while_another_process_holds_the_pipe(pipe: Pipe) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    pipe.initialize(processId=dead.pid)
    assert pipe.ended()[0] == 1


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"",
        b"[]",
        b"1",
        b"null",
        b'"text"',
        b"\xff\xfe",
        b"{}",
        b'{"jsonrpc": "2.0"}',
        b'{"jsonrpc": "1.0", "method": "exit"}',
        b'{"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {}}',
        b'{"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": 7}',
        b'{"jsonrpc": "2.0", "method": "textDocument/didChange", "params": {"textDocument": {"uri": 1}}}',
        b'{"jsonrpc": "2.0", "id": 7, "method": "textDocument/hover", "params": {"position": {"line": -1}}}',
        b'{"jsonrpc": "2.0", "id": 7, "method": "no/such"}',
        b'{"jsonrpc": "2.0", "id": [], "method": "textDocument/hover"}',
        b'{"jsonrpc": "2.0", "id": 99, "result": null}',
        b'{"jsonrpc": "2.0", "method": "$/cancelRequest", "params": {"id": 99}}',
        b"[" * 100_000,
    ],
)
def test_nonsense(pipe: Pipe, body: bytes) -> None:
    pipe.initialize()
    if body:
        pipe.body(body)
    pipe.raw(b"Content-Type: nonsense\r\n\r\n")
    uri = pipe.open(EXPERIMENT)
    place = {"line": 4, "character": 14}
    pipe.send("textDocument/hover", {"textDocument": {"uri": uri}, "position": place}, 20)
    answer, shown = pipe.answer(20)
    assert "train(x)" in answer["result"]["contents"]["value"]
    assert all(message.startswith("nemo-run-lint: ") and "\n" not in message for message in shown)
    pipe.stdin.close()
    status, said = pipe.ended()
    assert (status, said) == (1, "")


def test_the_same_nonsense_is_said_once(pipe: Pipe) -> None:
    pipe.initialize()
    for _ in range(5):
        pipe.body(b"{")
    pipe.send(
        "textDocument/hover", {"textDocument": {"uri": "file:///a.py"}, "position": {"line": 0, "character": 0}}, 9
    )
    assert len(pipe.answer(9)[1]) == 1


@pytest.mark.parametrize("length", ["99999999999999999999999", "9" * 15])
def test_a_length_that_cannot_be(pipe: Pipe, length: str) -> None:
    pipe.initialize()
    pipe.raw(f"Content-Length: {length}\r\n\r\n".encode())
    pipe.stdin.close()
    status, said = pipe.ended()
    assert status == 1
    assert "Traceback" not in said


def test_places_outside_of_the_text(pipe: Pipe) -> None:
    pipe.initialize()
    uri = pipe.open(EXPERIMENT)
    document, far = {"textDocument": {"uri": uri}}, {"line": 10_000, "character": 10_000}
    for number, method in enumerate(("hover", "definition", "completion"), 10):
        pipe.send(f"textDocument/{method}", document | {"position": far}, number)
        assert pipe.answer(number)[0]["result"] is None
    whole = {"start": {"line": 0, "character": 0}, "end": far}
    pipe.send("textDocument/codeAction", document | {"range": whole, "context": {"diagnostics": []}}, 20)
    assert pipe.answer(20)[0]["result"]
    change = {"range": {"start": far, "end": far}, "text": "x = 1\n"}
    pipe.send("textDocument/didChange", {"textDocument": {"uri": uri, "version": 2}, "contentChanges": [change]})
    pipe.send("textDocument/hover", document | {"position": {"line": 4, "character": 14}}, 30)
    assert pipe.answer(30)[0]["result"]


def test_questions_before_the_beginning(pipe: Pipe) -> None:
    pipe.send(
        "textDocument/hover", {"textDocument": {"uri": "file:///a.py"}, "position": {"line": 0, "character": 0}}, 5
    )
    pipe.open(EXPERIMENT)
    pipe.initialize()
    pipe.send("shutdown", None, 6)
    pipe.answer(6)


def run(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*SERVER, *arguments], cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True)


def test_what_the_command_line_says(tmp_path: Path) -> None:
    found = run("--config", "nonsense = 1", folder=tmp_path)
    assert (found.returncode, found.stdout) == (2, "")
    assert "`nonsense` is not a setting" in found.stderr
    assert run("--stdio", folder=tmp_path).returncode == 1


def test_without_pygls(tmp_path: Path) -> None:
    script = (
        "import sys; sys.modules['pygls'] = None; from nemo_run_lint.cli import main; sys.argv[1:] = ['server']; main()"
    )
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=tmp_path)
    assert (found.returncode, found.stdout) == (2, "")
    assert "pip install 'nemo-run-lint[server]'" in found.stderr
