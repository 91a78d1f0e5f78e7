"""How findings are told that something silences: behind the others, as `suppressed`, with the reason."""

from __future__ import annotations

from nemo_run_lint.finding import Silenced

#: Stands where others have their severity.
WORD = "suppressed"


def why(silenced: Silenced) -> str:
    """`by a comment: the cluster needs it`."""
    by = "by a comment" if silenced.by == "comment" else f"by the {silenced.by}"
    return f"{by}: {silenced.reason}" if silenced.reason else by
