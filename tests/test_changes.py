"""What `--since` keeps, in real repositories: of every way to change a file, and of every way not to be compared."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from nemo_run_lint import repository
from nemo_run_lint.changes import Changes, ChangesError
from nemo_run_lint.finding import Finding, Note, Severity, Span
from nemo_run_lint.runner import run

HEAD = "import nemo_run as run\nfrom training import train\n\n"
ONE = "one = run.Partial(train, x=lambda: 1)\n"
TWO = "two = run.Partial(train, x=lambda: 2)\n"
THREE = "three = run.Partial(train, x=lambda: 3)\n"

#: What builds set; a test that runs in one is not told by it.
CI = (
    "GITHUB_BASE_REF GITHUB_EVENT_PATH CI_MERGE_REQUEST_DIFF_BASE_SHA CI_MERGE_REQUEST_TARGET_BRANCH_NAME "
    "SYSTEM_PULLREQUEST_TARGETBRANCH BITBUCKET_PR_DESTINATION_COMMIT BITBUCKET_PR_DESTINATION_BRANCH CHANGE_TARGET "
    "BUILDKITE_PULL_REQUEST_BASE_BRANCH CI_COMMIT_TARGET_BRANCH PULL_BASE_SHA PRE_COMMIT_FROM_REF CI_COMMIT_BEFORE_SHA "
    "GIT_PREVIOUS_SUCCESSFUL_COMMIT CI_DEFAULT_BRANCH"
).split()


class Tree:
    """A directory under git."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir(parents=True, exist_ok=True)

    @classmethod
    def new(cls, path: Path) -> Tree:
        tree = cls(path)
        tree.git("init", "--quiet", "--initial-branch=main", ".")
        return tree

    def git(self, *arguments: str, **environment: str) -> str:
        identity = ("-c", "user.name=nobody", "-c", "user.email=nobody@example.com", "-c", "commit.gpgsign=false")
        command = ["git", *identity, "-c", "protocol.file.allow=always", *arguments]
        inherited = {name: value for name, value in os.environ.items() if name not in ("GIT_DIR", "GIT_WORK_TREE")}
        found = subprocess.run(command, cwd=self.path, capture_output=True, env={**inherited, **environment})
        assert found.returncode == 0, found.stderr
        return found.stdout.decode(errors="replace").strip()

    def write(self, name: str, text: str | bytes) -> None:
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)

    def commit(self, name: str = "", text: str | bytes = "") -> str:
        """Write a file, if one is named, and commit everything; the new commit."""
        if name:
            self.write(name, text)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--no-verify", "--allow-empty", "--message", "a change")
        return self.git("rev-parse", "HEAD")


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [each for each in os.environ if each.startswith("GIT_")] + CI:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    monkeypatch.setenv("NEMO_RUN_LINT_CACHE_DIR", str(tmp_path / "cache"))
    repository.forget()


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tree:
    """A repository with two findings in `a.py`, in which the tests stand."""
    tree = Tree.new(tmp_path / "project")
    tree.commit("a.py", HEAD + ONE + TWO)
    monkeypatch.chdir(tree.path)
    return tree


def left(revision: str, *paths: str | Path) -> list[str]:
    """The findings that are left."""
    names = [str(path) for path in paths] or ["."]
    result = Changes.since(revision, *names).narrowed(run(names))
    return [f"{finding.path}:{finding.span.line}" for finding in result.findings]


# -- what has changed ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["committed", "staged", "unstaged"])
def test_changed_lines(tree: Tree, how: str) -> None:
    tree.git("checkout", "--quiet", "-b", "topic")
    tree.write("a.py", HEAD + ONE + TWO.replace("2", "22") + THREE)
    if how == "staged":
        tree.git("add", "a.py")
    if how == "committed":
        tree.commit()
    result = Changes.since("main", ".").narrowed(run(["."]))
    assert ([finding.span.line for finding in result.findings], result.unchanged) == ([5, 6], 1)


