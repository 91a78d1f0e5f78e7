"""Options that the whole suite shares."""

from __future__ import annotations

import os
import tempfile

import pytest

# What the suite remembers is not what the user's own runs remember.
os.environ.setdefault("NEMO_RUN_LINT_CACHE_DIR", tempfile.mkdtemp(prefix="nemo-run-lint-tests-"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="rewrite the carets of rules' cases, and rules.md")
