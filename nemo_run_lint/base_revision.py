"""What `--since auto` compares with: what the build says that it merges into or comes after, or the default branch.

Where a build names the branch that a pull request goes into, nothing else will do: a guess would hide findings.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

AUTOMATIC = "auto"

#: What helps where the history is cut off.
HISTORY = (
    "fetch the whole history (GitHub: `fetch-depth: 0` for actions/checkout; GitLab: `GIT_DEPTH: 0`; elsewhere: "
    "`git fetch --unshallow origin`)"
)

#: What a build sets for a pull or merge request, and what that means: a commit, or a branch of the remote.
_REQUESTS = (
    ("PRE_COMMIT_FROM_REF", "{}"),
    ("GITHUB_BASE_REF", "origin/{}"),
    ("CI_MERGE_REQUEST_DIFF_BASE_SHA", "{}"),
    ("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "origin/{}"),
    ("SYSTEM_PULLREQUEST_TARGETBRANCH", "origin/{}"),
    ("BITBUCKET_PR_DESTINATION_COMMIT", "{}"),
    ("BITBUCKET_PR_DESTINATION_BRANCH", "origin/{}"),
    ("CHANGE_TARGET", "origin/{}"),
    ("BUILDKITE_PULL_REQUEST_BASE_BRANCH", "origin/{}"),
    ("CI_COMMIT_TARGET_BRANCH", "origin/{}"),
    ("PULL_BASE_SHA", "{}"),
)

#: What a build sets for the commits that were pushed, and for the default branch.
_PUSHES = (
    ("CI_COMMIT_BEFORE_SHA", "{}"),
    ("GIT_PREVIOUS_SUCCESSFUL_COMMIT", "{}"),
    ("CI_DEFAULT_BRANCH", "origin/{}"),
)

#: Where the default branch is in a clone, and in a repository without a remote.
_DEFAULTS = ("origin/HEAD", "origin/main", "origin/master", "main", "master")

#: The path to a value in GitHub's event: for a pull request or a merge queue, and for a push.
_EVENT_REQUESTS = (("pull_request.base.sha", "{}"), ("merge_group.base_sha", "{}"))
_EVENT_PUSHES = (("before", "{}"), ("repository.default_branch", "origin/{}"))


@dataclass(frozen=True)
class Bases:
    """Revisions to compare with, the first that is there counts, each with where it comes from.

    is_build  whether the environment names one
    """

    revisions: tuple[tuple[str, str], ...]
    is_build: bool


def bases(environ: Mapping[str, str]) -> Bases:
    """What there is to compare with in this environment."""
    event = _event(environ.get("GITHUB_EVENT_PATH", ""))
    if requests := [*_named(environ, _REQUESTS), *_told(event, _EVENT_REQUESTS)]:
        return Bases(tuple(requests), True)
    pushes = [*_told(event, _EVENT_PUSHES), *_named(environ, _PUSHES)]
    return Bases((*pushes, *(("the default branch", each) for each in _DEFAULTS)), bool(pushes))


def _named(environ: Mapping[str, str], variables: tuple[tuple[str, str], ...]) -> Iterator[tuple[str, str]]:
    for name, template in variables:
        if value := _meant(environ.get(name, "")):
            yield name, template.format(value)


def _told(event: Any, paths: tuple[tuple[str, str], ...]) -> Iterator[tuple[str, str]]:
    for path, template in paths:
        found = event
        for key in path.split("."):
            found = found.get(key) if isinstance(found, dict) else None
        if value := _meant(found if isinstance(found, str) else ""):
            yield f"`{path}` of GITHUB_EVENT_PATH", template.format(value)


def _meant(value: str) -> str:
    """A branch without `refs/heads/`; nothing for what stands for no commit: zeros only, as before a first push."""
    value = value.strip().removeprefix("refs/heads/")
    return value if value.strip("0") else ""


def _event(path: str) -> Any:
    """What GitHub tells of what started the build; nothing if it cannot be read."""
    try:
        with open(path, "rb") as opened:
            return json.loads(opened.read()) if os.path.isfile(path) else None
    except (OSError, ValueError, RecursionError):
        return None
