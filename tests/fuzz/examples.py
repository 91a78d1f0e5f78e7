"""Texts that people wrote: the cases and pages of the rules, the example project, released code if it is there."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from rule_cases import cases, with_import

from nemo_run_lint.page import page
from nemo_run_lint.selection import all_rules

TESTS = Path(__file__).parents[1]
CORPUS = TESTS.parent / ".cache" / "corpus"

#: Longer files are left out, in characters: they would take up the time of many.
_LONGEST = 12_000


@cache
def examples() -> tuple[str, ...]:
    """The texts, the short ones first."""
    found = {case.source for file in (TESTS / "rules").rglob("*.md") for case in cases(file, file.stem)}
    found |= {with_import(block.text) for rule in all_rules() for block in page(rule).blocks}
    found |= {file.read_text(encoding="utf-8") for file in (TESTS.parent / "examples").rglob("*.py")}
    return tuple(sorted(found, key=lambda text: (len(text), text)))


@cache
def released() -> tuple[str, ...]:
    """The texts of released code that uses NeMo Run, the short ones first."""
    texts = {file.read_text(encoding="utf-8") for file in CORPUS.rglob("*.py") if file.stat().st_size < _LONGEST}
    return tuple(
        sorted((each for each in texts if re.search(r"\bnemo_run\b", each)), key=lambda text: (len(text), text))
    )
