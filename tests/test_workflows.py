"""The workflows of GitHub: valid by their schema, clean by an auditor, and a tag that is not the version stops."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from nemo_run_lint import __version__

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def workflow(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / ".github" / "workflows" / f"{name}.yml").read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize(
    ("schema", "files"),
    [
        ("vendor.github-workflows", WORKFLOWS),
        ("vendor.dependabot", [ROOT / ".github" / "dependabot.yml"]),
        ("vendor.github-actions", [ROOT / "action.yml"]),
    ],
    ids=["workflows", "dependabot", "action"],
)
def test_they_are_valid(schema: str, files: list[Path]) -> None:
    assert files
    result = subprocess.run(
        [str(BIN / "check-jsonschema"), "--builtin-schema", schema, *map(str, files)], capture_output=True, text=True
    )
    assert result.returncode == 0, result.stdout


def test_an_auditor_finds_nothing() -> None:
    """Actions that are not pinned, permissions that nobody needs, inputs that reach a shell, credentials left behind."""
    command = [str(BIN / "zizmor"), "--offline", "--no-progress", "--persona", "pedantic", "--quiet"]
    result = subprocess.run([*command, ".github", "action.yml"], cwd=ROOT, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(("tag", "is_right"), [(f"v{__version__}", True), ("v99.0.0", False), (__version__, False)])
def test_a_tag_that_is_not_the_version_stops_the_release(tag: str, is_right: bool, tmp_path: Path) -> None:
    (script,) = (step["run"] for step in workflow("release")["jobs"]["build"]["steps"] if "TAG" in step.get("env", {}))
    result = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        cwd=ROOT,
        env={**os.environ, "TAG": tag, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
    )
    assert (result.returncode == 0) == is_right, result.stderr
    assert ("::error::" in result.stdout) != is_right


def test_what_is_published_was_tested_attested_and_not_built_again() -> None:
    jobs = workflow("release")["jobs"]
    order = ["build", "attest", "publish", "announce"]
    assert [jobs[name].get("needs") for name in order] == [None, *order[:-1]]
    assert ".ci/run" in [step.get("run") for step in jobs["build"]["steps"]]
    for name in order[1:]:
        uses = [step.get("uses", "").partition("@")[0] for step in jobs[name]["steps"]]
        assert uses[0] == "actions/download-artifact", name
        assert "actions/checkout" not in uses, name
