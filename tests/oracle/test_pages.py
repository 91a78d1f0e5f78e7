"""Every page tells the truth: its Bad examples fail under the real nemo_run when it says so, and its Good ones work."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from rule_cases import with_import

from nemo_run_lint.catalogue import Kind, page
from nemo_run_lint.rule import Phase, Rule
from nemo_run_lint.selection import all_rules

if TYPE_CHECKING:
    from conftest import RealNemoRun

CLAIMING = [rule for rule in all_rules() if rule.fails is not None]

#: What a user does next with the tasks and configurations that an example only makes: adds them and looks.
SUBMIT = """

def _submit():
    import nemo_run as _run
    made = [value for value in globals().values() if isinstance(value, _run.Config | _run.Partial)]
    with _run.Experiment("oracle", executor=_run.LocalExecutor()) as _experiment:
        for number, task in enumerate(made):
            if not isinstance(task, _run.Partial):
                task = _run.Partial(_run.help, task)
            _experiment.add(task, name=f"task-{number}")
        _experiment.dryrun(log=False)

_submit()
"""


def examples(rule: type[Rule], kind: Kind) -> list[str]:
    """The code of a page's examples of one kind."""
    return [block.text for block in page(rule).blocks if block.kind is kind]


def whole(example: str) -> str:
    """An example as a script that gets as far as its rule speaks of: one that launches nothing itself is added and dry-run."""
    script = with_import(example)
    launches = re.search(r"\bExperiment\(|\brun\.run\(|\bcli\.main\(", script)
    return script if launches else script + SUBMIT


@pytest.mark.parametrize("rule", [rule for rule in CLAIMING if rule.fails is not Phase.SILENT], ids=lambda rule: rule.name())
def test_bad_examples_fail_and_good_ones_work(rule: type[Rule], nemo: RealNemoRun) -> None:
    for example in examples(rule, Kind.BAD):
        outcome = nemo.run(whole(example))
        if rule.fails is Phase.JOB:
            assert "FAILED" in outcome.states.values(), outcome.output
        else:
            assert outcome.raised, outcome.output
    for example in examples(rule, Kind.GOOD):
        outcome = nemo.run(whole(example))
        assert outcome.raised == "", outcome.output
        assert set(outcome.states.values()) <= {"SUCCEEDED"}, outcome.output
