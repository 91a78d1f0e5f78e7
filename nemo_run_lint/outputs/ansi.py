"""The few colours of a terminal that the formats use, without a library."""

from __future__ import annotations

from nemo_run_lint.finding import Severity

BOLD, DIM, CYAN, BLUE, GREEN, RED = "1", "2", "1;36", "1;34", "1;32", "1;31"
SEVERITY = {Severity.ERROR: "1;31", Severity.WARNING: "1;33", Severity.INFO: "1;36"}


def paint(text: str, style: str, color: bool) -> str:
    """`text` in `style`, one of the constants above, if `color`."""
    return f"\x1b[{style}m{text}\x1b[0m" if color and text else text
