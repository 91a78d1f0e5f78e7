"""No report is false: scripts over more than 500 targets of all kinds are linted, and run by the real nemo_run."""

from __future__ import annotations

import os
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from differential.comparison import Compared, compare, rows
from differential.real import NEMO_PYTHON, Failure
from differential.scripts import USES, Script, scripts
from differential.targets import KINDS, Target, blocks

from nemo_run_lint.finding import Finding, Severity, Span
from nemo_run_lint.flow.problems import When
from nemo_run_lint.rules.linter.rule_failed import RuleFailed

#: Of the scripts that fail in one way (`real.KINDS`), the share that must be reported.
FLOORS = {
    "unknown keyword": 0.55,
    "unknown attribute written": 0.6,
    "unset attribute read or deleted": 0.5,
    "bad target": 0.7,
    "cannot be saved": 0.55,
    "missing argument": 0.5,
    "attribute of a value": 0.6,
    "given twice": 0.9,
    "too many by place": 0.65,
    "default made by a factory": 0.9,
}


def test_there_are_more_than_500_targets_and_every_kind_and_use_is_among_them() -> None:
    made = list(scripts())
    assert len({script.target.text for script in made}) > 500
    assert {script.target.kind for script in made} == {block.heading for block in blocks(KINDS)}
    assert {script.use for script in made} == {block.heading for block in blocks(USES)}


def test_the_scripts_are_the_same_every_time() -> None:
    assert list(scripts()) == list(scripts())


@pytest.mark.skipif(
    not NEMO_PYTHON.exists() and "CI" not in os.environ,
    reason="the real nemo_run is not installed here: make .venv-nemo/ready",
)
def test_no_error_is_false_and_failures_are_found() -> None:
    with tempfile.TemporaryDirectory() as directory:
        compared = compare(Path(directory), list(scripts()))
    assert not [each.shown for each in compared if not each.is_defined]
    assert not [each.shown for each in compared if each.false]
    counted = rows(compared, lambda each: each.failures[0].kind)
    assert {name: counted[name].recall for name, floor in FLOORS.items() if counted[name].recall < floor} == {}


# -- what counts as false --------------------------------------------------------------------------------------------

TEXT = """\
import fiddle as fdl
import nemo_run as run

task = run.Config(
    train,
    steps=1,
)
task.lr = 1
print(task)
fdl.build(task)
"""
SCRIPT = Script("script.py", "built", Target("function", "train", "", ()), TEXT, 3)


def reported(line: int, *failed: int, severity: Severity = Severity.ERROR) -> Compared:
    """A finding in one line, where the real nemo_run fails in others."""
    finding = Finding("script.py", Span(line, 1, line, 2), "NRL801", "unknown-field", severity, "unknown")
    return Compared(SCRIPT, [Failure("TypeError", "unknown", [each]) for each in failed], [finding])


def test_an_error_in_a_line_that_works_is_false() -> None:
    assert reported(9).false
    assert reported(9, 8).false
    assert reported(8, 4).false


def test_an_error_anywhere_in_the_statement_that_fails_is_true() -> None:
    assert not reported(6, 4).false
    assert reported(6, 4).found is Severity.ERROR


def test_what_building_refuses_may_be_reported_where_it_is_configured() -> None:
    assert not reported(5, 10).false
    assert not reported(8, 10).false
    assert reported(9, 10).false


def test_a_later_failure_makes_a_report_true_but_is_not_what_has_to_be_found() -> None:
    assert not reported(8, 4, 8).false
    assert reported(8, 4, 8).found is None


def test_an_error_that_does_not_name_what_fails_blames_something_else() -> None:
    failure = Failure("TypeError", "Cannot bind arguments to train: got an unexpected keyword argument 'unknown'", [4])
    assert not replace(reported(4), failures=[failure]).blames_another
    assert replace(
        reported(4), failures=[replace(failure, message=failure.message.replace("unk", "un"))]
    ).blames_another


def test_a_warning_is_never_false_but_counts_apart() -> None:
    assert not reported(9, severity=Severity.WARNING).false
    row = rows([reported(8, 8, severity=Severity.WARNING)], lambda each: "assigned")["assigned"]
    assert (row.scripts, row.errors, row.warnings, row.recall) == (1, 0, 1, 1.0)


def test_what_building_would_refuse_may_be_reported_in_words_that_say_so() -> None:
    finding = reported(6).findings[0]
    late = replace(finding, message=f"unknown: this fails {When.BUILT.value}")
    refused = [Failure("TypeError", "unknown", [])]
    assert Compared(SCRIPT, refused, [finding]).false
    assert not Compared(SCRIPT, refused, [late]).false
    assert Compared(SCRIPT, [], [late]).false


def test_what_a_failure_keeps_from_being_run_is_undecided() -> None:
    text = "import nemo_run as run\n\nif task.lr:\n    task.lr = 1\ntask.lr = 2\n"
    failure = [Failure("AttributeError", "unset", [3])]
    compared = Compared(replace(SCRIPT, text=text), failure, [])
    finding = reported(4).findings[0]
    assert not replace(compared, findings=[finding]).false
    assert replace(compared, findings=[replace(finding, span=Span(5, 1, 5, 2))]).false


def test_a_rule_that_fails_itself_is_no_agreement() -> None:
    failed = replace(reported(1).findings[0], code=RuleFailed.code, severity=RuleFailed.severity)
    assert Compared(SCRIPT, [], [failed]).false


def test_what_is_said_of_adding_is_decided_only_by_scripts_that_add() -> None:
    about_adding = replace(reported(9).findings[0], code="NRL409")
    adding = replace(SCRIPT, text=f"{TEXT}exp.add(task)\n")
    assert not Compared(SCRIPT, [], [about_adding]).false
    assert Compared(adding, [], [about_adding]).false
