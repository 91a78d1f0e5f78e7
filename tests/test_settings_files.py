"""Which settings files count, what they take over from those that they extend, and what `--config` adds."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nemo_run_lint.finding import Severity
from nemo_run_lint.releases import NEWEST
from nemo_run_lint.rule import Profile
from nemo_run_lint.settings import DEFAULT_EXCLUDE, SettingsError, load, loader
from nemo_run_lint.settings.places import moved
from nemo_run_lint.settings.text import line_of
from nemo_run_lint.sources.patterns import Patterns


def write(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def refusal(path: Path) -> str:
    with pytest.raises(SettingsError) as caught:
        load(path)
    message = str(caught.value)
    assert "\n" not in message
    return message


# -- which file counts --------------------------------------------------------------------------------------------


def test_the_dot_file_counts_before_the_plain_one_before_pyproject(tmp_path: Path) -> None:
    write(tmp_path / "pyproject.toml", "[tool.nemo-run-lint]\nprofile = 'correctness'\n")
    assert load(tmp_path).profile is Profile.CORRECTNESS
    write(tmp_path / "sub" / "nemo-run-lint.toml", "profile = 'strict'\n")
    write(tmp_path / "sub" / "pyproject.toml", "[tool.nemo-run-lint]\nprofile = 'team'\n")
    assert load(tmp_path / "sub").profile is Profile.STRICT
    write(tmp_path / "other" / "nemo-run-lint.toml", "this is not read")
    write(tmp_path / "other" / ".nemo-run-lint.toml", "")
    assert load(tmp_path / "other" / "a.py").profile is Profile.TEAM
    assert load(tmp_path / "other" / "a.py").source == tmp_path / "other" / ".nemo-run-lint.toml"


def test_a_directory_of_that_name_is_no_settings_file(tmp_path: Path) -> None:
    write(tmp_path / "pyproject.toml", "[tool.nemo-run-lint]\nprofile = 'strict'\n")
    (tmp_path / "sub" / "pyproject.toml").mkdir(parents=True)
    (tmp_path / "sub" / "nemo-run-lint.toml").symlink_to("nemo-run-lint.toml")
    os.mkfifo(tmp_path / "sub" / ".nemo-run-lint.toml")
    assert load(tmp_path / "sub").profile is Profile.STRICT


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    (tmp_path / "nemo-run-lint.toml").write_bytes(b"\xef\xbb\xbfprofile = 'strict'\r\n")
    assert load(tmp_path).profile is Profile.STRICT


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"[tool.nemo-run-lint]\n", "`tool` is not a setting: in this file the settings stand without the header"),
        (b"profile = ", "is not valid TOML"),
        (b"\xff\xfep\0", "is not UTF-8"),
        (b"\0", "is not valid TOML"),
        (b"maximum-file-size = " + b"9" * 5000, "is not valid TOML"),
        (b"#" * 10_000_001, "is larger than 10,000,000 bytes"),
        (b"profile = 'strict'\nprofile = 'team'", "is not valid TOML"),
    ],
)
def test_a_file_of_its_own_that_cannot_be_meant(tmp_path: Path, content: bytes, message: str) -> None:
    file = tmp_path / "nemo-run-lint.toml"
    file.write_bytes(content)
    assert refusal(tmp_path).startswith(str(file))
    assert message in refusal(tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root can read everything")
def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    file = write(tmp_path / "nemo-run-lint.toml", "")
    file.chmod(0)
    assert refusal(tmp_path) == f"{file} cannot be read: Permission denied"


# -- extend ---------------------------------------------------------------------------------------------------------


def test_what_is_extended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Values and lists are replaced, `extend-*` are added, tables are merged by key."""
    write(
        tmp_path / "base.toml",
        """\
profile = "strict"
ignore = ["NRL1"]
extend-ignore = ["NRL106"]
extend-select = ["NRL2"]
maximum-file-size = 5
severity = { NRL1 = "info", NRL2 = "info" }
python = "env"
output = ["json=all.json"]
[rules.short-name]
minimum-length = 4
[rules.hard-coded-path]
roots = ["/a"]
""",
    )
    write(
        tmp_path / "sub" / "pyproject.toml",
        """\
[tool.nemo-run-lint]
extend = "../base.toml"
ignore = ["NRL3"]
extend-ignore = ["NRL301"]
extend-select = ["NRL4"]
severity = { NRL2 = "error" }
[tool.nemo-run-lint.rules.hard-coded-path]
roots = ["/b"]
""",
    )
    settings = load(tmp_path / "sub" / "a.py")
    assert settings.profile is Profile.STRICT
    assert settings.maximum_file_size == 5
    assert settings.ignore == ("NRL3", "NRL106", "NRL301")
    assert settings.extend_select == ("NRL2", "NRL4")
    assert settings.severity == (("NRL1", Severity.INFO), ("NRL2", Severity.ERROR))
    assert settings.rules == {"short-name": {"minimum-length": 4}, "hard-coded-path": {"roots": ["/b"]}}
    assert settings.root == tmp_path / "sub"
    assert settings.source == tmp_path / "sub" / "pyproject.toml"
    assert settings.python == tmp_path / "env"
    assert settings.output == (f"json={tmp_path / 'all.json'}",)


