"""An edit in an editor: what the server spends until it has told what is wrong now."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from speed.measuring import NotMeasuredError, Pairs
from speed.row import Goal, Row
from speed.setting import Setting
from speed.texts import experiments

_EDITS, _FIRST = 11, 2

#: In seconds: how long the server must have been idle before an edit counts as done.
_IDLE = 0.15

Json = dict[str, Any]


class Server:
    """The server over its pipes, asked for diagnostics by the client."""

    def __init__(self, setting: Setting, folder: Path) -> None:
        command = [setting.program("nemo-run-lint"), "server"]
        self.process = subprocess.Popen(
            command,
            cwd=folder,
            env=dict(setting.environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._asked = 0
        capabilities = {"textDocument": {"diagnostic": {}, "synchronization": {}}}
        folders = [{"uri": folder.as_uri(), "name": folder.name}]
        self.ask("initialize", {"processId": os.getpid(), "capabilities": capabilities, "workspaceFolders": folders})
        self.tell("initialized", {})

    def tell(self, method: str, params: Json) -> None:
        """Send what needs no answer."""
        self._send({"method": method, "params": params})

    def ask(self, method: str, params: Any) -> Any:
        """Ask, and wait for the answer; what the server wants to know meanwhile, it is not told."""
        self._asked += 1
        self._send({"id": self._asked, "method": method, "params": params})
        while True:
            message = self._received()
            if "method" in message and "id" in message:
                self._send({"id": message["id"], "result": None})
            elif message.get("id") == self._asked:
                return message.get("result")

    def _send(self, message: Json) -> None:
        assert self.process.stdin is not None
        data = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(data), data))
        self.process.stdin.flush()

    def _received(self) -> Json:
        assert self.process.stdout is not None
        length = 0
        while line := self.process.stdout.readline().strip():
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        if not length:
            raise NotMeasuredError("the server ended")
        message: Json = json.loads(self.process.stdout.read(length))
        return message

    def cpu(self) -> float:
        """The CPU seconds that it has spent once it has been idle."""
        clock = (~self.process.pid << 3) | 2  # that of another process, as clock_getcpuclockid(3) makes it
        spent = -1.0
        while spent != (now := time.clock_gettime(clock)):
            spent = now
            time.sleep(_IDLE)
        return spent

    def end(self) -> None:
        """As the protocol wants it."""
        self.ask("shutdown", None)
        self.tell("exit", {})
        self.process.wait(timeout=30)


def measure(setting: Setting) -> Iterator[Row]:
    """An edit in the middle of a file: a character more, then a line more, and so on."""
    if sys.platform != "linux":
        raise NotMeasuredError("the CPU time of another process is read as Linux tells it")
    for lines, bound in ((500, 30), (3_000, 150)):
        folder = setting.directory("editor", str(lines))
        text = experiments(lines)
        (folder / "experiment.py").write_text(text)
        spent = _edits(Server(setting, folder), (folder / "experiment.py").as_uri(), text)
        case = f"an edit in a file of {lines:,} lines, warm server"
        yield Row(case, "-", Goal(bound, "ms"), Pairs(tuple(spent)), "CPU time; characters and lines in turn")


def _edits(server: Server, uri: str, text: str) -> list[float]:
    """Milliseconds that each edit cost, without the first few."""
    document = {"uri": uri, "languageId": "python", "version": 1, "text": text}
    server.tell("textDocument/didOpen", {"textDocument": document})
    server.ask("textDocument/diagnostic", {"textDocument": {"uri": uri}})
    lines = text.splitlines()
    middle = next(place for place in range(len(lines) // 2, len(lines)) if "losses: dict" in lines[place])
    spent = []
    for turn in range(_FIRST + _EDITS):
        before = server.cpu()
        place = {"line": middle, "character": len(lines[middle])}
        change = {"range": {"start": place, "end": place}, "text": "  # and" if turn % 2 else "\n    turn = 1"}
        identifier = {"uri": uri, "version": turn + 2}
        server.tell("textDocument/didChange", {"textDocument": identifier, "contentChanges": [change]})
        answer = server.ask("textDocument/diagnostic", {"textDocument": {"uri": uri}})
        if not answer or not answer.get("items"):
            raise NotMeasuredError("the server does not tell the mistakes that are in the file")
        spent.append(1000 * (server.cpu() - before))
        lines[middle : middle + 1] = (lines[middle] + change["text"]).split("\n")
    server.end()
    return spent[_FIRST:]
