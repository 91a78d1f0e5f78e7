"""The server as an editor meets it: a process of its own, spoken to over its pipes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from language_server.driven import driven
from language_server.editor import SILENCE, Editor
from lsprotocol import types

MODELS = (
    "class Model:\n    def __init__(self, hidden: int = 8, layers=2): ...\n\n\ndef train(model, steps: int = 1): ...\n"
)
EXPERIMENT = """import nemo_run as run
from models import Model, train

task = run.Partial(train, stpes=10)
model = run.Config(Model, hidden=lambda: 1)
"""

#: What editors of today can do.
PULLING = {
    "textDocument": {"diagnostic": {"dynamicRegistration": True}, "publishDiagnostics": {"relatedInformation": True}},
    "workspace": {"diagnostics": {"refreshSupport": True}},
}
WATCHING = {"workspace": {"didChangeWatchedFiles": {"dynamicRegistration": True}}}
LAZY = {
    "textDocument": {"codeAction": {"resolveSupport": {"properties": ["edit"]}}},
    "workspace": {"workspaceEdit": {"documentChanges": True}},
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text("[tool.nemo-run-lint]\n")
    (tmp_path / "models.py").write_text(MODELS)
    (tmp_path / "experiment.py").write_text(EXPERIMENT)
    return tmp_path


def codes(diagnostics: Any) -> list[str]:
    return [str(each.code) for each in diagnostics]


# -- diagnostics -------------------------------------------------------------------------------------------------


@driven
async def test_diagnostics_are_pushed(project: Path) -> None:
    async with Editor(project) as editor:
        uri = editor.open("experiment.py")
        assert await editor.codes(uri) == ["NRL804", "NRL401"]
        first = editor.diagnostics[uri][0]
        assert first.severity is types.DiagnosticSeverity.Error
        assert first.source == "nemo-run-lint"
        assert first.message == "unknown-keyword: `train` has no parameter `stpes`\nhelp: did you mean `steps`?"
        assert first.code_description is not None
        assert first.code_description.href.endswith("rules.md#unknown-keyword")
        [related] = first.related_information or ()
        assert (related.location.uri, related.location.range.start.line) == (editor.uri("models.py"), 4)
        assert first.data["fix"]["changes"][uri][0]["newText"] == "steps"
        editor.edit(uri, EXPERIMENT.replace("stpes", "steps"))
        assert await editor.codes(uri) == ["NRL401"]
        editor.close(uri)
        await editor.until(lambda: editor.diagnostics[uri] == [])


@driven
async def test_diagnostics_are_pulled(project: Path) -> None:
    async with Editor(project, PULLING) as editor:
        assert editor.result.capabilities.diagnostic_provider.inter_file_dependencies
        uri = editor.open("experiment.py")
        report = await editor.pulled(uri)
        assert codes(report.items) == ["NRL804", "NRL401"]
        again = await editor.pulled(uri, report.result_id)
        assert (again.kind, again.result_id) == ("unchanged", report.result_id)
        editor.edit(uri, EXPERIMENT.replace("stpes", "steps"))
        other = await editor.pulled(uri, report.result_id)
        assert codes(other.items) == ["NRL401"]
        assert editor.told == []


@driven
async def test_a_file_that_is_not_open_is_pulled(project: Path) -> None:
    async with Editor(project, PULLING) as editor:
        assert codes((await editor.pulled(editor.uri("experiment.py"))).items) == ["NRL804", "NRL401"]
        assert (await editor.pulled(editor.uri("gone.py"))).items == ()
        assert (await editor.pulled(editor.uri("pyproject.toml"))).items == ()


@driven
async def test_of_many_edits_in_a_row_the_last_is_told(project: Path) -> None:
    async with Editor(project) as editor:
        uri = editor.open("experiment.py")
        await editor.codes(uri)
        told = len(editor.told)
        for number in range(60):
            editor.edit(uri, f"{EXPERIMENT}x = {number}\n")
        editor.edit(uri, EXPERIMENT.replace("stpes", "steps"))
        assert await editor.codes(uri) == ["NRL401"]
        versions = [each.version for each in editor.told[told:]]
        assert len(versions) < 10
        assert versions == sorted(versions)


@driven
async def test_a_question_that_is_taken_back(project: Path) -> None:
    async with Editor(project, PULLING) as editor:
        uri = editor.open("experiment.py", "x = 1\n" * 2_000 + EXPERIMENT)
        document = types.TextDocumentIdentifier(uri)
        questions = []
        for _ in range(5):
            editor.edit(uri, f"{editor.text(uri)}y = 1\n")
            questions.append(editor.client.text_document_diagnostic(types.DocumentDiagnosticParams(document)))
        ids = [each for each, future in editor.client.protocol._request_futures.items() if future in questions]
        for each in ids:
            editor.client.cancel_request(types.CancelParams(each))
        assert codes((await editor.pulled(uri)).items) == ["NRL804", "NRL401"]


@pytest.mark.parametrize(
    ("encodings", "chosen", "character"),
    [
        (None, "utf-16", 31),
        (["utf-8", "utf-16"], "utf-8", 35),
        (["utf-32"], "utf-32", 29),
        (["utf-7"], "utf-16", 31),
    ],
)
@driven
async def test_columns_are_negotiated(project: Path, encodings: list[str] | None, chosen: str, character: int) -> None:
    capabilities = {"general": {"positionEncodings": encodings}} if encodings else {}
    async with Editor(project, capabilities) as editor:
        assert editor.result.capabilities.position_encoding == chosen
        text = "import nemo_run as run\nfrom models import train\n\nx = '😀😀'; run.Partial(train, stpes=1)\n"
        uri = editor.open("experiment.py", text)
        assert await editor.codes(uri) == ["NRL804"]
        place = editor.diagnostics[uri][0].range
        assert (place.start.character, place.end.character) == (character, character + 5)
        change = types.TextDocumentContentChangePartial(place, "steps")
        editor.edit(uri, text.replace("stpes", "steps"), change)
        assert await editor.codes(uri) == []


@driven
async def test_form_feeds_end_no_line(project: Path) -> None:
    async with Editor(project) as editor:
        text = "import nemo_run as run\r\nfrom models import train\f\r\ns = '\u2028'\r\nrun.Partial(train, stpes=1)\r\n"
        uri = editor.open("experiment.py", text)
        assert await editor.codes(uri) == ["NRL804"]
        assert editor.diagnostics[uri][0].range.start == types.Position(3, 19)
        change = types.TextDocumentContentChangePartial(
            types.Range(types.Position(3, 19), types.Position(3, 24)), "steps"
        )
        editor.edit(uri, text.replace("stpes", "steps"), change)
        assert await editor.codes(uri) == []


@driven
async def test_other_documents_are_passed_over(project: Path) -> None:
    async with Editor(project) as editor:
        for name, language in (("notes.md", "markdown"), ("git:/experiment.py", "python")):
            uri = editor.open(name, EXPERIMENT, language)
            assert await editor.hover(uri, 3, 20) is None
            assert await editor.actions(uri, 3) == []
        uri = editor.open("untitled:Untitled-1", EXPERIMENT)
        assert "NRL401" in await editor.codes(uri)
        assert {each.uri for each in editor.told} == {uri}


@driven
async def test_excluded_files(project: Path) -> None:
    (project / "pyproject.toml").write_text('[tool.nemo-run-lint]\nextend-exclude = ["experiment.py"]\n')
    async with Editor(project) as editor:
        uri = editor.open("experiment.py")
        assert await editor.codes(uri) == []
        assert await editor.actions(uri, 3) == []


# -- the whole workspace -----------------------------------------------------------------------------------------


@driven
async def test_a_whole_workspace_is_pushed(project: Path) -> None:
    (project / "other.py").write_text(EXPERIMENT)
    async with Editor(project, WATCHING, {"diagnosticMode": "workspace"}) as editor:
        other, uri = editor.uri("other.py"), editor.uri("experiment.py")
        await editor.until(lambda: {other, uri} <= editor.diagnostics.keys())
        assert codes(editor.diagnostics[other]) == ["NRL804", "NRL401"]
        await editor.until(lambda: editor.registered)
        editor.open("experiment.py", EXPERIMENT.replace("stpes", "steps"))
        assert await editor.codes(uri) == ["NRL401"]
        (project / "other.py").unlink()
        changes = [types.FileEvent(other, types.FileChangeType.Deleted)]
        editor.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams(changes))
        await editor.until(lambda: editor.diagnostics[other] == [])
        editor.close(uri)
        await editor.until(lambda: codes(editor.diagnostics[uri]) == ["NRL804", "NRL401"])


@driven
async def test_a_whole_workspace_is_pulled(project: Path) -> None:
    async with Editor(project, PULLING, {"diagnosticMode": "workspace"}) as editor:

        async def pulled(*before: types.PreviousResultId) -> list[Any]:
            params = types.WorkspaceDiagnosticParams(list(before))
            return list((await editor.answered(editor.client.workspace_diagnostic_async(params))).items)

        [report] = await pulled()
        assert (report.uri, codes(report.items)) == (editor.uri("experiment.py"), ["NRL804", "NRL401"])
        before = types.PreviousResultId(report.uri, report.result_id)
        assert [each.kind for each in await pulled(before)] == ["unchanged"]
        (project / "experiment.py").write_text("")
        [report] = await pulled(before)
        assert (report.kind, report.items) == ("full", ())
        editor.open("experiment.py", EXPERIMENT)
        assert await pulled() == []


@driven
async def test_only_open_files_by_default(project: Path) -> None:
    async with Editor(project, PULLING) as editor:
        params = types.WorkspaceDiagnosticParams([types.PreviousResultId(editor.uri("experiment.py"), "before")])
        [report] = (await editor.answered(editor.client.workspace_diagnostic_async(params))).items
        assert report.items == ()


# -- answers -----------------------------------------------------------------------------------------------------


@driven
async def test_a_fix_is_applied(project: Path) -> None:
    async with Editor(project, LAZY) as editor:
        uri = editor.open("experiment.py")
        [fix, *_] = await editor.actions(uri, 3, ["quickfix"])
        assert (fix.title, fix.is_preferred) == ("Write `steps`", True)
        await editor.apply(fix)
        assert editor.text(uri) == EXPERIMENT.replace("stpes", "steps")
        assert await editor.codes(uri) == ["NRL401"]


@driven
async def test_a_line_is_silenced(project: Path) -> None:
    async with Editor(project, LAZY) as editor:
        uri = editor.open("experiment.py")
        [disable] = [
            each for each in await editor.actions(uri, 4) if each.title == "Disable lambda-in-config for this line"
        ]
        assert disable.edit is None
        await editor.apply(disable)
        assert editor.text(uri).endswith("lambda: 1)  # nemo-run-lint: ignore[lambda-in-config] -- TODO: say why\n")
        assert await editor.codes(uri) == ["NRL804"]


@driven
async def test_all_is_fixed(project: Path) -> None:
    text = EXPERIMENT + "other = run.Partial(train, stpes=2)\nx = 1  # nemo-run-lint: ignore[short-name] -- no\n"
    async with Editor(project, LAZY) as editor:
        uri = editor.open("experiment.py", text)
        [action] = await editor.actions(uri, 0, ["source.fixAll"])
        assert (action.kind, action.edit) == ("source.fixAll.nemoRunLint", None)
        await editor.apply(action)
        assert editor.text(uri) == text.replace("stpes", "steps").partition("  #")[0] + "\n"


@driven
async def test_answers_fit_the_text_as_it_is_now(project: Path) -> None:
    async with Editor(project, LAZY) as editor:
        uri = editor.open("experiment.py")
        [action] = await editor.actions(uri, 0, ["source.fixAll"])
        editor.edit(uri, f"# a line more\n{EXPERIMENT}")
        await editor.apply(action)
        assert editor.text(uri) == f"# a line more\n{EXPERIMENT.replace('stpes', 'steps')}"


@driven
async def test_hover(project: Path) -> None:
    async with Editor(project) as editor:
        uri = editor.open(
            "experiment.py", f"{EXPERIMENT}# nemo-run-lint: ignore[lambda-in-config] -- x\n# noqa: NRL4\n"
        )
        target = await editor.hover(uri, 4, 20)
        assert target is not None
        assert "Model(hidden: int = 8, layers=2)" in target
        assert f"[models.py:2]({editor.uri('models.py')}#L2)" in target
        keyword = await editor.hover(uri, 4, 28)
        assert keyword is not None
        assert "hidden: int = 8" in keyword
        assert await editor.hover(uri, 3, 28) == "`train` has no parameter `stpes`"
        page = await editor.hover(uri, 5, 30)
        assert page is not None
        assert page.startswith("## lambda-in-config")
        family = await editor.hover(uri, 6, 10)
        assert family is not None
        assert "NRL401 [lambda-in-config](" in family
        for line, character in ((0, 3), (5, 5), (6, 3), (99, 99)):
            assert await editor.hover(uri, line, character) is None


@driven
async def test_completion(project: Path) -> None:
    async with Editor(project) as editor:
        uri = editor.open("experiment.py")
        editor.edit(uri, EXPERIMENT.replace("hidden=lambda: 1)", "lay"))
        [hidden, layers] = await editor.completed(uri, 4, 29)
        assert (hidden.label, hidden.detail) == ("hidden=", "hidden: int = 8")
        edit = layers.text_edit
        assert isinstance(edit, types.TextEdit)
        assert (edit.new_text, edit.range.start.character, edit.range.end.character) == ("layers=", 26, 29)
        assert await editor.completed(uri, 0, 5) == []
        assert await editor.completed(uri, 99, 0) == []


@driven
async def test_definition(project: Path) -> None:
    async with Editor(project) as editor:
        uri = editor.open("experiment.py")
        assert await editor.definition(uri, 4, 20) == [(editor.uri("models.py"), 1)]
        assert await editor.definition(uri, 3, 21) == [(editor.uri("models.py"), 4)]
        assert await editor.definition(uri, 0, 3) == []


# -- what changes around -----------------------------------------------------------------------------------------


@driven
async def test_settings_are_reloaded(project: Path) -> None:
    async with Editor(project, WATCHING) as editor:
        await editor.until(lambda: editor.registered)
        uri = editor.open("experiment.py")
        assert await editor.codes(uri) == ["NRL804", "NRL401"]
        (project / "pyproject.toml").write_text('[tool.nemo-run-lint]\nignore = ["NRL401"]\n')
        changes = [types.FileEvent(editor.uri("pyproject.toml"), types.FileChangeType.Changed)]
        editor.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams(changes))
        await editor.until(lambda: codes(editor.diagnostics[uri]) == ["NRL804"])


@driven
async def test_a_module_that_changes_on_disk(project: Path) -> None:
    async with Editor(project, WATCHING) as editor:
        uri = editor.open("experiment.py")
        assert await editor.codes(uri) == ["NRL804", "NRL401"]
        (project / "models.py").write_text(MODELS.replace("steps", "stpes"))
        changes = [types.FileEvent(editor.uri("models.py"), types.FileChangeType.Changed)]
        editor.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams(changes))
        await editor.until(lambda: codes(editor.diagnostics[uri]) == ["NRL401"])


@driven
async def test_a_module_that_is_being_typed(project: Path) -> None:
    async with Editor(project, PULLING) as editor:
        uri, models = editor.open("experiment.py"), editor.open("models.py")
        assert codes((await editor.pulled(uri)).items) == ["NRL804", "NRL401"]
        await editor.pulled(models)
        editor.edit(models, MODELS.replace("steps", "stpes"))
        await editor.until(lambda: editor.refreshes)
        assert codes((await editor.pulled(uri)).items) == ["NRL401"]


@driven
async def test_broken_settings_are_said_once(project: Path) -> None:
    (project / "pyproject.toml").write_text("[tool.nemo-run-lint]\nprofil = 'team'\n")
    async with Editor(project) as editor:
        uri = editor.open("experiment.py")
        await editor.until(lambda: editor.messages)
        for number in range(3):
            editor.edit(uri, f"{EXPERIMENT}x = {number}\n")
            assert await editor.hover(uri, 0, 0) is None
        [message] = editor.messages
        assert "`profil` is not a setting" in message
        (project / "pyproject.toml").write_text("[tool.nemo-run-lint]\n")
        editor.edit(uri, EXPERIMENT)
        await editor.until(lambda: codes(editor.diagnostics.get(uri, ())) == ["NRL804", "NRL401"])


@driven
async def test_what_the_client_is_set_to(project: Path) -> None:
    async with Editor(project, options={"config": ['ignore = ["NRL401"]'], "run": "onSave"}) as editor:
        uri = editor.open("experiment.py")
        assert await editor.codes(uri) == ["NRL804"]
        editor.edit(uri, EXPERIMENT.replace("stpes", "steps"))
        await editor.hover(uri, 0, 0)
        assert codes(editor.diagnostics[uri]) == ["NRL804"]
        editor.save(uri)
        assert await editor.codes(uri) == []
        settings = types.DidChangeConfigurationParams({"nemoRunLint": {"config": []}})
        editor.client.workspace_did_change_configuration(settings)
        await editor.until(lambda: codes(editor.diagnostics[uri]) == ["NRL401"])
        settings = types.DidChangeConfigurationParams({"nemoRunLint": {"enable": False}})
        editor.client.workspace_did_change_configuration(settings)
        await editor.until(lambda: editor.diagnostics[uri] == [])


@driven
async def test_the_client_is_asked_for_its_settings(project: Path) -> None:
    async with Editor(project, {"workspace": {"configuration": True}}) as editor:
        editor.settings = {"config": ["nonsense = 1"], "run": "never"}
        uri = editor.open("experiment.py")
        await editor.until(lambda: len(editor.messages) == 2)
        assert '`nemoRunLint.run` must be "onType" or "onSave"' in editor.messages[0]
        assert "nonsense" in editor.messages[1]
        assert await editor.codes(uri) == ["NRL804", "NRL401"]


# -- failures ----------------------------------------------------------------------------------------------------

FAILING = """
from __future__ import annotations