def test_a_chain_and_how_a_file_may_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TEAM", "rules")
    write(tmp_path / "home" / "rules" / "lint.toml", "extend = 'pyproject.toml'\nignore = ['NRL1']\n")
    write(tmp_path / "home" / "rules" / "pyproject.toml", "[tool.nemo-run-lint]\nprofile = 'strict'\nignore = ['NRL2']")
    write(tmp_path / "a" / "nemo-run-lint.toml", "extend = '~/$TEAM/lint.toml'\n")
    assert (load(tmp_path / "a").profile, load(tmp_path / "a").ignore) == (Profile.STRICT, ("NRL1",))
    write(tmp_path / "b" / "nemo-run-lint.toml", f"extend = '{tmp_path}/home/${{TEAM}}/lint.toml'\n")
    assert load(tmp_path / "b").ignore == ("NRL1",)


def test_a_mistake_in_an_extended_file_names_that_file(tmp_path: Path) -> None:
    base = write(tmp_path / "base.toml", "profil = 'team'\n")
    write(tmp_path / "sub" / "nemo-run-lint.toml", "extend = '../base.toml'\n")
    assert refusal(tmp_path / "sub").startswith(f"{base}: `profil` is not a setting; did you mean `profile`?")


def test_a_file_that_cannot_be_extended(tmp_path: Path) -> None:
    own = write(tmp_path / "sub" / "nemo-run-lint.toml", "extend = '../base.toml'\n")
    base = tmp_path / "base.toml"
    assert refusal(tmp_path / "sub") == f"{own}: `extend`: {base} does not exist"
    base.mkdir()
    assert refusal(tmp_path / "sub") == f"{own}: `extend`: {base} is a directory"
    base.rmdir()
    os.mkfifo(base)
    assert refusal(tmp_path / "sub") == f"{own}: `extend`: {base} is no ordinary file"
    base.unlink()
    base.symlink_to(base)
    assert refusal(tmp_path / "sub").startswith(f"{own}: `extend`: {base} cannot be read: Too many levels")
    own.write_text("extend = '../pyproject.toml'\n")
    write(tmp_path / "pyproject.toml", "[tool.ruff]\n")
    assert refusal(tmp_path / "sub") == (f"{own}: `extend`: {tmp_path / 'pyproject.toml'} has no [tool.nemo-run-lint]")


@pytest.mark.parametrize("way", [["a"], ["a", "b"], ["a", "b", "c"]])
def test_a_circle_is_told(tmp_path: Path, way: list[str]) -> None:
    for name, following in zip(way, [*way[1:], way[0]], strict=True):
        write(tmp_path / name / "nemo-run-lint.toml", f"extend = '../{following}/nemo-run-lint.toml'\n")
    files = [str(tmp_path / name / "nemo-run-lint.toml") for name in [*way, way[0]]]
    assert refusal(tmp_path / "a") == f"`extend` goes round in a circle: {' extends '.join(files)}"


def test_an_older_program_refuses_whatever_the_rest_says(tmp_path: Path) -> None:
    write(tmp_path / "base.toml", "required-version = '>=99'\n")
    write(tmp_path / "sub" / "nemo-run-lint.toml", "extend = '../base.toml'\n")
    assert "nemo-run-lint >=99 is asked for, and this is" in refusal(tmp_path / "sub")


# -- patterns of an extended file ---------------------------------------------------------------------------------


def test_patterns_mean_what_they_mean_where_they_are_written(tmp_path: Path) -> None:
    write(
        tmp_path / "pyproject.toml",
        """\
[tool.nemo-run-lint]
extend-exclude = ["generated", "sub/old/", "elsewhere/*"]
per-file-ignores = { "sub/tests/*" = ["NRL1"], "other/*" = ["NRL3"], "!sub/tests/*" = ["NRL4"], "sub" = ["NRL5"] }
""",
    )
    write(tmp_path / "sub" / "nemo-run-lint.toml", "extend = '../pyproject.toml'\nextend-exclude = ['own/*']\n")
    settings = load(tmp_path / "sub")
    assert settings.exclude == (*DEFAULT_EXCLUDE.split(), "generated", "/old/", "own/*")
    assert settings.ignored_for(tmp_path / "sub" / "tests" / "a.py") == ("NRL1", "NRL5")
    assert settings.ignored_for(tmp_path / "sub" / "src" / "a.py") == ("NRL4", "NRL5")


def test_the_settings_of_a_directory_that_the_extended_file_excludes(tmp_path: Path) -> None:
    write(tmp_path / "base.toml", "exclude = ['sub']\nextend-exclude = ['sub/', '/sub/*', '**/sub']\n")
    write(tmp_path / "sub" / "nemo-run-lint.toml", "extend = '../base.toml'\n")
    assert load(tmp_path / "sub").exclude == ("sub", "sub/", "/*", "/**/sub")


