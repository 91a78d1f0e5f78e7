"""How often each rule reports."""

from __future__ import annotations

import json
from dataclasses import replace

from nemo_run_lint.finding import Edit, Finding, Fix, Severity, Silenced, Span
from nemo_run_lint.outputs import statistics
from nemo_run_lint.outputs.format import Outcome
from nemo_run_lint.page import url

SPAN = Span(3, 7, 3, 9)
LAMBDA = Finding("a.py", SPAN, "NRL401", "lambda-in-config", Severity.ERROR, "`x` is a lambda")
NAME = Finding("b.py", SPAN, "NRL301", "short-name", Severity.WARNING, "short")
OPTIONAL = Finding("b.py", SPAN, "NRL203", "implicit-optional", Severity.ERROR, "None")
FIX = Fix("mend it", (Edit(SPAN, "f"),))


def rendered(*findings: Finding, as_json: bool = False, **more: bool) -> str:
    return "".join(statistics.render(Outcome(findings, files=2, **more), as_json))


def test_the_most_frequent_rule_comes_first_and_then_the_lowest_code() -> None:
    assert rendered(LAMBDA, OPTIONAL, *[NAME] * 10) == (
        "10\tNRL301\tshort-name\n"
        " 1\tNRL203\timplicit-optional\n"
        " 1\tNRL401\tlambda-in-config\n"
        "Found 2 errors and 10 warnings in 2 files.\n"
    )


def test_what_can_be_fixed_is_marked() -> None:
    unsafe = replace(NAME, fix=replace(FIX, safe=False))
    findings = [replace(LAMBDA, fix=FIX), LAMBDA, replace(OPTIONAL, fix=FIX), unsafe]
    assert rendered(*findings) == (
        "2\tNRL401\t[-] lambda-in-config\n"
        "1\tNRL203\t[*] implicit-optional\n"
        "1\tNRL301\t[ ] short-name\n"
        "Found 3 errors and 1 warning in 2 files.\n"
        "[*] 2 fixable with `--fix`, 1 more with `--fix --unsafe-fixes`.\n"
    )
    assert json.loads(rendered(*findings, as_json=True)) == [
        {"code": "NRL401", "name": "lambda-in-config", "count": 2, "fixable": 1},
        {"code": "NRL203", "name": "implicit-optional", "count": 1, "fixable": 1},
        {"code": "NRL301", "name": "short-name", "count": 1, "fixable": 0},
    ]


def test_nothing_found() -> None:
    assert rendered() == "All checks passed!\n"
    assert rendered(quiet=True) == ""
    assert rendered(as_json=True) == "[]\n"


def test_silenced_findings_are_not_counted() -> None:
    outcome = Outcome([LAMBDA], silenced=[Silenced(NAME, "comment")], show_silenced=True)
    text = "".join(statistics.render(outcome, as_json=False))
    assert text == "1\tNRL401\tlambda-in-config\nFound 1 error in 1 file (1 suppressed).\n"


def test_colour_and_links() -> None:
    first = rendered(replace(LAMBDA, fix=FIX), color=True, links=True).splitlines()[0]
    code = f"\x1b]8;;{url('lambda-in-config')}\x1b\\\x1b[1;31mNRL401\x1b[0m\x1b]8;;\x1b\\"
    assert first == f"\x1b[1m1\x1b[0m\t{code}\t\x1b[1;36m[*]\x1b[0m lambda-in-config"
