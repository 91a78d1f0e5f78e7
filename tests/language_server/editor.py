"""An editor without a window: a client of pygls's, speaking to the real server over its pipes."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.lsp.client import LanguageClient

#: The command as it is installed: `python -m` would look for modules where it is started.
SERVER = (str(Path(sys.executable).with_name("nemo-run-lint")), "server")

#: In seconds, for what must come; and for what must not.
PATIENCE, SILENCE = 60.0, 1.0

Json = dict[str, Any]


class Editor:
    """A client with its own server, and the documents that it has open."""

    def __init__(self, folder: Path, capabilities: Json | None = None, options: Any = None) -> None:
        self.folder = folder
        self.client = LanguageClient("editor", "1")
        self.capabilities = capabilities or {}
        self.options = options
        self.diagnostics: dict[str, list[types.Diagnostic]] = {}
        self.told: list[types.PublishDiagnosticsParams] = []
        self.messages: list[str] = []
        self.registered: list[types.Registration] = []
        self.refreshes = 0
        self.settings: Any = None
        self.result: types.InitializeResult
        self._texts: dict[str, str] = {}
        self._versions: dict[str, int] = {}
        self._news = asyncio.Event()
        self._answer()

    def _answer(self) -> None:
        """What the client does when the server speaks."""

        @self.client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def told(params: types.PublishDiagnosticsParams) -> None:
            self.told.append(params)
            self.diagnostics[params.uri] = list(params.diagnostics)
            self._news.set()

        @self.client.feature(types.WINDOW_SHOW_MESSAGE)
        def message(params: types.ShowMessageParams) -> None:
            self.messages.append(params.message)
            self._news.set()

        @self.client.feature(types.CLIENT_REGISTER_CAPABILITY)
        def registered(params: types.RegistrationParams) -> None:
            self.registered += params.registrations
            self._news.set()

        @self.client.feature(types.WORKSPACE_CONFIGURATION)
        def configuration(params: types.ConfigurationParams) -> list[Any]:
            return [self.settings for _ in params.items]

        @self.client.feature(types.WORKSPACE_DIAGNOSTIC_REFRESH)
        def refresh(params: None) -> None:
            self.refreshes += 1
            self._news.set()

    # -- beginning and end -----------------------------------------------------------------------------------

    async def __aenter__(self) -> Editor:
        await self.client.start_io(*SERVER, cwd=self.folder)
        parsed = self.client.protocol._converter.structure(self.capabilities, types.ClientCapabilities)
        folder = types.WorkspaceFolder(self.folder.as_uri(), self.folder.name)
        params = types.InitializeParams(parsed, initialization_options=self.options, workspace_folders=[folder])
        self.result = await self.answered(self.client.initialize_async(params))
        self.client.initialized(types.InitializedParams())
        return self

    async def __aexit__(self, *_: object) -> None:
        if not self.client.stopped:
            await self.answered(self.client.shutdown_async(None))
            self.client.exit(None)
        assert self.client._server is not None
        await asyncio.wait_for(self.client._server.wait(), PATIENCE)

    async def answered(self, question: Coroutine[Any, Any, Any]) -> Any:
        return await asyncio.wait_for(question, PATIENCE)

    async def until(self, holds: Callable[[], Any]) -> Any:
        """What `holds` says once it is true, whenever the server has said something."""

        async def waiting() -> Any:
            while not (found := holds()):
                self._news.clear()
                await self._news.wait()
            return found

        return await asyncio.wait_for(waiting(), PATIENCE)

    # -- documents -------------------------------------------------------------------------------------------

    def uri(self, name: str) -> str:
        return (self.folder / name).as_uri()

    def open(self, name: str, text: str | None = None, language: str = "python") -> str:
        """Open a file, or what is not saved yet."""
        uri = name if ":" in name else self.uri(name)
        self._texts[uri] = (self.folder / name).read_text() if text is None else text
        self._versions[uri] = 1
        item = types.TextDocumentItem(uri, language, 1, self._texts[uri])
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        return uri

    def edit(self, uri: str, text: str, *changes: types.TextDocumentContentChangeEvent) -> None:
        """Make it the text, by these changes or as a whole."""
        self._texts[uri] = text
        self._versions[uri] += 1
        identifier = types.VersionedTextDocumentIdentifier(self._versions[uri], uri)
        made = list(changes) or [types.TextDocumentContentChangeWholeDocument(text)]
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(identifier, made))

    def save(self, uri: str) -> None:
        Path(types_path(uri)).write_text(self._texts[uri])
        self.client.text_document_did_save(types.DidSaveTextDocumentParams(types.TextDocumentIdentifier(uri)))

    def close(self, uri: str) -> None:
        self.client.text_document_did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri)))

    def text(self, uri: str) -> str:
        return self._texts[uri]

    async def codes(self, uri: str) -> list[str]:
        """The codes that the server told last, once it has told of the document as it is now."""
        version = self._versions[uri]
        await self.until(lambda: any(each.uri == uri and (each.version or 0) >= version for each in self.told))
        return [str(each.code) for each in self.diagnostics[uri]]

    async def pulled(self, uri: str, previous: str | None = None) -> Any:
        document = types.TextDocumentIdentifier(uri)
        params = types.DocumentDiagnosticParams(document, previous_result_id=previous)
        return await self.answered(self.client.text_document_diagnostic_async(params))

    # -- questions -------------------------------------------------------------------------------------------

    async def hover(self, uri: str, line: int, character: int) -> str | None:
        params = types.HoverParams(types.TextDocumentIdentifier(uri), types.Position(line, character))
        found = await self.answered(self.client.text_document_hover_async(params))
        return found.contents.value if found is not None else None

    async def definition(self, uri: str, line: int, character: int) -> list[tuple[str, int]]:
        params = types.DefinitionParams(types.TextDocumentIdentifier(uri), types.Position(line, character))
        found = await self.answered(self.client.text_document_definition_async(params))
        return [(each.uri, each.range.start.line) for each in found or ()]

    async def completed(self, uri: str, line: int, character: int) -> list[types.CompletionItem]:
        params = types.CompletionParams(types.TextDocumentIdentifier(uri), types.Position(line, character))
        found = await self.answered(self.client.text_document_completion_async(params))
        return list(found.items) if found is not None else []

    async def actions(self, uri: str, line: int, only: list[str] | None = None) -> list[types.CodeAction]:
        place = types.Position(line, 0)
        context = types.CodeActionContext([], only=only)
        params = types.CodeActionParams(types.TextDocumentIdentifier(uri), types.Range(place, place), context)
        return list(await self.answered(self.client.text_document_code_action_async(params)) or ())

    async def apply(self, action: types.CodeAction) -> None:
        """Resolve an action if need be, and make its edits in the open documents."""
        if action.edit is None:
            action = await self.answered(self.client.code_action_resolve_async(action))
        for uri, edits in edits_of(action).items():
            self.edit(uri, edited(self._texts[uri], edits))


def edits_of(action: types.CodeAction) -> dict[str, list[types.TextEdit]]:
    """The edits of an action, by document."""
    assert action.edit is not None, f"{action.title} changes nothing"
    if action.edit.changes is not None:
        return {uri: list(edits) for uri, edits in action.edit.changes.items()}
    found = {}
    for change in action.edit.document_changes or ():
        assert isinstance(change, types.TextDocumentEdit)
        found[change.text_document.uri] = [each for each in change.edits if isinstance(each, types.TextEdit)]
    return found


def edited(text: str, edits: list[types.TextEdit]) -> str:
    """A text of plain characters after edits, which must be apart."""
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    placed = [
        (
            starts[each.range.start.line] + each.range.start.character,
            starts[each.range.end.line] + each.range.end.character,
            each.new_text,
        )
        for each in edits
    ]
    for begin, end, new in sorted(placed, reverse=True):
        text = text[:begin] + new + text[end:]
    return text


def types_path(uri: str) -> str:
    return uri.removeprefix("file://")
