"""`--statistics`: how often each rule reports, instead of the findings."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from nemo_run_lint.finding import Finding
from nemo_run_lint.outputs.ansi import BOLD, CYAN, SEVERITY, paint
from nemo_run_lint.outputs.fixes import MARK, is_fixable
from nemo_run_lint.outputs.format import Outcome
from nemo_run_lint.outputs.links import linked
from nemo_run_lint.outputs.summary import summary

#: Some of a rule's findings have a safe fix, but not all; and none has.
SOME, NONE = "[-]", "[ ]"


@dataclass(frozen=True)
class _Count:
    """What one rule reports; `fixable` counts the findings with a safe fix."""

    findings: Sequence[Finding]
    fixable: int

    @property
    def number(self) -> int:
        return len(self.findings)


def render(outcome: Outcome, as_json: bool) -> Iterator[str]:
    """A line for each rule, the most frequent first: count, code, `[*]` and the rule's name; then the summary.

    As JSON a list of objects: code, name, count, and how many of them have a safe fix.
    """
    counts = _counted(outcome.findings)
    if as_json:
        objects = ",\n".join(json.dumps(_as_dict(count)) for count in counts)
        yield f"[\n{objects}\n]\n" if counts else "[]\n"
        return
    width = max((len(str(count.number)) for count in counts), default=0)
    mark_needed = any(count.fixable for count in counts)
    for count in counts:
        yield _line(count, width, mark_needed, outcome)
    yield summary(outcome)


def _counted(findings: Sequence[Finding]) -> list[_Count]:
    by_rule: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        by_rule.setdefault((finding.code, finding.name), []).append(finding)
    ordered = sorted(by_rule.items(), key=lambda item: (-len(item[1]), item[0]))
    return [_Count(each, sum(map(is_fixable, each))) for _, each in ordered]


def _line(count: _Count, width: int, mark_needed: bool, outcome: Outcome) -> str:
    rule = count.findings[0]
    mark = MARK if count.fixable == count.number else SOME if count.fixable else NONE
    number = paint(f"{count.number:>{width}}", BOLD, outcome.color)
    code = linked(paint(rule.code, SEVERITY[rule.severity], outcome.color), rule.name, outcome.links)
    shown = paint(mark, CYAN, outcome.color and count.fixable > 0)
    return f"{number}\t{code}\t{f'{shown} ' if mark_needed else ''}{rule.name}\n"


def _as_dict(count: _Count) -> dict[str, Any]:
    rule = count.findings[0]
    return {"code": rule.code, "name": rule.name, "count": count.number, "fixable": count.fixable}
