"""Which rules there are, and which are on.

Rules are found by looking into `rules/` and the entry-point group `nemo_run_lint.rules`; none is listed.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.metadata import entry_points
from typing import Any

from nemo_run_lint import rules as own_rules
from nemo_run_lint.rule import Profile, Rule, rule_name

#: The families by the digit behind `NRL`.
_PROFILES = tuple(Profile)


def _modules() -> Iterator[str]:
    for family in pkgutil.iter_modules(own_rules.__path__, f"{own_rules.__name__}."):
        package = importlib.import_module(family.name)
        for module in pkgutil.iter_modules(package.__path__, f"{family.name}."):
            yield module.name


def _rules_in(module_name: str) -> Iterator[type[Rule]]:
    module = importlib.import_module(module_name)
    for value in vars(module).values():
        if isinstance(value, type) and issubclass(value, Rule) and value.__module__ == module_name:
            yield value


@cache
def all_rules() -> tuple[type[Rule], ...]:
    """Every rule, in the order of the codes. Imports LibCST: ask only when a file is to be linted or explained."""
    found = [rule for module in _modules() for rule in _rules_in(module)]
    for entry in entry_points(group="nemo_run_lint.rules"):
        found.append(entry.load())
    return tuple(sorted(found, key=lambda rule: rule.code))


def matches(selector: str, rule: type[Rule]) -> bool:
    """Whether a selector (`ALL`, a code, a prefix of one, or a name) means `rule`."""
    return selector == "ALL" or rule.code.startswith(selector.upper()) or rule.name() == selector.lower()


def selected(
    profile: Profile,
    select: Iterable[str] = (),
    extend_select: Iterable[str] = (),
    ignore: Iterable[str] = (),
) -> list[type[Rule]]:
    """The rules of `profile`, or those that `select` names; then more, then less.

    The longest selector that means a rule decides, as in ruff: `ignore = ["NRL4"]`, `select = ["NRL401"]` keeps NRL401.
    """
    chosen = tuple(select)
    reach = _PROFILES[: _PROFILES.index(profile) + 1]
    on = []
    for rule in all_rules():
        wanted = max((_weight(selector, rule) for selector in chosen), default=0)
        if not chosen and rule.profile() in reach:
            wanted = 1
        wanted = max([wanted, *(_weight(selector, rule) for selector in extend_select)])
        unwanted = max((_weight(selector, rule) for selector in ignore), default=0)
        if wanted > unwanted:
            on.append(rule)
    return on


def _weight(selector: str, rule: type[Rule]) -> int:
    """How exactly a selector means a rule: 0 not at all, 1 for `ALL`, a name like a whole code."""
    if not matches(selector, rule):
        return 0
    if selector == "ALL":
        return 1
    return len(rule.code) + 1 if selector.lower() == rule.name() else len(selector) + 1


def instances(rules: Iterable[type[Rule]], options: Mapping[str, Mapping[str, Any]]) -> list[Rule]:
    """The rules, each with its own options."""
    return [rule(dict(options.get(rule.name(), {}))) for rule in rules]


__all__ = ["all_rules", "instances", "matches", "rule_name", "selected"]
