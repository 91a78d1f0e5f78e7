"""How well the rules agree with scripts that the real nemo_run was given: `python measure.py CASES.jsonl`.

Prints, of the scripts that failed or silently did something else, how many get an error or warning at the named line
(where the case names one), and of those that worked, how many get none. Documentation, typing-style and naming-style
rules don't count on either side: they say nothing about what happens when a script runs.

A case is read as the file of a project of its own, beside `tasks.py`, from which most import, and with the real nemo_run
in its environment where it is installed here (`.venv-nemo`).

`misses.toml` says why a bad script is not found; those whose text alone does not tell are left out of the last number.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

from nemo_run_lint.finding import Finding, Severity
from nemo_run_lint.linter import lint
from nemo_run_lint.rule import Profile, Rule
from nemo_run_lint.selection import instances, selected
from nemo_run_lint.signatures.environment import Environment
from nemo_run_lint.signatures.index import Index

#: Rules of opinion: how things should be written, whatever happens when they run.
STYLE = {"untyped-parameter", "untyped-return", "short-name", "placeholder-name", "name-style", "unnamed-task"}

MISSES = Path(__file__).with_name("misses.toml")

NEMO = Path(__file__).parents[2] / ".venv-nemo"

Case = dict[str, Any]


def counting(rules: list[Rule]) -> list[Rule]:
    """The rules that say something about what happens."""
    return [rule for rule in rules if not rule.code.startswith(("NRL0", "NRL1")) and rule.name() not in STYLE]


def findings(case: Case, rules: list[Rule], project: Path, index: Index) -> list[Finding]:
    """The errors and warnings of a case that lies in the directory `project`."""
    found = lint(str(project / "case.py"), case["code"], rules, index=index)
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


def reasons() -> list[Case]:
    """Why bad cases are missed: `why`, the `cases`, and whether the text of the script alone would have `decided`."""
    found: list[Case] = tomllib.loads(MISSES.read_text(encoding="utf-8"))["reason"]
    return found


def missed(labels: list[str]) -> Iterator[str]:
    """The cases that were missed, by reason, and what is wrong with the list of reasons."""
    listed = [label for reason in reasons() for label in reason["cases"]]
    for reason in reasons():
        cases = [label for label in reason["cases"] if label in labels]
        yield f"  {len(cases)} {reason['why']}"
        yield from (f"    {label}" for label in cases)
    unexplained = [label for label in labels if label not in listed]
    yield f"  {len(unexplained)} unexplained"
    yield from (f"    {label}" for label in unexplained)
    outdated = [label for label in listed if label not in labels]
    if outdated:
        yield f"  {len(outdated)} in {MISSES.name} that are no longer missed"
        yield from (f"    {label}" for label in outdated)


def share(part: int, whole: int) -> str:
    """`3 of 4 (75 %)`."""
    return f"{part} of {whole} ({part / whole:.0%})" if whole else "none"


def measure(cases: list[Case], project: Path) -> Iterator[str]:
    """The report, line by line, on cases that import what lies in the directory `project`."""
    rules = counting(instances(selected(Profile.TEAM), {}))
    index = Index(Environment.of(project, NEMO if NEMO.exists() else None))
    groups: dict[str, list[str]] = defaultdict(list)
    counts: dict[str, int] = defaultdict(int)
    for case in cases:
        found = findings(case, rules, project, index)
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
    for name in ("false alarm", "found at another line"):
        yield f"{name}: {len(groups[name])}"
        yield from (f"  {line}" for line in groups[name])
    yield f"missed: {len(groups['missed'])}"
    yield from missed(groups["missed"])
    found = len(groups["found"]) + len(groups["found at another line"])
    excused = {label for reason in reasons() if not reason["decided"] for label in reason["cases"]}
    decided = counts["bad"] - len(excused & {*groups["missed"]})
    yield f"bad: {len(groups['found'])} at the line and {share(found, counts['bad'])} in all"
    yield f"bad, of those that the text decides: {share(found, decided)}"
    yield f"good: {len(groups['silent'])} silent of {counts['good']}"


if __name__ == "__main__":
    path = Path(sys.argv[1])
    if path.exists():
        with tempfile.TemporaryDirectory() as directory:
            shutil.copy(path.with_name("tasks.py"), directory)
            cases = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
            print("\n".join(measure(cases, Path(directory))))
    else:
        print(f"{path} is not there: nothing was measured")
