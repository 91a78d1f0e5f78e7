"""How the linter is set: found upwards from what is linted, checked to the last key, remembered by directory."""

from __future__ import annotations

from nemo_run_lint.settings.files import forget, load, loader, read
from nemo_run_lint.settings.model import DEFAULT_EXCLUDE, DEFAULT_MAXIMUM_FILE_SIZE, Settings, SettingsError
from nemo_run_lint.settings.text import TABLE

__all__ = (
    "DEFAULT_EXCLUDE",
    "DEFAULT_MAXIMUM_FILE_SIZE",
    "TABLE",
    "Settings",
    "SettingsError",
    "forget",
    "load",
    "loader",
    "read",
)
