"""What the server answers to: a function for each method of the protocol, registered by `serve`."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from nemo_run_lint.language_server import actions, pages, preferences
from nemo_run_lint.language_server.completion import items
from nemo_run_lint.language_server.diagnostics import uri_of
from nemo_run_lint.language_server.files import Report
from nemo_run_lint.language_server.preferences import SECTION
from nemo_run_lint.language_server.server import TYPING, Server
from nemo_run_lint.language_server.source import Part, Source
from nemo_run_lint.language_server.targets import Named, named_at, offered_at
from nemo_run_lint.signatures.signature import Unknown
from nemo_run_lint.watching import matters

#: What is watched; `matters` decides.
_WATCHED = (
    "**/*.{py,pyi,ipynb,pth,toml,lock,yaml,yml}",
    "**/{setup.cfg,Pipfile.lock,.gitignore,pyvenv.cfg}",
    "**/requirements*.{txt,in}",
    "**/*baseline*.json",
)


# -- beginning and end -------------------------------------------------------------------------------------------


async def initialize(ls: Server, params: types.InitializeParams) -> None:
    """Learn what the client can do and where it works."""
    text, workspace = params.capabilities.text_document, params.capabilities.workspace
    ls.pulls = text is not None and text.diagnostic is not None
    edits = workspace.workspace_edit if workspace is not None else None
    code_action = text.code_action if text is not None else None
    resolves = code_action.resolve_support if code_action is not None else None
    ls.edits = actions.Edits(
        versioned=bool(edits is not None and edits.document_changes),
        lazy=resolves is not None and "edit" in resolves.properties,
    )
    ls.documents.encoding = ls.workspace.position_encoding or types.PositionEncodingKind.Utf16
    folders = [folder.uri for folder in params.workspace_folders or ()] or [params.root_uri or ""]
    root = ls.documents.path(folders[0])
    if root is not None and os.path.isdir(root):
        os.chdir(root)  # as if the command line was used there
        ls.documents.root = root
    ls.given, problems = preferences.read(params.initialization_options, ls.given)
    ls.preferences = ls.given
    for problem in problems:
        ls.tell(problem)
    await ls.begin()


async def initialized(ls: Server, params: types.InitializedParams) -> None:
    """Ask for the client's settings, and to be told of what changes."""
    ls.behind(ls.outlive_no_client())
    workspace = ls.client_capabilities.workspace
    watching = workspace.did_change_watched_files if workspace is not None else None
    configuring = workspace.did_change_configuration if workspace is not None else None
    wanted = []
    if watching is not None and watching.dynamic_registration:
        watchers = [types.FileSystemWatcher(pattern) for pattern in _WATCHED]
        options: Any = types.DidChangeWatchedFilesRegistrationOptions(watchers)
        wanted.append(types.Registration("watched-files", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options))
    if configuring is not None and configuring.dynamic_registration:
        options = types.DidChangeConfigurationRegistrationOptions(SECTION)
        wanted.append(types.Registration("configuration", types.WORKSPACE_DID_CHANGE_CONFIGURATION, options))
    if wanted:
        ls.behind(_register(ls, wanted))
    if workspace is not None and workspace.configuration:
        ls.behind(_fetch(ls))
    else:
        ls.check_workspace()


def shutdown(ls: Server, params: None) -> None:
    """What comes now is the end."""
    ls.status = 0


async def _register(ls: Server, wanted: list[types.Registration]) -> None:
    with suppress(JsonRpcException):  # a client that cannot do what it says
        await ls.client_register_capability_async(types.RegistrationParams(wanted))
        ls.watches = any(each.method == types.WORKSPACE_DID_CHANGE_WATCHED_FILES for each in wanted)


async def _fetch(ls: Server) -> None:
    asked = types.ConfigurationParams([types.ConfigurationItem(section=SECTION)])
    with suppress(JsonRpcException):
        sent = await ls.workspace_configuration_async(asked)
        await ls.configure(sent[0] if sent else None)
    ls.check_workspace()


