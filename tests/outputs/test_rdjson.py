"""reviewdog's format: its columns are bytes."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from nemo_run_lint.finding import Edit, Finding, Fix, Note, Severity, Span
from nemo_run_lint.outputs import rdjson
from nemo_run_lint.outputs.format import Outcome
from nemo_run_lint.page import url

SOURCE = "import nemo_run as run\nf('é𐐀', lambda: 1)\nlast = 2\n"

SPAN = Span(2, 9, 2, 18)


def finding(span: Span = SPAN, *edits: Edit, **more: Any) -> Finding:
    fix = Fix("mend it", edits, safe=False) if edits else None
    return Finding("a.py", span, "NRL401", "lambda-in-config", Severity.ERROR, "`x` is a lambda", fix=fix, **more)


def read(*findings: Finding, source: str | None = SOURCE) -> dict[str, Any]:
    text = "".join(rdjson.render(Outcome(findings, source=lambda path: source)))
    assert text.isascii()
    return json.loads(text)


def place(found: dict[str, Any]) -> tuple[int | None, ...]:
    ends = found["range"]["start"], found["range"]["end"]
    return tuple(end.get(key) for end in ends for key in ("line", "column"))


def test_a_finding() -> None:
    notes = (Note("`f` is here", "d.py", 4), Note("proof"))
    assert read(finding(help="no", notes=notes)) == {
        "source": {"name": "nemo-run-lint", "url": "https://github.com/nemo-run-lint/nemo-run-lint"},
        "diagnostics": [
            {
                "message": "lambda-in-config: `x` is a lambda; no",
                "location": {
                    "path": "a.py",
                    "range": {"start": {"line": 2, "column": 13}, "end": {"line": 2, "column": 22}},
                },
                "severity": "ERROR",
                "code": {"value": "NRL401", "url": url("lambda-in-config")},
                "related_locations": [
                    {"message": "`f` is here", "location": {"path": "d.py", "range": {"start": {"line": 4}}}}
                ],
            }
        ],
    }


def test_nothing_found() -> None:
    assert read()["diagnostics"] == []


def test_of_a_text_that_has_not_the_place_there_are_lines_only() -> None:
    beyond = finding(Span(9, 1, 11, 2), Edit(Span(9, 1, 9, 2), "x"))
    (found,) = read(beyond)["diagnostics"]
    assert place(found["location"]) == (9, None, 11, None)
    assert "suggestions" not in found
    (found,) = read(finding(), source=None)["diagnostics"]
    assert place(found["location"]) == (2, None, 2, None)


def test_a_column_behind_the_end_of_a_line_is_its_end() -> None:
    (found,) = read(finding(Span(2, 19, 2, 40)))["diagnostics"]
    assert place(found["location"]) == (2, 23, 2, 23)


def test_an_edit_is_a_suggestion() -> None:
    (found,) = read(finding(SPAN, Edit(SPAN, "é")))["diagnostics"]
    (suggestion,) = found["suggestions"]
    assert (place(suggestion), suggestion["text"]) == ((2, 13, 2, 22), "é")


def test_edits_are_one_suggestion_for_the_lines_that_they_touch() -> None:
    (found,) = read(finding(SPAN, Edit(Span(3, 1, 3, 5), "end"), Edit(Span(2, 9, 2, 18), "one")))["diagnostics"]
    (suggestion,) = found["suggestions"]
    assert (place(suggestion), suggestion["text"]) == ((2, 1, 3, 9), "f('é𐐀', one)\nend = 2")


def test_edits_that_are_far_apart_are_none() -> None:
    far = finding(SPAN, Edit(Span(1, 1, 1, 1), "x"), Edit(Span(14, 1, 14, 1), "y"))
    (found,) = read(far, source="\n" * 20)["diagnostics"]
    assert "suggestions" not in found


def test_a_path_that_is_no_text_is_still_json_to_every_reader() -> None:
    bad = Finding("b\udcff.py", SPAN, "NRL401", "lambda-in-config", Severity.INFO, "\udcff")
    (found,) = read(bad)["diagnostics"]
    assert (found["location"]["path"], found["severity"]) == ("b\ufffd.py", "INFO")


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n"), max_size=20), st.data())
def test_columns_cut_the_line_s_bytes_where_the_finding_is(line: str, data: st.DataObject) -> None:
    begin = data.draw(st.integers(0, len(line)))
    end = data.draw(st.integers(begin, len(line)))
    (found,) = read(finding(Span(1, begin + 1, 1, end + 1)), source=f"{line}\n")["diagnostics"]
    _, first, _, last = place(found["location"])
    assert line.encode()[first - 1 : last - 1].decode() == line[begin:end]