def test_nothing_has_changed(tree: Tree) -> None:
    assert left("HEAD") == []
    (tree.path / "a.py").touch()
    (tree.path / "a.py").chmod(0o755)
    assert left("HEAD") == []


def test_what_happened_on_the_other_branch_meanwhile_does_not_count(tree: Tree) -> None:
    tree.git("checkout", "--quiet", "-b", "topic")
    tree.commit("b.py", HEAD + ONE)
    tree.git("checkout", "--quiet", "main")
    tree.commit("a.py", HEAD + "zero = 0\n" + ONE.replace("1", "4") + TWO)
    tree.git("checkout", "--quiet", "topic")
    assert left("main") == ["b.py:4"]


def test_new_files_count_as_a_whole(tree: Tree) -> None:
    tree.write(".gitignore", "ignored.py\n")
    for name in ("untracked.py", "staged.py", "ignored.py", "sub/deep.py"):
        tree.write(name, HEAD + ONE)
    tree.git("add", "staged.py")
    assert left("HEAD") == ["staged.py:4", "sub/deep.py:4", "untracked.py:4"]
    assert left("HEAD", "ignored.py") == ["ignored.py:4"]


@pytest.mark.parametrize("how", ["committed", "staged"])
def test_a_renamed_file_is_compared_with_what_it_was(tree: Tree, how: str) -> None:
    (tree.path / "sub").mkdir()
    before = HEAD + "".join(f"x{number} = {number}\n" for number in range(20)) + ONE + TWO
    tree.commit("a.py", before)
    tree.git("mv", "a.py", "sub/b.py")
    tree.write("sub/b.py", before + THREE)
    tree.git("add", "--all")
    if how == "committed":
        tree.commit()
    assert left("HEAD" if how == "staged" else "HEAD~1") == [f"sub/b.py:{(before + THREE).count(chr(10))}"]


def test_what_a_deleted_line_leaves_behind(tree: Tree) -> None:
    body = 'with run.Experiment("x") as exp:\n    exp.add(run.Partial(train, x=lambda: 1))\n    exp.run()\n'
    tree.commit("a.py", HEAD + body)
    assert left("HEAD") == []
    tree.write("a.py", HEAD + body.replace("    exp.run()\n", ""))
    assert set(left("HEAD")) >= {"a.py:5"}


@pytest.mark.parametrize(
    "name", ["a b.py", "a'\"b.py", "a\nb.py", "-a.py", ":(top)a.py", "[a].py", "a\tb.py", "ä.py", "\\a.py"]
)
def test_names_that_git_would_quote(tree: Tree, name: str) -> None:
    tree.commit(name, HEAD + ONE + TWO)
    assert [place for place in left("HEAD") if not place.startswith("a.py")] == []
    tree.write(name, HEAD + ONE + TWO + THREE)
    assert left("HEAD") == [f"{name}:6"]


def test_a_name_that_is_no_utf_8(tree: Tree) -> None:
    name = os.fsdecode(b"\xff.py")
    try:
        (tree.path / name).write_text("")
    except OSError:
        pytest.skip("this file system takes no such names")
    tree.commit(name, HEAD + ONE)
    assert left("HEAD") == []
    tree.write(name, HEAD + ONE + TWO)
    assert left("HEAD") == [f"{name}:5"]


@pytest.mark.parametrize("setting", ["true", "input"])
def test_line_ends_that_git_converts_are_no_change(tree: Tree, setting: str) -> None:
    tree.git("config", "core.autocrlf", setting)
    tree.write("a.py", (HEAD + ONE + TWO).replace("\n", "\r\n"))
    assert left("HEAD") == []
    tree.write("a.py", (HEAD + ONE + THREE).replace("\n", "\r\n"))
    assert left("HEAD") == ["a.py:5"]


