"""The eight rules as Fixit has them: a LintRule each, made anew for every file, and its own runner."""

from __future__ import annotations

from pathlib import Path

from fixit import LintRule
from fixit.engine import LintRunner
from fixit.ftypes import Config

from speed.eight_rules import EIGHT

_CONFIG = Config()
_RULES: dict[str, type[LintRule]] = {name: type(logic.__name__, (logic, LintRule), {}) for name, logic in EIGHT.items()}


def findings(path: str, text: str) -> list[tuple[str, int]]:
    """The rules' names and the lines of what they find."""
    rules = {rule: name for name, rule in ((name, made()) for name, made in _RULES.items())}
    names = {type(rule).__name__: name for rule, name in rules.items()}
    runner = LintRunner(Path(path), text.encode())
    return [(names[each.rule_name], each.range.start.line) for each in runner.collect_violations(list(rules), _CONFIG)]
