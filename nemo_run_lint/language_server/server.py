"""The server: what is open, who is told what, and when. What it answers to is in `features`.

Linting happens in a thread of its own, so that what a client says is read at once: of many edits in a row only the last
is linted, and a question that was taken back is not answered.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from typing import Any, ParamSpec, TypeVar

from lsprotocol import types
from pygls.exceptions import JsonRpcException, PyglsError
from pygls.lsp.server import LanguageServer

from nemo_run_lint._version import __version__
from nemo_run_lint.language_server import preferences
from nemo_run_lint.language_server.actions import Edits
from nemo_run_lint.language_server.diagnostics import SOURCE, by_document
from nemo_run_lint.language_server.documents import PYTHON, Documents
from nemo_run_lint.language_server.files import Files, Report
from nemo_run_lint.language_server.linting import Linter
from nemo_run_lint.language_server.preferences import Preferences
from nemo_run_lint.language_server.source import Source
from nemo_run_lint.language_server.worker import Worker
from nemo_run_lint.rules.linter.rule_failed import RuleFailed
from nemo_run_lint.settings import SettingsError
from nemo_run_lint.sources.discovery import DiscoveryError
from nemo_run_lint.sources.kinds import MODULES, NOTEBOOK

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")

#: In seconds: how long nothing must be typed before it is linted, and before other files get to see it.
TYPING = 0.15
PAUSE = 0.8

#: In seconds: how often to look whether the client still lives.
_HEARTBEAT = 5.0

_NOTEBOOKS = types.NotebookDocumentSyncOptions(
    [
        types.NotebookDocumentFilterWithNotebook(
            types.NotebookDocumentFilterNotebookType("jupyter-notebook"), [types.NotebookCellLanguage(PYTHON)]
        )
    ]
)


class Server(LanguageServer):
    """One client's server.

    documents    what is open
    linter       what finds; used by the worker alone, as are `files`
    preferences  what the client is set to
    pulls        whether the client asks for diagnostics, instead of being told
    watches      whether the client tells which files have changed
    edits        how the client takes edits
    status       the exit status that the protocol wants
    """

    def __init__(self, given: Preferences) -> None:
        """`given`: what holds unless the client says otherwise. Raises SettingsError."""
        super().__init__(SOURCE, __version__, notebook_document_sync=_NOTEBOOKS)
        self.documents = Documents()
        self.linter = Linter(given.config, given.isolated)
        self.files = Files(self.linter)
        self.worker = Worker()
        self.preferences = self.given = given
        self.pulls = self.watches = False
        self.edits = Edits()
        self.status = 1
        self._epoch = 0
        self._waiting: dict[str, asyncio.Task[None]] = {}
        self._background: set[asyncio.Task[Any]] = set()
        self._workspace: asyncio.Task[None] | None = None
        self._walked: Sequence[str] | None = None
        self._saved: dict[str, Source] = {}
        self._published: set[str] = set()
        self._told: set[str] = set()

    # -- questions to the linter -----------------------------------------------------------------------------

    async def ask(
        self,
        otherwise: Answer,
        work: Callable[Arguments, Answer],
        *arguments: Arguments.args,
        **more: Arguments.kwargs,
    ) -> Answer:
        """What `work` returns in the linter's thread; `otherwise` where it fails, which the client is told once."""
        try:
            answer = await self.worker.do(work, *arguments, **more)
        except (SettingsError, DiscoveryError) as error:
            self.tell(str(error))
            answer = otherwise
        except Exception as error:  # a mistake of the linter's must not end the server
            self.tell(f"it failed, please report this: {type(error).__name__}: {error}")
            answer = otherwise
        if self.linter.epoch != self._epoch:
            self._epoch = self.linter.epoch
            self._told.clear()
            self.refresh()
        return answer

    async def begin(self) -> None:
        """Find what the client's preferences ask for, from where it works."""
        self._loop = asyncio.get_running_loop()
        try:
            await self.worker.do(self.linter.configure, self.preferences.config, self.preferences.isolated)
            await self.worker.do(self.linter.forget)
        except SettingsError as error:
            self.tell(str(error))
        self._epoch = self.linter.epoch

    async def diagnostics(self, uri: str) -> tuple[Source, dict[str, list[types.Diagnostic]]] | None:
        """The source around an open document as it is when its turn comes, and what is to be told of its documents."""
        if not self.preferences.enable:
            source = self.linted(uri)
            return (source, by_document(source, ())) if source is not None else None
        return await self.ask(None, self._newest, uri)

    async def report(self, uri: str) -> Report:
        """What is to be told of a document, open or not."""
        if self.documents.is_open(uri):
            found = await self.diagnostics(uri)
            return Report.of(uri, found[1].get(uri, []) if found is not None else [])
        path = self.documents.path(uri)
        nothing = Report.of(uri, [])
        if path is None or not path.endswith((*MODULES, NOTEBOOK)) or not self.preferences.enable:
            return nothing
        return await self.ask(nothing, self.files.report, path, self.documents.encoding)

    async def reports(self) -> AsyncIterator[Report]:
        """What is to be told of the files of the workspace that nobody has open."""
        if self.preferences.mode == "workspace" and self.preferences.enable:
            for path in await self._paths():
                report = await self.ask(None, self.files.report, path, self.documents.encoding)
                if report is not None and not self.documents.is_open(report.uri):
                    yield report

    def linted(self, uri: str) -> Source | None:
        """The source around a document as it is to be linted: now, or when it was last saved."""
        source = self.documents.source(uri)
        if source is None or self.preferences.run == "onType":
            return source
        return self._saved.setdefault(source.path, source)

    # -- telling ---------------------------------------------------------------------------------------------

    def tell(self, message: str) -> None:
        """Show a message to the user; the same one only once."""
        if message not in self._told:
            self._told.add(message)
            shown = types.ShowMessageParams(types.MessageType.Error, f"nemo-run-lint: {message}")
            self.window_show_message(shown)

    def report_server_error(self, error: Exception, source: type[PyglsError] | type[JsonRpcException]) -> None:
        """What pygls calls when a message cannot be understood, or its handler fails."""
        self.tell(f"a message of the editor's was not understood: {error}" if str(error) else "a message was broken")

    def later(self, uri: str, after: float = 0.0) -> None:
        """Lint a document after so many seconds, unless that is asked for again before."""
        source = self.documents.source(uri)
        if source is None:
            return
        waiting = self._waiting.pop(source.path, None)
        if waiting is not None:
            waiting.cancel()
        task = self._waiting[source.path] = asyncio.ensure_future(self._in_turn(uri, after))
        task.add_done_callback(lambda done: self._waited(source.path, done))

    def saved(self, uri: str) -> None:
        """A document was opened or saved as it is."""
        source = self.documents.source(uri)
        if source is not None:
            self._saved[source.path] = source

    def closed(self, uris: Iterable[str], path: str) -> None:
        """Documents were closed, which were all of the file at `path`."""
        for uri in uris:
            self.publish(uri, None, [])
        self._saved.pop(path, None)
        waiting = self._waiting.pop(path, None)
        if waiting is not None:
            waiting.cancel()
        self.behind(self._forget(path))

    def refresh(self) -> None:
        """Lint everything again that was told."""
        capabilities = self.client_capabilities.workspace
        refreshes = capabilities.diagnostics if capabilities is not None else None
        if self.pulls and refreshes is not None and refreshes.refresh_support:
            self.behind(self.workspace_diagnostic_refresh_async(None))
        for source in self.documents.sources():
            for part in source.parts[:1]:
                self.later(part.document.uri)
        self.check_workspace()

    def changed_on_disk(self, is_walk: bool) -> None:
        """Files have changed that are not open; `is_walk`: and there may be others now."""
        self._walked = None if is_walk else self._walked
        self.behind(self.ask(None, self.linter.forget))

    async def configure(self, sent: Any) -> None:
        """Work as the client's settings say."""
        before = self.preferences
        self.preferences, problems = preferences.read(sent, self.given)
        for problem in problems:
            self.tell(problem)
        await self.ask(None, self.linter.configure, self.preferences.config, self.preferences.isolated)
        if before != self.preferences:
            self.refresh()

    def check_workspace(self) -> None:
        """Tell of all files that nobody has open, if that is wanted and nobody asks for it."""
        if self._workspace is not None:
            self._workspace.cancel()
        if not self.pulls and (self.preferences.mode == "workspace" or self._published):
            self._workspace = self.behind(self._tell_workspace())

    def publish(self, uri: str, version: int | None, diagnostics: Sequence[types.Diagnostic]) -> None:
        """Tell a client that does not ask."""
        if not self.pulls:
            self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, list(diagnostics), version))

    def behind(self, work: Any) -> asyncio.Task[Any]:
        """Do something without waiting for it."""
        task: asyncio.Task[Any] = asyncio.ensure_future(work)
        self._background.add(task)
        task.add_done_callback(self._done)
        return task

    async def outlive_no_client(self) -> None:
        """End when the client's process is gone, although its pipe may still be open."""
        while self.process_id and os.name == "posix":
            await asyncio.sleep(_HEARTBEAT)
            try:
                os.kill(self.process_id, 0)
            except ProcessLookupError:
                os._exit(1)  # a thread waits for the pipe, and would for ever
            except OSError:
                return

    async def _forget(self, path: str) -> None:
        await self.ask(None, self.linter.closed, path)
        self.check_workspace()

    def _newest(self, uri: str) -> tuple[Source, dict[str, list[types.Diagnostic]]] | None:
        source = self.linted(uri)
        if source is None:
            return None
        found = self.linter.findings(source)
        for finding in found:
            if finding.code == RuleFailed.code:
                self._loop.call_soon_threadsafe(self.tell, f"{finding.message} ({source.path})")
        return source, by_document(source, found)

    async def _in_turn(self, uri: str, after: float) -> None:
        await asyncio.sleep(after)
        found = await self.diagnostics(uri) if not self.pulls else None
        if found is not None and self.linted(uri) is found[0]:
            for part in found[0].parts:
                self.publish(part.document.uri, part.document.version, found[1][part.document.uri])
        await asyncio.sleep(PAUSE - after if after else 0)
        now = self.documents.source(uri)
        if now is not None:
            await self.ask(False, self.linter.show, now, list(self.documents.sources()))

    async def _tell_workspace(self) -> None:
        left = set(self._published)
        async for report in self.reports():
            left.discard(report.uri)
            if report.diagnostics or report.uri in self._published:
                self.publish(report.uri, None, report.diagnostics)
                (self._published.add if report.diagnostics else self._published.discard)(report.uri)
        for uri in left:
            self._published.discard(uri)
            if not self.documents.is_open(uri):
                self.publish(uri, None, [])

    async def _paths(self) -> Sequence[str]:
        """The files of the workspace's folders; looked for once where the client tells of new ones."""
        if self._walked is None or not self.watches:
            paths = (self.documents.path(folder.uri) for folder in self.workspace.folders.values())
            folders = [path for path in paths if path is not None and os.path.isdir(path)]
            nothing: list[str] = []
            self._walked = await self.ask(nothing, self.linter.files, folders)
        return self._walked

    def _waited(self, path: str, done: asyncio.Task[None]) -> None:
        if self._waiting.get(path) is done:
            del self._waiting[path]
        self._done(done)

    def _done(self, done: asyncio.Task[Any]) -> None:
        self._background.discard(done)
        if not done.cancelled() and (error := done.exception()) is not None:
            self.tell(f"it failed, please report this: {type(error).__name__}: {error}")
