"""Paths from the repository's root on."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import unquote_to_bytes, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nemo_run_lint.outputs.paths import CHECKOUTS, Root, root


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A directory without links in its path."""
    return tmp_path.resolve()


def made(*directories: Path) -> None:
    for directory in directories:
        directory.mkdir(parents=True)


def test_the_root_is_the_repository_around_the_working_directory(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made(place / "team" / ".git", place / "team" / "recipes")
    monkeypatch.chdir(place / "team" / "recipes")
    assert root(environment={}) == Root(place / "team")
    assert root(place, {}) == Root(place)


def test_a_work_tree_has_a_file_called_git(place: Path) -> None:
    made(place / "tree" / "below")
    (place / "tree" / ".git").write_text("gitdir: elsewhere\n")
    assert root(place / "tree" / "below", {}) == Root(place / "tree")


@pytest.mark.parametrize("variable", CHECKOUTS)
def test_the_root_is_what_ci_has_checked_out(place: Path, variable: str) -> None:
    made(place / "outer" / ".git", place / "outer" / "submodule" / ".git", place / "elsewhere")
    assert root(place / "outer" / "submodule", {}) == Root(place / "outer" / "submodule")
    assert root(place / "outer" / "submodule", {variable: str(place / "outer")}) == Root(place / "outer")
    assert root(place / "elsewhere", {variable: str(place / "outer")}) == Root(place / "elsewhere")
    for nothing in ("", "outer"):
        assert root(place / "outer", {variable: nothing}) == Root(place / "outer")


@pytest.mark.parametrize("variable", CHECKOUTS)
def test_a_workspace_may_hold_the_checkout_or_have_no_git(place: Path, variable: str) -> None:
    made(place / "work" / "checkout" / ".git", place / "work" / "unpacked" / "below")
    assert root(place / "work" / "checkout", {variable: str(place / "work")}) == Root(place / "work" / "checkout")
    assert root(place / "work" / "unpacked" / "below", {variable: str(place / "work")}) == Root(place / "work")


def test_paths_begin_at_the_root_wherever_the_run_began(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made(place / "team" / "recipes")
    monkeypatch.chdir(place / "team" / "recipes")
    team = Root(place / "team")
    for path in ("a.py", "./a.py", "../recipes/a.py", str(place / "team" / "recipes" / "a.py")):
        assert (team.relative(path), team.name(path), team.uri(path)) == ("recipes/a.py",) * 3
    assert team.relative("..") == "."


def test_what_lies_outside_is_absolute(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made(place / "team", place / "other team")
    monkeypatch.chdir(place / "team")
    team = Root(place / "team")
    assert team.relative("../other team/a.py") is None
    assert team.name("../other team/a.py") == (place / "other team" / "a.py").as_posix()
    assert team.uri("../other team/a.py") == (place / "other team" / "a.py").as_uri()
    assert team.relative("../teams.py") is None


def test_links_are_followed_unless_they_lead_outside(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made(place / "team" / "real", place / "outside")
    (place / "team" / "link").symlink_to("real")
    (place / "team" / "away").symlink_to(place / "outside")
    (place / "entrance").symlink_to("team")
    monkeypatch.chdir(place / "entrance")
    team = root(environment={})
    assert team == Root(place / "team")
    assert team.name("link/a.py") == "real/a.py"
    assert team.name("away/a.py") == "away/a.py"
    assert team.name(str(place / "entrance" / "real" / "a.py")) == "real/a.py"


def test_a_link_to_itself_and_a_path_that_cannot_be_keep_their_names(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (place / "loop").symlink_to("loop")
    monkeypatch.chdir(place)
    assert Root(place).name("loop/a.py") == "loop/a.py"
    assert Root(place).name("a\0b.py") == "a\0b.py"
    assert Root(place).uri("\ud800.py") == "%3F.py"


@given(st.binary(min_size=1, max_size=20).filter(lambda name: not set(name) & set(b"/\0") and name.strip(b".")))
def test_a_uri_says_every_byte_of_a_name(name: bytes) -> None:
    uri = Root(Path.cwd().resolve()).uri(f"below/{os.fsdecode(name)}")
    parts = urlsplit(uri)
    assert uri.isascii()
    assert (parts.scheme, parts.netloc, parts.query, parts.fragment) == ("", "", "", "")
    assert unquote_to_bytes(parts.path) == b"below/" + name


def test_a_colon_and_what_urls_mean_otherwise_are_quoted() -> None:
    assert Root(Path.cwd().resolve()).uri("a:b #?%é日.py") == "a%3Ab%20%23%3F%25%C3%A9%E6%97%A5.py"
