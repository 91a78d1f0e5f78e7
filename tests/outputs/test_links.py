"""Where links of a terminal are written."""

from __future__ import annotations

import pytest

from nemo_run_lint.outputs.links import are_shown, linked
from nemo_run_lint.page import url


def test_a_link_is_around_its_text() -> None:
    assert linked("NRL401", "lambda-in-config", True) == f"\x1b]8;;{url('lambda-in-config')}\x1b\\NRL401\x1b]8;;\x1b\\"
    assert linked("NRL401", "lambda-in-config", False) == "NRL401"
    assert linked("TEAM001", "rule-of-another-package", True) == "TEAM001"


@pytest.mark.parametrize(
    ("environ", "is_terminal", "shown"),
    [
        ({"TERM": "xterm-256color"}, True, True),
        ({"TERM": "xterm-256color"}, False, False),
        ({"TERM": "linux"}, True, False),
        ({"TERM": "dumb"}, True, False),
        ({}, True, False),
        ({"FORCE_HYPERLINK": "1"}, False, True),
        ({"FORCE_HYPERLINK": "0", "TERM": "xterm"}, True, False),
        ({"FORCE_HYPERLINK": "", "TERM": "xterm"}, True, True),
    ],
)
def test_links_are_for_terminals_that_know_them(environ: dict[str, str], is_terminal: bool, shown: bool) -> None:
    assert are_shown(environ, is_terminal) is shown
