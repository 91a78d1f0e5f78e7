"""The VS Code extension: built, and its client driven against the real server, as far as that goes without VS Code.

What needs npm is passed over where that, or the packages, cannot be had.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import fields
from pathlib import Path

import pytest

from nemo_run_lint import _version
from nemo_run_lint.language_server.actions import FIX_ALL
from nemo_run_lint.language_server.preferences import SECTION, Preferences, read

EXTENSION = Path(__file__).parents[2] / "editors" / "vscode"
MANIFEST = json.loads((EXTENSION / "package.json").read_text())
SETTINGS = MANIFEST["contributes"]["configuration"]["properties"]

#: The settings of the server that the client sends, by the field of its preferences.
SHARED = {field.name: "diagnosticMode" if field.name == "mode" else field.name for field in fields(Preferences)}


def test_the_extension_and_the_server_are_of_one_version() -> None:
    assert MANIFEST["version"] == _version.__version__
    assert MANIFEST["repository"]["url"] == f"{_version.HOMEPAGE}.git"


def test_the_settings_are_those_of_the_server() -> None:
    assert {f"{SECTION}.{key}" for key in SHARED.values()} <= SETTINGS.keys()
    told = {key: SETTINGS[f"{SECTION}.{key}"]["default"] for key in SHARED.values()}
    assert read(told, Preferences()) == (Preferences(), [])
    for key in ("run", "diagnosticMode"):
        for value in SETTINGS[f"{SECTION}.{key}"]["enum"]:
            assert read({key: value}, Preferences())[1] == []


def test_a_workspace_that_is_not_trusted_starts_nothing_of_its_own() -> None:
    untrusted = MANIFEST["capabilities"]["untrustedWorkspaces"]
    assert untrusted["supported"] == "limited"
    own = {f"{SECTION}.{key}" for key in SHARED.values()} | {f"{SECTION}.trace.server"}
    assert set(untrusted["restrictedConfigurations"]) == SETTINGS.keys() - own


def test_what_is_fixed_has_one_name() -> None:
    for file in ("README.md", "src/extension.ts", "test/drive.ts"):
        assert FIX_ALL in (EXTENSION / file).read_text()


def npm(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "DRIVEN_PYTHON": sys.executable}
    return subprocess.run(["npm", *arguments], cwd=folder, env=environment, capture_output=True, text=True, timeout=600)


@pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not installed")
def test_it_is_built_and_speaks_with_the_server(tmp_path: Path) -> None:
    folder = tmp_path / "vscode"
    shutil.copytree(EXTENSION, folder, ignore=shutil.ignore_patterns("node_modules", "dist", "*.vsix"))
    installed = npm("install", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts", folder=folder)
    if installed.returncode != 0:
        pytest.skip(f"npm's packages cannot be had: {installed.stderr.splitlines()[-1:]}")
    for script in ("package", "drive", "activate"):
        found = npm("run", script, folder=folder)
        assert found.returncode == 0, found.stdout + found.stderr
    with zipfile.ZipFile(folder / "nemo-run-lint.vsix") as built:
        assert {name for name in built.namelist() if name.startswith("extension/")} == {
            "extension/package.json",
            "extension/readme.md",
            "extension/dist/extension.js",
        }