NAMES = st.sampled_from(["a", "b", "c", "*", "?", "a*", "[ab]"])
PATTERNS = st.builds(
    lambda root, parts, end: root + "/".join(parts) + end,
    st.sampled_from(["", "/", "**/"]),
    st.lists(st.one_of(NAMES, NAMES, st.just("**")), min_size=1, max_size=4).filter(lambda parts: parts[-1] != "**"),
    st.sampled_from(["", "/", "/**"]),
)
PLACES = st.lists(st.sampled_from(["a", "b", "c"]), max_size=2)


@given(pattern=PATTERNS, base=PLACES, below=PLACES, rest=st.lists(st.sampled_from(["a", "b", "c", "ab"]), min_size=1))
def test_a_moved_pattern_means_the_same_files(pattern: str, base: list[str], below: list[str], rest: list[str]) -> None:
    """What lies in both directories is meant in the one if it is in the other."""
    outer, inner = Path("/", *base), Path("/", *base, *below)
    file = str(Path(inner, *rest))
    before = bool(Patterns(outer, (pattern,)).match(file))
    assert bool(Patterns(inner, moved(pattern, outer, inner)).match(file)) is before
    if "/" in pattern.rstrip("/"):  # a name means any depth below either
        there = bool(Patterns(inner, (pattern,)).match(file))
        assert bool(Patterns(outer, moved(pattern, inner, outer)).match(file)) is there


def test_a_pattern_for_somewhere_else_means_nothing_here() -> None:
    assert moved("src/*", Path("/shared"), Path("/project")) == ()
    assert moved("*.py", Path("/shared"), Path("/project")) == ("*.py",)


# -- --config -------------------------------------------------------------------------------------------------------


def test_a_file_of_config_counts_alone_and_from_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "nemo-run-lint.toml", "ignore = ['NRL1']\n")
    write(tmp_path / "ci" / "strict.toml", "profile = 'strict'\npython = 'env'\nextend-exclude = ['src/*']\n")
    monkeypatch.chdir(tmp_path)
    settings = loader(["ci/strict.toml"])(tmp_path / "anything.py")
    assert (settings.profile, settings.ignore) == (Profile.STRICT, ())
    assert (settings.root, settings.python) == (tmp_path, tmp_path / "env")


def test_config_changes_one_setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(
        tmp_path / "sub" / "nemo-run-lint.toml",
        "extend-exclude = ['x']\nrules.short-name.minimum-length = 3\nprofile = 'correctness'\n",
    )
    monkeypatch.chdir(tmp_path)
    given = ["profile = 'strict'", "extend-exclude = ['sub/y']", "rules.short-name.minimum-length = 4"]
    settings = loader(given)(tmp_path / "sub" / "a.py")
    assert settings.profile is Profile.STRICT
    assert settings.exclude[-2:] == ("x", "/y")
    assert settings.rules == {"short-name": {"minimum-length": 4}}
    assert loader(given)(tmp_path).source is None
    assert loader(given, isolated=True)(tmp_path / "sub").exclude[-1] == "sub/y"
    assert loader([], isolated=True)(tmp_path / "sub").nemo_run_version == (NEWEST,)


@pytest.mark.parametrize(
    ("config", "message"),
    [
        (["missing.toml"], "missing.toml does not exist"),
        (["."], "is a directory"),
        (["a.toml", "b.toml"], "--config names two files, `a.toml` and `b.toml`"),
        (["profile = strict"], "--config 'profile = strict' is not valid TOML"),
        (["profil = 'strict'"], "--config 'profil = 'strict'': `profil` is not a setting; did you mean `profile`?"),
        (["extend = 'a.toml'"], "`extend` is for files"),
        (["pyproject.toml"], "pyproject.toml has no [tool.nemo-run-lint]"),
    ],
)
def test_a_config_that_cannot_be_meant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, config: list[str], message: str
) -> None:
    write(tmp_path / "pyproject.toml", "[tool.ruff]\n")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SettingsError) as caught:
        loader(config)
    assert message in str(caught.value)


def test_isolated_and_a_file_contradict_each_other() -> None:
    with pytest.raises(SettingsError, match="--isolated reads no settings files, and --config names"):
        loader(["a.toml"], isolated=True)


# -- where a key stands ----------------------------------------------------------------------------------------------

TEXT = """\
top.inner = 1
[tool."nemo-run-lint"] # comment
profile = "team"
  rules . 'short-name'.minimum-length = 3
"quoted key" = 1
[tool.nemo-run-lint.severity]
NRL1 = "info"
[other]
select = 1
[[list]]
"""


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        (("top",), 1),
        (("tool", "nemo-run-lint", "profile"), 3),
        (("tool", "nemo-run-lint", "rules"), 4),
        (("tool", "nemo-run-lint", "rules", "short-name"), 4),
        (("tool", "nemo-run-lint", "quoted key"), 5),
        (("tool", "nemo-run-lint", "severity"), 6),
        (("tool", "nemo-run-lint", "severity", "NRL1"), 7),
        (("tool", "nemo-run-lint", "select"), None),
        (("list",), 10),
    ],
)
def test_the_line_of_a_key(keys: tuple[str, ...], line: int | None) -> None:
    assert line_of(TEXT, keys) == line
