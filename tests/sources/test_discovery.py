"""Which files a run looks at: real trees, and git's own opinion where it has one."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from nemo_run_lint.settings import Settings
from nemo_run_lint.sources.discovery import DiscoveryError, discover, excluded, shown


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "tree").mkdir()
    monkeypatch.chdir(tmp_path / "tree")
    return tmp_path / "tree"


def make(root: Path, *files: str) -> None:
    for name in files:
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("")


def found(*paths: str, settings: Settings | None = None) -> list[str]:
    errors: list[str] = []
    files = list(discover(paths, lambda _: settings or Settings(), lambda path, error: errors.append(path)))
    assert not errors
    return files


def test_a_walk_is_in_order_and_takes_python_only(tree: Path) -> None:
    make(tree, "b.py", "a.py", "c.pyi", "d.txt", "e.pyc", "z/a.py", "y/deep/b.py", "y/a.py", "py")
    assert found(".") == ["a.py", "b.py", "c.pyi", "y/a.py", "y/deep/b.py", "z/a.py"]
    assert found("y", "z") == ["y/a.py", "y/deep/b.py", "z/a.py"]


def test_a_named_file_is_taken_whatever_it_is_called(tree: Path) -> None:
    make(tree, "script", "build/a.py")
    assert found("script", "build/a.py") == ["script", "build/a.py"]


def test_a_file_comes_once(tree: Path) -> None:
    make(tree, "a.py", "sub/b.py")
    assert found("sub/b.py", ".", str(tree), "./a.py", "sub/../a.py") == ["sub/b.py", "a.py"]


def test_paths_are_shown_as_the_user_would_call_them(tree: Path) -> None:
    make(tree, "a.py", "sub/b.py", "../other/c.py")
    assert found(str(tree)) == ["a.py", "sub/b.py"]
    assert found("../other") == ["../other/c.py"]
    assert found(str(tree.parent / "other")) == [str(tree.parent / "other" / "c.py")]
    assert found("..") == ["../other/c.py", "a.py", "sub/b.py"]
    assert shown(str(tree / "sub" / "b.py")) == "sub/b.py"


def test_default_excludes(tree: Path) -> None:
    hidden = ".git .venv venv __pypackages__ build dist node_modules .mypy_cache .eggs site-packages .tox .nox"
    make(tree, "a.py", *(f"{name}/a.py" for name in hidden.split()), "sub/build/a.py", "sub/builder/a.py")
    assert found(".") == ["a.py", "sub/builder/a.py"]


def test_a_named_directory_is_walked_even_if_excluded(tree: Path) -> None:
    make(tree, "build/a.py", "build/sub/b.py", "build/dist/c.py")
    assert found("build") == ["build/a.py", "build/sub/b.py"]


def test_force_exclude_leaves_out_what_is_named(tree: Path) -> None:
    make(tree, "build/sub/a.py", "a.py", "generated.py", ".git/HEAD", "logs/a.py")
    (tree / ".gitignore").write_text("logs/\n")
    settings = Settings(exclude=("build", "gen*.py"), force_exclude=True)
    assert found("build/sub/a.py", "build", "generated.py", "logs/a.py", "a.py", settings=settings) == ["a.py"]
    assert excluded("build/sub/missing.py", settings)
    assert not excluded("other/missing.py", settings)


def test_excludes_are_relative_to_the_root_of_the_settings(tree: Path) -> None:
    make(tree, "src/gen/a.py", "gen/b.py", "src/c.py")
    assert found(".", settings=Settings(root=tree / "src", exclude=("/gen",))) == ["gen/b.py", "src/c.py"]
    assert found(".", settings=Settings(exclude=("src/*",))) == ["gen/b.py"]


def test_each_directory_has_its_own_settings(tree: Path) -> None:
    make(tree, "a/x.py", "a/y.py", "b/x.py", "b/y.py")
    inner = Settings(root=tree / "b", exclude=("x.py",))
    files = discover(["."], lambda path: inner if path.name == "b" else Settings(), lambda *_: None)
    assert list(files) == ["a/x.py", "a/y.py", "b/y.py"]


def test_a_bad_pattern_is_an_error_for_the_user(tree: Path) -> None:
    make(tree, "a.py")
    with pytest.raises(DiscoveryError, match=r"`exclude`: `a\[z-a\]` is not a pattern of paths"):
        found(".", settings=Settings(exclude=("a[z-a]",)))


IGNORES = {
    ".gitignore": """\
*.gen.py
/top.py
logs/
!keep.gen.py
data*
# comment

wild/**/x.py
\\#odd.py
!logs.py
other/*
!other/in
""",
    "sub/.gitignore": "!again.gen.py\n*.py\n!b.py\n",
    "sub/deeper/.gitignore": "!*.py\nb.py\n",
    ".git/info/exclude": "private.py\nkeep.gen.py\n",
    "allow/.gitignore": "*\n!*/\n!yes.py\n",
    "data_in/.gitignore": "!*\n",
}
FILES = """
a.py a.gen.py keep.gen.py top.py private.py logs/a.py logs.py data.py data/a.py data_in/a.py #odd.py
wild/a/b/x.py wild/x.py wild/y.py allow/no.py allow/yes.py allow/x/yes.py allow/x/no.py
other/a.py other/in/a.py other/out/a.py
sub/a.py sub/b.py sub/again.gen.py sub/top.py sub/deeper/a.py sub/deeper/b.py sub/deeper/a.gen.py
sub/logs/b.py sub/private.py
"""