# -- documents ---------------------------------------------------------------------------------------------------


def did_open(ls: Server, params: types.DidOpenTextDocumentParams) -> None:
    """A document was opened."""
    ls.documents.open(params.text_document)
    ls.saved(params.text_document.uri)
    ls.later(params.text_document.uri)


def did_change(ls: Server, params: types.DidChangeTextDocumentParams) -> None:
    """A document was edited."""
    ls.documents.change(params.text_document, list(params.content_changes))
    if ls.preferences.run == "onType":
        ls.later(params.text_document.uri, TYPING)


def did_save(ls: Server, params: types.DidSaveTextDocumentParams) -> None:
    """A document was saved."""
    ls.saved(params.text_document.uri)
    ls.later(params.text_document.uri)
    if not ls.watches:
        ls.changed_on_disk(is_walk=True)  # by somebody else, too, as far as is known


def did_close(ls: Server, params: types.DidCloseTextDocumentParams) -> None:
    """A document was closed."""
    uri = params.text_document.uri
    source = ls.documents.source(uri)
    ls.documents.close(uri)
    if source is not None:
        ls.closed([uri], source.path)


def did_open_notebook(ls: Server, params: types.DidOpenNotebookDocumentParams) -> None:
    """A notebook was opened."""
    ls.documents.open_notebook(params.notebook_document, list(params.cell_text_documents))
    ls.publish(params.notebook_document.uri, None, [])  # its cells are told from now on
    ls.saved(params.notebook_document.uri)
    ls.later(params.notebook_document.uri)


def did_change_notebook(ls: Server, params: types.DidChangeNotebookDocumentParams) -> None:
    """Cells were edited, moved, made or removed."""
    uri, cells = params.notebook_document.uri, params.change.cells
    ls.documents.change_notebook(uri, params.change)
    closed = cells.structure.did_close if cells is not None and cells.structure is not None else None
    for cell in closed or ():
        ls.publish(cell.uri, None, [])
    if ls.preferences.run == "onType":
        ls.later(uri, TYPING)


def did_save_notebook(ls: Server, params: types.DidSaveNotebookDocumentParams) -> None:
    """A notebook was saved."""
    ls.saved(params.notebook_document.uri)
    ls.later(params.notebook_document.uri)


def did_close_notebook(ls: Server, params: types.DidCloseNotebookDocumentParams) -> None:
    """A notebook was closed."""
    uri = params.notebook_document.uri
    source = ls.documents.source(uri)
    cells = ls.documents.close_notebook(uri)
    if source is not None:
        ls.closed(cells, source.path)


# -- diagnostics -------------------------------------------------------------------------------------------------


async def diagnostic(ls: Server, params: types.DocumentDiagnosticParams) -> types.DocumentDiagnosticReport:
    """What is found in one document."""
    report = await ls.report(params.text_document.uri)
    if report.id == params.previous_result_id:
        return types.RelatedUnchangedDocumentDiagnosticReport(report.id)
    return types.RelatedFullDocumentDiagnosticReport(list(report.diagnostics), result_id=report.id)


async def workspace_diagnostic(ls: Server, params: types.WorkspaceDiagnosticParams) -> types.WorkspaceDiagnosticReport:
    """What is found in the files that nobody has open; of those that are gone, nothing any more."""
    before = {each.uri: each.value for each in params.previous_result_ids}
    reports = {report.uri: report async for report in ls.reports()}
    told = [each for each in reports.values() if each.diagnostics or each.uri in before]
    gone = [uri for uri in before if uri not in reports and not ls.documents.is_open(uri)]
    return types.WorkspaceDiagnosticReport(list(_items([*told, *(Report.of(uri, []) for uri in gone)], before)))


