"""Which release a version means that somebody wrote down."""

from __future__ import annotations

import pytest

from nemo_run_lint.releases import NEWEST, RELEASES, in_order, judged_as, release


def test_releases_are_in_order() -> None:
    numbers = [tuple(map(int, each.split("."))) for each in RELEASES]
    assert numbers == sorted(set(numbers))


@pytest.mark.parametrize("text", RELEASES)
def test_a_whole_version_means_itself(text: str) -> None:
    assert release(text) == judged_as(text) == text


@pytest.mark.parametrize(("text", "meant"), [("0.8", "0.8.1"), ("0.3", "0.3.0"), ("0.11", "0.11.1"), ("0", NEWEST)])
def test_a_series_means_its_newest_release(text: str, meant: str) -> None:
    assert release(text) == judged_as(text) == meant


@pytest.mark.parametrize("text", ["", ".", "0.1", "0.7.5", "0.", "0.8.", "v0.9.0", "0.9.0rc1", "newest", "0,9"])
def test_what_was_never_released_is_refused_with_what_was(text: str) -> None:
    for ask in (release, judged_as):
        with pytest.raises(ValueError, match="is no release of NeMo Run") as caught:
            ask(text)
        assert str(caught.value).startswith(f"`{text}` ")
        assert all(each in str(caught.value) for each in RELEASES)


@pytest.mark.parametrize("text", ["0.12", "0.80", "0.11.2", "1", "1.0.0", "0.100.0"])
def test_what_is_newer_than_all_is_judged_as_the_newest(text: str) -> None:
    assert judged_as(text) == NEWEST
    with pytest.raises(ValueError, match="is no release"):
        release(text)


def test_releases_are_put_in_order() -> None:
    assert in_order({"0.10.0", "0.9.0", "0.3.0"}) == ("0.3.0", "0.9.0", "0.10.0")
    assert in_order(set()) == ()
