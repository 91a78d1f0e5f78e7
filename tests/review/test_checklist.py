"""The checklist: the guide's items, the rules that speak for them, and what a team's settings make of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from review.repositories import COMPLETE, answers, reviewed

from nemo_run_lint.checklist import ITEMS, NAMES, REQUIRED, is_name
from nemo_run_lint.rule_files import canonical, codes, means
from nemo_run_lint.settings import SettingsError, read
from nemo_run_lint.settings.review import checklist


def settings(directory: Path, table: str) -> Path:
    file = directory / "pyproject.toml"
    file.write_text(f"[tool.nemo-run-lint.review]\n{table}", encoding="utf-8")
    return file


def test_fifteen_items_of_which_six_are_required() -> None:
    assert len(NAMES) == len(set(NAMES)) == 15
    assert set(REQUIRED) < set(NAMES)
    assert len(REQUIRED) == 6
    assert all(map(is_name, NAMES))


def test_every_selector_means_a_rule_and_no_rule_speaks_for_two_items() -> None:
    selectors = [selector for item in ITEMS for selector in item.rules]
    assert [canonical(each) for each in selectors] == selectors
    for name, code in codes().items():
        assert sum(any(means(each, code, name) for each in item.rules) for item in ITEMS) <= 1, name


def test_required_items_and_own_items(tmp_path: Path) -> None:
    table = """\
required = ["no_dry_runs", "type_hints_used"]
items = [
    { name = "no_dry_runs", question = "Is it launched for good?" },
    { name = "no_lambdas", question = "No lambda is handed on", rules = ["nrl401", "Local-Function-Target"] },
]
"""
    loaded = read(settings(tmp_path, table))
    assert loaded is not None
    asked = checklist(loaded.review)
    assert asked.required == ("no_dry_runs", "type_hints_used")
    assert [(item.title, item.rules, item.group) for item in asked.own] == [
        ("No dry runs", (), "Own items"),
        ("No lambdas", ("NRL401", "local-function-target"), "Own items"),
    ]
    found = reviewed(tmp_path, {**COMPLETE, "pyproject.toml": ""}, asked=asked)
    assert answers(found)["no_dry_runs"] == "needs a person"
    assert answers(found)["no_lambdas"] == "passes"
    assert [entry.item.name for entry in found.open_items] == ["no_dry_runs"]


def test_an_own_item_without_findings_passes_and_with_findings_does_not(tmp_path: Path) -> None:
    loaded = read(settings(tmp_path, 'items = [{ name = "loud", question = "It logs", rules = ["print-in-task"] }]'))
    assert loaded is not None
    code = COMPLETE["experiments/training.py"].replace('logger.info("%s steps", steps)', "print(steps)")
    for text, answer in ((COMPLETE["experiments/training.py"], "passes"), (code, "missing")):
        files = {**COMPLETE, "experiments/training.py": text}
        assert answers(reviewed(tmp_path, files, asked=checklist(loaded.review)))["loud"] == answer


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ("require = []", "`review.require` is not a setting; did you mean `required`?"),
        ("required = 1", "`review.required` must be a list of strings"),
        ('required = ["Type hints"]', "`review.required`: 'Type hints' is no name of an item"),
        ("items = {}", "`review.items` must be a list of tables"),
        ('items = ["a"]', "`review.items` must be a table, not 'a'"),
        ('items = [{ name = "a" }]', "`review.items`: an item needs a `question`"),
        ('items = [{ name = "a", question = " " }]', "`review.items`: an item needs a `question`"),
        ('items = [{ name = "a b", question = "x" }]', "'a b' is no name for an item"),
        ('items = [{ name = "a\\n", question = "x" }]', "is no name for an item"),
        ('items = [{ name = "type_hints_used", question = "x" }]', "`type_hints_used` is an item of the guide"),
        ('items = [{ name = "a", question = "x", rules = ["NRL999"] }]', "`review.items.a.rules`: `NRL999`: no rule"),
        ('items = [{ name = "a", question = "x", rules = "NRL4" }]', "`review.items.a.rules` must be a list"),
        ('items = [{ name = "a", question = "x", rule = [] }]', "`review.items.rule` is not a setting"),
        ('items = [{ name = "a", question = "x" }, { name = "a", question = "y" }]', "two items are called `a`"),
    ],
)
def test_settings_that_cannot_be_meant(tmp_path: Path, table: str, told: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read(settings(tmp_path, table))
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)
