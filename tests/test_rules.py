"""Every rule: its cases hold, its page's examples are true, its names agree, its code is of its family."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from rule_cases import Case, apply_fix, cases, found, with_import

from nemo_run_lint.checking import check_source
from nemo_run_lint.page import Kind, page
from nemo_run_lint.rule import Profile, Rule
from nemo_run_lint.selection import all_rules
from nemo_run_lint.settings import Settings
from nemo_run_lint.sources.kinds import is_shell

HERE = Path(__file__).parent / "rules"
FAMILIES = "linter documentation typing naming configuration errors execution versions arguments project".split()
EVERYTHING = Settings(profile=Profile.STRICT)
CHECKING = [rule for rule in all_rules() if rule.subscriptions()]


def family(rule: type[Rule]) -> str:
    return rule.__module__.split(".")[-2]


def case_file(rule: type[Rule]) -> Path:
    return HERE / family(rule) / f"{rule.name()}.md"


def all_cases() -> list[tuple[type[Rule], Case]]:
    with_file = [rule for rule in CHECKING if case_file(rule).exists()]
    return [(rule, case) for rule in with_file for case in cases(case_file(rule), rule.name())]


CASES = [pytest.param(rule, case, id=f"{rule.name()}: {case.heading}") for rule, case in all_cases()]


@pytest.mark.parametrize(("rule", "case"), CASES)
def test_case(rule: type[Rule], case: Case, request: pytest.FixtureRequest) -> None:
    findings = found(rule, case.source, case.options, case.versions, case.beside, case.name)
    shown = case.shown(findings)
    if shown != case.body and request.config.getoption("--update"):
        text = case.path.read_text(encoding="utf-8")
        case.path.write_text(text.replace(f"\n{case.body}```", f"\n{shown}```", 1), encoding="utf-8")
        return
    assert shown == case.body
    if case.fixed is not None:
        source = case.source
        for finding in reversed([each for each in findings if each.fix is not None]):
            source = apply_fix(source, finding)
        assert source == case.fixed


def fixed(rule: type[Rule], case: Case) -> str:
    """The code after one fix of the rule after the other, until there is none left."""
    source = case.source
    for _ in range(30):
        found_now = found(rule, source, case.options, case.versions, case.beside)
        finding = next((each for each in found_now if each.fix is not None), None)
        if finding is None:
            return source
        source = apply_fix(source, finding)
        if not is_shell(finding.path):
            ast.parse(source)
    raise AssertionError("its fixes never come to an end")


@pytest.mark.parametrize(("rule", "case"), CASES)
def test_fixes_come_to_an_end_and_leave_what_has_none(rule: type[Rule], case: Case) -> None:
    before = found(rule, case.source, case.options, case.versions, case.beside)
    after = found(rule, fixed(rule, case), case.options, case.versions, case.beside)
    assert len(after) <= sum(finding.fix is None for finding in before)


@pytest.mark.parametrize("rule", CHECKING, ids=lambda rule: rule.name())
def test_a_bad_example_that_can_be_fixed_is_clean_after_it_and_shown_in_a_case(rule: type[Rule]) -> None:
    for block in page(rule).blocks:
        source = with_import(block.text)
        findings = found(rule, source) if block.kind is Kind.BAD else []
        if findings and all(finding.fix is not None for finding in findings):
            assert found(rule, fixed(rule, Case(case_file(rule), "Bad", source, 0))) == []
            assert any(case.fixed is not None for case in cases(case_file(rule), rule.name()))


@pytest.mark.parametrize("rule", CHECKING, ids=lambda rule: rule.name())
def test_has_cases_that_report_and_cases_that_do_not(rule: type[Rule]) -> None:
    bodies = [case.body for case in cases(case_file(rule), rule.name())]
    assert any(rule.code in body for body in bodies)
    assert any(rule.code not in body for body in bodies)


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.name())
def test_names_agree(rule: type[Rule]) -> None:
    assert rule.__module__.split(".")[-1] == rule.name().replace("-", "_")
    assert re.fullmatch(rf"NRL{FAMILIES.index(family(rule))}\d\d", rule.code)


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.name())
def test_examples_of_the_page_are_true(rule: type[Rule]) -> None:
    blocks = page(rule).blocks
    if rule.subscriptions():
        assert {block.kind for block in blocks} >= {Kind.BAD, Kind.GOOD}
    for block in blocks:
        if block.kind is not Kind.TEXT:
            text = with_import(block.text)
            own = (
                found(rule, text)
                if rule.subscriptions()
                else check_source("case.py", text.encode(), EVERYTHING).findings
            )
            codes = {finding.code for finding in own}
            assert (rule.code in codes) == (block.kind is Kind.BAD), block.text


def test_codes_and_names_are_unique() -> None:
    assert len({rule.code for rule in all_rules()}) == len({rule.name() for rule in all_rules()}) == len(all_rules())


def test_every_case_file_has_its_rule() -> None:
    assert sorted(HERE.rglob("*.md")) == sorted(map(case_file, CHECKING))
