"""What answers each item of the checklist: findings, code, tests; and what is left to a person.

An answer is as good as what it shows: `passes` names what it rests on, and where nothing decides, nothing is claimed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from nemo_run_lint.checklist import Item
from nemo_run_lint.finding import Finding
from nemo_run_lint.nemo.outline import FunctionOutline
from nemo_run_lint.outputs.sentence import sentence
from nemo_run_lint.review import elsewhere, resources
from nemo_run_lint.review.evidence import Answer, Entry, Evidence, unique
from nemo_run_lint.review.modules import Definition
from nemo_run_lint.review.scope import Scope
from nemo_run_lint.review.trials import Place, Trial
from nemo_run_lint.review.validation import of_node, validation
from nemo_run_lint.rule_files import means

#: What an item is answered with.
Answered = tuple[Answer, Sequence[Evidence]]

#: Roles of functions that run as jobs.
_JOBS = frozenset({"task"})


@dataclass(frozen=True, eq=False)
class Material:
    """What an answer can rest on.

    findings  those in the files of the scope
    trials    the tests of the project that use anything of the scope
    naming    the tests that name the file, as one does to start it
    style     the formatter or linter that the project is set up for, with the file that says so
    is_on     whether any of the rules that selectors mean is on for the file
    """

    scope: Scope
    findings: Sequence[Finding]
    trials: Sequence[Trial]
    naming: Sequence[Trial]
    style: Evidence | None
    is_on: Callable[[Sequence[str]], bool]

    def against(self, item: Item) -> list[Evidence]:
        """The findings that say no to an item."""
        return [
            Evidence(sentence(each), each.path, each.span.line, f"{each.code} {each.name}")
            for each in self.findings
            if any(means(selector, each.code, each.name) for selector in item.rules)
        ]

    @cached_property
    def own_trials(self) -> list[Trial]:
        """The tests that use what the file defines or hands over, not only what it shares with others."""
        scope = self.scope
        own = {each for each in scope.definitions if each.module is scope.module} | {*scope.handed}
        return [trial for trial in self.trials if trial.uses & own]

    @cached_property
    def jobs(self) -> list[Definition]:
        """The functions that run as jobs: tasks of the file, and what is imported and handed over."""
        named = [each.name for each in self.scope.functions if each.role in _JOBS]
        own = self.scope.module.definitions
        return [*(Definition(self.scope.module, name) for name in named if name in own), *self.scope.handed]

    @cached_property
    def others(self) -> list[Definition]:
        """The other functions that tests can use: factories, builders; without any, all that the file defines."""
        module = self.scope.module
        named = [each.name for each in self.scope.functions if each.role not in _JOBS]
        own = [Definition(module, name) for name in named if name in module.definitions]
        if own or self.jobs:
            return own
        return [each for each in self.scope.definitions if each.module is module and not each.name.startswith("_")]


def entry(item: Item, material: Material) -> Entry:
    """An item, answered."""
    answer, evidence = _ANSWERS.get(item.name, _by_rules)(item, material)
    against = material.against(item)
    against += [found for each in material.scope.handed for found in elsewhere.problems(item.name, each)]
    if against:
        said = {(each.path, each.line) for each in against}
        more = [each for each in evidence if answer is Answer.MISSING and (each.path, each.line) not in said]
        return Entry(item, Answer.MISSING, unique([*against, *more]))
    return Entry(item, answer, unique(evidence))


def _by_rules(item: Item, material: Material) -> Answered:
    """What rules alone decide."""
    if not item.rules:
        return Answer.PERSON, [Evidence(item.question)]
    if not material.is_on(item.rules):
        return Answer.PERSON, [Evidence("the settings switch off every rule that speaks for this")]
    scope = material.scope
    looked_at = [Evidence(f"nothing is said against `{each.name}`", scope.path, each.line) for each in scope.functions]
    looked_at += [Evidence(f"nothing is said against `{each.name}`", each.path, each.line) for each in scope.handed]
    return Answer.PASSES, looked_at or [Evidence("nothing is said against it", scope.path, 1)]


# -- configuration -------------------------------------------------------------------------------------------------


def _validated(item: Item, material: Material) -> Answered:
    scope = material.scope
    found = [each for definition in scope.definitions for each in validation(definition)]
    found += [
        Evidence(text, scope.path, line)
        for node in scope.own_nodes
        for line, text in of_node(node)
        if not any(each.path == scope.path and each.line == line for each in found)
    ]
    if found:
        return Answer.PASSES, found
    if not material.jobs and not material.others:
        return Answer.PASSES, [Evidence("there is nothing here that takes a configuration", scope.path, 1)]
    return Answer.MISSING, [Evidence("nothing tests what it is given and refuses it", scope.path, _line(scope))]


def _portable(item: Item, material: Material) -> Answered:
    """The rule looks at what is handed to tasks and executors; a path that stands elsewhere a person must judge."""
    found = unique(each for path, node in material.scope.pieces for each in resources.local_paths(path, node))
    return (Answer.PERSON, found) if found else _by_rules(item, material)


# -- documentation -------------------------------------------------------------------------------------------------


def _described(item: Item, material: Material) -> Answered:
    """The rules ask of a docstring what it describes; where there is none, nothing is described."""
    bare = [each for each in _undocumented(material.scope) if each.parameters]
    return _lacking(item, material, bare, "has parameters and no docstring")


def _exampled(item: Item, material: Material) -> Answered:
    return _lacking(item, material, _undocumented(material.scope), "has no docstring that could show an example")


def _undocumented(scope: Scope) -> list[FunctionOutline]:
    return [each for each in scope.functions if not each.docstring.strip()]


def _lacking(item: Item, material: Material, bare: Sequence[FunctionOutline], what: str) -> Answered:
    if not bare:
        return _by_rules(item, material)
    return Answer.MISSING, [Evidence(f"`{each.name}` {what}", material.scope.path, each.line) for each in bare]


# -- testing ---------------------------------------------------------------------------------------------------------


def _unit_tested(item: Item, material: Material) -> Answered:
    jobs, others = material.jobs, material.others
    if not jobs and not others:
        if material.scope.experiment is None:
            return Answer.PASSES, [Evidence("there is nothing here that a test could call", material.scope.path, 1)]
        return Answer.MISSING, [
            Evidence("no function of it can be called by a test", material.scope.path, _line(material.scope))
        ]
    used = {each: [trial for trial in material.trials if _uses(trial, each)] for each in (*jobs, *others)}
    tested = [_tested(each, trials[0], len(trials)) for each, trials in used.items() if trials]
    untested = [each for each in (jobs or others) if not used[each]]
    if not tested or (jobs and untested):
        return Answer.MISSING, [Evidence(f"no test uses `{each.name}`", each.path, each.line) for each in untested]
    return Answer.PASSES, tested


def _tested(definition: Definition, trial: Trial, number: int) -> Evidence:
    more = f", and {number - 1} more" if number > 1 else ""
    return Evidence(f"`{trial.name}` uses `{definition.name}`{more}", trial.path, trial.line)


def _uses(trial: Trial, definition: Definition) -> bool:
    return definition in trial.uses


def _launched(item: Item, material: Material) -> Answered:
    if material.scope.experiment is None:
        return Answer.PASSES, [Evidence("there is no experiment here to be launched", material.scope.path, 1)]
    found = [(trial, place) for trial in material.own_trials for place in trial.launches]
    if found:
        return Answer.PASSES, _shown(found)
    if material.naming:
        what = "names the script: does it launch it?"
        return Answer.PERSON, [Evidence(f"`{each.name}` {what}", each.path, each.line) for each in material.naming]
    what = "no test launches it, and none makes a dry run"
    return Answer.MISSING, [Evidence(what, material.scope.path, _line(material.scope))]


def _edges(item: Item, material: Material) -> Answered:
    found = [(trial, place) for trial in material.own_trials for place in trial.edges]
    if found:
        return Answer.PASSES, _shown(found)
    if not material.jobs and not material.others and material.scope.experiment is None:
        return Answer.PASSES, [Evidence("there is nothing here that a test could call", material.scope.path, 1)]
    what = "no test expects a failure, or tries an empty, negative or missing value"
    return Answer.MISSING, [Evidence(what, material.scope.path, _line(material.scope))]


def _shown(found: Sequence[tuple[Trial, Place]]) -> list[Evidence]:
    return [Evidence(f"`{trial.name}`: {place.text}", place.path, place.line) for trial, place in found]


# -- performance -----------------------------------------------------------------------------------------------------


def _mentioned(names: frozenset[str], question: str) -> Callable[[Item, Material], Answered]:
    def answer(item: Item, material: Material) -> Answered:
        found = unique(each for path, node in material.scope.pieces for each in resources.mentions(path, [node], names))
        if found:
            return Answer.PASSES, found
        return Answer.PERSON, [Evidence(question, material.scope.path, _line(material.scope))]

    return answer


def _resources(item: Item, material: Material) -> Answered:
    scope = material.scope
    if scope.experiment is None and not scope.executors:
        return Answer.PASSES, [Evidence("no executor is made here", scope.path, 1)]
    if not scope.executors:
        what = "no executor is to be seen: whoever launches it says how long and how much"
        return Answer.PERSON, [Evidence(what, scope.path, _line(scope))]
    found = [resources.considered(module, executor) for module, executor in scope.executors]
    answers = {answer for answer, _ in found}
    answer = next(each for each in (Answer.MISSING, Answer.PASSES, Answer.PERSON) if each in answers)
    return answer, [evidence for each, evidence in found if each is answer]


# -- standards -------------------------------------------------------------------------------------------------------


def _styled(item: Item, material: Material) -> Answered:
    if material.style is not None:
        return Answer.PASSES, [material.style]
    what = "no formatter or linter is set up in the project (ruff, black, flake8, pylint): does it look like the rest?"
    return Answer.PERSON, [Evidence(what, material.scope.path, _line(material.scope))]


def _handled(item: Item, material: Material) -> Answered:
    silent = [each for each in material.scope.handed if not elsewhere.handles_errors(each)]
    if silent:
        what = "neither tries nor raises: what happens when it fails?"
        return Answer.PERSON, [Evidence(f"`{each.name}` {what}", each.path, each.line) for each in silent]
    return _by_rules(item, material)


_ANSWERS: Mapping[str, Callable[[Item, Material], Answered]] = {
    "configuration_validated": _validated,
    "environment_specific_code_avoided": _portable,
    "parameters_documented": _described,
    "examples_provided": _exampled,
    "unit_tests_written": _unit_tested,
    "integration_tests_written": _launched,
    "edge_cases_covered": _edges,
    "memory_usage_optimized": _mentioned(
        resources.MEMORY,
        "no setting is to be seen that spares memory (precision, recomputation, sharding, offloading): is it needed?",
    ),
    "execution_efficient": _mentioned(
        resources.TIME,
        "no setting is to be seen that spares time (data workers, accumulation, overlap, compilation): is it needed?",
    ),
    "resource_constraints_considered": _resources,
    "code_style_consistent": _styled,
    "error_handling_implemented": _handled,
}


def _line(scope: Scope) -> int:
    return scope.experiment.line if scope.experiment is not None else 1
