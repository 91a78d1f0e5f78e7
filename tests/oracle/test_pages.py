"""Every page tells the truth: its Bad examples fail under the real nemo_run, when and how it says, and its Good ones work.

What fails silently is proven in `test_silent.py`. An example that launches nothing itself is added to an experiment and
dry-run, as its reader would do next.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from project_cases import files
from rule_cases import with_import

from nemo_run_lint.finding import Severity
from nemo_run_lint.page import Kind, page
from nemo_run_lint.rule import Phase, ProjectRule, Rule
from nemo_run_lint.selection import all_rules

if TYPE_CHECKING:
    from conftest import Outcome, RealNemoRun

RULES = {rule.name(): rule for rule in all_rules()}
FAILING = [rule for rule in RULES.values() if rule.fails not in (None, Phase.SILENT)]

OPINIONS = [rule for rule in RULES.values() if rule.fails is None and rule.subscriptions()]

#: Rules that report errors, but whose claim cannot be shown here.
UNPROVEN = {
    "syntax-error": "is not about nemo_run",
    "unreadable-file": "is not about nemo_run",
    "identity-tilde": "needs an SSH server that takes the connection before the key is read",
}

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

TEAM = {
    "team/__init__.py": "",
    "team/data.py": "def load():\n    print('loading')\n",
    "team/tasks.py": "def train():\n    print('training')\n",
}

#: The files that lie beside the examples of a rule.
BESIDE = {
    "file-path-in-launcher": {"data.txt": ""},
    "relative-import-in-launcher": TEAM,
    "task-in-launch-script": TEAM,
}

#: The rules whose examples are run as `python -m module`.
AS_MODULE = {"relative-import-in-launcher": "team.launch"}

#: The rules whose page names an exception of which the job only logs the message.
NAMELESS = {"relative-import-in-launcher"}

#: What stands in the line of the script where it fails in a phase, and doesn't when it fails before.
STEPS = {
    Phase.IMPORTED: r"^(@|from |import )",
    Phase.ADDED: r"\.add\w*\(",
    Phase.LAUNCHED: r"\.(run|dryrun|main)\(",
}


def examples(rule: type[Rule], kind: Kind) -> list[str]:
    """The code of a page's examples of one kind."""
    return [block.text for block in page(rule).blocks if block.kind is kind]


def whole(example: str) -> str:
    """An example as a script that gets as far as its rule speaks of."""
    script = with_import(example)
    launches = re.search(r"\bExperiment\(|\brun\.run\(|\bcli\.main\(", script)
    return script if launches else script + SUBMIT


def named(rule: type[Rule]) -> set[str]:
    """The exceptions that the page of a rule about jobs names."""
    return set() if rule.name() in NAMELESS else set(re.findall(r"\b\w+Error\b", rule.__doc__ or ""))


def phase(outcome: Outcome) -> Phase | None:
    """When a script failed, or None if it did not."""
    if not outcome.raised:
        return Phase.JOB if "FAILED" in outcome.states.values() else None
    return next((phase for phase, step in STEPS.items() if re.search(step, outcome.line)), Phase.CONFIGURED)


@pytest.mark.parametrize("rule", FAILING, ids=lambda rule: rule.name())
def test_bad_examples_fail_and_good_ones_work(rule: type[Rule], nemo: RealNemoRun) -> None:
    files, module = BESIDE.get(rule.name()), AS_MODULE.get(rule.name())
    for example in examples(rule, Kind.BAD):
        outcome = nemo.run(whole(example), files=files, module=module)
        assert phase(outcome) is rule.fails, outcome.output
        exception = outcome.raised.split(":")[0].split(".")[-1]
        assert exception in (rule.__doc__ or ""), f"the page does not name the {exception}"
        if rule.fails is Phase.JOB and named(rule):  # a job's exception is only in its log
            assert any(name in outcome.output for name in named(rule)), outcome.output
    for example in examples(rule, Kind.GOOD):
        outcome = nemo.run(whole(example), files=files, module=module)
        assert phase(outcome) is None, outcome.output
        assert set(outcome.states.values()) <= {"SUCCEEDED"}, outcome.output


@pytest.mark.parametrize("rule", OPINIONS, ids=lambda rule: rule.name())
def test_examples_of_opinions_run(rule: type[Rule], nemo: RealNemoRun) -> None:
    """Where a page claims no failure, nothing fails: what is written otherwise still works."""
    for kind in (Kind.BAD, Kind.GOOD):
        for example in examples(rule, kind):
            script, beside = with_import(example), {}
            if issubclass(rule, ProjectRule):
                (_, script), *others = files(script).items()
                beside = dict(others)
            outcome = nemo.run(script, files=beside, environment={"DATA_HOME": "data"})
            assert outcome.raised == "", outcome.output


def test_every_error_is_proven() -> None:
    errors = {name for name, rule in RULES.items() if Severity.ERROR in (rule.severity, rule.worst)}
    assert {name for name in errors if RULES[name].fails is None} == set(UNPROVEN)
