"""Options that the whole suite shares."""

from __future__ import annotations

import os
import signal
import tempfile

import pytest
from hypothesis import HealthCheck, settings

# CI tries the same examples every time, so that what is new in a change is what breaks; elsewhere new ones are tried.
_SLOW = [HealthCheck.too_slow]  # a busy machine is no mistake
settings.register_profile("ci", derandomize=True, deadline=None, suppress_health_check=_SLOW)
settings.register_profile("here", deadline=None, suppress_health_check=_SLOW)
settings.load_profile("ci" if "CI" in os.environ else "here")

# What the suite remembers is not what the user's own runs remember.
os.environ.setdefault("NEMO_RUN_LINT_CACHE_DIR", tempfile.mkdtemp(prefix="nemo-run-lint-tests-"))

# Who starts a suite in the background of a script ignores Ctrl-C, and so would the programs that are tried with it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update", action="store_true", help="rewrite the carets of rules' cases, rules.md, and the settings' schema"
    )
