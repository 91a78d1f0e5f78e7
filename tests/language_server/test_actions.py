"""What is offered about findings, for every rule: the linter in the editor says and does what the command line does."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from lsprotocol import types

from nemo_run_lint import catalogue, checking, fixing
from nemo_run_lint.finding import Edit, Finding, Fix, Severity, Span
from nemo_run_lint.language_server.actions import FIX_ALL, Edits, actions, fixed, resolved
from nemo_run_lint.language_server.diagnostics import by_document, digest
from nemo_run_lint.language_server.documents import Document
from nemo_run_lint.language_server.linting import Linter
from nemo_run_lint.language_server.source import Source
from nemo_run_lint.language_server.text import Text
from nemo_run_lint.page import Kind
from nemo_run_lint.settings import Settings

STRICT = 'profile = "strict"'
URI = "file:///project/page.py"
EVERYWHERE = types.Range(types.Position(0, 0), types.Position(10_000, 0))


def pages() -> Iterator[pytest.ParameterSet]:
    for rule in catalogue.own_rules():
        for number, block in enumerate(catalogue.page(rule).blocks):
            if block.kind is Kind.BAD:
                yield pytest.param(block.text, id=f"{rule.name()}-{number}")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("project")


@pytest.fixture(scope="module")
def linter() -> Linter:
    return Linter([STRICT], isolated=True)


def source_of(path: Path, text: str) -> Source:
    return Source.of_document(str(path), Document(URI, 3, Text(text)))


def asked(
    source: Source, found: Sequence[Finding], only: list[str] | None = None, **how: bool
) -> list[types.CodeAction]:
    context = types.CodeActionContext([], only=only)
    params = types.CodeActionParams(types.TextDocumentIdentifier(URI), EVERYWHERE, context)
    return actions(source, source.parts[0], params, lambda _: found, Edits(**how))


@pytest.mark.parametrize("text", [*pages()])
def test_the_editor_and_the_command_line_agree(project: Path, linter: Linter, text: str) -> None:
    path = project / "page.py"
    path.write_text(text)
    source = source_of(path, text)
    settings = linter.settings(str(path))
    found = checking.check_source(str(path), text.encode(), settings).findings
    assert linter.findings(source) == found
    shown = by_document(source, found)[URI]
    assert [(each.range.start.line + 1, each.code) for each in shown] == [(each.span.line, each.code) for each in found]
    json.dumps([each.data for each in shown])

    [rewritten] = fixing.rewritten(found, lambda _: settings) or [None]
    after = fixed(source, linter.findings)
    assert after.text == (text if rewritten is None else rewritten.after.decode())

    offered = asked(source, found)
    assert any(each.kind == FIX_ALL for each in offered) == any(
        each.fix is not None and each.fix.safe for each in found
    )
    for finding in found:
        if finding.fix is not None:
            assert any(each.edit is not None and each.is_preferred == (finding.fix.safe or None) for each in offered)


@pytest.mark.parametrize("text", [*pages()])
def test_every_finding_can_be_silenced(project: Path, linter: Linter, text: str) -> None:
    source = source_of(project / "page.py", text)
    found = linter.findings(source)
    for action in asked(source, found):
        if action.title.startswith("Disable"):
            edit = resolved(action, source, linter.findings, Edits(versioned=False)).edit
            if edit is None:
                continue
            assert edit.changes is not None
            after = Text(text)
            for change in sorted(
                edit.changes[URI], key=lambda each: (each.range.start.line, each.range.start.character)
            ):
                after = after.after(types.TextDocumentContentChangePartial(change.range, change.new_text))
            left = linter.findings(source_of(project / "page.py", after.source))
            assert len(left) < len(found)


SPAN = Span(1, 1, 1, 2)


def finding(name: str, fix: Fix | None = None, span: Span = SPAN, message: str = "it is wrong") -> Finding:
    return Finding("page.py", span, "NRL401", name, Severity.ERROR, message, fix=fix)


def put(text: str) -> Fix:
    return Fix("write it", (Edit(SPAN, text),))


def test_fixes_that_undo_each_other_are_left_out(project: Path) -> None:
    def found(source: Source) -> list[Finding]:
        letter = source.text[0]
        restless = {"a": [finding("to-b", put("b"))], "b": [finding("to-a", put("a"))]}.get(letter, [])
        end = Span(1, 3, 1, 4)
        calm = [] if source.text[2] == "z" else [finding("last", Fix("end", (Edit(end, "z"),)), end)]
        return [*restless, *calm]

    assert fixed(source_of(project / "page.py", "a+b"), found).text == "b+z"


def test_a_fix_that_would_not_parse_is_left_out(project: Path) -> None:
    source = source_of(project / "page.py", "a+b")
    assert fixed(source_of(project / "page.py", "a"), lambda _: [finding("broken", put("("))]).text == "a"
    assert fixed(source, lambda _: [finding("unsafe", replace(put("b"), safe=False))]) is source


@pytest.mark.parametrize(
    ("only", "kinds"),
    [
        (None, ["quickfix", "quickfix", FIX_ALL]),
        (["quickfix"], ["quickfix", "quickfix"]),
        (["source"], [FIX_ALL]),
        (["source.fixAll"], [FIX_ALL]),
        ([FIX_ALL], [FIX_ALL]),
        ([""], ["quickfix", "quickfix", FIX_ALL]),
        (["source.fixAll.ruff"], []),
        (["source.organizeImports"], []),
        (["refactor"], []),
    ],
)
def test_kinds_that_are_asked_for(project: Path, only: list[str] | None, kinds: list[str]) -> None:
    source = source_of(project / "page.py", "a")
    offered = asked(source, [finding("wrong", put("b"))], only)
    assert [each.kind.value if isinstance(each.kind, types.CodeActionKind) else each.kind for each in offered] == kinds


def test_edits_of_a_version(project: Path) -> None:
    source = source_of(project / "page.py", "a")
    action = asked(source, [finding("wrong", put("b"))], ["quickfix"])[0]
    assert action.edit is not None
    assert action.edit.document_changes is not None
    [change] = action.edit.document_changes
    assert isinstance(change, types.TextDocumentEdit)
    assert change.text_document == types.OptionalVersionedTextDocumentIdentifier(URI, 3)
    plain = asked(source, [finding("wrong", put("b"))], ["quickfix"], versioned=False)[0]
    assert plain.edit is not None
    assert list(plain.edit.changes or ()) == [URI]


def test_edits_at_once_where_the_client_never_asks(project: Path, linter: Linter) -> None:
    text = "import nemo_run as run\ndef train(x): ...\nrun.Partial(train, x=lambda: 1)\n"
    source = source_of(project / "page.py", text)
    found = linter.findings(source)
    assert all(each.edit is not None for each in asked(source, found, lazy=False))
    assert all(each.edit is None for each in asked(source, found) if each.title.startswith("Disable"))


def test_an_action_that_has_become_void(project: Path) -> None:
    source = source_of(project / "page.py", "a")
    for data in ({"uri": URI, "finding": ["NRL401", 9, 9, 9, 9, "gone"]}, {}, None, "nonsense", ["NRL401"]):
        action = types.CodeAction("Disable", types.CodeActionKind.QuickFix, data=data)
        assert resolved(action, source, lambda _: [finding("wrong")], Edits()).edit is None


def test_what_a_comment_cannot_silence_is_not_offered(project: Path) -> None:
    source = source_of(project / "page.py", "a")
    broken = replace(finding("syntax-error"), code="NRL001")
    assert asked(source, [broken]) == []


@pytest.mark.parametrize(
    ("code", "name", "message", "tags"),
    [
        ("NRL701", "unknown-attribute", "`run.X` does not exist in nemo_run 0.11.1 (removed in 0.5.0)", ["Deprecated"]),
        ("NRL702", "unknown-import", "no `x`: renamed to `y` in 0.10.0", ["Deprecated"]),
        ("NRL701", "unknown-attribute", "`run.X` does not exist in nemo_run 0.9.0 (new in 0.10.0)", None),
        ("NRL701", "unknown-attribute", "`run.removed` does not exist in nemo_run 0.11.1", None),
        ("NRL401", "lambda-in-config", "removed in 0.5.0", None),
        ("NRL005", "unused-suppression", "this comment silences nothing", ["Unnecessary"]),
    ],
)
def test_tags(project: Path, code: str, name: str, message: str, tags: list[str] | None) -> None:
    source = source_of(project / "page.py", "a")
    [shown] = by_document(source, [replace(finding(name, message=message), code=code)])[URI]
    assert (shown.tags and [tag.name for tag in shown.tags]) == tags


def test_reports_differ_where_diagnostics_do(project: Path) -> None:
    source = source_of(project / "page.py", "a")
    one, other = (by_document(source, [finding("wrong", message=text)])[URI] for text in ("one", "other"))
    assert digest(one) != digest(other)
    assert digest(one) == digest(by_document(source, [finding("wrong", message="one")])[URI])
    assert digest(one) != digest([])


def test_settings_decide(project: Path) -> None:
    assert Linter([STRICT], isolated=True).settings(str(project / "page.py")).source is None
    assert isinstance(Linter().settings(str(project / "page.py")), Settings)
