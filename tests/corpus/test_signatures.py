"""Released code beside what it imports: the rules that ask signatures find what a person has judged, and nothing else."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from nemo_run_lint.finding import Finding, Severity
from nemo_run_lint.linter import Examined, examined
from nemo_run_lint.rule import Profile
from nemo_run_lint.selection import instances, selected
from nemo_run_lint.signatures.environment import Environment
from nemo_run_lint.signatures.index import Index
from nemo_run_lint.sources.python import mentions_nemo_run

HERE = Path(__file__).parent
CACHE = HERE.parents[1] / ".cache"
SITE = CACHE / "corpus-site"

#: What is linted: directories of a project, which has the modules of SITE installed.
WORK = {
    SITE: ("nemo", "scripts", "tests", "nemo_run"),
    CACHE / "corpus" / "megatron_bridge": (".",),
    CACHE / "corpus" / "nemo_automodel": (".",),
}

#: The rules that ask signatures, and what the linter says about itself.
RULES = ("NRL8", "NRL409", "NRL412", "NRL0")

pytestmark = pytest.mark.skipif(not SITE.exists() and "CI" not in os.environ, reason="make .cache/corpus-site/ready")


@cache
def everything() -> dict[Path, Examined]:
    """What is said of each file that mentions nemo_run."""
    return {path: said for project in WORK for path, said in _examined(project)}


def _examined(project: Path) -> Iterator[tuple[Path, Examined]]:
    rules = [rule for rule in instances(selected(Profile.STRICT), {}) if rule.code.startswith(RULES)]
    index = Index(Environment.of(project, SITE))
    for path in sorted(path for directory in WORK[project] for path in (project / directory).rglob("*.py")):
        data = path.read_bytes()
        if mentions_nemo_run(data):
            yield path, examined(str(path), data.decode(), rules, index=index, with_targets=True)


def findings() -> list[tuple[Path, Finding]]:
    return [(path, finding) for path, said in everything().items() for finding in said.findings]


def snapshot() -> str:
    """The errors and warnings line by line; of each rule's hints, how many there are."""
    lines = []
    hints: Counter[str] = Counter()
    for path, finding in findings():
        if finding.severity in (Severity.ERROR, Severity.WARNING):
            place = f"{path.relative_to(CACHE).as_posix()}:{finding.span.line}:{finding.span.column}"
            lines.append(f"{place} {finding.code} {finding.severity.value}: {finding.message}\n")
        else:
            hints[f"{finding.code} {finding.name}"] += 1
    return "".join(lines + [f"{rule}: {count}\n" for rule, count in sorted(hints.items())])


def test_findings_are_the_recorded_ones(request: pytest.FixtureRequest) -> None:
    """`pytest tests/corpus --update` records them: read what changed, and judge it in judged.md."""
    recorded = HERE / "signatures.txt"
    if request.config.getoption("--update"):
        recorded.write_text(snapshot(), encoding="utf-8")
    assert snapshot() == recorded.read_text(encoding="utf-8")


def test_no_rule_fails_and_every_file_can_be_read() -> None:
    assert [finding for _, finding in findings() if finding.code.startswith("NRL0")] == []


def test_it_is_known_what_nearly_every_target_accepts() -> None:
    reasons = [target.reason for said in everything().values() for target in said.targets]
    assert len(reasons) > 1200
    assert reasons.count("") / len(reasons) >= 0.97


def test_every_error_is_judged() -> None:
    """Each stands in judged.md with its file and line."""
    judged = (HERE / "judged.md").read_text(encoding="utf-8")
    errors = [(path, finding) for path, finding in findings() if finding.severity is Severity.ERROR]
    assert [
        f"{path.name}:{finding.span.line}"
        for path, finding in errors
        if f"{path.name}:{finding.span.line}" not in judged
    ] == []
