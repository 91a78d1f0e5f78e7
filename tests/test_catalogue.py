"""What is made from the rules: rules.md is fresh, and every rule's page is complete."""

from __future__ import annotations

import json
import re

import pytest

from nemo_run_lint import catalogue
from nemo_run_lint.finding import Confidence, Severity
from nemo_run_lint.left_out import COVERED, LEFT_OUT
from nemo_run_lint.page import Block, Kind
from nemo_run_lint.rule import Option, Rule
from nemo_run_lint.selection import all_rules

RULES = catalogue.own_rules()


class SampleRule(Rule):
    """A line that states
    the fact.

    Why it matters,
    in two lines.

    Bad:

        run.Partial(train, lambda: 1)

        run.Partial(train,
            2)

    Good:

        run.Partial(train, 1)

    Bad:

        x

    * a list
    * stays a list
    """

    code = "NRL998"
    severity = Severity.ERROR
    confidence = Confidence.MEDIUM
    message = "`{argument}` is wrong"
    help = "remove `{argument}`"
    minimum_length = Option(3, "shortest name")
    style = Option("any", "how names are written", choices=("any", "snake"))
    patterns = Option(("train*", "fit"), "functions that train")
    parent = Option[str | None](None, "where it stands")


def test_page() -> None:
    page = catalogue.page(SampleRule)
    assert page.summary == "A line that states the fact."
    assert page.blocks == (
        Block(Kind.TEXT, "Why it matters,\nin two lines."),
        Block(Kind.BAD, "run.Partial(train, lambda: 1)\n\nrun.Partial(train,\n    2)"),
        Block(Kind.GOOD, "run.Partial(train, 1)"),
        Block(Kind.BAD, "x"),
        Block(Kind.TEXT, "* a list\n* stays a list"),
    )


def test_explain() -> None:
    assert (
        catalogue.explain(SampleRule)
        == """\
NRL998 sample-rule

error, medium confidence, in the profiles team and strict

A line that states the fact.

Why it matters, in two lines.

Bad:

    run.Partial(train, lambda: 1)

    run.Partial(train,
        2)

Good:

    run.Partial(train, 1)

Bad:

    x

* a list
* stays a list

What to do: remove `…`.

Options, in [tool.nemo-run-lint.rules.sample-rule]:

    minimum-length = 3 - shortest name
    style = "any" - how names are written (one of "any", "snake")
    patterns = ["train*", "fit"] - functions that train
    parent = not set - where it stands

Silence it:

    # noqa: NRL998                               at the end of the line
    # nemo-run-lint: ignore[sample-rule] -- why  there, or alone on the line above
    ignore = ["sample-rule"]                     in [tool.nemo-run-lint]
"""
    )


def test_table() -> None:
    assert catalogue.table([SampleRule]) == (
        "NRL998  sample-rule  error    team         A line that states the fact.\n"
    )
    assert [line.split()[0] for line in catalogue.table().splitlines()] == [rule.code for rule in catalogue.all_rules()]


def test_colour_changes_nothing_else() -> None:
    for plain, colored in (
        (catalogue.table(), catalogue.table(color=True)),
        (catalogue.explain(SampleRule), catalogue.explain(SampleRule, color=True)),
    ):
        assert colored != plain
        assert re.sub(r"\x1b\[[\d;]*m", "", colored) == plain


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name())
def test_every_page_is_complete(rule: type[Rule]) -> None:
    page = catalogue.page(rule)
    kinds = [block.kind for block in page.blocks]
    assert re.fullmatch(r"\S.*\.", page.summary), "the first line of the docstring is a sentence"
    assert len(page.summary) <= 120
    if rule.subscriptions():
        assert {Kind.BAD, Kind.GOOD} <= set(kinds), "a page shows what is reported and what is not"
    for block in page.blocks:
        assert block.kind is not Kind.TEXT or not re.search(r"^(Bad|Good):", block.text, re.MULTILINE), (
            "`Bad:` and `Good:` stand alone on a line, and an indented block follows"
        )
    assert rule.message
    assert not rule.help.endswith("."), "the help is one sentence without a full stop"
    assert all(option.help and not option.help.endswith(".") for option in rule.options().values())
    assert catalogue.family(rule)[1], "the docstring of the family's package says what it is about"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name())
def test_every_rule_can_be_told_in_json(rule: type[Rule]) -> None:
    assert json.loads(json.dumps(catalogue.as_dict(rule)))["name"] == rule.name()


def test_rules_md_links_lead_somewhere() -> None:
    text = catalogue.rules_md()
    headings = {heading.lower() for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= headings
    assert {rule.name() for rule in RULES} <= headings


def test_rules_md_is_fresh(request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--update"):
        catalogue.main()
    assert catalogue.RULES_MD.read_text(encoding="utf-8") == catalogue.rules_md(), (
        "rules.md is stale: run `python -m nemo_run_lint.catalogue` (or `make rules`)"
    )


def test_what_is_left_out_is_no_rule() -> None:
    rules = {rule.name() for rule in all_rules()}
    assert not rules & {*LEFT_OUT, *COVERED}
    assert not {*LEFT_OUT} & {*COVERED}
    assert {name for covering in COVERED.values() for name in covering} <= rules
    assert all(why and not why.endswith(".") for why in LEFT_OUT.values())
