"""Released code that uses NeMo Run: nothing crashes, spans are right, every finding is one that a person has read."""

from __future__ import annotations

import ast
import os
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from libcst.metadata import MetadataWrapper, PositionProvider

from nemo_run_lint.finding import Finding, Severity, Span
from nemo_run_lint.linter import lint
from nemo_run_lint.rule import Profile, Rule
from nemo_run_lint.selection import instances, selected
from nemo_run_lint.syntax.positions import Positions
from nemo_run_lint.syntax.tree import Tree

HERE = Path(__file__).parent
CORPUS = HERE.parents[1] / ".cache" / "corpus"
SHARDS = 8

#: Rules of opinion, of which the snapshot only counts the findings.
COUNTED = ("NRL1", "NRL2", "NRL501", "NRL504")

pytestmark = pytest.mark.skipif(not CORPUS.exists() and "CI" not in os.environ, reason="make .cache/corpus/ready")


@cache
def sources() -> dict[str, str]:
    """The text of every Python file of the corpus, by its path below it."""
    files = sorted(CORPUS.rglob("*.py"))
    assert len(files) > 2000
    return {path.relative_to(CORPUS).as_posix(): path.read_text(encoding="utf-8") for path in files}


@cache
def concerned() -> dict[str, str]:
    """The files that mention nemo_run."""
    return {path: text for path, text in sources().items() if re.search(r"\bnemo_run\b", text)}


@cache
def rules() -> list[Rule]:
    return instances(selected(Profile.STRICT), {})


@cache
def findings() -> list[Finding]:
    return [finding for path, text in concerned().items() for finding in lint(path, text, rules())]


def shard(number: int) -> Iterator[tuple[str, str]]:
    yield from list(concerned().items())[number::SHARDS]


def test_the_corpus_is_what_it_should_be() -> None:
    assert sum(path.startswith("nemo_toolkit/") for path in concerned()) == 289


@pytest.mark.parametrize("number", range(SHARDS))
def test_spans_equal_the_position_providers(number: int) -> None:
    for path, text in shard(number):
        tree = Tree(text, ast.parse(text))
        positions = Positions(tree)
        expected = MetadataWrapper(tree.module, unsafe_skip_copy=True).resolve(PositionProvider)
        for node in tree.walked:
            start, end = expected[node].start, expected[node].end
            assert positions.span(node) == Span(start.line, start.column + 1, end.line, end.column + 1), (path, node)


def test_no_rule_fails_and_every_file_can_be_read() -> None:
    assert [finding for finding in findings() if finding.code.startswith("NRL0")] == []


def test_files_without_nemo_run_have_no_findings() -> None:
    others = {path: text for path, text in sources().items() if path not in concerned()}
    assert [finding for path, text in others.items() for finding in lint(path, text, rules())] == []


def snapshot() -> str:
    """The findings line by line; of the rules of opinion, how many there are."""
    lines = []
    counted: Counter[str] = Counter()
    for finding in findings():
        if finding.code.startswith(COUNTED) and finding.severity is not Severity.ERROR:
            counted[f"{finding.code} {finding.name}"] += 1
        else:
            place = f"{finding.path}:{finding.span.line}:{finding.span.column}"
            lines.append(f"{place} {finding.code} {finding.severity.value}: {finding.message}\n")
    return "".join(lines + [f"{rule}: {count}\n" for rule, count in sorted(counted.items())])


def test_findings_are_the_recorded_ones(request: pytest.FixtureRequest) -> None:
    """`pytest tests/corpus --update` records them: read what changed."""
    recorded = HERE / "findings.txt"
    if request.config.getoption("--update"):
        recorded.write_text(snapshot(), encoding="utf-8")
    assert snapshot() == recorded.read_text(encoding="utf-8")


def test_warnings_on_recipes_are_few_enough_to_be_read() -> None:
    """The team profile stays below 40 warnings per 1,000 lines on NeMo's recipes."""
    team = instances(selected(Profile.TEAM), {})
    recipes = {path: text for path, text in concerned().items() if "/llm/recipes/" in path}
    lines = sum(text.count("\n") for text in recipes.values())
    found = sum(len(lint(path, text, team)) for path, text in recipes.items())
    assert lines > 10_000
    assert found / lines < 0.040
