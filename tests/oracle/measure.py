"""How well the rules agree with scripts that the real nemo_run was given: `python measure.py CASES.jsonl`.

Prints, of the scripts that failed or silently did something else, how many get an error or warning at the named line
(where the case names one), and of those that worked, how many get none. Documentation, typing-style and naming-style
rules don't count on either side: they say nothing about what happens when a script runs.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nemo_run_lint.finding import Finding, Severity
from nemo_run_lint.linter import lint
from nemo_run_lint.rule import Profile, Rule
from nemo_run_lint.selection import instances, selected

#: Rules of opinion: how things should be written, whatever happens when they run.
STYLE = {"untyped-parameter", "untyped-return", "short-name", "placeholder-name", "name-style", "unnamed-task"}

Case = dict[str, Any]


def counting(rules: list[Rule]) -> list[Rule]:
    """The rules that say something about what happens."""
    return [rule for rule in rules if not rule.code.startswith(("NRL0", "NRL1")) and rule.name() not in STYLE]


def findings(case: Case, rules: list[Rule]) -> list[Finding]:
    """The errors and warnings of a case."""
    found = lint("case.py", case["code"], rules)
    return [finding for finding in found if finding.severity is not Severity.INFO]


def hit(case: Case, found: list[Finding]) -> bool:
    """Whether a bad case is found: at its line, or anywhere when it names none that is in the script."""
    lines = [number for number, line in enumerate(case["code"].splitlines(), 1) if line.strip() == (case["line"] or "")]
    if not lines:
        return bool(found)
    return any(finding.span.line <= line <= finding.span.end_line for finding in found for line in lines)


def elsewhere(case: Case, found: list[Finding]) -> bool:
    """Whether a bad case is found only at another line: where the mistake is written, not where it is noticed."""
    return bool(found) and not hit(case, found)


def measure(cases: list[Case]) -> Iterator[str]:
    """The report, line by line."""
    rules = counting(instances(selected(Profile.TEAM), {}))
    groups: dict[str, list[str]] = defaultdict(list)
    counts: dict[str, int] = defaultdict(int)
    for case in cases:
        found = findings(case, rules)
        counts[case["kind"]] += 1
        label = f"{case['case']} {case['name']}"
        said = "; ".join(f"{finding.span.line}: {finding.code} {finding.message}" for finding in found)
        if case["kind"] == "good":
            groups["false alarm" if found else "silent"].append(f"{label}: {said}")
        elif hit(case, found):
            groups["found"].append(label)
        elif elsewhere(case, found):
            groups["found at another line"].append(f"{label}: {said}")
        else:
            groups["missed"].append(label)
    for name in ("false alarm", "found at another line", "missed"):
        yield f"{name}: {len(groups[name])}"
        yield from (f"  {line}" for line in groups[name])
    bad = len(groups["found"]) + len(groups["found at another line"])
    yield f"bad: {len(groups['found'])} at the line and {bad} in all of {counts['bad']}"
    yield f"good: {len(groups['silent'])} silent of {counts['good']}"


if __name__ == "__main__":
    path = Path(sys.argv[1])
    if path.exists():
        print("\n".join(measure([json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()])))
    else:
        print(f"{path} is not there: nothing was measured")