def ignoring_tree(root: Path) -> None:
    make(root, *FILES.split())
    for name, text in IGNORES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)


@pytest.mark.skipif(shutil.which("git") is None, reason="asks git")
def test_what_git_ignores_is_what_a_walk_leaves_out(tree: Path) -> None:
    subprocess.run(["git", "init", "-q"], check=True)
    ignoring_tree(tree)
    listed = ["git", "-c", "core.excludesFile=", "ls-files", "--others", "--exclude-standard", "-z"]
    theirs = subprocess.run(listed, check=True, capture_output=True, text=True).stdout.split("\0")
    expected = sorted(name for name in theirs if name.endswith(".py"))
    assert len(expected) >= 10
    assert sorted(found(".")) == expected
    assert sorted(found("sub", "allow")) == [name for name in expected if name.startswith(("sub/", "allow/"))]
    forced = Settings(force_exclude=True)
    assert sorted(found(*FILES.split(), settings=forced)) == expected


def test_a_bad_line_of_gitignore_is_left_out(tree: Path) -> None:
    make(tree, "a.py", "b.py")
    (tree / ".gitignore").write_bytes(b"\xef\xbb\xbfa.py\r\n[z-a]\r\n!\r\ncaf\xe9\r\n")
    assert found(".") == ["b.py"]


def test_gitignore_can_be_left_unread(tree: Path) -> None:
    ignoring_tree(tree)
    settings = replace(Settings(), respect_gitignore=False)
    assert sorted(found(".", settings=settings)) == sorted(FILES.split())


def test_the_ignores_of_directories_above_count_up_to_the_repository(tree: Path) -> None:
    make(tree, "repo/.git/HEAD", "repo/a/b/x.py", "repo/a/b/y.py", "repo/a/b/z.py")
    (tree / ".gitignore").write_text("z.py\n")
    (tree / "repo" / ".gitignore").write_text("x.py\n")
    assert found("repo/a/b") == ["repo/a/b/y.py", "repo/a/b/z.py"]


def test_a_repository_inside_another_starts_anew(tree: Path) -> None:
    make(tree, ".git/HEAD", "inner/.git", "inner/x.py", "x.py")
    (tree / ".gitignore").write_text("x.py\n")
    assert found(".") == ["inner/x.py"]


def test_an_ignored_directory_that_is_named_is_walked(tree: Path) -> None:
    make(tree, ".git/HEAD", "logs/a.py", "logs/b/c.py")
    (tree / ".gitignore").write_text("logs\n")
    assert found(".") == []
    assert found("logs", "logs/b") == ["logs/a.py", "logs/b/c.py"]


def test_links(tree: Path) -> None:
    make(tree, "real/a.py")
    (tree / "real" / "loop").symlink_to(tree)
    (tree / "linked").symlink_to("real")
    (tree / "link.py").symlink_to("real/a.py")
    (tree / "dangling.py").symlink_to("nowhere.py")
    (tree / "self.py").symlink_to("self.py")
    assert found(".") == ["link.py", "real/a.py"]
    assert found("linked") == ["linked/a.py"]


def test_what_does_not_exist_is_an_error_before_anything_is_given(tree: Path) -> None:
    make(tree, "a.py")
    (tree / "dangling.py").symlink_to("nowhere.py")
    (tree / "self.py").symlink_to("self.py")
    for name, message in {
        "missing.py": "`missing.py` does not exist",
        "a.py/b.py": "`a.py/b.py` does not exist",
        "dangling.py": "`dangling.py` does not exist (it is a link to `nowhere.py`)",
        "self.py": "`self.py` does not exist (it is a link to `self.py`)",
        "": "`` does not exist",
        "a" * 5000: f"`{'a' * 5000}` does not exist",
    }.items():
        with pytest.raises(DiscoveryError) as caught:
            discover(["a.py", name], lambda _: Settings(), lambda *_: None)
        assert str(caught.value) == message


def test_a_walk_meets_no_pipe_and_no_socket(tree: Path) -> None:
    os.mkfifo("pipe.py")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket.py")
    make(tree, "a.py")
    assert found(".") == ["a.py"]
    assert found("pipe.py") == ["pipe.py"]


def test_a_directory_called_like_a_file(tree: Path) -> None:
    make(tree, "x.py/a.py")
    assert found(".") == ["x.py/a.py"]
    assert found("x.py") == ["x.py/a.py"]


def test_a_directory_that_cannot_be_listed_is_told_and_the_walk_goes_on(tree: Path) -> None:
    make(tree, "gone/a.py", "stays/b.py", "a.py")
    errors: list[tuple[str, OSError]] = []
    files = discover(["."], lambda _: Settings(), lambda *told: errors.append(told))
    assert next(files) == "a.py"
    shutil.rmtree("gone")
    assert list(files) == ["stays/b.py"]
    assert [path for path, _ in errors] == ["gone"]


def test_names_that_are_no_text(tree: Path) -> None:
    (Path(os.fsdecode(b"caf\xe9.py"))).write_text("")
    assert found(".") == [os.fsdecode(b"caf\xe9.py")]


def test_a_deep_tree(tree: Path) -> None:
    os.makedirs("d/" * 400)
    make(tree, f"{'d/' * 400}a.py")
    assert found(".") == [f"{'d/' * 400}a.py"]
    shutil.rmtree("d")