import libcst as cst
from nemo_run_lint.project import File
from nemo_run_lint.rule import Reports, Rule


class AlwaysFails(Rule):
    \"\"\"It fails.\"\"\"

    code = "TST001"
    message = "never"

    def check(self, module: cst.Module, file: File) -> Reports:
        print("this must not disturb the protocol")
        raise RuntimeError("out of luck")
"""


@driven
async def test_a_rule_that_fails_is_said_once(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = tmp_path / "plugins"
    (site / "failing-1.dist-info").mkdir(parents=True)
    (site / "failing.py").write_text(FAILING)
    (site / "failing-1.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: failing\nVersion: 1\n")
    entry = "[nemo_run_lint.rules]\nalways-fails = failing:AlwaysFails\n"
    (site / "failing-1.dist-info" / "entry_points.txt").write_text(entry)
    monkeypatch.setenv("PYTHONPATH", str(site))
    async with Editor(project) as editor:
        uri = editor.open("experiment.py")
        assert await editor.codes(uri) == ["NRL004", "NRL804", "NRL401"]
        editor.edit(uri, f"{EXPERIMENT}x = 1\n")
        assert await editor.codes(uri) == ["NRL004", "NRL804", "NRL401"]
        [message] = editor.messages
        assert "always-fails" in message
        assert "out of luck" in message


@pytest.mark.parametrize(
    "text", ["import nemo_run\n" + "(" * 5_000, "import nemo_run\nx = '\ud800'\n", "import nemo_run\n\0"]
)
@driven
async def test_a_text_that_nothing_can_read(project: Path, text: str) -> None:
    async with Editor(project) as editor:
        uri = editor.open("broken.py", text)
        assert await editor.codes(uri) == ["NRL001"]
        other = editor.open("experiment.py")
        assert await editor.codes(other) == ["NRL804", "NRL401"]


@driven
async def test_nothing_of_the_workspace_is_executed(project: Path) -> None:
    trap = f"open({str(project / 'trace')!r}, 'w').close()\n"
    for name in (
        "sitecustomize.py",
        "usercustomize.py",
        "click.py",
        "libcst.py",
        "pygls.py",
        "models.py",
        "conftest.py",
    ):
        (project / name).write_text(trap + MODELS)
    async with Editor(project, options={"diagnosticMode": "workspace"}) as editor:
        uri = editor.open("experiment.py", trap + EXPERIMENT)
        assert await editor.codes(uri) == ["NRL804", "NRL401"]
        await editor.hover(uri, 4, 20)
        await editor.definition(uri, 5, 20)
        await editor.completed(uri, 4, 34)
        await editor.actions(uri, 4)
    assert not (project / "trace").exists()


@driven
async def test_a_deleted_file(project: Path) -> None:
    async with Editor(project) as editor:
        uri = editor.open("experiment.py")
        await editor.codes(uri)
        (project / "experiment.py").unlink()
        editor.edit(uri, EXPERIMENT.replace("stpes", "steps"))
        assert await editor.codes(uri) == ["NRL401"]
        gone = editor.open("gone/away.py", EXPERIMENT)
        assert "NRL401" in await editor.codes(gone)
        editor.close(uri)
        await editor.until(lambda: editor.diagnostics[uri] == [])
        assert editor.messages == []


@driven
async def test_silence_where_nothing_is_wanted(project: Path) -> None:
    import asyncio

    async with Editor(project, options={"enable": False}) as editor:
        uri = editor.open("experiment.py")
        await asyncio.sleep(SILENCE)
        assert editor.diagnostics.get(uri, []) == []
        assert await editor.hover(uri, 4, 20) is None