def _items(reports: Iterable[Report], before: dict[str, str]) -> Iterable[types.WorkspaceDocumentDiagnosticReport]:
    for report in reports:
        if before.get(report.uri) == report.id:
            yield types.WorkspaceUnchangedDocumentDiagnosticReport(report.uri, report.id)
        else:
            found = list(report.diagnostics)
            yield types.WorkspaceFullDocumentDiagnosticReport(report.uri, found, result_id=report.id)


# -- answers -----------------------------------------------------------------------------------------------------


async def code_action(ls: Server, params: types.CodeActionParams) -> list[types.CodeAction] | None:
    """What can be done about findings."""
    source = ls.documents.source(params.text_document.uri)
    part = source.part_of(params.text_document.uri) if source is not None else None
    if source is None or part is None or not ls.preferences.enable:
        return None
    nothing: list[types.CodeAction] = []
    return await ls.ask(nothing, actions.actions, source, part, params, ls.linter.findings, ls.edits)


async def resolve(ls: Server, params: types.CodeAction) -> types.CodeAction:
    """One of these with its edits."""
    uri = params.data.get("uri") if isinstance(params.data, dict) else None
    source = ls.documents.source(uri) if isinstance(uri, str) else None
    if source is None:
        return params
    return await ls.ask(params, actions.resolved, params, source, ls.linter.findings, ls.edits)


async def hover(ls: Server, params: types.HoverParams) -> types.Hover | None:
    """The page of a rule that a comment names, or what a target accepts."""
    placed = _placed(ls, params)
    return await ls.ask(None, _hover, ls, *placed) if placed is not None else None


async def definition(ls: Server, params: types.DefinitionParams) -> list[types.Location] | None:
    """Where the parameters of a target are written."""
    placed = _placed(ls, params)
    named = await ls.ask(None, _named, ls, *placed) if placed is not None else None
    if named is None or isinstance(named.accepted, Unknown):
        return None
    places = [each.place for each in named.accepted if os.path.isfile(each.place.path)]
    starts = [(place.path, types.Position(place.line - 1, 0)) for place in places]
    return [types.Location(uri_of(path), types.Range(start, start)) for path, start in starts] or None


async def completion(ls: Server, params: types.CompletionParams) -> types.CompletionList | None:
    """The arguments that may be given next."""
    placed = _placed(ls, params)
    found = await ls.ask(None, _completed, ls, *placed) if placed is not None else None
    return types.CompletionList(False, found) if found else None


def _placed(ls: Server, params: Any) -> tuple[Source, Part, types.Position] | None:
    source = ls.documents.source(params.text_document.uri)
    part = source.part_of(params.text_document.uri) if source is not None else None
    if source is None or part is None or not ls.preferences.enable:
        return None
    return source, part, params.position


def _hover(ls: Server, source: Source, part: Part, position: types.Position) -> types.Hover | None:
    text = part.document.text
    line, column = text.place(position)
    selector = pages.selector_at(text.python, line, column)
    if selector is not None:
        word, begin, end = selector
        page = pages.rules_page(word)
        place = types.Range(text.position(line, begin), text.position(line, end))
    else:
        named = _named(ls, source, part, position)
        page = pages.target_page(named) if named is not None else None
        place = part.range(named.span) if named is not None else types.Range(position, position)
    return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, page), place) if page else None


def _named(ls: Server, source: Source, part: Part, position: types.Position) -> Named | None:
    index = ls.linter.index(source)
    line, column = part.document.text.place(position)
    text, _ = source.with_cell(part)
    return named_at(index, source.path, text, line + part.first - 1, column) if index is not None else None


def _completed(ls: Server, source: Source, part: Part, position: types.Position) -> list[types.CompletionItem] | None:
    index = ls.linter.index(source)
    if index is None:
        return None
    document = part.document.text
    behind = len(document.mark)
    text, begin = source.with_cell(part)
    offset = max(document.offset(position) - behind, 0)
    offered = offered_at(index, source.path, text, begin + offset)
    if offered is None:
        return None
    return items(offered, document.between(offered.begin - begin + behind, offered.end - begin + behind))


