"""What one process holds at most while it lints all of NeMo for the first time."""

from __future__ import annotations

from collections.abc import Iterator

from speed.measuring import Pairs
from speed.row import Goal, Row
from speed.setting import Setting


def measure(setting: Setting) -> Iterator[Row]:
    """Without anything remembered, signatures included."""
    command = [*setting.linter, "--no-cache", "."]
    peak = setting.run(command, setting.package.parent).memory
    yield Row("memory, whole tree, cold", "-", Goal(200, "MiB"), Pairs((peak,)), "of the process that holds most")
