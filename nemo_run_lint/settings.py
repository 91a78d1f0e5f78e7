"""[tool.nemo-run-lint] in the nearest pyproject.toml."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nemo_run_lint.rule import Profile


@dataclass(frozen=True)
class Settings:
    """How the linter is set.

    root        the directory that relative patterns start from
    select      codes, prefixes or names of the rules to run, instead of the profile's; empty: the profile's
    rules       each rule's own options by its name
    """

    root: Path = field(default_factory=Path.cwd)
    profile: Profile = Profile.TEAM
    select: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    rules: dict[str, dict[str, Any]] = field(default_factory=dict)