@pytest.mark.parametrize("data", [b"import nemo_run\n\xff\xfe\x00", (HEAD + "x = (\n").encode()])
def test_a_file_that_cannot_be_read_as_python(tree: Tree, data: bytes) -> None:
    tree.commit("b.py", data)
    assert left("HEAD") == []
    tree.write("b.py", data + b"\n# more\n")
    assert [place.partition(":")[0] for place in left("HEAD")] == ["b.py"]
    tree.write("b.py", HEAD + ONE)
    assert left("HEAD") == ["b.py:4"]


def test_a_link_is_what_it_leads_to(tree: Tree) -> None:
    (tree.path / "link.py").symlink_to("a.py")
    tree.commit()
    assert left("HEAD", "link.py") == []
    tree.write("a.py", HEAD + ONE + THREE)
    assert left("HEAD", "link.py") == ["link.py:5"]


def test_a_finding_that_rests_on_a_changed_line_counts(tree: Tree) -> None:
    helper = "def other() -> None: ...\n\n\ndef train(steps: int) -> None: ...\n"
    tree.write("helper.py", helper)
    tree.commit("a.py", "import nemo_run as run\nfrom helper import train\n\nrun.Partial(train, steps=1)\n")
    tree.write("helper.py", helper.replace("train(steps", "train(step"))
    assert left("HEAD") == ["a.py:4"]
    tree.commit()
    tree.write("helper.py", helper.replace("train(steps", "train(step").replace("other()", "other(x)"))
    assert left("HEAD") == []


def test_an_environment_in_the_repository_is_no_change(tree: Tree) -> None:
    tree.write(".gitignore", "env/\n")
    tree.commit()
    for name in ("env/lib.py", ".venv/lib.py", "new.py"):
        tree.write(name, "def train(): ...\n")

    def finding(note: Note) -> Finding:
        return Finding("a.py", Span(4, 1, 4, 2), "NRL801", "unknown-keyword", Severity.ERROR, "", notes=(note,))

    changes = Changes.since("HEAD", ".")
    held = [changes.holds(finding(Note("", name, 1))) for name in ("env/lib.py", ".venv/lib.py", "new.py", "no.py", "")]
    assert held == [False, False, True, False, False]


# -- where it is compared --------------------------------------------------------------------------------------


