"""The checklist of a review, as the team's guide has it: fifteen items, and the rules that speak for each.

What no rule can tell - that there are tests, that memory is spared - is worked out in `review.answers`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

#: What an item may be called: it is a key in JSON.
NAME_PATTERN = r"^[a-z][a-z0-9_]{0,63}$"


@dataclass(frozen=True)
class Item:
    """A question that a review answers.

    name      as in the guide; a key of JSON and of the settings
    group     under what it is told
    question  what is asked, as a statement that is true where all is well, without a full stop
    rules     selectors of the rules whose findings say that it is not
    is_own    whether a team has added it in its settings
    """

    name: str
    group: str
    question: str
    rules: tuple[str, ...] = ()
    is_own: bool = False

    @property
    def title(self) -> str:
        """Its name in words: `Type hints used`."""
        return self.name.replace("_", " ").capitalize()


_CONFIGURATION, _DOCUMENTATION, _TESTING = "Configuration", "Documentation", "Testing"
_PERFORMANCE, _STANDARDS = "Performance", "Team standards"

#: Under what a team's own items are told.
OWN_GROUP = "Own items"

ITEMS = (
    Item(
        "type_hints_used",
        _CONFIGURATION,
        "Parameters and results have types",
        ("untyped-parameter", "untyped-return", "implicit-optional", "bare-generic", "factory-return-type"),
    ),
    Item(
        "configuration_validated",
        _CONFIGURATION,
        "What a configuration holds is checked before it is used",
        ("NRL8", "unserializable-value", "instance-argument"),
    ),
    Item(
        "environment_specific_code_avoided",
        _CONFIGURATION,
        "Nothing in the code works for one user or one cluster only",
        ("hard-coded-path", "secret-literal", "identity-tilde", "file-path-in-launcher", "local-tunnel-job-dir"),
    ),
    Item(
        "functions_documented",
        _DOCUMENTATION,
        "Functions and experiments say what they are for",
        (
            "undocumented-task",
            "undocumented-factory",
            "undocumented-entrypoint",
            "undocumented-experiment",
            "missing-experiment-header",
        ),
    ),
    Item(
        "parameters_documented",
        _DOCUMENTATION,
        "Parameters and results are described",
        ("undocumented-parameter", "undocumented-return", "docstring-names-unknown-parameter"),
    ),
    Item("examples_provided", _DOCUMENTATION, "Docstrings show how to use what they describe", ("missing-example",)),
    Item("unit_tests_written", _TESTING, "Tests use what runs as a job"),
    Item("integration_tests_written", _TESTING, "A test launches the experiment, if only as a dry run"),
    Item("edge_cases_covered", _TESTING, "Tests try the edges: what should be refused, what is empty, what fails"),
    Item("memory_usage_optimized", _PERFORMANCE, "Memory is spared where it can be"),
    Item("execution_efficient", _PERFORMANCE, "Nothing waits that need not"),
    Item(
        "resource_constraints_considered",
        _PERFORMANCE,
        "The executor is told how long and how much",
        ("slurm-default-time", "slurm-time-format", "processes-without-launcher", "local-executor-ignores"),
    ),
    Item(
        "naming_conventions_followed",
        _STANDARDS,
        "Experiments and tasks have names that say what they are",
        (
            "experiment-without-title",
            "short-name",
            "name-characters",
            "placeholder-name",
            "duplicate-task-name",
            "inconsistent-name-style",
            "unnamed-task",
        ),
    ),
    Item(
        "code_style_consistent",
        _STANDARDS,
        "The code is written in one style",
        (
            "factory-decorator-order",
            "unused-suppression",
            "suppression-without-reason",
            "expired-suppression",
            "malformed-suppression",
            "unmatched-disable",
        ),
    ),
    Item(
        "error_handling_implemented",
        _STANDARDS,
        "A failure is logged, and fails the job",
        ("NRL5", "print-in-task"),
    ),
)

NAMES = tuple(item.name for item in ITEMS)

#: Without these nothing is approved, unless the settings say otherwise.
REQUIRED = (
    "type_hints_used",
    "configuration_validated",
    "functions_documented",
    "unit_tests_written",
    "naming_conventions_followed",
    "error_handling_implemented",
)


@dataclass(frozen=True)
class Checklist:
    """What a review asks: the guide's items and a team's own, and those without which nothing is approved."""

    required: tuple[str, ...] = REQUIRED
    own: tuple[Item, ...] = ()

    @property
    def items(self) -> tuple[Item, ...]:
        """All items, in the order in which they are told."""
        return (*ITEMS, *self.own)

    @property
    def unknown(self) -> tuple[str, ...]:
        """The required names that no item has."""
        known = {item.name for item in self.items}
        return tuple(name for name in self.required if name not in known)


def is_name(written: str) -> bool:
    """Whether an item can be called so."""
    return re.fullmatch(NAME_PATTERN, written) is not None and "\n" not in written
