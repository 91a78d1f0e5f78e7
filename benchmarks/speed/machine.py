"""What was measured with: versions and the machine, without names that tell whose it is."""

from __future__ import annotations

import os
import platform
import re
from importlib.metadata import version
from pathlib import Path

_PACKAGES = ("nemo-run-lint", "libcst", "fixit", "flake8", "ruff", "pygls", "click")


def description() -> str:
    """A line for the versions, and one for the machine."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    machine = f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {_release()}"
    versions = (f"{name} {version(name)}" for name in _PACKAGES)
    return f"{platform.python_implementation()} {platform.python_version()}, {', '.join(versions)}.\n{machine}"


def _release() -> str:
    return ".".join(platform.release().split(".")[:2])


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    named = (
        re.search(r"^model name\s*:\s*(.+)$", information.read_text(), re.MULTILINE) if information.exists() else None
    )
    return named[1] if named else platform.machine()
