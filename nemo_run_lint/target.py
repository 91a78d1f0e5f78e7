"""What a configuration calls, and whether it is known what that accepts: plain data, for `--explain-unresolved`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """The target of one run.Config or run.Partial.

    path, line  where the call stands
    written     the target as it is written there
    reason      why it is not known what it accepts; empty if it is
    """

    path: str
    line: int
    written: str
    reason: str = ""
