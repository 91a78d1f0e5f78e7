"""What is said about comments that silence: which are idle, out of date or without a reason, and what removes them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from rule_cases import apply_fix

from nemo_run_lint.checking import check_source
from nemo_run_lint.comments import judged, ran
from nemo_run_lint.finding import Finding, Severity, Span
from nemo_run_lint.rule import Profile, Rule
from nemo_run_lint.selection import enabled
from nemo_run_lint.settings import Settings

TODAY = date(2030, 1, 31)
STRICT = Settings(profile=Profile.STRICT)
LAMBDA = Finding("case.py", Span(1, 1, 1, 2), "NRL401", "lambda-in-config", Severity.ERROR, "")


def told_of(
    text: str, found: tuple[Finding, ...] = (), settings: Settings = STRICT, ignored: tuple[str, ...] = ()
) -> list[Finding]:
    rules: list[Rule] = enabled(settings)
    return list(judged("case.py", text, found, ran(rules), ignored=ignored, today=TODAY).findings)


def names(text: str, *found: Finding, settings: Settings = STRICT, ignored: tuple[str, ...] = ()) -> list[str]:
    return [finding.name for finding in told_of(text, found, settings, ignored)]


def unused(text: str, *found: Finding, settings: Settings = STRICT, ignored: tuple[str, ...] = ()) -> list[str]:
    return [each.message for each in told_of(text, found, settings, ignored) if each.name == "unused-suppression"]


IDLE = "this comment silences nothing: there is no finding of {} here"


@pytest.mark.parametrize(
    ("comment", "message"),
    [
        ("# nemo-run-lint: ignore[short-name] -- why", IDLE.format("`short-name`")),
        ("# nemo-run-lint: file-ignore[NRL301] -- why", IDLE.format("`NRL301`")),
        ("# nemo-run-lint: ignore[short-name, NRL5] -- why", IDLE.format("`short-name`, `NRL5`")),
        ("# noqa: NRL501", IDLE.format("`NRL501`")),
        ("# noqa: E501,NRL501", IDLE.format("`NRL501`")),
        ("# nemo-run-lint: ignore[ALL] -- why", IDLE.format("`ALL`")),
        (
            "# nemo-run-lint: ignore[lambda-in-confg] -- why",
            "there is no rule `lambda-in-confg`; did you mean `lambda-in-config`?",
        ),
        ("# noqa: NRL499", "there is no rule `NRL499`"),
        ("# nemo-run-lint: ignore[]", "this comment names no rule"),
    ],
)
def test_what_silences_nothing(comment: str, message: str) -> None:
    assert unused(f"x = 1  {comment}\n") == [message]


@pytest.mark.parametrize(
    "comment",
    [
        "# noqa",
        "# noqa: E501",
        "# noqa: NRL401",
        "# noqa: NRL4",
        "# nemo-run-lint: ignore[lambda-in-config] -- why",
        "# nemo-run-lint: file-ignore[ALL] -- why",
        "# nemo-run-lint: ignore[unused-suppression] -- why",
        '"# noqa: NRL402"',
    ],
)
def test_what_is_needed_or_not_ours(comment: str) -> None:
    assert unused(f"x = 1  {comment}\n", LAMBDA) == []


def test_one_of_two_that_silence_the_same_is_idle() -> None:
    text = "x = 1  # noqa: NRL401  # nemo-run-lint: ignore[lambda-in-config] -- why\n"
    (told,) = told_of(text, (LAMBDA,))
    assert (told.name, told.span.column) == ("unused-suppression", 24)
    assert unused("x = 1  # nemo-run-lint: ignore[NRL401, lambda-in-config] -- why\n", LAMBDA) == [
        IDLE.format("`lambda-in-config`")
    ]


def test_rules_that_were_not_run_are_not_judged() -> None:
    text = "x = 1  # nemo-run-lint: ignore[print-in-task] -- why\n"
    assert unused(text)
    assert not unused(text, settings=Settings())  # the rule is strict
    assert not unused(text, ignored=("NRL6",))
    assert not unused(text, settings=replace(STRICT, ignore=("print-in-task",)))
    assert not unused("x = 1  # noqa: NRL6\n", settings=Settings())  # one of them is strict
    broken = replace(LAMBDA, code="NRL004", name="rule-failed")
    assert names(text, broken) == ["rule-failed"]


def test_the_settings_decide_what_is_asked_of_comments() -> None:
    text = "x = 1  # nemo-run-lint: ignore[short-name]\n"
    assert names(text) == ["unused-suppression", "suppression-without-reason"]
    assert names(text, settings=Settings()) == ["unused-suppression"]
    assert names(text, settings=Settings(profile=Profile.CORRECTNESS)) == []
    assert names(text, settings=replace(STRICT, ignore=("NRL0",))) == []
    assert names(text, ignored=("NRL005",)) == ["suppression-without-reason"]
    assert judged("case.py", text, []).findings == ()


def test_what_may_be_misspelt_is_not_removed_unasked() -> None:
    (told,) = told_of("x = 1  # nemo-run-lint: ignore[lambda-in-confg] -- why\n")
    assert told.fix is not None
    assert not told.fix.safe


def test_many_comments_take_no_time() -> None:
    assert len(told_of("x = 1  # noqa: NRL499, NRL501, NRL6\n" * 3_000)) == 3_000


def test_a_comment_without_a_reason() -> None:
    assert names("x = 1  # nemo-run-lint: ignore[lambda-in-config]\n", LAMBDA) == ["suppression-without-reason"]
    assert names("x = 1  # nemo-run-lint: ignore[lambda-in-config] --\n", LAMBDA) == ["suppression-without-reason"]
    assert names("x = 1  # nemo-run-lint: ignore[lambda-in-config] -- never saved\n", LAMBDA) == []
    assert names("x = 1  # noqa: NRL401\n", LAMBDA) == []


def test_a_comment_that_is_out_of_date_silences_no_longer() -> None:
    comment = "# nemo-run-lint: ignore[lambda-in-config] until={} owner=@team -- why"
    assert names(f"x = 1  {comment.format('2030-01-31')}\n", LAMBDA) == []
    told = told_of(f"x = 1  {comment.format('2030-01-30')}\n", (LAMBDA,))
    assert [each.name for each in told] == ["lambda-in-config", "expired-suppression"]
    assert told[1].message == "this comment silences nothing any more: it was to last until 2030-01-30"
    assert told[1].help.endswith("; ask @team")
    (told,) = told_of(f"x = 1  {comment.format('soon')}\n")
    assert told.message.endswith("`soon` is not a date (write 2030-01-31)")


def test_findings_about_comments_are_silenced_by_name() -> None:
    assert names("x = 1  # nemo-run-lint: ignore[short-name, unused-suppression] -- why\n") == []
    assert names("# nemo-run-lint: ignore[short-name, NRL005] -- alone\nx = 1\n") == []
    assert names("# nemo-run-lint: file-ignore[unused-suppression] -- old\nx = 1  # noqa: NRL401\n") == []
    assert names("x = 1  # noqa: NRL402  # noqa\n", LAMBDA) == ["lambda-in-config", "unused-suppression"]


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        ("x = 1  # noqa: NRL402\ny\n", "x = 1\ny\n"),
        ("x = 1  # noqa: NRL402 because of y\ny\n", "x = 1\ny\n"),
        ("x = 1  # noqa: NRL402", "x = 1"),
        ("x = 1  # noqa: E501, NRL402\n", "x = 1  # noqa: E501\n"),
        ("x = 1  # noqa: E501,NRL402,F401  # type: ignore\n", "x = 1  # noqa: E501,F401  # type: ignore\n"),
        ("x = 1  # noqa: NRL402  # type: ignore\n", "x = 1  # type: ignore\n"),
        ("x = 1  # type: ignore  # noqa: NRL402\n", "x = 1  # type: ignore\n"),
        ("é = 1  # todo  # nemo-run-lint: ignore[short-name] -- see #12  # here\n", "é = 1  # todo  # here\n"),
        (
            "x = 1  # nemo-run-lint: ignore[NRL401, short-name] -- why\n",
            "x = 1  # nemo-run-lint: ignore[NRL401] -- why\n",
        ),
        ("    # nemo-run-lint: ignore[short-name] -- why\nx = 1\n", "x = 1\n"),
        ("# flake8: noqa: NRL402\r\nx = 1\r\n", "x = 1\r\n"),
        ("# flake8: noqa: E501 NRL402\nx = 1\n", "# flake8: noqa: E501\nx = 1\n"),
        ("x\n# nemo-run-lint: ignore[short-name] -- at the end", "x\n"),
    ],
)
def test_the_fix_removes_what_is_idle(text: str, fixed: str) -> None:
    (told,) = [each for each in told_of(text, (LAMBDA,)) if each.name == "unused-suppression"]
    assert told.fix is not None
    assert told.fix.safe
    assert apply_fix(text, told) == fixed


BLOCK = "# nemo-run-lint: disable[NRL401, short-name] -- why\nx\n# nemo-run-lint: enable[{}]\n"


def test_a_disable_that_is_not_enabled_again() -> None:
    (found,) = told_of(BLOCK.format("short-name"), (replace(LAMBDA, span=Span(2, 1, 2, 2)), SHORT))
    assert found.name == "unmatched-disable"
    assert found.message == "`NRL401` is not enabled again: what is silenced ends with line 3"
    assert found.help == "add `# nemo-run-lint: enable[NRL401]` where it should end, indented alike"
    assert names(BLOCK.format("short-name"), SHORT, settings=Settings()) == ["unused-suppression"]  # the rule is strict


SHORT = Finding("case.py", Span(2, 1, 2, 2), "NRL301", "short-name", Severity.ERROR, "")


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        (BLOCK.format("NRL401, short-name"), BLOCK.format("short-name").replace("NRL401, ", "")),
        (BLOCK.format("short-name, lambda-in-config"), BLOCK.format("short-name").replace("NRL401, ", "")),
        (
            BLOCK.format("short-name]\n# nemo-run-lint: enable[NRL401"),
            BLOCK.format("short-name").replace("NRL401, ", ""),
        ),
        (
            "# nemo-run-lint: disable[NRL401] -- why\nx\n    # nemo-run-lint: enable[NRL401]",
            "x\n    # nemo-run-lint: enable[NRL401]",
        ),
        ("# nemo-run-lint: disable[NRL401] -- why\nx\n# nemo-run-lint: enable[NRL401]", "x\n"),
        ("# nemo-run-lint: disable[NRL401]\n# nemo-run-lint: enable[NRL401]\nx\n", "x\n"),
    ],
)
def test_the_fix_removes_both_comments_of_a_block(text: str, fixed: str) -> None:
    (found,) = [each for each in told_of(text, (SHORT,)) if each.name == "unused-suppression"]
    assert found.fix is not None
    assert found.fix.safe
    assert apply_fix(text, found) == fixed


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        (
            "x = 1  # nemo-run-lint: ingore[NRL401] -- why\n",
            "x = 1  # nemo-run-lint: ignore[NRL401] -- why\n",
        ),
        ("x = 1  # nemo_run_lint ignore[NRL401]\n", "x = 1  # nemo-run-lint: ignore[NRL401]\n"),
        ("x = 1  # nemo-run-lint: ignore NRL401\n", None),
        ("# nemo-run-lint: enable[NRL401]\nx\n", "x\n"),
        (BLOCK.format("NRL401, short-name, NRL5"), BLOCK.format("NRL401, short-name")),
    ],
)
def test_a_comment_that_is_not_understood(text: str, fixed: str | None) -> None:
    (found,) = [each for each in told_of(text) if each.name == "malformed-suppression"]
    if fixed is None:
        assert found.fix is None
    else:
        assert found.fix is not None
        assert not found.fix.safe
        assert apply_fix(text, found) == fixed


def test_a_disable_that_is_out_of_date_keeps_its_enable() -> None:
    text = "# nemo-run-lint: disable[NRL401] until=2030-01-30 -- why\nx\n# nemo-run-lint: enable[NRL401]\n"
    assert names(text, LAMBDA) == ["lambda-in-config", "expired-suppression"]


def test_reasons_may_be_asked_for_whatever_the_profile(tmp_path: Path) -> None:
    text = "import nemo_run as run\nx = 1  # nemo-run-lint: ignore[short-name]\n"
    text += "# nemo-run-lint: disable[short-name]\n# nemo-run-lint: enable[short-name]\n"

    def lines(settings: Settings) -> list[int]:
        found = check_source("case.py", text.encode(), settings).findings
        return [each.span.line for each in found if each.name == "suppression-without-reason"]

    assert lines(Settings(cache_dir=tmp_path)) == []
    for profile in Profile:
        assert lines(Settings(profile=profile, require_reason=True, cache_dir=tmp_path)) == [2, 3]
    assert lines(Settings(require_reason=True, ignore=("NRL006",), cache_dir=tmp_path)) == []
    assert lines(Settings(require_reason=True, per_file_ignores=(("*", ("NRL0",)),), cache_dir=tmp_path)) == []
