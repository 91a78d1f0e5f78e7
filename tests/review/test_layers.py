"""The picture of an experiment's tasks: nothing lies on anything else, and all lines lead down."""

from __future__ import annotations

import itertools
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nemo_run_lint.nemo.outline import ExperimentOutline, TaskOutline
from nemo_run_lint.review.pages.layers import Layout, Measures, layout
from nemo_run_lint.review.pages.picture import pictures

MEASURES = Measures(width=188, height=58, widest=1030)


def tasks(*after: tuple[int, ...]) -> list[TaskOutline]:
    return [TaskOutline(f"task-{place}", "train", place + 1, "", each) for place, each in enumerate(after)]


@st.composite
def any_tasks(draw: st.DrawFn) -> list[TaskOutline]:
    number = draw(st.integers(0, 25))
    return tasks(
        *(tuple(draw(st.lists(st.integers(0, place - 1), max_size=3))) if place else () for place in range(number))
    )


def corners(found: Layout, measures: Measures = MEASURES) -> dict[int, tuple[float, float]]:
    return {task: (x, y) for block in found.blocks for task, x, y in block.places(measures)}


def check(given: list[TaskOutline], measures: Measures = MEASURES) -> Layout:
    found = layout(given, measures)
    places = corners(found, measures)
    assert sorted(places) == list(range(len(given)))
    for x, y in places.values():
        assert 0 <= x <= found.width - measures.width
        assert 0 <= y <= found.height - measures.height
    for one, other in itertools.combinations(places.values(), 2):
        assert abs(one[0] - other[0]) >= measures.width or abs(one[1] - other[1]) >= measures.height
    for place, task in enumerate(given):
        for each in task.after:
            assert places[each][1] + measures.height < places[place][1], "what waits stands below"
    for line in found.lines:
        for above, below in itertools.pairwise(line):
            assert above.y + above.height < below.y
        for passed in line[1:-1]:
            for block in found.blocks:
                is_beside = passed.x + passed.width <= block.x or block.x + block.width <= passed.x
                is_apart = passed.y + passed.height <= block.y or block.y + block.height <= passed.y
                assert is_beside or is_apart, "no line runs behind a block"
    return found


@given(any_tasks(), st.sampled_from([MEASURES, Measures(width=138, height=58, widest=320)]))
def test_nothing_lies_on_anything_and_lines_lead_down(given: list[TaskOutline], measures: Measures) -> None:
    check(given, measures)


def test_a_sweep_is_one_block_however_many_trials_it_has() -> None:
    number = 150
    given = tasks(
        (),
        *((0,) for _ in range(number)),
        *((place + 1,) for place in range(number)),
        tuple(range(number + 1, 2 * number + 1)),
    )
    found = check(given)
    assert [len(block.columns) for block in found.blocks] == [1, number, 1]
    assert len(found.lines) == 2
    assert found.width <= MEASURES.widest


def test_alike_tasks_stand_together_and_others_do_not() -> None:
    found = check(tasks((), (0,), (0,), (0,), (1, 2), (4,), (3, 5)))
    assert sorted(sorted(each for column in block.columns for each in column) for block in found.blocks) == [
        [0], [1, 2], [3], [4], [5], [6]
    ]  # fmt: skip


@pytest.mark.parametrize("number", [0, 1, 400])
def test_tasks_that_wait_for_nothing_and_tasks_in_a_row(number: int) -> None:
    assert len(check(tasks(*(() for _ in range(number)))).blocks) == min(number, 1)
    row = check(tasks(*((place - 1,) if place else () for place in range(number))))
    assert len(row.lines) == max(number - 1, 0)
    assert row.width <= MEASURES.widest


def test_what_a_file_says_stays_text_in_the_picture() -> None:
    evil = "</title><script>alert(1)</script>\"'&\u202e\x00\ud800"
    experiment = ExperimentOutline(
        evil, 1, 2, "f", (TaskOutline(evil, evil, 3, evil), TaskOutline("", evil, 4, "", (0,))), False
    )
    drawn = "".join(pictures(experiment, "x", evil, lambda line: f'./a.py#L{line}"><script>'))
    names = {element.tag.partition("}")[2] for element in ET.fromstring(f"<all>{drawn}</all>").iter()}
    assert names <= {"", "svg", "title", "desc", "defs", "marker", "path", "rect", "g", "a", "text"}
    assert "\u202e" not in drawn
    ids = [element.get("id") for element in ET.fromstring(f"<all>{drawn}</all>").iter() if element.get("id")]
    assert len(ids) == len(set(ids))


def test_long_names_are_cut_and_told_in_full() -> None:
    experiment = ExperimentOutline("t", 1, 2, "f", (TaskOutline("n" * 100, "模" * 100, 3, ""),), False)
    drawn = "".join(pictures(experiment, "x", "t", lambda line: ""))
    svg = ET.fromstring(f"<all>{drawn}</all>")
    shown = [element.text or "" for element in svg.iter("{http://www.w3.org/2000/svg}text")]
    assert all(each.endswith("…") for each in shown)
    assert max(map(len, shown)) < 30
    assert f"{'n' * 100}: runs {'模' * 100}" in {
        element.text for element in svg.iter("{http://www.w3.org/2000/svg}title")
    }