# -- what changes outside ----------------------------------------------------------------------------------------


def did_change_watched_files(ls: Server, params: types.DidChangeWatchedFilesParams) -> None:
    """Files were changed, made or removed; what is open counts as it is there."""
    opened = {source.path for source in ls.documents.sources()}
    changes = [(change.type, ls.documents.path(change.uri)) for change in params.changes]
    changed = [(kind, path) for kind, path in changes if path is not None and matters(kind, path)]
    if any(kind is not types.FileChangeType.Changed or path not in opened for kind, path in changed):
        ls.changed_on_disk(any(kind is not types.FileChangeType.Changed for kind, _ in changed))


async def did_change_configuration(ls: Server, params: types.DidChangeConfigurationParams) -> None:
    """The client's settings have changed."""
    workspace = ls.client_capabilities.workspace
    if workspace is not None and workspace.configuration:
        await _fetch(ls)
    else:
        await ls.configure(params.settings)


def did_change_workspace_folders(ls: Server, params: types.DidChangeWorkspaceFoldersParams) -> None:
    """Folders were added or removed."""
    ls.changed_on_disk(is_walk=True)


# -- registering -------------------------------------------------------------------------------------------------

#: What pygls does itself, but with other line ends.
_DOCUMENTS: dict[str, Callable[..., Any]] = {
    types.TEXT_DOCUMENT_DID_OPEN: did_open,
    types.TEXT_DOCUMENT_DID_CHANGE: did_change,
    types.TEXT_DOCUMENT_DID_CLOSE: did_close,
    types.NOTEBOOK_DOCUMENT_DID_OPEN: did_open_notebook,
    types.NOTEBOOK_DOCUMENT_DID_CHANGE: did_change_notebook,
    types.NOTEBOOK_DOCUMENT_DID_CLOSE: did_close_notebook,
}

_FEATURES: dict[str, Callable[..., Any]] = {
    types.INITIALIZE: initialize,
    types.INITIALIZED: initialized,
    types.SHUTDOWN: shutdown,
    types.TEXT_DOCUMENT_DID_SAVE: did_save,
    types.NOTEBOOK_DOCUMENT_DID_SAVE: did_save_notebook,
    types.TEXT_DOCUMENT_DIAGNOSTIC: diagnostic,
    types.WORKSPACE_DIAGNOSTIC: workspace_diagnostic,
    types.TEXT_DOCUMENT_CODE_ACTION: code_action,
    types.CODE_ACTION_RESOLVE: resolve,
    types.TEXT_DOCUMENT_HOVER: hover,
    types.TEXT_DOCUMENT_DEFINITION: definition,
    types.TEXT_DOCUMENT_COMPLETION: completion,
    types.WORKSPACE_DID_CHANGE_WATCHED_FILES: did_change_watched_files,
    types.WORKSPACE_DID_CHANGE_CONFIGURATION: did_change_configuration,
    types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS: did_change_workspace_folders,
}

_OPTIONS: dict[str, Any] = {
    types.TEXT_DOCUMENT_DIAGNOSTIC: types.DiagnosticOptions(
        inter_file_dependencies=True, workspace_diagnostics=True, identifier="nemo-run-lint"
    ),
    types.TEXT_DOCUMENT_CODE_ACTION: types.CodeActionOptions(
        [types.CodeActionKind.QuickFix, types.CodeActionKind.SourceFixAll, actions.FIX_ALL], resolve_provider=True
    ),
    types.TEXT_DOCUMENT_COMPLETION: types.CompletionOptions(trigger_characters=["(", ","]),
}


def register(server: Server) -> None:
    """Make the server answer."""
    for method, function in _DOCUMENTS.items():
        server.protocol.fm.add_builtin_feature(method, partial(function, server))
    for method, function in _FEATURES.items():
        server.feature(method, _OPTIONS.get(method))(function)
