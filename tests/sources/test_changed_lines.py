"""Which lines count as changed: of statements, functions, classes, blocks, and of what is gone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nemo_run_lint.sources.changed_lines import changed_lines

BEFORE = """\
import nemo_run as run

first = run.Config(
    train,
    steps=1,
)
second = run.Config(train)  # a comment


@run.cli.factory
def recipe(steps: int = 1) -> object:
    one = run.Config(train)

    def inner():
        return one

    # why
    return run.Config(train, steps=steps)


class Model:
    '''A model.'''

    size: int = 1
    depth: int = 2

    def build(self):
        return self.size

    def other(self):
        return 2


if __name__ == "__main__":
    task = recipe()
    run.run(task)

with run.Experiment("x") as exp:
    exp.add(first)
    exp.run()

for number in range(3):
    print(number)
    print(second)
"""

LINES = BEFORE.splitlines()


def line(text: str) -> int:
    return LINES.index(text) + 1


def stretch(first: str, last: str) -> set[int]:
    return set(range(line(first), line(last) + 1))


FIRST = stretch("first = run.Config(", ")")
RECIPE = stretch("@run.cli.factory", "    return run.Config(train, steps=steps)")
MODEL = {line("class Model:"), line("    '''A model.'''"), line("    size: int = 1"), line("    depth: int = 2")}
MAIN = stretch('if __name__ == "__main__":', "    run.run(task)")
EXPERIMENT = stretch('with run.Experiment("x") as exp:', "    exp.run()")


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ("    steps=1,", "    steps=2,", FIRST),
        ("second = run.Config(train)  # a comment", "second = run.Config(train)", {line(LINES[6])}),
        ("steps: int = 1", "steps: int = 2", RECIPE),
        ("@run.cli.factory", "@run.cli.factory()", RECIPE),
        ("        return one", "        return 1", RECIPE),
        ("    # why", "    # because", RECIPE),
        ("    size: int = 1", "    size: int = 3", MODEL),
        ("class Model:", "class Model(Base):", MODEL),
        (
            "        return self.size",
            "        return self.depth",
            stretch("    def build(self):", "        return self.size"),
        ),
        ("    run.run(task)", "    run.run(task, detach=True)", MAIN),
        ("    exp.run()", "    exp.dryrun()", EXPERIMENT),
        ("    print(number)", "    print(-number)", {line("    print(number)")}),
        ("range(3)", "range(4)", {line("for number in range(3):")}),
        ("steps=1", "steps=1", set()),
    ],
)
def test_what_is_changed_with_a_line(old: str, new: str, changed: set[int]) -> None:
    assert BEFORE.count(old) >= 1
    assert changed_lines(BEFORE, BEFORE.replace(old, new, 1)) == changed
    # the other way round the same things have changed
    assert changed_lines(BEFORE.replace(old, new, 1), BEFORE) == changed


@pytest.mark.parametrize(
    ("gone", "changed"),
    [
        ("    one = run.Config(train)\n\n", RECIPE),
        ("    # why\n", RECIPE),
        ("    depth: int = 2\n", MODEL),
        ("    run.run(task)\n", MAIN),
        ("    exp.run()\n", EXPERIMENT),
        ("    print(second)\n", {line("second = run.Config(train)  # a comment")}),
        ("    print(number)\n", set()),
        ("import nemo_run as run\n", set()),
        ("    def other(self):\n        return 2\n", set()),
    ],
)
def test_what_is_changed_by_a_line_that_is_gone(gone: str, changed: set[int]) -> None:
    assert BEFORE.count(gone) == 1
    place, count = BEFORE[: BEFORE.index(gone)].count("\n") + 1, gone.count("\n")
    moved = {each - count if each >= place + count else each for each in changed if not place <= each < place + count}
    assert changed_lines(BEFORE, BEFORE.replace(gone, "")) == moved


def test_what_is_moved_has_not_changed() -> None:
    function = "def one():\n    return 1\n\n\n"
    other = "def two():\n    return 1\n\n\n"
    assert changed_lines(function + other, other + function) == frozenset()
    assert changed_lines(function + other, function + "def between():\n    return 1\n\n\n" + other) == {5, 6}
    assert changed_lines("x = 1\n", "# new\n\n\nx = 1\n") == {1}


def test_statements_that_change_places_have_changed() -> None:
    assert changed_lines("a = 1\nb = a\n", "b = a\na = 1\n")


def test_of_equal_functions_the_new_one_has_changed() -> None:
    before = "if x:\n    def f():\n        return 1\nelse:\n    def f():\n        return 2\n"
    assert changed_lines(before, before.replace("return 2", "return 3")) == {5, 6}


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_do_not_count(end: str) -> None:
    assert changed_lines(BEFORE, BEFORE.replace("\n", end)) == frozenset()
    changed = BEFORE.replace("    steps=1,", "    steps=2,").replace("\n", end)
    assert changed_lines(BEFORE, changed) == FIRST


@pytest.mark.parametrize("broken", ["x = (\n", "<<<<<<< ours\nx = 1\n=======\n", "x = '\0'\n", "(" * 5000])
def test_what_does_not_parse_has_changed_as_a_whole(broken: str) -> None:
    assert changed_lines(BEFORE, broken) == set(range(1, broken.count("\n") + 2))
    assert changed_lines(broken, "x = 1\ny = 2") == {1, 2}
    assert changed_lines(broken, broken) == frozenset()


def test_clauses_several_statements_on_a_line_and_match() -> None:
    before = "try:\n    a = 1; b = 2\nexcept E: c = 3\nfinally:\n    pass\nmatch a:\n    case 1:\n        d = 4\n    case _:\n        e = 5\n"
    for number, text in enumerate(before.splitlines()):
        changed = before.splitlines()
        changed[number] = text.replace("1", "7").replace("3", "7").replace("4", "7").replace("5", "7")
        if changed[number] != text:
            wanted = {number + 1} | ({number} if "case 1" in text else set())  # `match` and its first clause are one
            assert changed_lines(before, "\n".join(changed) + "\n") == wanted


def test_very_many_equal_statements_end() -> None:
    many = "x = 1\n" * 20_000
    assert changed_lines(many, many.replace("x = 1", "x = 2", 1)) == {1}
    assert changed_lines("x = 1\n" * 1_900, "y = 1\nx = 1\n" * 1_900)


STATEMENTS = st.lists(
    st.sampled_from(["x = 1", "y = x", "def f():\n    return 1", "class C:\n    a = 1", "with o:\n    p()", "# c", ""])
)


@given(STATEMENTS, STATEMENTS)
def test_what_is_new_is_always_among_the_changed(before: list[str], after: list[str]) -> None:
    changed = changed_lines("\n".join(before), "\n".join(after))
    lines = "\n".join(after).split("\n")
    old = set("\n".join(before).split("\n"))
    assert {number for number, text in enumerate(lines, 1) if text.strip() and text not in old} <= changed
    assert all(1 <= number <= len(lines) for number in changed)
