"""The team guide's examples, written anew in the same shapes: all that the strictest profile says of them, and why."""

from __future__ import annotations

from pathlib import Path

import pytest
from rule_cases import Case, cases

from nemo_run_lint.checking import check_source
from nemo_run_lint.finding import Finding
from nemo_run_lint.rule import Profile
from nemo_run_lint.settings import Settings

HERE = Path(__file__).parent
CASES = [case for file in sorted(HERE.glob("*.md")) for case in cases(file, "")]
STRICT = Settings(profile=Profile.STRICT, nemo_run_version=("0.11.1",), cache=False)


def found(case: Case) -> tuple[Finding, ...]:
    return check_source("guide.py", case.source.encode(), STRICT).findings


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.path.stem}: {case.heading}")
def test_what_is_said_of_it(case: Case, request: pytest.FixtureRequest) -> None:
    shown = case.shown(found(case))
    if shown != case.body and request.config.getoption("--update"):
        text = case.path.read_text(encoding="utf-8")
        case.path.write_text(text.replace(f"\n{case.body}```", f"\n{shown}```", 1), encoding="utf-8")
        return
    assert shown == case.body