def test_below_the_top_and_from_outside(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    tree.commit("sub/b.py", HEAD + ONE)
    tree.write("sub/b.py", HEAD + ONE + TWO)
    monkeypatch.chdir(tree.path / "sub")
    assert left("HEAD") == ["b.py:5"]
    assert left("HEAD", "..") == ["b.py:5"]
    monkeypatch.chdir(tree.path.parent)
    assert left("HEAD", "project") == ["project/sub/b.py:5"]
    assert left("HEAD", tree.path / "sub" / "b.py") == ["project/sub/b.py:5"]


def test_a_worktree(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    tree.git("worktree", "add", "--quiet", "-b", "topic", str(tree.path.parent / "worktree"))
    monkeypatch.chdir(tree.path.parent / "worktree")
    assert left("main") == []
    Tree(tree.path.parent / "worktree").commit("a.py", HEAD + ONE + THREE)
    assert left("main") == ["a.py:5"]


def test_a_repository_with_longer_ids(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tree = Tree(tmp_path / "long")
    tree.git("init", "--quiet", "--initial-branch=main", "--object-format=sha256", ".")
    tree.commit("a.py", HEAD + ONE)
    monkeypatch.chdir(tree.path)
    assert left("main") == []
    tree.write("a.py", HEAD + ONE + TWO)
    assert left("main") == ["a.py:5"]


def test_several_repositories_and_files_outside_of_all(tree: Tree) -> None:
    other = Tree.new(tree.path.parent / "other")
    other.commit("b.py", HEAD + ONE)
    other.write("b.py", HEAD + ONE + TWO)
    tree.write("a.py", HEAD + ONE + THREE)
    outside = tree.path.parent / "c.py"
    outside.write_text(HEAD + ONE)
    found = left("main", "a.py", other.path, outside)
    assert found == sorted([f"{outside}:4", f"{other.path}/b.py:5", "a.py:5"])
    other.git("branch", "--move", "trunk")
    with pytest.raises(ChangesError, match=f"`main` is no commit of the repository `{other.path}`"):
        left("main", "a.py", other.path)


def test_a_submodule_is_compared_with_the_commit_that_was_used(tree: Tree) -> None:
    part = Tree.new(tree.path.parent / "part")
    part.commit("p.py", HEAD + ONE)
    tree.git("submodule", "--quiet", "add", str(part.path), "part")
    tree.commit()
    tree.git("branch", "topic")
    inner = Tree(tree.path / "part")
    inner.commit("p.py", HEAD + ONE + TWO)
    tree.commit()
    assert left("topic") == ["part/p.py:5"]
    assert left("HEAD") == []
    inner.git("checkout", "--quiet", "--orphan", "else")
    inner.commit()
    inner.git("branch", "-D", "main")
    inner.git("remote", "remove", "origin")
    inner.git("reflog", "expire", "--expire=now", "--all")
    inner.git("gc", "--quiet", "--prune=now")
    with pytest.raises(ChangesError, match=r"submodule .* does not have commit .*fetch"):
        left("topic")


def test_git_dir_and_the_like_do_not_lead_elsewhere(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    other = Tree.new(tree.path.parent / "other")
    other.commit("a.py", "")
    tree.write("a.py", HEAD + ONE + THREE)
    monkeypatch.setenv("GIT_DIR", str(other.path / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other.path))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other.path / "nothing"))
    monkeypatch.setenv("GIT_TRACE", str(tree.path.parent / "trace"))
    assert left("HEAD") == ["a.py:5"]
    assert not (tree.path.parent / "trace").exists()


# -- what cannot be compared -----------------------------------------------------------------------------------


def test_a_revision_that_is_none(tree: Tree) -> None:
    for revision in ("nope", "", "-x", "--help", "HEAD..main", "main nope", "a\0b", "HEAD:a.py", "\udcff"):
        with pytest.raises(ChangesError, match="is no commit of the repository"):
            left(revision)
    for revision in ("x" * 1_000_000, "\ud800"):
        with pytest.raises(ChangesError, match="git cannot be run"):
            left(revision)
    tree.git("update-ref", "refs/remotes/origin/release", "HEAD")
    with pytest.raises(ChangesError, match="did you mean `origin/release`"):
        left("release")


def test_no_repository_and_none_with_a_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ChangesError, match=r"no git repository at `.`"):
        left("main")
    empty = Tree.new(tmp_path / "empty")
    for revision in ("main", "HEAD", "auto"):
        with pytest.raises(ChangesError, match="has no commit yet"):
            left(revision, empty.path)


def test_no_git(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    (tree.path / "git").write_text("#!/bin/sh\ntouch trace\n")
    (tree.path / "git").chmod(0o755)
    for path in ("", ".", f"{tree.path.parent}/nothing{os.pathsep}."):
        monkeypatch.setenv("PATH", path)
        with pytest.raises(ChangesError, match="git is not installed"):
            left("HEAD")
    assert not (tree.path / "trace").exists()


def test_a_broken_repository(tree: Tree, tmp_path: Path) -> None:
    inner = tree.path / "sub"
    (inner / ".git").mkdir(parents=True)
    tree.write("sub/b.py", HEAD + ONE)
    assert left("HEAD", "sub") == ["sub/b.py:4"]  # to git, this is no repository
    repository.forget()
    (inner / ".git").rmdir()
    (inner / ".git").write_text("gitdir: nowhere\n")
    with pytest.raises(ChangesError, match=r"git refuses the repository `.*sub`: .*nowhere"):
        left("HEAD", "sub")


def test_a_repository_of_somebody_else(tree: Tree) -> None:
    if os.geteuid():
        pytest.skip("only root can give files away")
    os.chown(tree.path, 12345, 12345)
    os.chown(tree.path / ".git", 12345, 12345)
    with pytest.raises(ChangesError, match=r"git refuses the repository .*dubious ownership"):
        left("HEAD")


def test_a_shallow_clone_is_told_what_to_fetch(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    tree.commit("b.py", "")
    tree.git("branch", "old", "HEAD~1")
    tree.git("checkout", "--quiet", "-b", "topic")
    tree.commit("b.py", HEAD + ONE)
    tree.git("checkout", "--quiet", "main")
    tree.commit("c.py", "")
    clone = Tree(tree.path.parent / "clone")
    clone.git("clone", "--quiet", "--depth=1", "--no-single-branch", "--branch=topic", tree.path.as_uri(), ".")
    monkeypatch.chdir(clone.path)
    with pytest.raises(
        ChangesError, match=r"`origin/main` and HEAD have no commit in common .*shallow.*fetch-depth: 0"
    ):
        left("origin/main")
    with pytest.raises(ChangesError, match=r"`HEAD~3` is no commit of .*shallow clone.*fetch-depth: 0"):
        left("HEAD~3")
    clone.git("fetch", "--quiet", "--unshallow")
    assert left("origin/main") == ["b.py:4"]


def test_histories_that_have_nothing_in_common(tree: Tree) -> None:
    tree.git("checkout", "--quiet", "--orphan", "other")
    tree.commit("b.py", "")
    with pytest.raises(ChangesError, match="`main` and HEAD have no commit in common"):
        left("main")


def test_a_partial_clone_fetches_nothing(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    tree.commit("a.py", HEAD + ONE + TWO + THREE)
    tree.git("config", "uploadpack.allowFilter", "true")
    clone = Tree(tree.path.parent / "clone")
    clone.git("clone", "--quiet", "--filter=blob:none", tree.path.as_uri(), ".")
    trace = tree.path.parent / "trace"
    clone.git("config", "remote.origin.uploadpack", f"touch {trace}; git-upload-pack")
    clone.git("config", "core.sshCommand", f"touch {trace}")
    monkeypatch.chdir(clone.path)
    assert left("HEAD") == []
    with pytest.raises(ChangesError, match=r"this clone does not have what `a.py` was .*--filter"):
        left("HEAD~1")
    assert not trace.exists()
    clone.git("config", "--unset", "remote.origin.uploadpack")
    clone.git("cat-file", "blob", "HEAD~1:a.py")
    assert left("HEAD~1") == ["a.py:6"]


# -- never executes --------------------------------------------------------------------------------------------


def test_nothing_that_a_repository_names_is_run(tree: Tree, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    evil = tmp_path / "evil"
    evil.write_text(f"#!/bin/sh\necho $0 $* >> {trace}\ncat\n")
    evil.chmod(0o755)
    tree.write("b.py", HEAD + "".join(f"x{number} = {number}\n" for number in range(20)))
    tree.write(".gitattributes", "*.py filter=evil diff=evil merge=evil\n")
    tree.commit()
    for key in (
        "core.fsmonitor core.sshCommand core.gitProxy core.askPass core.editor core.pager core.alternateRefsCommand "
        "filter.evil.clean filter.evil.smudge filter.evil.process diff.external diff.evil.command diff.evil.textconv "
        "merge.evil.driver credential.helper interactive.diffFilter gpg.program sequence.editor pager.ls-tree "
        "pager.cat-file pager.rev-parse pager.merge-base pager.diff-index alias.ls-tree alias.rev-parse alias.diff-index "
        "alias.cat-file alias.merge-base uploadpack.packObjectsHook"
    ).split():
        tree.git("config", key, f"!{evil}" if key.startswith("alias") else str(evil))
    tree.git("config", "core.hooksPath", str(tree.path / "hooks"))
    for directory in ("hooks", ".git/hooks"):
        for hook in (
            "post-index-change",
            "fsmonitor-watchman",
            "reference-transaction",
            "post-checkout",
            "pre-auto-gc",
        ):
            tree.write(f"{directory}/{hook}", evil.read_text())
            (tree.path / directory / hook).chmod(0o755)
    # the work tree and the index differ from the commit, one file is staged under another name
    quiet = ("-c", "core.fsmonitor=", "-c", "core.hooksPath=/dev/null", "-c", "filter.evil.clean=cat")
    tree.git(*quiet, "-c", "filter.evil.process=", "mv", "b.py", "c.py")
    tree.write("a.py", HEAD + ONE + THREE)
    trace.unlink(missing_ok=True)
    assert left("HEAD") == ["a.py:5"]
    assert left("auto") == ["a.py:5"]
    assert not trace.exists(), trace.read_text()
    tree.git("diff", "HEAD", "--stat")  # what git itself would have run
    assert trace.exists()


# -- auto ------------------------------------------------------------------------------------------------------


def event(tree: Tree, content: object) -> dict[str, str]:
    path = tree.path.parent / "event.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return {"GITHUB_EVENT_PATH": str(path)}


BUILDS: dict[str, Callable[[Tree, str], dict[str, str]]] = {
    "GitHub pull request": lambda tree, _: {"GITHUB_BASE_REF": "release"},
    "GitHub merge queue": lambda tree, base: event(tree, {"merge_group": {"base_sha": base}}),
    "GitHub push": lambda tree, base: event(tree, {"before": base}),
    "GitHub first push": lambda tree, _: event(tree, {"before": "0" * 40, "repository": {"default_branch": "release"}}),
    "GitHub forced push": lambda tree, _: event(
        tree, {"before": "1" * 40, "repository": {"default_branch": "release"}}
    ),
    "GitLab merge request": lambda tree, base: {"CI_MERGE_REQUEST_DIFF_BASE_SHA": base},
    "GitLab target": lambda tree, _: {"CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "release"},
    "GitLab push": lambda tree, base: {"CI_COMMIT_BEFORE_SHA": base},
    "GitLab new branch": lambda tree, _: {"CI_COMMIT_BEFORE_SHA": "0" * 40, "CI_DEFAULT_BRANCH": "release"},
    "Azure": lambda tree, _: {"SYSTEM_PULLREQUEST_TARGETBRANCH": "refs/heads/release"},
    "Bitbucket": lambda tree, _: {"BITBUCKET_PR_DESTINATION_BRANCH": "release"},
    "Bitbucket's commit": lambda tree, base: {"BITBUCKET_PR_DESTINATION_COMMIT": base},
    "Jenkins": lambda tree, _: {"CHANGE_TARGET": "release"},
    "Jenkins push": lambda tree, base: {"GIT_PREVIOUS_SUCCESSFUL_COMMIT": base},
    "Buildkite": lambda tree, _: {"BUILDKITE_PULL_REQUEST_BASE_BRANCH": "release"},
    "Woodpecker": lambda tree, _: {"CI_COMMIT_TARGET_BRANCH": "release"},
    "Prow": lambda tree, base: {"PULL_BASE_SHA": base},
    "pre-commit": lambda tree, base: {"PRE_COMMIT_FROM_REF": base},
}


@pytest.mark.parametrize("build", BUILDS)
def test_what_a_build_merges_into(tree: Tree, monkeypatch: pytest.MonkeyPatch, build: str) -> None:
    base = tree.commit("a.py", HEAD + ONE + TWO + THREE)
    tree.git("update-ref", "refs/remotes/origin/release", base)
    tree.git("update-ref", "refs/remotes/origin/HEAD", "HEAD~1")
    tree.commit("a.py", HEAD + ONE + TWO + THREE + "four = run.Partial(train, x=lambda: 4)\n")
    assert left("auto") == ["a.py:6", "a.py:7"]
    for name, value in BUILDS[build](tree, base).items():
        monkeypatch.setenv(name, value)
    assert left("auto") == ["a.py:7"]


@pytest.mark.parametrize("default", ["origin/HEAD", "origin/main", "origin/master", "master"])
def test_the_default_branch_outside_of_builds(tree: Tree, default: str) -> None:
    tree.git("checkout", "--quiet", "-b", "topic")
    tree.git("branch", "-D", "main")
    tree.git("update-ref", f"refs/remotes/{default}" if "/" in default else f"refs/heads/{default}", "HEAD")
    tree.commit("a.py", HEAD + ONE + TWO + THREE)
    assert left("auto") == ["a.py:6"]


@pytest.mark.parametrize("content", ["", "{", "[]", '{"pull_request": {"base": 3}, "before": null}', "[" * 100_000])
def test_an_event_that_tells_nothing(tree: Tree, monkeypatch: pytest.MonkeyPatch, content: str) -> None:
    monkeypatch.setenv(*next(iter(event(tree, content).items())))
    tree.write("a.py", HEAD + ONE + THREE)
    assert left("auto") == ["a.py:5"]


def test_what_a_build_names_has_to_be_there(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_BASE_REF", "release")
    with pytest.raises(ChangesError, match=r"none of `origin/release` \(GITHUB_BASE_REF\) is there; .*fetch-depth: 0"):
        left("auto")
    monkeypatch.delenv("GITHUB_BASE_REF")
    tree.git("branch", "--move", "trunk")
    with pytest.raises(ChangesError, match=r"`origin/HEAD` \(the default branch\).* name a revision: --since REV"):
        left("auto")


# -- the command -----------------------------------------------------------------------------------------------


def check(directory: Path, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "nemo_run_lint", "check", "--output-format", "concise", *arguments]
    return subprocess.run(command, cwd=directory, input=stdin, capture_output=True, text=True)


def test_the_command_tells_how_much_it_leaves_out(tree: Tree) -> None:
    nothing = check(tree.path, "--since", "HEAD")
    assert (nothing.returncode, nothing.stdout) == (0, "All checks passed! (2 on unchanged lines)\n")
    tree.write("a.py", HEAD + ONE + THREE)
    some = check(tree.path, "--since", "HEAD")
    assert some.returncode == 1
    assert some.stdout.splitlines()[0].startswith("a.py:5:")
    assert "(1 on unchanged lines)" in some.stdout
    wrong = check(tree.path, "--since", "nope")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert wrong.stderr == f"nemo-run-lint: `nope` is no commit of the repository `{tree.path}`\n"


def test_standard_input_stands_for_a_file(tree: Tree) -> None:
    text = HEAD + ONE + THREE
    found = check(tree.path, "--since", "HEAD", "-", "--stdin-filename", "a.py", "-q", stdin=text)
    assert [line.partition(" ")[0] for line in found.stdout.splitlines()] == ["a.py:5:30:"]
    new = check(tree.path, "--since", "HEAD", "-", "--stdin-filename", "new/b.py", "-q", stdin=text)
    assert len(new.stdout.splitlines()) == 2


def test_what_is_silenced_on_unchanged_lines_is_not_counted(tree: Tree) -> None:
    silent = ONE.replace("\n", "  # noqa: NRL401\n")
    tree.commit("a.py", HEAD + silent)
    tree.write("a.py", HEAD + silent + silent.replace("1)", "2)"))
    assert check(tree.path, "--since", "HEAD").stdout == "All checks passed! (1 suppressed)\n"


def test_without_since_git_is_not_needed(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.rmtree(tree.path / ".git")
    monkeypatch.setenv("PATH", "")
    assert check(tree.path, "-q").returncode == 1
