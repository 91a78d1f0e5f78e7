"""The team's standard for branches and commits: what to call them, and whether they are called so.

From the guide "Team Collaboration Best Practices": `feature/clean_name_YYYYMMDD`, and `feat: name` with a list of
changes. Nothing here calls git.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from nemo_run_lint import ordinary_file

#: Branches that are nobody's feature.
SHARED_BRANCHES = ("main", "master", "develop", "release/*", "hotfix/*", "dependabot/*")

#: What a commit can be: the types of Conventional Commits.
COMMIT_TYPES = ("feat", "fix", "docs", "refactor", "test", "perf", "build", "ci", "chore", "style", "revert")

#: How long a subject may be: what git and GitHub show on a line.
LONGEST_SUBJECT = 72

_BRANCH = re.compile(r"feature/(?P<name>[a-z0-9]+(?:_[a-z0-9]+)*)_(?P<date>\d{8})")
_SUBJECT = re.compile(r"(?P<type>[^\s:(!]*)(?P<scope>\([^()]*\))?!?:(?P<blank> *)(?P<what>.*)")
_TRAILER = re.compile(r"[A-Za-z][A-Za-z0-9-]*: \S|BREAKING CHANGE: \S|\(cherry picked from")

#: Subjects that git writes itself.
_OF_GIT = ("Merge ", "Revert ", "fixup! ", "squash! ", "amend! ", "Initial commit")

#: What git puts above a diff that is not part of the message.
_SCISSORS = re.compile(r"^# -+ >8 -+$", re.MULTILINE)


class WorkflowError(Exception):
    """What was asked for cannot be done. The message is a sentence for the user."""


def clean_name(name: str) -> str:
    """A name in the letters that branches, files and identifiers share: `New Model!` is `new_model`.

    Raises WorkflowError for a name that has none of them.
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii").lower()
    cleaned = "_".join(re.findall(r"[a-z0-9]+", plain))
    if not cleaned:
        raise WorkflowError(f"`{name}` holds no letter or digit of ASCII, of which a name could be made")
    return cleaned


def branch_name(experiment: str, day: date) -> str:
    """The branch on which an experiment is made: `feature/new_model_20260131`. Raises WorkflowError."""
    return f"feature/{clean_name(experiment)}_{day:%Y%m%d}"


def branch_problem(name: str, shared: Sequence[str] = SHARED_BRANCHES) -> str | None:
    """Why a branch is not called as the standard has it; None if it is, or is one of those that all share."""
    if any(name == each or (each.endswith("*") and name.startswith(each[:-1])) for each in shared):
        return None
    expected = "write feature/<name>_<YYYYMMDD>, the name in small letters, digits and `_`"
    found = _BRANCH.fullmatch(name)
    if found is None:
        return f"the branch `{name}` does not follow the standard: {expected}"
    try:
        datetime.strptime(found["date"], "%Y%m%d")
    except ValueError:
        return f"the branch `{name}` ends with {found['date']}, which is no date: {expected}"
    return None


def current_branch(directory: Path) -> str | None:
    """The branch that is checked out around a directory, as git's files say; None while none is.

    Raises WorkflowError outside of a repository.
    """
    for place in (directory, *directory.parents):
        head = _head(place / ".git")
        if head is not None:
            return head.removeprefix("ref: refs/heads/") if head.startswith("ref: refs/heads/") else None
    raise WorkflowError(f"{directory} is in no git repository")


def _head(git: Path) -> str | None:
    """What the HEAD of a repository says; of a worktree, its own."""
    try:
        if git.is_file():  # a worktree or a submodule says where its files are
            git = git.parent / ordinary_file.read(git).decode().removeprefix("gitdir:").strip()
        return ordinary_file.read(git / "HEAD").decode().strip()
    except (OSError, ValueError):
        return None


# -- commits -----------------------------------------------------------------------------------------------------


def commit_message(experiment: str, changes: Sequence[str]) -> str:
    """The message for a commit that adds an experiment: `feat: name`, and a list of what changed.

    Raises WorkflowError if the standard would not accept it.
    """
    subject = f"feat: {' '.join(experiment.split())}"
    bullets = [f"- {' '.join(change.split())}" for change in changes]
    message = "\n".join([subject, "", *bullets]) + "\n"
    for problem in message_problems(message):
        raise WorkflowError(problem.text)
    return message


@dataclass(frozen=True)
class Problem:
    """What is wrong with a message, and in which of its lines, from 1."""

    line: int
    text: str


def message_problems(
    message: str, types: Sequence[str] = COMMIT_TYPES, longest: int = LONGEST_SUBJECT, comment: str = "#"
) -> list[Problem]:
    """What is not as the standard has it. What git writes itself, comments, and what it cuts off do not count."""
    lines = _without_comments(message, comment)
    while lines and not lines[0][1].strip():
        lines.pop(0)
    if not lines:
        return [Problem(1, "the message is empty: write `feat: <what>`, an empty line, and `- <change>` lines")]
    if lines[0][1].startswith(_OF_GIT):
        return []
    return [*_of_subject(*lines[0], types, longest), *_of_body(lines)]


def _without_comments(message: str, comment: str) -> list[tuple[int, str]]:
    kept = _SCISSORS.split(message)[0].splitlines()
    return [(number, line.rstrip()) for number, line in enumerate(kept, 1) if not line.startswith(comment)]


def _of_subject(number: int, subject: str, types: Sequence[str], longest: int) -> Iterator[Problem]:
    found = _SUBJECT.fullmatch(subject)
    listed = ", ".join(types)
    if found is None or not found["type"]:
        yield Problem(number, f"`{subject}` does not say what kind of change it is: write `feat: ...` (or {listed})")
        return
    if found["type"] not in types:
        yield Problem(number, f"`{found['type']}` is no kind of change; the kinds: {listed}")
    if not found["what"].strip():
        yield Problem(number, f"`{subject}` does not say what was done")
    elif found["blank"] != " ":
        yield Problem(number, f"one blank goes between `{found['type']}:` and what was done")
    if len(subject) > longest:
        yield Problem(number, f"the first line has {len(subject)} characters, of which {longest} are shown")


def _of_body(lines: Sequence[tuple[int, str]]) -> Iterator[Problem]:
    body = [(number, line) for number, line in lines[1:] if line]
    if len(lines) > 1 and lines[1][1]:
        yield Problem(lines[1][0], "an empty line goes between the first line and the changes")
    bullets = [line for _, line in body if line.startswith("- ")]
    is_feature = lines[0][1].startswith(("feat:", "feat(", "feat!"))
    if is_feature and not bullets:
        yield Problem(lines[0][0], "list the changes below the first line: an empty line, then `- <change>` for each")
    yield from _odd(body)


def _odd(body: Iterable[tuple[int, str]]) -> Iterator[Problem]:
    """Lines that are no change, no continuation of one, and no trailer such as `Signed-off-by`."""
    in_bullet = False
    for number, line in body:
        if line.startswith("- ") and line[2:].strip():
            in_bullet = True
        elif not (in_bullet and line[0] in " \t") and not _TRAILER.match(line):
            in_bullet = False
            yield Problem(number, f"`{line}` is no change: each begins with `- `, and goes on with blanks before it")
