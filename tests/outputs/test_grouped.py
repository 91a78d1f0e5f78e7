"""The grouped format: findings under the name of their file."""

from __future__ import annotations

from dataclasses import replace

from nemo_run_lint.finding import Edit, Finding, Fix, Severity, Silenced, Span
from nemo_run_lint.outputs import grouped
from nemo_run_lint.outputs.format import Outcome
from nemo_run_lint.page import url

LAMBDA = Finding("a b.py", Span(3, 7, 3, 9), "NRL401", "lambda-in-config", Severity.ERROR, "`x` is a lambda")
NAME = Finding("a b.py", Span(12, 110, 14, 2), "NRL301", "short-name", Severity.WARNING, "line\nbreak")
OTHER = Finding("z\n.py", Span(1, 1, 1, 2), "NRL301", "short-name", Severity.INFO, "short")


def test_findings() -> None:
    assert "".join(grouped.render(Outcome([LAMBDA, NAME, OTHER], files=5))) == (
        "a b.py:\n"
        "   3:7    NRL401 error lambda-in-config: `x` is a lambda\n"
        "  12:110  NRL301 warning short-name: line\\nbreak\n"
        "\n"
        "z\\n.py:\n"
        "  1:1  NRL301 info short-name: short\n"
        "\n"
        "Found 1 error, 1 warning and 1 info in 2 of 5 files.\n"
    )


def test_what_can_be_fixed_and_what_is_suppressed() -> None:
    fixable = replace(LAMBDA, fix=Fix("mend it", (Edit(Span(3, 7, 3, 9), "f"),)))
    outcome = Outcome(
        [fixable], silenced=[Silenced(NAME, "comment", "old"), Silenced(OTHER, "baseline")], show_silenced=True
    )
    assert "".join(grouped.render(outcome)) == (
        "a b.py:\n"
        "  3:7  NRL401 error lambda-in-config: [*] `x` is a lambda\n"
        "\n"
        "a b.py:\n"
        "  12:110  NRL301 suppressed short-name: line\\nbreak (by a comment: old)\n"
        "\n"
        "z\\n.py:\n"
        "  1:1  NRL301 suppressed short-name: short (by the baseline)\n"
        "\n"
        "Found 1 error in 1 file (2 suppressed).\n"
        "[*] 1 fixable with `--fix`.\n"
    )
    assert "suppressed short-name" not in "".join(grouped.render(replace(outcome, show_silenced=False)))


def test_nothing_found() -> None:
    assert "".join(grouped.render(Outcome([], files=2))) == "All checks passed!\n"
    assert "".join(grouped.render(Outcome([], files=2, quiet=True))) == ""


def test_colour_and_links() -> None:
    lines = "".join(grouped.render(Outcome([LAMBDA], color=True, links=True))).splitlines()
    code = f"\x1b]8;;{url('lambda-in-config')}\x1b\\\x1b[1;31mNRL401 error\x1b[0m\x1b]8;;\x1b\\"
    assert lines[0] == "\x1b[1ma b.py\x1b[0m:"
    assert lines[1] == f"  \x1b[1;34m3:7\x1b[0m  {code} \x1b[1;36mlambda-in-config\x1b[0m: `x` is a lambda"
