"""Where the parts meet: what is told once, what is not told in tests, and a rule that breaks."""

from __future__ import annotations

import libcst as cst
import pytest

from nemo_run_lint.finding import Severity
from nemo_run_lint.linter import lint
from nemo_run_lint.project import File
from nemo_run_lint.rule import Phase, Reports, Rule

SOURCE = "import nemo_run as run\n\n{before}run.SlurmExecutor()\n"


class Slurm(Rule):
    """Reports every call, twice."""

    code = "NRL499"
    severity = Severity.ERROR
    message = "{which}"

    def check(self, call: cst.Call, file: File) -> Reports:
        if file.names.qualified(call.func) == "nemo_run.SlurmExecutor":
            yield self.at(call, which="one")
            yield self.at(call, which="two")


class Launched(Slurm):
    """The same, of something that fails only when it is launched."""

    fails = Phase.LAUNCHED


class Broken(Rule):
    """Fails on the way."""

    code = "NRL498"
    message = ""

    def check(self, call: cst.Call, file: File) -> Reports:
        raise ZeroDivisionError("by zero")


def test_one_finding_for_a_place_and_a_code() -> None:
    assert [finding.message for finding in lint("a.py", SOURCE.format(before=""), [Slurm()])] == ["one"]


@pytest.mark.parametrize(
    "before", ["with pytest.raises(TypeError):\n    ", "with self.assertRaises(TypeError) as e:\n    "]
)
def test_what_a_test_wants_to_fail_is_no_error(before: str) -> None:
    assert lint("a.py", SOURCE.format(before=before), [Slurm()]) == []


@pytest.mark.parametrize("before", ["def test_it():\n    ", "@pytest.fixture\ndef executor():\n    return "])
def test_what_a_test_never_launches_does_not_fail(before: str) -> None:
    assert lint("a.py", SOURCE.format(before=before), [Launched()]) == []
    assert len(lint("a.py", SOURCE.format(before=before), [Slurm()])) == 1


def test_a_rule_that_breaks_is_a_finding_and_the_others_go_on() -> None:
    findings = lint("a.py", SOURCE.format(before=""), [Broken(), Slurm()])
    assert [finding.code for finding in findings] == ["NRL004", "NRL499"]
    assert findings[0].message == "rule `broken` failed on this file: ZeroDivisionError: by zero"


def test_only_errors_on_demand() -> None:
    rule = Slurm()
    rule.errors_only = True
    assert len(lint("a.py", SOURCE.format(before=""), [rule])) == 1
