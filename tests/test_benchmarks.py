"""What `make bench` measures with: rules that say what they stand for, pairs, processes, and the file that is written."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

from nemo_run_lint.linter import lint
from nemo_run_lint.page import Kind, page
from nemo_run_lint.selection import rule_called

sys.path.append(str(Path(__file__).parents[1] / "benchmarks"))

from speed import as_torchfix
from speed.eight_rules import EIGHT
from speed.measuring import NotMeasuredError, Pairs, child, in_fork, paired
from speed.report import write
from speed.row import Goal, Row, Unmeasured
from speed.texts import experiments


@pytest.mark.parametrize("name", EIGHT)
def test_a_rule_for_the_peers_says_of_the_examples_what_the_real_one_says(name: str) -> None:
    examples = [block for block in page(rule_called(name)).blocks if block.kind is not Kind.TEXT]
    for example in examples:
        found = as_torchfix.findings("example.py", f"import nemo_run as run\n{example.text}\n")
        assert (name in [rule for rule, _ in found]) is (example.kind is Kind.BAD), example.text
    assert {example.kind for example in examples} == {Kind.BAD, Kind.GOOD}


@pytest.mark.parametrize("lines", [500, 3_000])
def test_a_made_up_file_is_as_long_as_asked_and_has_a_mistake_in_each_experiment(lines: int) -> None:
    text = experiments(lines)
    assert text.count("\n") == pytest.approx(lines, rel=0.1)
    assert len(lint("long.py", text, [rule_called("untyped-parameter")()])) == text.count("run.Experiment(")


def test_pairs_alternate_and_have_a_median() -> None:
    order = []

    def costs(name: str, cost: float) -> float:
        order.append(name)
        return cost

    pairs = paired(lambda: costs("a", 3.0), lambda: costs("b", 2.0), 3)
    assert order == ["a", "b", "b", "a", "a", "b"]
    assert (pairs.median, pairs.spread) == (1.5, (1.5, 1.5))


def test_what_a_process_costs() -> None:
    cost = child([sys.executable, "-c", "x = bytearray(100 << 20); sum(range(3_000_000))"], Path.cwd(), os.environ)
    assert cost.memory > 100
    assert cost.cpu > 0.01


@pytest.mark.parametrize("program", ["raise OSError('no luck')", "raise SystemExit('no luck', 3)"])
def test_a_process_that_fails_is_not_measured(program: str) -> None:
    with pytest.raises(NotMeasuredError, match="no luck"):
        child([sys.executable, "-c", program], Path.cwd(), os.environ, statuses=(0,))


def test_a_traceback_is_a_failure_although_its_status_is_that_of_findings() -> None:
    with pytest.raises(NotMeasuredError, match="ZeroDivisionError"):
        child([sys.executable, "-c", "1 / 0"], Path.cwd(), os.environ)


def test_a_fork_leaves_nothing_behind() -> None:
    seen: list[int] = []
    cpu, length = in_fork(lambda: (seen.append(1), sum(range(1_000_000)), len(seen))[-1])
    assert (length, seen) == (1, [])
    assert 0 < cpu < 10


def test_a_fork_that_fails_or_dies_is_not_measured() -> None:
    with pytest.raises(NotMeasuredError, match="ZeroDivisionError"):
        in_fork(lambda: 1 / 0)
    with pytest.raises(NotMeasuredError, match="died"):
        in_fork(lambda: os.kill(os.getpid(), signal.SIGKILL))


@pytest.mark.parametrize(
    ("goal", "value", "verdict"),
    [
        (Goal(1.01), 1.01, "reached"),
        (Goal(1.01), 1.011, "**missed**"),
        (Goal(8, at_least=True), 8.0, "reached"),
        (Goal(8, at_least=True), 7.9, "**missed**"),
        (Goal(40, "ms"), 41.0, "**missed**"),
        (None, 3.0, "-"),
    ],
)
def test_a_verdict(goal: Goal | None, value: float, verdict: str) -> None:
    assert Row("case", "other", goal, Pairs((value,))).verdict == verdict


def test_only_the_part_that_is_measured_is_written_anew(tmp_path: Path) -> None:
    results = tmp_path / "RESULTS.md"
    results.write_text("# What was measured\n\nother things\n")
    first = Row("first", "other", Goal(2), Pairs((1.0, 1.5, 2.0)))
    write([first, Unmeasured("second", "no luck")], "a machine", results)
    results.write_text(results.read_text() + "\n# Below\n")
    write([Row("third", "other", Goal(2), Pairs((3.0,)), "slow")], "another machine", results)
    text = results.read_text()
    assert text.startswith("# What was measured\n\nother things\n\n# Speed\n\n")
    assert text.endswith("\n# Below\n")
    assert "| third | other | ≤ 2 | 3.00 | 1 x 3.00 - 3.00 | **missed** | slow |" in text
    assert "0 goals reached, 1 missed" in text
    assert not {"first", "second", "a machine"} & set(text.replace("\n", "|").split("|"))
    assert "first" not in text
