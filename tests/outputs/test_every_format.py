"""What holds for all formats alike: nothing that a linted file or its name holds breaks one."""

from __future__ import annotations

import time

import pytest

from nemo_run_lint.finding import Edit, Finding, Fix, Note, Severity, Silenced, Span
from nemo_run_lint.outputs.format import FORMATS, Outcome, renderer

NASTY = "\udcff\0\x1b[31m\x9b\u202e\u2028\ufeff\ufffe\uffff ]]> <!--&amp; \"q\" 'a' a|b\r\nc\r`t`` %0A ;] ##vso[x]y ::error::\\"

#: Where no text is, in the middle of one, at its end, and where it has no such line.
SPANS = [Span(1, 1, 1, 1), Span(2, 3, 2, 9), Span(2, 1, 4, 1), Span(3, 1, 3, 1), Span(9, 9, 99, 1)]

#: Written for programs: what is not plain there is escaped in the format's own way.
FOR_PROGRAMS = {"json", "jsonl", "rdjson", "sarif", "gitlab"}


def nasty(span: Span, path: str = NASTY) -> Finding:
    fix = Fix(NASTY, (Edit(span, NASTY), Edit(Span(span.end_line + 1, 1, span.end_line + 1, 1), "x")), safe=False)
    notes = (Note(NASTY, NASTY, 3), Note(NASTY))
    return Finding(path, span, "NRL401", "lambda-in-config", Severity.ERROR, NASTY, help=NASTY, fix=fix, notes=notes)


def rendered(name: str, outcome: Outcome) -> str:
    return "".join(renderer(name)(outcome))


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("source", [None, "", "one\n\ttwo = 'x'\n", NASTY])
def test_whatever_a_file_holds_what_is_written_can_be_shown(name: str, source: str | None) -> None:
    path = "x.py" if name == "github" else NASTY  # whose runner shows the message alone, and wants the path as it is
    findings = [nasty(span, path) for span in SPANS]
    silenced = [Silenced(finding, "comment", NASTY) for finding in findings]
    outcome = Outcome(findings, silenced=silenced, source=lambda path: source, show_silenced=True)
    text = rendered(name, outcome)
    text.encode("utf-8")
    assert text.endswith("\n")
    assert not [character for character in text if not character.isprintable() and character != "\n"]
    assert "NRL401" in text


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_found(name: str) -> None:
    text = rendered(name, Outcome([], files=3))
    assert text == "" or text.endswith("\n")
    assert "NRL" not in text


@pytest.mark.parametrize("name", FORMATS)
def test_many_findings_take_a_moment(name: str) -> None:
    source = "".join(f"task_{number} = run.Partial(train, x=lambda: 'é')\n" for number in range(100))
    findings = [
        Finding(
            f"d/{file}.py", Span(line, 29, line, 40), "NRL401", "lambda-in-config", Severity.ERROR, "`x` is a lambda"
        )
        for file in range(100)
        for line in range(1, 101)
    ]
    outcome = Outcome(findings, files=100, source=lambda path: source)
    before = time.process_time()
    size = sum(map(len, renderer(name)(outcome)))
    assert size > 10_000
    assert time.process_time() - before < 5


@pytest.mark.parametrize("name", sorted(FOR_PROGRAMS & set(FORMATS)))
def test_what_programs_read_is_ascii(name: str) -> None:
    assert rendered(name, Outcome([nasty(SPANS[0])])).isascii()
